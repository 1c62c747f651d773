#include "store/sqlite/tables/search_words.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace shakehook::sqlite {
namespace {

using Sample = std::vector<std::string>;

std::string WordsOf(const char* text, const Sample& sample) {
  return SearchWordsOf(SearchQuery(text), sample).value_or(SearchWords()).words;
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

TEST(SearchWords, LeaveOutWordsThatExcludeNothingAndThatManyHave) {
  Sample sample = ManyOfOneHost();
  sample.emplace_back("lea martin lea.1@gmail.com");
  EXPECT_EQ(WordsOf("lea martin", sample), WordsOf("lea", sample));
  EXPECT_EQ(WordsOf("martin lea", sample), WordsOf("lea", sample));
  // To ask for what few have costs next to nothing.
  EXPECT_TRUE(WordsOf("zoe free.fr", sample).contains(SearchWordOf("fre")) ||
              WordsOf("zoe free.fr", sample).contains(SearchWordOf("e.f")));
  // Without a sample nobody knows.
  EXPECT_TRUE(WordsOf("dupont martin", {}).contains(SearchWordOf("mar")));
}

TEST(SearchWords, AskForWordsOfOneOrTwoLettersWhereTheyAreRare) {
  const Sample sample = ManyOfOneHost();
  EXPECT_EQ(WordsOf("wq", sample), "(" + SearchWordOf("wq") + "*)");
  EXPECT_EQ(WordsOf("an", sample), "");
  EXPECT_EQ(WordsOf("an wq", sample), WordsOf("wq", sample));
  EXPECT_EQ(WordsOf("", sample), "");
}

TEST(SearchWords, AskForFrequentWordsOfTwoLettersWhereTheCallerWantsIt) {
  Sample sample = ManyOfOneHost();
  const auto words_of = [&sample](const char* text) {
    return SearchWordsOf(SearchQuery(text), sample, ShortWords::kFrequentToo).value_or(SearchWords());
  };
  EXPECT_TRUE(words_of("an").words.empty());  // nearly all have it
  for (int i = 0; i < 3; ++i) sample.push_back("zoe xy");
  EXPECT_EQ(words_of("xy").words, "(" + SearchWordOf("xy") + "*)");
  EXPECT_TRUE(words_of("xy").gathers);
  EXPECT_EQ(words_of("xy zoe").words, words_of("zoe").words);
  EXPECT_FALSE(words_of("zoe").gathers);
}

TEST(SearchWords, TellHowManyTheTableWalksPast) {
  const Sample sample = ManyOfOneHost();
  const auto walked = [&sample](const char* text) { return SearchWordsOf(SearchQuery(text), sample)->walked_a_record; };
  EXPECT_NEAR(walked("jean"), 2 * 200.0 / 201, 0.001);     // both of its grams
  EXPECT_NEAR(walked("wq free"), (4.0 + 2) / 201, 0.001);  // gathered records count four times
}

TEST(SearchWords, KnowChineseByTwoLetters) { EXPECT_EQ(WordsOf("王明", {}), "(" + SearchWordOf("王明") + ")"); }

TEST(SearchWords, OfAGramBeginAsThoseOfItsBeginning) {
  EXPECT_TRUE(SearchWordOf("zoé").starts_with(SearchWordOf("zo")));
  EXPECT_TRUE(SearchWordOf("王明").starts_with(SearchWordOf("王")));
  EXPECT_FALSE(SearchWordOf("zoé").starts_with(SearchWordOf("zé")));
}

TEST(SearchWords, OfNamesAreNoGrams) {
  EXPECT_NE(NameWordOf("martin"), NameWordOf("marti"));
  EXPECT_EQ(NameWordOf("mar").front(), '1');
  // The index packs it into eight bytes.
  EXPECT_EQ(NameWordOf("martin zoe").size(), 8u);
}

}  // namespace
}  // namespace shakehook::sqlite
