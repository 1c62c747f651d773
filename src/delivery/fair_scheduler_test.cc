#include "delivery/fair_scheduler.h"

#include <gtest/gtest.h>

#include <deque>
#include <vector>

namespace shakehook {
namespace {

using enum FairScheduler::Standing;

class FairSchedulerTest : public testing::Test {
 protected:
  void Add(int first, int last, FairScheduler::Standing standing) {
    for (int i = first; i <= last; ++i) scheduler_.Add({i}, 1, standing);
  }
  // Returns the webhooks that may start now.
  std::vector<std::int64_t> Start() {
    std::vector<std::int64_t> started;
    while (const auto turn = scheduler_.Next(now_)) {
      scheduler_.Begin(*turn, now_);
      started.push_back(turn->webhook.value);
    }
    return started;
  }
  void Pause() {
    ASSERT_EQ(scheduler_.next_at(), now_ + FairScheduler::kPause);
    now_ = *scheduler_.next_at();
  }

  FairScheduler scheduler_{200'000};
  SteadyTime now_{Microseconds(1'000'000)};
};

TEST_F(FairSchedulerTest, ComeInTheOrderInWhichTheyWereAskedFor) {
  Add(1, 3, kDelivers);
  EXPECT_EQ(Start(), (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(scheduler_.next_at(), std::nullopt);
}

TEST_F(FairSchedulerTest, OfWebhooksThatFailComeAfterAllOthersAndOneByOne) {
  Add(1, 3, kFails);
  Add(4, 5, kDelivers);
  EXPECT_EQ(Start(), (std::vector<std::int64_t>{4, 5, 1}));
  Add(6, 6, kDelivers);
  EXPECT_EQ(Start(), std::vector<std::int64_t>{6});
  Pause();
  EXPECT_EQ(Start(), std::vector<std::int64_t>{2});
  Pause();
  EXPECT_EQ(Start(), std::vector<std::int64_t>{3});
  EXPECT_EQ(scheduler_.next_at(), std::nullopt);
}

TEST_F(FairSchedulerTest, OfWebhooksThatFailComeThoughTheOthersNeverPause) {
  Add(1, 1, kFails);
  Add(2, 1'000, kDelivers);
  const auto started = Start();
  ASSERT_EQ(started.size(), 1'000U);
  EXPECT_EQ(started[FairScheduler::kOthersMax], 1);
  Add(1'001, 1'001, kFails);
  Add(1'002, 1'002, kDelivers);
  Pause();
  EXPECT_EQ(Start(), (std::vector<std::int64_t>{1'002, 1'001})) << "only those are counted that it waited for";
}

TEST_F(FairSchedulerTest, OfOneThatFailsAloneComeAtOnce) {
  Add(1, 1, kFails);
  EXPECT_EQ(Start(), std::vector<std::int64_t>{1});
}

TEST_F(FairSchedulerTest, ThatPassWithoutAnAttemptAreNotCounted) {
  Add(1, 3, kFails);
  ASSERT_TRUE(scheduler_.Next(now_));
  ASSERT_TRUE(scheduler_.Next(now_));
  EXPECT_EQ(Start(), std::vector<std::int64_t>{3});
}

TEST_F(FairSchedulerTest, ComeInLargerSharesWhereManyFailAndNeverInVeryLargeOnes) {
  Add(1, 640, kFails);
  EXPECT_EQ(Start().size(), 10U);
  Add(641, 100'000, kFails);
  Pause();
  EXPECT_EQ(Start().size(), FairScheduler::kShareMax);
}

TEST(TurnsOfTenants, ComeOneAfterTheOtherHoweverManyWebhooksEachHas) {
  FairScheduler scheduler(100);
  for (int i = 1; i <= 50; ++i) scheduler.Add({i}, 1, kDelivers);
  scheduler.Add({51}, 2, kDelivers);
  std::vector<std::int64_t> started;
  for (int i = 0; i < 3; ++i) {
    const auto turn = scheduler.Next({});
    scheduler.Begin(*turn, {});
    started.push_back(turn->webhook.value);
  }
  EXPECT_EQ(started, (std::vector<std::int64_t>{1, 51, 2}));
}

TEST(TurnsOfTenants, LeaveRoomForOneThatHasNothingUnderWay) {
  FairScheduler scheduler(6'000);
  int webhook = 0;
  const auto fill = [&](FairScheduler::Tenant tenant) {
    std::size_t started = 0;
    for (int i = 0; i < 6'000; ++i) scheduler.Add({++webhook}, tenant, kDelivers);
    while (const auto turn = scheduler.Next({})) {
      if (turn->tenant == tenant) ++started;
      scheduler.Begin(*turn, {});
    }
    return started;
  };
  EXPECT_EQ(fill(1), 4'000U);
  for (FairScheduler::Tenant tenant = 2; tenant < 20; ++tenant) EXPECT_GT(fill(tenant), 0U) << tenant;
  EXPECT_LT(scheduler.under_way(), 6'000U);
}

TEST(TurnsOfTenants, GoOnAsOthersEnd) {
  FairScheduler scheduler(60);
  for (int i = 0; i < 600; ++i) scheduler.Add({i}, static_cast<FairScheduler::Tenant>(i % 6), kDelivers);
  std::deque<FairScheduler::Tenant> under_way;
  std::size_t started = 0;
  do {
    while (const auto turn = scheduler.Next({})) {
      scheduler.Begin(*turn, {});
      under_way.push_back(turn->tenant);
      ++started;
    }
    ASSERT_FALSE(under_way.empty());
    scheduler.End(under_way.front());
    under_way.pop_front();
  } while (started < 600 || !under_way.empty());
  EXPECT_EQ(started, 600U);
}

// Receivers of 40 tenants have not answered for seconds. A neighbour of healthy receivers goes on by its own ends
// alone.
TEST(TurnsOfTenants, GoOnByTheirOwnEndsWhileNothingOfOthersEnds) {
  FairScheduler scheduler(6'000);
  std::int64_t webhook = 0;
  for (FairScheduler::Tenant slow = 1; slow <= 40; ++slow) {
    for (int i = 0; i < 6'000; ++i) scheduler.Add({++webhook}, slow, kDelivers);
  }
  while (const auto turn = scheduler.Next({})) scheduler.Begin(*turn, {});
  ASSERT_GE(scheduler.under_way(), 6'000U * 15 / 16);
  constexpr FairScheduler::Tenant kHealthy = 99;
  for (int i = 0; i < 1'000; ++i) scheduler.Add({++webhook}, kHealthy, kDelivers);
  std::size_t started = 0, under_way = 0, most = 0;
  while (started < 1'000) {
    while (const auto turn = scheduler.Next({})) {
      ASSERT_EQ(turn->tenant, kHealthy);
      scheduler.Begin(*turn, {});
      ++started;
      most = std::max(most, ++under_way);
    }
    ASSERT_GT(under_way, 0U) << started;
    scheduler.End(kHealthy);
    --under_way;
  }
  EXPECT_GT(most, 8U);
}

TEST(TurnsOfTenants, ThatHaveTheirShareDoNotLetThoseThatFailSpin) {
  FairScheduler scheduler(3);
  for (int i = 0; i < 4; ++i) scheduler.Add({i}, 1, kFails);
  SteadyTime now{Microseconds(1'000'000)};
  for (int i = 0; i < 2; ++i) {
    const auto turn = scheduler.Next(now);
    ASSERT_TRUE(turn.has_value()) << i;
    scheduler.Begin(*turn, now);
    now += FairScheduler::kPause;
  }
  EXPECT_FALSE(scheduler.Next(now).has_value());
  EXPECT_GT(*scheduler.next_at(), now);
  scheduler.End(1);
  EXPECT_TRUE(scheduler.Next(*scheduler.next_at()).has_value());
}

TEST(FairScheduler, BoundsWhatIsUnderWayInBytesToo) {
  const SteadyTime now{Microseconds(1'000'000)};
  FairScheduler scheduler(6'000);
  const std::size_t slots = FairScheduler::SlotsFor(64 * 1024);
  std::size_t under_way = 0;
  for (std::int64_t webhook = 1; webhook <= 6'000; ++webhook) {
    scheduler.Add({webhook}, static_cast<FairScheduler::Tenant>(webhook % 50), kDelivers);
  }
  while (scheduler.under_way() < 6'000) {
    const auto turn = scheduler.Next(now);
    if (!turn) break;
    scheduler.Begin(*turn, now, slots);
    ++under_way;
  }
  EXPECT_GT(under_way, 600U);
  EXPECT_LE(under_way * 64 * 1024, 48U * 1024 * 1024);
}

}  // namespace
}  // namespace shakehook
