#include "store/sqlite/tables/owed_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "store/sqlite/database_file.h"
#include "store/sqlite/tables/owed_reads.h"
#include "testing/temporary_folder.h"

namespace shakehook::sqlite {
namespace {

class OwedRowsTest : public testing::Test {
 protected:
  using Model = std::map<WebhookNumber, std::set<Position>>;

  OwedRowsTest() : connection_(*OpenDatabase(folder_.File("owed.db"), Switch::kOff)) { Open(); }

  // As a process does that begins.
  void Open() {
    owed_.reset();
    health_ = std::make_unique<HealthRows>(*connection_);
    owed_ = std::make_unique<OwedRows>(*connection_, *health_);
  }
  void Begin() { connection_->Execute("BEGIN"); }
  void Commit() {
    owed_->Flush();
    health_->Flush();
    connection_->Execute("COMMIT");
    owed_->Committed();
    health_->Committed();
  }
  void RollBack() {
    connection_->Execute("ROLLBACK");
    owed_->RolledBack();
    health_->RolledBack();
  }
  void Add(WebhookNumber webhook, std::int64_t first, std::int64_t count) {
    Begin();
    for (std::int64_t i = 0; i < count; ++i) owed_->Add({{first + i}, webhook});
    Commit();
  }
  std::int64_t Blocks() { return connection_->Integer("SELECT count(*) FROM owed_block"); }

  // Expects that readers see of a webhook what the model says.
  void Compare(WebhookNumber webhook, const std::set<Position>& expected) {
    OwedReads reads(*connection_);
    EXPECT_EQ(reads.After(webhook, {}, 1'000'000), std::vector(expected.begin(), expected.end()));
    EXPECT_EQ(reads.Before(webhook, {INT64_MAX - 1}, 1'000'000), std::vector(expected.rbegin(), expected.rend()));
    const auto oldest = reads.ListOldestPending({webhook.value - 1}, 1);
    const bool listed = !oldest.empty() && oldest[0].webhook == webhook;
    EXPECT_EQ(listed, !expected.empty());
    if (listed) {
      EXPECT_LE(oldest[0].oldest, *expected.begin());
    }
  }

  TemporaryFolder folder_;
  const std::unique_ptr<Connection> connection_;
  std::unique_ptr<HealthRows> health_;
  std::unique_ptr<OwedRows> owed_;
};

TEST_F(OwedRowsTest, WritesNoRowOfItsOwnForAWebhookThatKeepsUp) {
  for (std::int64_t i = 1; i <= 3'000; ++i) {
    Begin();
    owed_->Add({{i}, {1}});
    if (i > 100) {
      EXPECT_TRUE(owed_->Remove({{i - 100}, {1}}));
    }
    Commit();
  }
  EXPECT_EQ(Blocks(), 0);
  EXPECT_EQ(connection_->Integer("SELECT count(*) FROM webhook_health"), 1);
  EXPECT_LT(connection_->Integer("SELECT length(owed) FROM webhook_health"), 128);
}

TEST_F(OwedRowsTest, WritesARowForSomeHundredDeliveriesOfABatch) {
  Add({1}, 1, 10'000);
  EXPECT_EQ(Blocks(), 10'000 / static_cast<std::int64_t>(OwedRows::kBlock) - 1);
  EXPECT_LE(connection_->Integer("SELECT max(length(positions)) FROM owed_block"), 300);
  for (std::int64_t i = 1; i <= 10'000; ++i) {
    if (i % 100 == 1) Begin();
    EXPECT_TRUE(owed_->Remove({{i}, {1}}));
    if (i % 100 == 0) Commit();
  }
  EXPECT_EQ(Blocks(), 0);
  Compare({1}, {});
}

TEST_F(OwedRowsTest, TakesBackWhatARefusedVerbAdded) {
  Add({1}, 1, 10);
  Begin();
  owed_->Add({{20}, {1}});
  for (std::int64_t i = 30; i < 1'300; ++i) owed_->Add({{i}, {1}});
  EXPECT_EQ(health_->Touch({1}).pending, 1'281);
  owed_->TakeBack({30});
  EXPECT_EQ(health_->Touch({1}).pending, 11);
  Commit();
  Compare({1}, {{1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}, {9}, {10}, {20}});
}

TEST_F(OwedRowsTest, KeepsTheListOfADeletedWebhook) {
  Add({1}, 1, 1'000);
  Begin();
  owed_->KeepOfDeleted({1});
  health_->Delete({1});
  Commit();
  std::set<Position> expected;
  for (std::int64_t i = 1; i <= 1'000; ++i) expected.insert({i});
  Compare({1}, expected);
  Begin();
  for (const Position position : owed_->Find({1}, {}, {5'000}, 10'000)) EXPECT_TRUE(owed_->Remove({position, {1}}));
  Commit();
  Compare({1}, {});
  EXPECT_EQ(connection_->Integer("SELECT count(*) FROM webhook_health"), 0);
}

// Against sets, with transactions that are rolled back and processes that begin anew.
TEST_F(OwedRowsTest, HoldsWhatSetsWouldHold) {
  for (const unsigned seed : {1U, 2U, 3U}) {
    SCOPED_TRACE(seed);
    std::mt19937 chance(seed);
    const auto pick = [&](std::int64_t below) {
      return static_cast<std::int64_t>(chance() % static_cast<std::uint64_t>(below));
    };
    Begin();
    connection_->Execute("DELETE FROM owed_block; DELETE FROM webhook_health");
    connection_->Execute("COMMIT");
    Open();
    Model model;
    std::int64_t next = 1;
    for (int transaction = 0; transaction < 300; ++transaction) {
      const Model before = model;
      Begin();
      const std::int64_t added = pick(8) == 0 ? pick(2'000) : pick(20);
      for (std::int64_t i = 0; i < added; ++i) {
        next += 1 + (pick(10) == 0 ? pick(1'000) : 0);
        const WebhookNumber webhook{1 + pick(3)};
        owed_->Add({{next}, webhook});
        model[webhook].insert({next});
      }
      for (std::int64_t i = pick(400); i > 0; --i) {
        const WebhookNumber webhook{1 + pick(3)};
        std::set<Position>& of = model[webhook];
        // Mostly the oldest, as results come; some that are not there.
        const auto found = of.lower_bound(pick(4) == 0 ? Position{pick(next + 5)} : Position{0});
        const Position position = found != of.end() && pick(10) > 0 ? *found : Position{1 + pick(next)};
        EXPECT_EQ(owed_->Has({position, webhook}), of.contains(position));
        EXPECT_EQ(owed_->Remove({position, webhook}), of.erase(position) == 1);
      }
      const WebhookNumber webhook{1 + pick(3)};
      const Position first{pick(next)}, last{first.value + pick(3'000)};
      std::vector<Position> expected(model[webhook].lower_bound(first), model[webhook].upper_bound(last));
      expected.resize(std::min<std::size_t>(expected.size(), 500));
      EXPECT_EQ(owed_->Find(webhook, first, last, 500), expected);
      if (pick(5) == 0) {
        RollBack();
        model = before;
      } else {
        Commit();
      }
      if (pick(10) == 0) Open();
      if (transaction % 10 == 0) {
        for (std::int64_t number = 1; number <= 3; ++number) Compare({number}, model[{number}]);
      }
      if (testing::Test::HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace shakehook::sqlite
