#include "store/sqlite/tables/search_words.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace shakehook::sqlite {
namespace {

using Sample = std::vector<std::string>;

std::string WordsOf(const char* text, const Sample& sample) {
  return SearchWordsOf(SearchQuery(text), sample).value_or("");
}

// Many records of a company, and one of another.
Sample ManyOfOneHost() {
  Sample sample;
  for (int i = 0; i < 200; ++i) sample.push_back("jean martin jean." + std::to_string(1'000 + i * 37) + "@gmail.com");
  sample.push_back("zoe wq zoe.77@free.fr");
  return sample;
}

TEST(SearchWords, AskForTheRarestGramsOfAWord) {
  const std::string words = WordsOf("jean.99731@gmail.com", ManyOfOneHost());
  EXPECT_FALSE(words.contains(SearchWordOf("com")));
  EXPECT_FALSE(words.contains(SearchWordOf("jea")));
  EXPECT_TRUE(words.contains(SearchWordOf("997")) || words.contains(SearchWordOf("973")) ||
              words.contains(SearchWordOf("731")));
}

TEST(SearchWords, LeaveOutWordsThatExcludeNothing) {
  const Sample sample = ManyOfOneHost();
  EXPECT_EQ(WordsOf("zoe free.fr", sample).rfind("(("), 0u);
  // Without a sample nobody knows.
  EXPECT_TRUE(WordsOf("dupont martin", {}).contains(SearchWordOf("mar")));
}

TEST(SearchWords, AskForWordsOfOneOrTwoLettersWhereTheyAreRare) {
  const Sample sample = ManyOfOneHost();
  EXPECT_EQ(WordsOf("wq", sample), "((" + SearchWordOf("wq") + "*))");
  EXPECT_EQ(WordsOf("an", sample), "");
  EXPECT_EQ(WordsOf("an wq", sample), WordsOf("wq", sample));
  EXPECT_EQ(WordsOf("", sample), "");
}

TEST(SearchWords, KnowChineseByTwoLetters) { EXPECT_EQ(WordsOf("王明", {}), "((" + SearchWordOf("王明") + "))"); }

TEST(SearchWords, OfAGramBeginAsThoseOfItsBeginning) {
  EXPECT_TRUE(SearchWordOf("zoé").starts_with(SearchWordOf("zo")));
  EXPECT_TRUE(SearchWordOf("王明").starts_with(SearchWordOf("王")));
  EXPECT_FALSE(SearchWordOf("zoé").starts_with(SearchWordOf("zé")));
}

TEST(SearchWords, OfNamesAreNoGrams) {
  EXPECT_NE(NameWordOf("martin"), NameWordOf("marti"));
  EXPECT_TRUE(
      std::ranges::all_of(NameWordOf("mar"), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '1' && c <= '7'); }));
  EXPECT_EQ(NameWordOf("mar").front(), '1');
}

}  // namespace
}  // namespace shakehook::sqlite
