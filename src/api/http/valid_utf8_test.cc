#include "api/http/valid_utf8.h"

#include <gtest/gtest.h>

#include "api/http/percent_coding.h"

namespace shakehook {
namespace {

TEST(ToValidUtf8, LeavesWhatIsValidAsItIs) {
  const std::string text = "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \x01\x7f";
  EXPECT_EQ(ToValidUtf8(text), text);
  EXPECT_EQ(ToValidUtf8(""), "");
  EXPECT_EQ(ToValidUtf8(std::string_view("a\0b", 3)), std::string_view("a\0b", 3));
}

TEST(ToValidUtf8, ReplacesEachPartThatIsNone) {
  const std::string r = "\xef\xbf\xbd";
  EXPECT_EQ(ToValidUtf8("a\xff"
                        "b"),
            "a" + r + "b");
  EXPECT_EQ(ToValidUtf8("caf\xe9"), "caf" + r);
  EXPECT_EQ(ToValidUtf8("\x80\x80"), r + r);
  EXPECT_EQ(ToValidUtf8("\xc0\xaf"), r + r);                  // overlong
  EXPECT_EQ(ToValidUtf8("\xe0\x80\xaf"), r + r + r);          // overlong
  EXPECT_EQ(ToValidUtf8("\xed\xa0\x80"), r + r + r);          // a surrogate
  EXPECT_EQ(ToValidUtf8("\xf4\x90\x80\x80"), r + r + r + r);  // above U+10FFFF
  EXPECT_EQ(ToValidUtf8("\xe2\x82"), r);                      // cut short
  EXPECT_EQ(ToValidUtf8("\xe2\x82z"), r + "z");
  EXPECT_EQ(ToValidUtf8("\xf0\x9f\x98"), r);
}

TEST(ToValidUtf8, IsAlwaysValid) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string bytes = {static_cast<char>(first), static_cast<char>(second), 'x'};
      EXPECT_TRUE(IsUtf8(ToValidUtf8(bytes))) << first << ' ' << second;
    }
  }
}

}  // namespace
}  // namespace shakehook
