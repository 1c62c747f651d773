#include "delivery/turns.h"

#include <gtest/gtest.h>

#include <deque>
#include <vector>

namespace shakehook {
namespace {

using enum Turns::Standing;

class TurnsTest : public testing::Test {
 protected:
  void Add(int first, int last, Turns::Standing standing) {
    for (int i = first; i <= last; ++i) turns_.Add({i}, 1, standing);
  }
  // Returns the webhooks that may start now.
  std::vector<std::int64_t> Start() {
    std::vector<std::int64_t> started;
    while (const auto turn = turns_.Next(now_)) {
      turns_.Begin(*turn, now_);
      started.push_back(turn->webhook.value);
    }
    return started;
  }
  void Pause() {
    ASSERT_EQ(turns_.next_at(), now_ + Turns::kPause);
    now_ = *turns_.next_at();
  }

  Turns turns_{200'000};
  SteadyTime now_{Microseconds(1'000'000)};
};

TEST_F(TurnsTest, ComeInTheOrderInWhichTheyWereAskedFor) {
  Add(1, 3, kDelivers);
  EXPECT_EQ(Start(), (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(turns_.next_at(), std::nullopt);
}

TEST_F(TurnsTest, OfWebhooksThatFailComeAfterAllOthersAndOneByOne) {
  Add(1, 3, kFails);
  Add(4, 5, kDelivers);
  EXPECT_EQ(Start(), (std::vector<std::int64_t>{4, 5, 1}));
  Add(6, 6, kDelivers);
  EXPECT_EQ(Start(), std::vector<std::int64_t>{6});
  Pause();
  EXPECT_EQ(Start(), std::vector<std::int64_t>{2});
  Pause();
  EXPECT_EQ(Start(), std::vector<std::int64_t>{3});
  EXPECT_EQ(turns_.next_at(), std::nullopt);
}

TEST_F(TurnsTest, OfWebhooksThatFailComeThoughTheOthersNeverPause) {
  Add(1, 1, kFails);
  Add(2, 1'000, kDelivers);
  const auto started = Start();
  ASSERT_EQ(started.size(), 1'000U);
  EXPECT_EQ(started[Turns::kOthersMax], 1);
  Add(1'001, 1'001, kFails);
  Add(1'002, 1'002, kDelivers);
  Pause();
  EXPECT_EQ(Start(), (std::vector<std::int64_t>{1'002, 1'001})) << "only those are counted that it waited for";
}

TEST_F(TurnsTest, OfOneThatFailsAloneComeAtOnce) {
  Add(1, 1, kFails);
  EXPECT_EQ(Start(), std::vector<std::int64_t>{1});
}

TEST_F(TurnsTest, ThatPassWithoutAnAttemptAreNotCounted) {
  Add(1, 3, kFails);
  ASSERT_TRUE(turns_.Next(now_));
  ASSERT_TRUE(turns_.Next(now_));
  EXPECT_EQ(Start(), std::vector<std::int64_t>{3});
}

TEST_F(TurnsTest, ComeInLargerSharesWhereManyFailAndNeverInVeryLargeOnes) {
  Add(1, 640, kFails);
  EXPECT_EQ(Start().size(), 10U);
  Add(641, 100'000, kFails);
  Pause();
  EXPECT_EQ(Start().size(), Turns::kShareMax);
}

TEST(TurnsOfTenants, ComeOneAfterTheOtherHoweverManyWebhooksEachHas) {
  Turns turns(100);
  for (int i = 1; i <= 50; ++i) turns.Add({i}, 1, kDelivers);
  turns.Add({51}, 2, kDelivers);
  std::vector<std::int64_t> started;
  for (int i = 0; i < 3; ++i) {
    const auto turn = turns.Next({});
    turns.Begin(*turn, {});
    started.push_back(turn->webhook.value);
  }
  EXPECT_EQ(started, (std::vector<std::int64_t>{1, 51, 2}));
}

TEST(TurnsOfTenants, LeaveRoomForOneThatHasNothingUnderWay) {
  Turns turns(6'000);
  int webhook = 0;
  const auto fill = [&](Turns::Tenant tenant) {
    std::size_t started = 0;
    for (int i = 0; i < 6'000; ++i) turns.Add({++webhook}, tenant, kDelivers);
    while (const auto turn = turns.Next({})) {
      if (turn->tenant == tenant) ++started;
      turns.Begin(*turn, {});
    }
    return started;
  };
  EXPECT_EQ(fill(1), 4'000U);
  for (Turns::Tenant tenant = 2; tenant < 20; ++tenant) EXPECT_GT(fill(tenant), 0U) << tenant;
  EXPECT_LT(turns.under_way(), 6'000U);
}

TEST(TurnsOfTenants, GoOnAsOthersEnd) {
  Turns turns(60);
  for (int i = 0; i < 600; ++i) turns.Add({i}, static_cast<Turns::Tenant>(i % 6), kDelivers);
  std::deque<Turns::Tenant> under_way;
  std::size_t started = 0;
  do {
    while (const auto turn = turns.Next({})) {
      turns.Begin(*turn, {});
      under_way.push_back(turn->tenant);
      ++started;
    }
    ASSERT_FALSE(under_way.empty());
    turns.End(under_way.front());
    under_way.pop_front();
  } while (started < 600 || !under_way.empty());
  EXPECT_EQ(started, 600U);
}

TEST(TurnsOfTenants, ThatHaveTheirShareDoNotLetThoseThatFailSpin) {
  Turns turns(3);
  for (int i = 0; i < 4; ++i) turns.Add({i}, 1, kFails);
  SteadyTime now{Microseconds(1'000'000)};
  for (int i = 0; i < 2; ++i) {
    const auto turn = turns.Next(now);
    ASSERT_TRUE(turn.has_value()) << i;
    turns.Begin(*turn, now);
    now += Turns::kPause;
  }
  EXPECT_FALSE(turns.Next(now).has_value());
  EXPECT_GT(*turns.next_at(), now);
  turns.End(1);
  EXPECT_TRUE(turns.Next(*turns.next_at()).has_value());
}

TEST(Turns, BoundsWhatIsUnderWayInBytesToo) {
  const SteadyTime now{Microseconds(1'000'000)};
  Turns turns(6'000);
  const std::size_t slots = Turns::SlotsFor(64 * 1024);
  std::size_t under_way = 0;
  for (std::int64_t webhook = 1; webhook <= 6'000; ++webhook) {
    turns.Add({webhook}, static_cast<Turns::Tenant>(webhook % 50), kDelivers);
  }
  while (turns.under_way() < 6'000) {
    const auto turn = turns.Next(now);
    if (!turn) break;
    turns.Begin(*turn, now, slots);
    ++under_way;
  }
  EXPECT_GT(under_way, 600U);
  EXPECT_LE(under_way * 64 * 1024, 48U * 1024 * 1024);
}

}  // namespace
}  // namespace shakehook
