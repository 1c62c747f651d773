#include "store/sqlite/readers.h"

#include <gtest/gtest.h>

#include <future>
#include <latch>

#include "store/sqlite/database_file.h"
#include "store/sqlite/tables/stored_delivery_ids.h"
#include "testing/temporary_folder.h"

namespace shakehook::sqlite {
namespace {

using Kind = Readers::Kind;

Asker Of(const std::string& venue, std::uint8_t key = 1) {
  Asker asker{.tenant = Scope::Of(VenueId{venue})};
  asker.key.bytes[15] = key;
  return asker;
}

// Readers whose threads are each held by a read until they are released, so that further reads wait.
class ReadersTest : public testing::Test {
 protected:
  void Start(int threads) {
    const std::string path = folder_.File("readers.db");
    const auto connection = OpenDatabase(path, Switch::kOff);
    ASSERT_TRUE(connection);
    SeededRandom random(1);
    StoredDeliveryIds::MakeKey(**connection, random);
    readers_ = std::make_unique<Readers>(path, threads);
  }
  ~ReadersTest() override { readers_.reset(); }

  // Holds one thread until the returned latch is counted down.
  std::shared_ptr<std::latch> Hold(const Asker& asker, Kind kind = Kind::kShort) {
    auto begun = std::make_shared<std::latch>(1);
    auto end = std::make_shared<std::latch>(1);
    ++left_;
    readers_->Submit(context_, asker, kind, [this, begun, end](ReadSession*) {
      begun->count_down();
      end->wait();
      return Task([this] { --left_; });
    });
    begun->wait();
    return end;
  }
  // Notes its name when it is read, or the name and a "-" when it is dropped.
  void Submit(const Asker& asker, const std::string& name, Kind kind = Kind::kShort) {
    ++left_;
    readers_->Submit(context_, asker, kind, [this, name](ReadSession* session) {
      return Task([this, told = session ? name : name + "-"] {
        order_ += told + " ";
        --left_;
      });
    });
  }
  // Waits until all are answered; returns the names in the order of the reads.
  std::string Finish() {
    const auto work = asio::make_work_guard(context_);
    while (left_ > 0) context_.run_one();
    return order_;
  }

  TemporaryFolder folder_;
  asio::io_context context_;
  std::unique_ptr<Readers> readers_;
  std::string order_;  // needs a single thread
  int left_ = 0;
};

TEST_F(ReadersTest, ServeATenantThatAsksOnceAfterOneReadOfTheTenantThatAskedAThousandTimes) {
  Start(1);
  const auto end = Hold(Of("a"));
  for (int i = 0; i < 1'000; ++i) Submit(Of("a"), "a");
  Submit(Of("b"), "b");
  end->count_down();
  EXPECT_TRUE(Finish().starts_with("a b a "));
}

TEST_F(ReadersTest, ServeTheKeysOfATenantInTurn) {
  Start(1);
  const auto end = Hold(Of("a"));
  for (int i = 0; i < 100; ++i) Submit(Of("a", 1), "1");
  Submit(Of("a", 2), "2");
  end->count_down();
  EXPECT_TRUE(Finish().starts_with("1 2 1 "));
}

TEST_F(ReadersTest, ServeTheServiceItselfFirst) {
  Start(1);
  const auto end = Hold(Of("a"));
  Submit(Of("a"), "a");
  Submit(Of("b"), "b");
  Submit({}, "own");
  end->count_down();
  EXPECT_EQ(Finish(), "own a b ");
}

TEST_F(ReadersTest, ServeShortReadsBeforeScansButNotForEver) {
  Start(1);
  const auto end = Hold(Of("a"));
  Submit(Of("a"), "scan", Kind::kScan);
  Submit(Of("b"), "scan", Kind::kScan);
  for (int i = 0; i < 12; ++i) Submit(Of("c"), "c");
  end->count_down();
  EXPECT_EQ(Finish(), "c c c c c c c scan c c c c c scan ");
}

TEST_F(ReadersTest, LeaveOneThreadToShortReads) {
  Start(2);
  const auto end = Hold(Of("a"), Kind::kScan);
  Submit(Of("b"), "scan", Kind::kScan);
  for (int i = 0; i < 20; ++i) Submit(Of("c"), "c");
  const auto work = asio::make_work_guard(context_);
  while (left_ > 2) context_.run_one();
  EXPECT_EQ(order_.find("scan"), std::string::npos);
  end->count_down();
  EXPECT_TRUE(Finish().ends_with("c scan "));
}

TEST_F(ReadersTest, DropWhatNobodyWaitsForAnyMore) {
  Start(1);
  std::stop_source client;
  Asker gone = Of("a");
  gone.gone = client.get_token();
  const auto end = Hold(Of("a"));
  for (std::size_t i = 0; i < kPatientReads; ++i) Submit(gone, "patient");
  Submit(gone, "queued");
  Submit(gone, "scan", Kind::kScan);
  client.request_stop();
  end->count_down();
  const std::string order = Finish();
  EXPECT_EQ(order.find("patient-"), std::string::npos) << order;
  EXPECT_NE(order.find("queued-"), std::string::npos) << order;
  EXPECT_NE(order.find("scan-"), std::string::npos) << order;
}

TEST_F(ReadersTest, RefuseAKeyMoreScansThanItMayHaveUnderWay) {
  Start(1);
  std::vector<Scan> scans;
  for (int i = 0; i < kScansPerKeyMax; ++i) {
    auto scan = readers_->BeginScan(Of("a", 1));
    ASSERT_TRUE(scan);
    scans.push_back(*std::move(scan));
  }
  EXPECT_EQ(readers_->BeginScan(Of("a", 1)).error().kind, Refusal::Kind::kBusy);
  EXPECT_TRUE(readers_->BeginScan(Of("a", 2)));
  EXPECT_TRUE(readers_->BeginScan(Asker()));
  scans.pop_back();
  EXPECT_TRUE(readers_->BeginScan(Of("a", 1)));
}

}  // namespace
}  // namespace shakehook::sqlite
