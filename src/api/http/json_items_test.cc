#include "api/http/json_items.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

// Returns the items, separated by "|"; or what is wrong.
std::string Items(std::string_view text, std::size_t turn, std::size_t items_max = 100) {
  JsonItemScanner scanner(text, items_max);
  for (std::size_t end = turn; scanner.ReadTo(end); end += turn) {
  }
  if (!scanner.is_array()) return "no array";
  if (!scanner.is_whole()) return "not whole";
  std::string items = std::to_string(scanner.count()) + ":";
  for (const std::string_view item : scanner.items()) items += std::string(item) + "|";
  return items;
}

TEST(JsonItemScanner, FindsTheItemsInTurnsOfAnySize) {
  const std::string_view text = R"( [ {"a":[1,{"b":"],[\\\""}]} , "x,y" ,3,[[],[]] ] )";
  for (std::size_t turn = 1; turn < 60; ++turn) {
    EXPECT_EQ(Items(text, turn), R"(4: {"a":[1,{"b":"],[\\\""}]} | "x,y" |3|[[],[]] |)") << turn;
  }
  EXPECT_EQ(Items("[]", 9), "0:");
  EXPECT_EQ(Items("[ ]", 9), "0:");
  EXPECT_EQ(Items("[1,2,3]", 9, 2), "3:1|2|");
  // The parser refuses texts that are no JSON.
  EXPECT_EQ(Items("[,]", 9), "2:||");
  EXPECT_EQ(Items("[1,]", 9), "2:1||");
}

TEST(JsonItemScanner, KnowsWhatIsNoArrayAndWhatDoesNotEnd) {
  for (const char* text : {"{}", "1", "", " ", "\"[\""}) EXPECT_EQ(Items(text, 9), "no array") << text;
  for (const char* text : {"[", "[1", "[[]", "[\"]", "[1] 2", "[1]]"}) EXPECT_EQ(Items(text, 9), "not whole") << text;
}

TEST(JsonItemScanner, CountsValuesBeforeAnyIsRead) {
  std::string many = "[[";
  for (std::size_t i = 0; i < kItemValuesMax; ++i) many += "[],";
  many += "[]],1]";
  JsonItemScanner scanner(many, 10);
  EXPECT_FALSE(scanner.ReadTo(many.size()));
  EXPECT_GE(scanner.values(), kItemValuesMax);
  EXPECT_EQ(scanner.too_large(), 0u);
  const std::string large = "[1,\"" + std::string(kItemBytesMax, 'x') + "\"]";
  JsonItemScanner other(large, 10);
  other.ReadTo(large.size());
  EXPECT_EQ(other.too_large(), 1u);
}

}  // namespace
}  // namespace shakehook
