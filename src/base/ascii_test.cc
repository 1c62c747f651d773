#include "base/ascii.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

TEST(Ascii, LowersLettersAndNothingElse) {
  EXPECT_EQ(LowerAscii("AZaz@[`{0 \xc3\x89"), "azaz@[`{0 \xc3\x89");
  EXPECT_TRUE(EqualIgnoringCase("Content-Type", "content-TYPE"));
  EXPECT_FALSE(EqualIgnoringCase("Content-Type", "Content_Type"));
  EXPECT_FALSE(EqualIgnoringCase("a", "ab"));
}

TEST(Ascii, TrimsTheGivenBlanksAtBothEnds) {
  EXPECT_EQ(Trimmed(" \t a b\t "), "a b");
  EXPECT_EQ(Trimmed(" \t "), "");
  EXPECT_EQ(Trimmed(""), "");
  EXPECT_EQ(Trimmed("\n a"), "\n a");
  EXPECT_EQ(Trimmed(" \ta ", " "), "\ta");
}

}  // namespace
}  // namespace shakehook
