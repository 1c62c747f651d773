#include "delivery/retry_schedule.h"

#include <gtest/gtest.h>

#include <vector>

namespace shakehook {
namespace {

TEST(RetrySchedule, IsTheContractsTable) {
  const RetrySchedule schedule;
  std::vector<std::int64_t> seconds;
  for (const Milliseconds wait : schedule.Waits()) seconds.push_back((wait.count() + 500) / 1000);
  EXPECT_EQ(seconds, (std::vector<std::int64_t>{10, 21, 44, 93, 194, 408, 858, 1801, 3600, 3600}));
}

TEST(RetrySchedule, GoesOnForAboutThreeDaysWhereItIsExtended) {
  const RetrySchedule standard;
  const RetrySchedule extended = standard.Extended();
  EXPECT_EQ(extended.retries_max, 31);
  for (int n = 1; n <= 8; ++n) EXPECT_EQ(extended.DelayBefore(n, 0.5), standard.DelayBefore(n, 0.5)) << n;
  const auto hours_of_all = [&](double unit) {
    Milliseconds all{0};
    for (int n = 1; n <= extended.retries_max; ++n) all += *extended.DelayBefore(n, unit);
    return all / std::chrono::hours(1);
  };
  EXPECT_EQ(hours_of_all(0), 67);
  EXPECT_EQ(hours_of_all(1), 73);
  EXPECT_FALSE(extended.DelayBefore(32, 0));
  EXPECT_EQ(extended.WaitMax(), Milliseconds(3 * 3'600'000 * 11 / 10));
  EXPECT_EQ(standard.Of(ScheduleKind::kStandard).retries_max, 10);
  EXPECT_EQ(standard.Of(ScheduleKind::kExtended).retries_max, 31);
}

TEST(RetrySchedule, KeepsWhatTheOperatorHasSetLongerWhereItIsExtended) {
  const RetrySchedule longer{.retries_max = 50, .base = Milliseconds(50), .delay_max = std::chrono::hours(6)};
  EXPECT_EQ(longer.Extended().retries_max, 50);
  EXPECT_EQ(longer.Extended().base, Milliseconds(50));
  EXPECT_EQ(longer.Extended().delay_max, std::chrono::hours(6));
}

TEST(RetrySchedule, EndsAfterTheLastRetry) {
  const RetrySchedule schedule;
  EXPECT_TRUE(schedule.DelayBefore(10, 0));
  EXPECT_FALSE(schedule.DelayBefore(11, 0));
  EXPECT_FALSE(schedule.DelayBefore(0, 0));
  EXPECT_FALSE(RetrySchedule{.retries_max = 0}.DelayBefore(1, 0));
}

TEST(RetrySchedule, AddsUpToATenthAndNeverTakesAway) {
  const RetrySchedule schedule;
  for (int n = 1; n <= 10; ++n) {
    const auto least = *schedule.DelayBefore(n, 0);
    const auto most = *schedule.DelayBefore(n, 0.999999);
    EXPECT_GT(most, least);
    EXPECT_LE(most.count(), least.count() * 11 / 10 + 1);
  }
}

}  // namespace
}  // namespace shakehook
