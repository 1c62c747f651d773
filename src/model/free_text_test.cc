#include "model/free_text.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

std::string SaidOf(std::string_view text) {
  const auto fault = FaultOfText(text);
  return fault ? fault->text() : "";
}

using namespace std::string_literals;

std::string Faults(std::string_view json) {
  std::string faults;
  for (const FieldError& error : FaultsOfTexts(ParseJson(json).value())) {
    faults += (faults.empty() ? "" : "; ") + error.field + ": " + error.complaint.text();
  }
  return faults;
}

TEST(FreeText, IsAnyUtf8ButNulAndNoncharacters) {
  for (const std::string& text :
       {""s, "a"s, "\x01\x1f\x7f"s, "\u00e9\ufffd\ufffc\ufdcf\ufdf0"s, "\U0001f600\U0010fffd\U0001fffd"s, "\ue000"s}) {
    EXPECT_EQ(FaultOfText(text), std::nullopt) << text;
  }
  EXPECT_EQ(SaidOf("a\0b"s), "must not contain U+0000");
  EXPECT_EQ(SaidOf("\0"s), "must not contain U+0000");
  EXPECT_EQ(SaidOf("\u00e9\ufdd0"), "must not contain U+FDD0");
  EXPECT_EQ(SaidOf("\ufdef"), "must not contain U+FDEF");
  EXPECT_EQ(SaidOf("\U0001f600\ufffe."), "must not contain U+FFFE");
  EXPECT_EQ(SaidOf("\uffff"), "must not contain U+FFFF");
  for (unsigned plane = 1; plane <= 16; ++plane) {
    for (const unsigned last : {0xfffeu, 0xffffu}) {
      const unsigned c = plane << 16 | last;
      const std::string text = {static_cast<char>(0xf0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 0x3f)),
                                static_cast<char>(0x80 | (c >> 6 & 0x3f)), static_cast<char>(0x80 | (c & 0x3f))};
      EXPECT_TRUE(FaultOfText(text)) << c;
    }
  }
}

TEST(FreeText, IsLookedForInEveryTextAndKeyOfAValue) {
  EXPECT_EQ(Faults(R"({"a":"x","b":[1,null,{"c":"y\n"}]})"), "");
  EXPECT_EQ(Faults(R"("\u0000")"), ": must not contain U+0000");
  EXPECT_EQ(Faults(R"({"a":"x\u0000","b":[1,{"c":{"d":"\uFFFF"}}]})"),
            "a: must not contain U+0000; b.1.c.d: must not contain U+FFFF");
  EXPECT_EQ(Faults(R"([{"a":1},{"b\u0000":{"c":"\u0000"}}])"),
            "1.b\ufffd: must not contain U+0000 in its name; 1.b\ufffd.c: must not contain U+0000");
}

TEST(FreeText, FaultsAreNamedUpToALimit) {
  std::string json = "[\"\\u0000\"";
  for (int i = 0; i < 10'000; ++i) json += ",\"\\u0000\"";
  EXPECT_EQ(FaultsOfTexts(ParseJson(json + "]").value()).size(), kTextFaultsMax);
}

TEST(FreeText, ABodyWithoutSuchCharactersNeedsNoSecondLook) {
  EXPECT_FALSE(MayHoldFaultyText("{\"a\":\"\u00e9\U0001f600 \\n\"}"));
  EXPECT_TRUE(MayHoldFaultyText(R"({"a":"\u0000"})"));
  EXPECT_TRUE(MayHoldFaultyText("{\"a\":\"\uffff\"}"));
}

}  // namespace
}  // namespace shakehook
