#include "base/inert_text.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

TEST(InertText, LeavesWordsAlone) {
  EXPECT_EQ(InertText(""), "");
  EXPECT_EQ(InertText("Zoë's café, 10 €, 😀 \"quoted\" \\"), "Zoë's café, 10 €, 😀 \"quoted\" \\");
}

TEST(InertText, ShowsWhatATerminalWouldObey) {
  EXPECT_EQ(InertText("a\x1b[31mb\r\nc\t\x7f"), "a\\u001b[31mb\\u000d\\u000ac\\u0009\\u007f");
  EXPECT_EQ(InertText(std::string_view("\0", 1)), "\\u0000");
  EXPECT_EQ(InertText("\u009b31m"), "\\u009b31m");
  EXPECT_EQ(InertText("abc\u202edef\u2066\u2028"), "abc\\u202edef\\u2066\\u2028");
}

TEST(InertText, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(InertText("a\xff"
                      "b"),
            "a\ufffdb");
  EXPECT_EQ(InertText("\xc3"), "\ufffd");
  EXPECT_EQ(InertText("\xc3("), "\ufffd(");
  EXPECT_EQ(InertText("\x9b"), "\ufffd");                                // a control byte of Latin-1
  EXPECT_EQ(InertText("\xc0\x8a"), "\ufffd\ufffd");                      // an overlong line feed
  EXPECT_EQ(InertText("\xed\xa0\x80"), "\ufffd\ufffd\ufffd");            // a surrogate
  EXPECT_EQ(InertText("\xf4\x90\x80\x80"), "\ufffd\ufffd\ufffd\ufffd");  // above U+10FFFF
}

}  // namespace
}  // namespace shakehook
