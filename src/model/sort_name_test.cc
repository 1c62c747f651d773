#include "model/sort_name.h"

#include <gtest/gtest.h>

#include "model/fold_case.h"

namespace shakehook {
namespace {

std::string NameOf(ResourceKind kind, const std::string& data) { return SortNameOf(FromData(kind, data, {})); }

TEST(SortName, IsTheLastNameOfAContactThenTheFirst) {
  EXPECT_EQ(NameOf(ResourceKind::kContact, R"({"id":"c","first_name":"Zoé","last_name":"Éluard","created_at":1})"),
            "eluard zoe");
  EXPECT_EQ(NameOf(ResourceKind::kContact, R"({"id":"c","first_name":"Zoé","created_at":1})"), "zoe");
  EXPECT_EQ(NameOf(ResourceKind::kContact, R"({"id":"c","email":"A@b.example","created_at":1})"), "a@b.example");
  EXPECT_EQ(NameOf(ResourceKind::kContact, R"({"id":"C-1","created_at":1})"), "c-1");
}

TEST(SortName, IsTheNameOfAnAccountElseItsLegalName) {
  EXPECT_EQ(NameOf(ResourceKind::kAccount, R"({"id":"a","name":"Œuvres","legal_name":"X","created_at":1})"), "oeuvres");
  EXPECT_EQ(NameOf(ResourceKind::kAccount, R"({"id":"a","legal_name":"Straße SA","created_at":1})"), "strasse sa");
}

TEST(SortName, IsCutBetweenTwoLetters) {
  std::string name(kSortNameBytesMax - 1, 'a');
  const std::string cut = NameOf(ResourceKind::kAccount, R"({"id":"a","name":")" + name + R"(日","created_at":1})");
  EXPECT_EQ(cut, name);
}

TEST(FoldCase, LowersLettersAndComposesThem) {
  EXPECT_EQ(FoldCase("JOHN Élodie ÀÖØÞ×ß ŒŽŸ ĶŁ"), "john élodie àöøþ×ss œžÿ ķł");
  EXPECT_EQ(FoldCase("ΑΩ ЖЯЀЁ 東京 +33"), "αω жяѐё 東京 +33");
  EXPECT_EQ(FoldCase("E\u0301"), "é");
  EXPECT_EQ(FoldCase("\xc3"), "\xc3");
}

TEST(FoldText, TakesTheMarksOffLetters) {
  EXPECT_EQ(FoldText("ÀÉÎÕÜÇÑŸŒÆß ŁŻĎĞŞ"), "aeioucnyoeaess lzdgs");
  EXPECT_EQ(FoldText("Ά ΑΩ ЖЯЁ 東京 ÷×"), "α αω жяе 東京 ÷×");
  EXPECT_EQ(FoldText("\xc3"), "\xc3");
}

}  // namespace
}  // namespace shakehook
