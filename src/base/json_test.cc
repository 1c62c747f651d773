#include "base/json.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

std::string RoundTrip(std::string_view text) {
  const auto value = ParseJson(text);
  return value ? ToString(*value) : "refused: " + value.error().message;
}

TEST(Json, KeepsIntegersOfBothWidthsExactly) {
  EXPECT_EQ(RoundTrip("9007199254740993"), "9007199254740993");
  EXPECT_EQ(RoundTrip("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(RoundTrip("18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(RoundTrip("-0"), "0");
  EXPECT_EQ(RoundTrip("0"), "0");
}

TEST(Json, PrintsOtherNumbersAsJavaScriptDoes) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"79.99", "79.99"},
      {"1.0", "1"},
      {"100000.0", "100000"},
      {"1e2", "100"},
      {"0.1", "0.1"},
      {"1e21", "1e+21"},
      {"1e20", "100000000000000000000"},
      {"123456789012345678901234567890", "1.2345678901234568e+29"},
      {"1e-6", "0.000001"},
      {"1e-7", "1e-7"},
      {"1.5e-7", "1.5e-7"},
      {"-2.50", "-2.5"},
      {"5e-324", "5e-324"},
      {"1e-400", "0"},
      {"1.7976931348623157e308", "1.7976931348623157e+308"},
      {"18446744073709551616", "18446744073709552000"},
      {"-0.0", "0"},
      {"0.30000000000000004", "0.30000000000000004"},
  };
  for (const auto& [text, printed] : cases) EXPECT_EQ(RoundTrip(text), printed) << text;
}

TEST(Json, RefusesANumberThatNoDoubleHolds) {
  EXPECT_EQ(RoundTrip("[1e400]"), "refused: the number 1e400 is out of range (at byte 6)");
  EXPECT_FALSE(ParseJson("-1e400"));
}

TEST(Json, RefusesAKeyThatStandsTwice) {
  EXPECT_FALSE(ParseJson(R"({"a":1,"b":{"c":1,"c":2}})"));
  std::string many = "{";
  for (int i = 0; i < 100; ++i) many += "\"k" + std::to_string(i) + "\":1,";
  EXPECT_TRUE(ParseJson(many + "\"last\":1}"));
  EXPECT_FALSE(ParseJson(many + "\"k50\":1}"));
}

TEST(Json, KeepsTheOrderOfKeysAndDropsWhiteSpace) {
  EXPECT_EQ(RoundTrip(" { \"z\" : [ 1 , true , null ] , \"a\" : { } } \n"), R"({"z":[1,true,null],"a":{}})");
}

TEST(Json, EscapesOnlyWhatJsonDemands) {
  EXPECT_EQ(RoundTrip(R"("\u00e9\/\u2028\"\\\b\f\n\r\t\u0001\u007f")"),
            "\"é/\u2028\\\"\\\\\\b\\f\\n\\r\\t\\u0001\x7f\"");
  EXPECT_EQ(RoundTrip(R"("\ud83d\ude00")"), "\"😀\"");
}

TEST(Json, RefusesWhatIsNoJson) {
  for (const std::string_view text :
       {"", "{", "[1,]", "{\"a\"}", "nul", "01", "1 2", "\"\xff\"", "\"\xc0\xaf\"", "\"\\ud800\"", "'a'", "// c\n1",
        "{\"a\":1,}", "\"\n\"", "NaN", "\xef\xbb\xbf{}"}) {
    EXPECT_FALSE(ParseJson(text)) << text;
  }
}

TEST(Json, RefusesNestingBeyondTheLimit) {
  EXPECT_TRUE(ParseJson(std::string(kJsonDepthMax, '[') + std::string(kJsonDepthMax, ']')));
  EXPECT_FALSE(ParseJson(std::string(kJsonDepthMax + 1, '[') + std::string(kJsonDepthMax + 1, ']')));
}

TEST(Json, ReadsIntegersOnlyWhereTheNumberIsOne) {
  EXPECT_EQ(ParseJson("42")->integer(), 42);
  EXPECT_EQ(ParseJson("4.0")->integer(), 4);
  EXPECT_EQ(ParseJson("4.5")->integer(), std::nullopt);
  EXPECT_EQ(ParseJson("18446744073709551615")->integer(), std::nullopt);
}

}  // namespace
}  // namespace shakehook
