#include "store/sqlite/engine/log_shares.h"

#include <gtest/gtest.h>

namespace shakehook::sqlite {
namespace {

class RowsVerb final : public WriteVerb {
 public:
  RowsVerb(asio::io_context& caller, TenantKey tenant, std::size_t rows)
      : WriteVerb(caller, {.tenant = tenant, .rows = rows}) {}
  void Run(WriteSession&) override {}
  void Fail(const std::string&) override {}
  void Complete() override {}
};

constexpr int kMost = 48'000;
constexpr TenantKey kLarge{1}, kSmall{2};

class LogSharesTest : public testing::Test {
 protected:
  // A group of both tenants, of so many rows each, after which the log has so many frames.
  void Commit(std::size_t large_rows, std::size_t small_rows, int frames, std::int64_t restarts = 0) {
    std::vector<std::unique_ptr<WriteVerb>> group;
    if (large_rows > 0) group.push_back(std::make_unique<RowsVerb>(context_, kLarge, large_rows));
    if (small_rows > 0) group.push_back(std::make_unique<RowsVerb>(context_, kSmall, small_rows));
    shares_.Count(group, {.frames = frames, .restarts = restarts});
  }
  bool MayWrite(TenantKey tenant, int due) const { return shares_.MayWrite(tenant, {.due = due}); }

  asio::io_context context_;
  LogShares shares_{kMost};
};

TEST_F(LogSharesTest, LetOneTenantFillTwoThirdsOfTheLog) {
  int frames = 0;
  while (MayWrite(kLarge, frames)) Commit(100, 0, frames += 100);
  EXPECT_EQ(frames, kMost * 2 / 3);
}

TEST_F(LogSharesTest, LeaveTheRestToOthers) {
  Commit(32'400, 100, 32'500);
  EXPECT_FALSE(MayWrite(kLarge, 32'500));
  EXPECT_TRUE(MayWrite(kSmall, 32'500));
  int frames = 32'500;
  while (MayWrite(kSmall, frames)) Commit(0, 100, frames += 100);
  EXPECT_GT(frames, kMost * 8 / 9 - 100);
}

TEST_F(LogSharesTest, HoldNobodyWhileNothingIsToBeMoved) {
  Commit(40'000, 0, 40'000);
  EXPECT_TRUE(MayWrite(kLarge, 0));
}

TEST_F(LogSharesTest, HoldNoWorkOfNobody) { EXPECT_TRUE(MayWrite({}, kMost)); }

TEST_F(LogSharesTest, BeginAgainWithTheLog) {
  Commit(40'000, 0, 40'000);
  EXPECT_FALSE(MayWrite(kLarge, 40'000));
  Commit(100, 0, 100, 1);
  EXPECT_TRUE(MayWrite(kLarge, 40'000));
}

}  // namespace
}  // namespace shakehook::sqlite
