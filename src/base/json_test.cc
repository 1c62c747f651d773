#include "base/json.h"

#include <gtest/gtest.h>

#include "base/json_reader.h"

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

std::expected<Json, JsonError> ReadInPieces(std::string_view text, std::size_t bytes) {
  JsonReader reader;
  for (; !text.empty(); text.remove_prefix(std::min(bytes, text.size()))) {
    if (!reader.Add(text.substr(0, bytes))) break;
  }
  return reader.Finish();
}

TEST(JsonReader, GivesWhatParseJsonGivesHoweverTheTextIsCut) {
  std::string many = "{";
  for (int i = 0; i < 100; ++i)
    many += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":[" + std::to_string(i) + "]";
  for (const std::string& text :
       {std::string(R"( {"a":[1,-2.50e-3,"x\u00e9\"",{"b":null}],"c":true} )"), std::string("12345"),
        std::string("\"a"), std::string("[1,2"), std::string("[1] 2"), std::string(""), std::string(R"({"a":1,"a":2})"),
        std::string("1e400"), many + "}", many + R"(,"k7":1})", many + R"(,"k7")"}) {
    const auto whole = ParseJson(text);
    for (std::size_t bytes = 1; bytes < 9; ++bytes) {
      const auto pieces = ReadInPieces(text, bytes);
      ASSERT_EQ(pieces.has_value(), whole.has_value()) << text << " in pieces of " << bytes;
      if (whole) {
        EXPECT_EQ(*pieces, *whole) << text;
      } else {
        // The place may be behind the one where the fault begins.
        EXPECT_EQ(pieces.error().message.substr(0, pieces.error().message.find(" (at")),
                  whole.error().message.substr(0, whole.error().message.find(" (at")))
            << text << " in pieces of " << bytes;
      }
    }
  }
}

TEST(Json, FindsAKeyThatStandsTwiceAmongVeryMany) {
  std::string text = "{";
  for (int i = 0; i < 90'000; ++i) text += "\"k" + std::to_string(i) + "\":1,";
  EXPECT_TRUE(ParseJson(text + "\"k\":1}").has_value());
  const auto twice = ParseJson(text + "\"k89999\":1}");
  ASSERT_FALSE(twice.has_value());
  EXPECT_NE(twice.error().message.find("the key \"k89999\" occurs twice"), std::string::npos) << twice.error().message;
}

}  // namespace
}  // namespace shakehook
