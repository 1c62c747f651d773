#include "base/utf8.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

TEST(IsUtf8, FollowsTheTableOfUnicode) {
  for (const char* text :
       {"", "a", "\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(IsUtf8(text)) << text;
  }
  for (const char* text : {"\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
                           "\xf5\x80\x80\x80", "\xe2\x82", "\xc3\x28"}) {
    EXPECT_FALSE(IsUtf8(text)) << text;
  }
}

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

TEST(FirstCharacter, HasItsCode) {
  for (const auto& [text, code] : {std::pair("A", U'A'),
                                   {"\xc3\xa9", U'\u00e9'},
                                   {"\xe2\x82\xac", U'\u20ac'},
                                   {"\xf0\x9f\x98\x80", U'\U0001f600'},
                                   {"\xf4\x8f\xbf\xbf", U'\U0010ffff'}}) {
    const Utf8Character character = FirstCharacter(text + std::string("z"));
    EXPECT_TRUE(character.valid) << text;
    EXPECT_EQ(character.code, code) << text;
    EXPECT_EQ(character.bytes, std::string_view(text).size()) << text;
  }
}

TEST(CutUtf8, DoesNotEndWithinACharacter) {
  EXPECT_EQ(CutUtf8("abc", 3), "abc");
  EXPECT_EQ(CutUtf8("abc", 2), "ab");
  EXPECT_EQ(CutUtf8("a\xe2\x82\xac", 4), "a\xe2\x82\xac");
  EXPECT_EQ(CutUtf8("a\xe2\x82\xac", 3), "a");
  EXPECT_EQ(CutUtf8("a\xe2\x82\xac", 2), "a");
  EXPECT_EQ(CutUtf8("\xe2\x82\xac", 2), "");
}

TEST(CountCharacters, CountsNoContinuation) {
  EXPECT_EQ(CountCharacters(""), 0u);
  EXPECT_EQ(CountCharacters("a\xc3\xa9\xf0\x9f\x98\x80"), 3u);
}

}  // namespace
}  // namespace shakehook
