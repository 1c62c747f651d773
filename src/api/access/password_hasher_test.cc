#include "api/access/password_hasher.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/password.h"

namespace shakehook {
namespace {

Async<> HashAndCheck(PasswordHasher& hasher, Loop& loop, std::optional<bool>* right, std::optional<bool>* wrong) {
  const auto hash = co_await hasher.Hash("correct horse battery");
  *right = co_await hasher.Check("correct horse battery", *hash);
  *wrong = co_await hasher.Check("correct horse", *hash);
  loop.Stop();
}

TEST(PasswordHasher, HashesOnItsThreadAndResumesOnTheCallersLoop) {
  SystemClock clock;
  Loop loop(clock);
  PasswordHasher hasher(PasswordHasher::Execution::kThread);
  std::optional<bool> right, wrong;
  loop.Spawn(HashAndCheck(hasher, loop, &right, &wrong));
  loop.Run();
  EXPECT_EQ(right, true);
  EXPECT_EQ(wrong, false);
}

Async<> CheckOnce(PasswordHasher& hasher, std::string hash, Loop& loop, int* left, int* refused) {
  if (!co_await hasher.Check("x", std::move(hash))) ++*refused;
  if (--*left == 0) loop.Stop();
}

TEST(PasswordHasher, RefusesWhatWouldWaitTooLong) {
  SystemClock clock;
  Loop loop(clock);
  PasswordHasher hasher(PasswordHasher::Execution::kThread);
  int left = 10 * static_cast<int>(PasswordHasher::kWaitingMax);
  int refused = 0;
  // The first keeps the thread busy while the others, which are quick, arrive.
  loop.Spawn(CheckOnce(hasher, NobodysPasswordHash(), loop, &left, &refused));
  for (int i = left; i > 1; --i) loop.Spawn(CheckOnce(hasher, "no hash", loop, &left, &refused));
  loop.Run();
  EXPECT_EQ(left, 0);
  EXPECT_GT(refused, 0);
}

TEST(PasswordHasher, DropsWhatWaitsAtItsEnd) {
  SystemClock clock;
  Loop loop(clock);
  std::optional<bool> right, wrong;
  {
    PasswordHasher hasher(PasswordHasher::Execution::kThread);
    for (int i = 0; i < 20; ++i) loop.Spawn(HashAndCheck(hasher, loop, &right, &wrong));
    loop.Poll();
  }
  EXPECT_FALSE(wrong);
}

}  // namespace
}  // namespace shakehook
