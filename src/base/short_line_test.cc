#include "base/short_line.h"

#include <gtest/gtest.h>

#include "base/utc_text.h"

namespace shakehook {
namespace {

TEST(ShortLine, KeepsWhatFitsAndCutsAtACharactersBeginning) {
  EXPECT_EQ(ShortLine("Zoé", 4), "Zoé");
  EXPECT_EQ(ShortLine("Zoé", 3), "Zo…");
  EXPECT_EQ(ShortLine("", 0), "");
}

TEST(ShortLine, StaysOnItsLine) { EXPECT_EQ(ShortLine("a\r\nBcc: b\x7f", 100), "a  Bcc: b "); }

TEST(UtcText, HasTheDateAndTheMinute) { EXPECT_EQ(UtcText(FromUnixMs(1'731'493'859'999)), "2024-11-13 10:30"); }

}  // namespace
}  // namespace shakehook
