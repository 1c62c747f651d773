#include "base/fair_queue.h"

#include <gtest/gtest.h>

#include <string>

namespace shakehook {
namespace {

std::string PopAll(FairQueue<std::string>& queue) {
  std::string order;
  while (!queue.empty()) order += queue.Pop();
  return order;
}

constexpr TenantKey kA{1}, kB{2}, kC{3};

TEST(FairQueue, KeepsTheOrderOfOneTenant) {
  FairQueue<std::string> queue;
  for (const char* item : {"a", "b", "c", "d"}) queue.Push(kA, 1, item);
  EXPECT_EQ(PopAll(queue), "abcd");
}

TEST(FairQueue, TakesTenantsInTurnHoweverMuchOneOfThemPushed) {
  FairQueue<std::string> queue;
  for (int i = 0; i < 6; ++i) queue.Push(kA, 1, "a");
  queue.Push(kB, 1, "b");
  queue.Push(kC, 1, "c");
  queue.Push(kB, 1, "b");
  EXPECT_EQ(PopAll(queue), "abcabaaaa");
}

TEST(FairQueue, CountsCostNotItems) {
  FairQueue<std::string> queue;
  for (int i = 0; i < 3; ++i) queue.Push(kA, 10, "A");
  for (int i = 0; i < 12; ++i) queue.Push(kB, 1, "b");
  EXPECT_EQ(PopAll(queue),
            "Abbbbbbbbbb"
            "AbbA");
}

TEST(FairQueue, GivesNoCreditForHavingWaited) {
  FairQueue<std::string> queue;
  for (int i = 0; i < 8; ++i) queue.Push(kA, 1, "a");
  for (int i = 0; i < 4; ++i) EXPECT_EQ(queue.Pop(), "a");
  for (int i = 0; i < 4; ++i) queue.Push(kB, 1, "b");
  EXPECT_EQ(PopAll(queue), "babababa");
}

TEST(FairQueue, PutsWhatCostsNothingFirst) {
  FairQueue<std::string> queue;
  for (int i = 0; i < 3; ++i) queue.Push(kA, 5, "a");
  EXPECT_EQ(queue.Pop(), "a");
  queue.Push(kB, 0, "0");
  EXPECT_EQ(PopAll(queue), "0aa");
}

TEST(FairQueue, ForgetsTenantsThatHaveNothingWaiting) {
  FairQueue<int> queue;
  for (int i = 0; i < 3; ++i) queue.Push(kA, 1'000'000, 0);
  for (std::uint64_t tenant = 10; tenant < 10'000; ++tenant) {
    queue.Push({tenant}, 1, 1);
    if (tenant > 10) queue.Pop();
  }
  EXPECT_LT(queue.tenants_known(), 200u);
}

}  // namespace
}  // namespace shakehook
