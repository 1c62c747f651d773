#include "store/sqlite/engine/writer.h"

#include <gtest/gtest.h>

#include <future>
#include <string>
#include <thread>

#include "base/clock.h"

namespace shakehook::sqlite {
namespace {

using Ticket = WriteVerb::Ticket;

class NamedVerb final : public WriteVerb {
 public:
  NamedVerb(asio::io_context& caller, std::string verb_name, Ticket ticket)
      : WriteVerb(caller, ticket), name(std::move(verb_name)) {}
  void Run(WriteSession&) override {}
  void Fail(const std::string&) override {}
  void Complete() override {}

  const std::string name;
};

class WriteQueueTest : public testing::Test {
 protected:
  void Push(const std::string& name, Ticket ticket) {
    queue_.Push(std::make_unique<NamedVerb>(context_, name, ticket));
  }
  // Returns the names of the next group.
  std::string Take(const WriteQueue::MayWrite& may_write = nullptr) {
    std::string names;
    for (const auto& verb : queue_.Take(may_write)) names += static_cast<const NamedVerb&>(*verb).name;
    return names;
  }

  static constexpr Ticket kConfiguration{.kind = WriteVerb::Kind::kConfiguration};
  static constexpr std::size_t kLarge = WriteQueue::kGroupRowsMax;

  asio::io_context context_;
  WriteQueue queue_;
};

TEST_F(WriteQueueTest, PutsOneChangeOfTheConfigurationAtTheEndOfAGroup) {
  Push("X", kConfiguration);
  Push("a", {});
  Push("Y", kConfiguration);
  Push("b", {});
  EXPECT_EQ(Take(), "abX");
  EXPECT_EQ(Take(), "Y");
  EXPECT_TRUE(queue_.empty());
}

TEST_F(WriteQueueTest, BoundsAGroupInRowsAndTakesAtLeastOneVerb) {
  Push("a", {.rows = 2 * kLarge});
  Push("b", {.rows = kLarge - 1});
  Push("c", {.rows = 1});
  Push("d", {.rows = 1});
  EXPECT_EQ(Take(), "a");
  EXPECT_EQ(Take(), "bc");
  EXPECT_EQ(Take(), "d");
}

TEST_F(WriteQueueTest, LetsATenantThatAsksForMuchWaitForItself) {
  for (int i = 0; i < 3; ++i) Push("L", {.tenant = {1}, .rows = kLarge});
  Push("s", {.tenant = {2}, .rows = 3});
  EXPECT_EQ(Take(), "L");
  EXPECT_EQ(Take(), "s");
  EXPECT_EQ(Take(), "L");
}

TEST_F(WriteQueueTest, NeverKeepsResultsWaitingForChanges) {
  for (int i = 0; i < 3; ++i) Push("L", {.tenant = {1}, .rows = kLarge});
  EXPECT_EQ(Take(), "L");
  Push("r", {.urgency = WriteVerb::Urgency::kMayWait, .rows = 0});
  EXPECT_EQ(Take(), "rL");
}

TEST_F(WriteQueueTest, HoldsTheVerbsOfATenantThatMayNotWriteAndNoOthers) {
  const auto but_one = [](TenantKey tenant) { return tenant.value != 1; };
  Push("a", {.tenant = {1}});
  Push("s", {.tenant = {2}});
  Push("b", {.tenant = {1}});
  EXPECT_EQ(Take(but_one), "s");
  EXPECT_TRUE(queue_.holds());
  EXPECT_TRUE(queue_.empty());
  EXPECT_FALSE(queue_.urgent());
  Push("t", {.tenant = {2}});
  Push("c", {.tenant = {1}});
  EXPECT_EQ(Take(but_one), "t");
  EXPECT_EQ(Take(but_one), "");
  // In the order in which they came, before what comes then.
  Push("d", {.tenant = {1}});
  EXPECT_EQ(Take(), "abcd");
  EXPECT_FALSE(queue_.holds());
}

TEST_F(WriteQueueTest, BoundsAGroupOfVerbsThatWereHeld) {
  for (int i = 0; i < 3; ++i) Push("L", {.tenant = {1}, .rows = kLarge});
  EXPECT_EQ(Take([](TenantKey) { return false; }), "");
  Push("M", {.tenant = {1}, .rows = kLarge});
  EXPECT_EQ(Take(), "L");
  EXPECT_TRUE(queue_.holds());
  EXPECT_EQ(Take(), "L");
  EXPECT_EQ(Take(), "L");
  EXPECT_EQ(Take(), "M");
}

TEST_F(WriteQueueTest, LetsNobodyWaitUntilNothingIsHeldAnyMore) {
  for (int i = 0; i < 3; ++i) Push("L", {.tenant = {1}, .rows = kLarge});
  EXPECT_EQ(Take([](TenantKey) { return false; }), "");
  Push("s", {.tenant = {2}, .rows = 3});
  EXPECT_EQ(Take(), "Ls");
  Push("t", {.tenant = {2}, .rows = 3});
  Push("M", {.tenant = {3}, .rows = kLarge});
  Push("N", {.tenant = {3}, .rows = kLarge});
  EXPECT_EQ(Take(), "Lt");
  EXPECT_EQ(Take(), "LM");
  EXPECT_EQ(Take(), "N");
}

TEST_F(WriteQueueTest, LetsNobodyWaitForManySmallVerbsThatWereHeld) {
  for (std::size_t i = 0; i < 2 * WriteQueue::kGroupMax; ++i) Push("h", {.tenant = {1}, .rows = 0});
  for (std::size_t i = 0; i < 2 * WriteQueue::kGroupMax; ++i) Push("i", {.tenant = {1}, .rows = 1});
  while (!queue_.empty()) Take([](TenantKey) { return false; });
  Push("s", {.tenant = {2}});
  EXPECT_TRUE(Take().ends_with("s"));
}

TEST_F(WriteQueueTest, LetsTenantsWhoseVerbsWereHeldTakeTurns) {
  for (int i = 0; i < 2; ++i) {
    Push("a", {.tenant = {1}, .rows = kLarge});
    Push("b", {.tenant = {2}, .rows = kLarge});
    Push("c", {.tenant = {3}, .rows = kLarge});
  }
  EXPECT_EQ(Take([](TenantKey) { return false; }), "");
  std::string taken;
  for (int i = 0; i < 4; ++i) taken += Take([](TenantKey tenant) { return tenant.value != 2; });
  EXPECT_EQ(taken, "acac");
  EXPECT_EQ(Take(), "b");
}

TEST_F(WriteQueueTest, KnowsWhetherSomethingWaitsForNothing) {
  Push("r", {.urgency = WriteVerb::Urgency::kMayWait});
  EXPECT_FALSE(queue_.urgent());
  Push("a", {});
  EXPECT_TRUE(queue_.urgent());
  EXPECT_EQ(Take(), "ra");
  EXPECT_FALSE(queue_.urgent());
}

TEST(WriterTest, TellsHowLongItHasBeenAtAGroup) {
  asio::io_context context;
  std::promise<void> begun, end;
  Writer writer(
      Writer::Mode::kThread,
      [&](auto&) {
        begun.set_value();
        end.get_future().wait();
        return true;
      },
      [](Microseconds) {});
  const SteadyTime later = SystemClock().Steady() + Microseconds(60'000'000);
  EXPECT_EQ(writer.TimeAtGroup(later), Microseconds(0));
  writer.Submit(std::make_unique<NamedVerb>(context, "a", Ticket()));
  begun.get_future().wait();
  EXPECT_GT(writer.TimeAtGroup(later), Microseconds(30'000'000));
  end.set_value();
  while (writer.TimeAtGroup(later) > Microseconds(0)) std::this_thread::yield();
}

}  // namespace
}  // namespace shakehook::sqlite
