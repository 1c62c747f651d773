#include "delivery/concurrency_limit.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

constexpr SteadyTime kNow{Microseconds(1'000'000'000)};

TEST(ConcurrencyLimit, GrowsOnSuccessUpToItsMost) {
  ConcurrencyLimit limit;
  EXPECT_EQ(limit.Get({}), ConcurrencyLimit::kStart);
  for (int i = 0; i < 10'000; ++i) limit.Succeeded();
  EXPECT_EQ(limit.Get({}), ConcurrencyLimit::kMax);
}

TEST(ConcurrencyLimit, HalvesOnFailureAndIsOneWhenDead) {
  ConcurrencyLimit limit;
  limit.Failed(kNow);
  EXPECT_EQ(limit.Get({}), ConcurrencyLimit::kStart / 2);
  for (int i = 0; i < ConcurrencyLimit::kDeadAfter; ++i) limit.Failed(kNow);
  EXPECT_EQ(limit.Get({}), 1);
}

TEST(ConcurrencyLimit, PausesADeadEndpointLongerEachTimeAndASecondAtMost) {
  ConcurrencyLimit limit;
  for (int i = 1; i < ConcurrencyLimit::kDeadAfter; ++i) limit.Failed(kNow);
  EXPECT_LE(limit.not_before(), kNow);
  limit.Failed(kNow);
  EXPECT_EQ(limit.not_before(), kNow + Microseconds(1'000));
  limit.Failed(kNow);
  EXPECT_EQ(limit.not_before(), kNow + Microseconds(2'000));
  for (int i = 0; i < 100; ++i) limit.Failed(kNow);
  EXPECT_EQ(limit.not_before(), kNow + ConcurrencyLimit::kPauseMax);
  limit.Succeeded();
  EXPECT_LE(limit.not_before(), kNow);
}

TEST(ConcurrencyLimit, NeverExceedsTheWebhooksOwn) {
  ConcurrencyLimit limit;
  EXPECT_EQ(limit.Get(3), 3);
  for (int i = 0; i < 10; ++i) limit.Failed(kNow);
  EXPECT_EQ(limit.Get(3), 1);
}

}  // namespace
}  // namespace shakehook
