#include "store/sqlite/engine/sqlite_version.h"

#include <gtest/gtest.h>

namespace shakehook::sqlite {
namespace {

TEST(SqliteVersion, NamesTheVersionsWithTheWalResetBug) {
  for (const int number : {3'007'000, 3'040'001, 3'044'005, 3'045'000, 3'046'001, 3'050'006, 3'051'000, 3'051'002}) {
    EXPECT_TRUE(HasWalResetBug(number)) << number;
  }
  for (const int number : {3'006'023, 3'044'006, 3'044'010, 3'050'007, 3'051'003, 3'052'000, 3'053'004}) {
    EXPECT_FALSE(HasWalResetBug(number)) << number;
  }
}

}  // namespace
}  // namespace shakehook::sqlite
