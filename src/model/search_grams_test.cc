#include "model/search_grams.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "model/fold_case.h"

namespace shakehook {
namespace {

using Grams = std::vector<std::string_view>;

TEST(SearchGrams, AreThreeLettersOfTheUsualScripts) {
  EXPECT_EQ(SearchGramsOf("zoe b"), (Grams{"zoe", "oe ", "e b"}));
  EXPECT_EQ(SearchGramsOf("яна"), (Grams{"яна"}));
  EXPECT_EQ(SearchGramsOf("zo"), Grams());
  EXPECT_EQ(SearchGramsOf(""), Grams());
}

TEST(SearchGrams, AreTwoLettersOfScriptsWithSyllablesOrWords) {
  EXPECT_EQ(SearchGramsOf("王小明"), (Grams{"王小", "小明"}));
  EXPECT_EQ(SearchGramsOf("김민준"), (Grams{"김민", "민준"}));
  EXPECT_EQ(SearchGramsOf("a王b"), (Grams{"a王", "王b"}));
  EXPECT_EQ(SearchGramsOf("王"), Grams());
}

TEST(SearchGrams, TakeBytesThatAreNoUtf8AsLetters) {
  EXPECT_EQ(SearchGramsOf("\xff\xfe\xfd"), (Grams{"\xff\xfe\xfd"}));
  EXPECT_EQ(SearchGramsOf("ab\xe3\x81"), (Grams{"ab\xe3", "b\xe3\x81"}));
}

TEST(SearchGrams, AreSpreadWhereOnlySomeAreTaken) {
  EXPECT_EQ(SomeSearchGramsOf("abcdefgh", 3), (Grams{"abc", "cde", "fgh"}));
  EXPECT_EQ(SomeSearchGramsOf("abcd", 3), (Grams{"abc", "bcd"}));
}

TEST(SearchGrams, GoWithTheEndsThatAreTooShort) {
  EXPECT_EQ(SearchGramsAndEndsOf("zoe b"), (Grams{"zoe", "oe ", "e b", " b", "b"}));
  EXPECT_EQ(SearchGramsAndEndsOf("王小明"), (Grams{"王小", "小明", "明"}));
  EXPECT_EQ(SearchGramsAndEndsOf("zo"), (Grams{"zo", "o"}));
  EXPECT_EQ(SearchGramsAndEndsOf(""), Grams());
}

TEST(SearchGrams, OfNamesBeginTheName) {
  const auto of = [](std::string_view name) { return NameBeginningsOf(name).texts; };
  EXPECT_EQ(of("martin zoe"), (Grams{"mar", "mart", "marti", "martin", "martin ", "martin z"}));
  EXPECT_EQ(of("martinez anne"), (Grams{"mar", "mart", "marti", "martin", "martinez ", "martinez a", "martinez anne"}));
  EXPECT_EQ(of("li zoe"), (Grams{"li ", "li z", "li zo", "li zoe"}));
  EXPECT_EQ(of("élie"), (Grams{"éli", "élie"}));
  EXPECT_EQ(of("li"), Grams());
}

TEST(SearchGrams, TellTheLongestBeginningOfAName) {
  for (const char* const name : {"martin anne", "martin anne-marie", "li anne-marie", "a bcde", "a bcdef"}) {
    EXPECT_TRUE(NameBeginningsOf(name).has_longest) << name;
  }
  for (const char* const name : {"martin zoe", "martinez", "a bcd", "a", ""}) {
    EXPECT_FALSE(NameBeginningsOf(name).has_longest) << name;
  }
}

// A name that begins with a beginning of another has that as well, and none between them.
TEST(SearchGrams, OfNamesThatBeginAlikeAreAlike) {
  const std::vector<std::string> names = {"martin zoe",  "martin zoe anne", "martinez anne", "li zoe",
                                          "li zoe anne", "l a b c d e",     "é là et ici",   "é là et là",
                                          " a b c d",    "a bcdef",         "a bcd",         "a bcdefg"};
  for (const std::string& name : names) {
    const NameBeginnings of_name = NameBeginningsOf(name);
    for (const std::string& other : names) {
      const Grams of_other = NameBeginningsOf(other).texts;
      for (std::size_t i = 0; i < of_name.texts.size(); ++i) {
        if (!other.starts_with(of_name.texts[i])) continue;
        ASSERT_GT(of_other.size(), i) << name << ", " << other;
        EXPECT_TRUE(std::ranges::equal(std::span(of_name.texts).first(i + 1), std::span(of_other).first(i + 1)))
            << name << ", " << other;
        if (i + 1 == of_name.texts.size() && of_name.has_longest)
          EXPECT_EQ(of_other.size(), i + 1) << name << ", " << other;
      }
    }
  }
}

TEST(SearchGrams, OfAPartOfATextAreGramsOfTheText) {
  SeededRandom random(16);
  const std::vector<std::string> letters = {"a", "b", " ", "é", "ß", "я", "王", "民", "ก", "😀", "1", "2"};
  for (int round = 0; round < 2'000; ++round) {
    std::string text;
    for (int i = 0; i < 12; ++i) text += letters[random.Below(letters.size())];
    text = FoldText(text);
    const Grams all = SearchGramsOf(text);
    std::vector<std::size_t> starts;
    for (std::size_t i = 0; i <= text.size(); ++i) {
      if (i == text.size() || (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) starts.push_back(i);
    }
    const std::size_t from = starts[random.Below(starts.size())];
    const std::size_t to = starts[random.Below(starts.size())];
    if (from > to) continue;
    for (const std::string_view gram : SearchGramsOf(std::string_view(text).substr(from, to - from))) {
      EXPECT_NE(std::ranges::find(all, gram), all.end()) << text << ": " << gram;
    }
    const std::string_view part = std::string_view(text).substr(from, to - from);
    if (part.empty() || !SearchGramsOf(part).empty()) continue;
    const Grams pieces = SearchGramsAndEndsOf(text);
    EXPECT_TRUE(std::ranges::any_of(pieces, [part](std::string_view piece) { return piece.starts_with(part); }))
        << text << ": " << part;
  }
}

}  // namespace
}  // namespace shakehook
