#include "delivery/concurrency_limit.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace shakehook {
namespace {

constexpr SteadyTime kNow{Microseconds(1'000'000'000)};

// An endpoint that gets as many attempts at a time as it may, each of which takes `took(under way)`.
template <class Took>
void Deliver(ConcurrencyLimit& limit, int attempts, Took took) {
  for (int i = 0; i < attempts; ++i) limit.Succeeded(took(limit.Get({})), limit.Get({}));
}
Microseconds AlwaysTheSame(int) { return Microseconds(100'000); }
// It works on 16 at a time, the others wait.
Microseconds InTurns(int under_way) { return Microseconds(1'000) * std::max(1, under_way / 16); }

TEST(ConcurrencyLimit, GrowsOnSuccessUpToItsMost) {
  ConcurrencyLimit limit;
  EXPECT_EQ(limit.Get({}), ConcurrencyLimit::kStart);
  Deliver(limit, 10'000, AlwaysTheSame);
  EXPECT_EQ(limit.Get({}), ConcurrencyLimit::kMax);
}

TEST(ConcurrencyLimit, DoesNotGrowWhereAttemptsOnlyWaitLonger) {
  ConcurrencyLimit limit;
  Deliver(limit, 10'000, InTurns);
  EXPECT_GE(limit.Get({}), ConcurrencyLimit::kFree);
  EXPECT_LE(limit.Get({}), 2 * ConcurrencyLimit::kFree);
}

// The durations of one endpoint differ, whatever is under way: their mean stays.
TEST(ConcurrencyLimit, GrowsWhereSomeAttemptsTakeMuchLongerThanOthers) {
  ConcurrencyLimit limit;
  int attempt = 0;
  Deliver(limit, 10'000, [&](int) { return Microseconds(++attempt % 4 == 0 ? 300'000 : 2'000); });
  EXPECT_EQ(limit.Get({}), ConcurrencyLimit::kMax);
}

TEST(ConcurrencyLimit, GrowsAgainWhereAnEndpointHasBecomeSlower) {
  ConcurrencyLimit limit;
  Deliver(limit, 10'000, [](int) { return Microseconds(2'000); });
  Deliver(limit, 460, [](int) { return Microseconds(900'000); });
  EXPECT_LT(limit.Get({}), ConcurrencyLimit::kMax / 2);
  Deliver(limit, 10'000, [](int) { return Microseconds(900'000); });
  EXPECT_EQ(limit.Get({}), ConcurrencyLimit::kMax);
}

TEST(ConcurrencyLimit, DoesNotGrowBeyondWhatIsUsed) {
  ConcurrencyLimit limit;
  for (int i = 0; i < 10'000; ++i) limit.Succeeded(Microseconds(1'000), 2);
  EXPECT_EQ(limit.Get({}), ConcurrencyLimit::kFree);
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
  limit.Succeeded(Microseconds(1'000), 1);
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
