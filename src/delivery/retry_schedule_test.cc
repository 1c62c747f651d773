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
