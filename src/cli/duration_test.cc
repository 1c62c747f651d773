#include "cli/duration.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

TEST(Duration, ReadsANumberAndItsUnit) {
  EXPECT_EQ(ParseDuration("250ms"), Milliseconds(250));
  EXPECT_EQ(ParseDuration("5s"), Milliseconds(5'000));
  EXPECT_EQ(ParseDuration("2m"), Milliseconds(120'000));
  EXPECT_EQ(ParseDuration("1.5h"), Milliseconds(5'400'000));
  EXPECT_EQ(ParseDuration("30d"), Milliseconds(2'592'000'000));
  EXPECT_EQ(ParseDuration("0s"), Milliseconds(0));
  EXPECT_EQ(ParseDuration("0.001s"), Milliseconds(1));
}

TEST(Duration, RefusesEverythingElse) {
  for (const char* text : {"", "5", "s", "5 s", " 5s", "5s ", "-5s", "+5s", "5S", "5sec", "1e3s", "0x5s", "5..0s", ".s",
                           "0.5ms", "inf", "nans", "36501d", "99999999999999999999d"}) {
    EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
  }
}

TEST(Duration, IsWrittenInTheLargestUnitThatFits) {
  EXPECT_EQ(FormatDuration(Milliseconds(5'000)), "5s");
  EXPECT_EQ(FormatDuration(Milliseconds(90'000)), "90s");
  EXPECT_EQ(FormatDuration(Milliseconds(3'600'000)), "1h");
  EXPECT_EQ(FormatDuration(Milliseconds(2'592'000'000)), "30d");
  EXPECT_EQ(FormatDuration(Milliseconds(1'001)), "1001ms");
  EXPECT_EQ(FormatDuration(Milliseconds(0)), "0s");
}

}  // namespace
}  // namespace shakehook
