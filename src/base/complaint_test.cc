#include "base/complaint.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

TEST(Sentence, PutsItsValuesInAndNamesThem) {
  const Sentence sentence("has {count} {what}; it may have at most {max}", 5, "items", 3);
  EXPECT_EQ(sentence.text, "has 5 items; it may have at most 3");
  EXPECT_EQ(ToString(sentence.params), R"({"count":5,"what":"items","max":3})");
}

TEST(Sentence, TakesBracesOfJsonForWhatTheyAre) {
  const Sentence sentence("is required: {} for everything, {\"venues_group_id\"} or {what}", "{x}");
  EXPECT_EQ(sentence.text, "is required: {} for everything, {\"venues_group_id\"} or {x}");
  EXPECT_EQ(ToString(sentence.params), R"({"what":"{x}"})");
}

TEST(Sentence, CutsALongValueBetweenCharactersForAClientAlone) {
  std::string value(255, 'x');
  value += "\xc3\xa9\xc3\xa9";
  const Sentence sentence("{value} is chosen twice", value);
  EXPECT_EQ(sentence.text, value + " is chosen twice");
  EXPECT_EQ(*sentence.params.Find("value")->text(), std::string(255, 'x'));
}

TEST(Sentence, CountsPlaceholdersByTheirNames) {
  EXPECT_EQ(CountPlaceholders("from {min} to {max_kib}"), 2u);
  EXPECT_EQ(CountPlaceholders("{} {A} {a1} {unclosed"), 0u);
  EXPECT_EQ(CountPlaceholders("{{value}}"), 1u);
}

TEST(Complaint, HasACodeAndTheValuesOfItsSentence) {
  const Complaint complaint("too_long", "is longer than {max} bytes", 1024);
  EXPECT_EQ(complaint.code(), "too_long");
  EXPECT_EQ(complaint.text(), "is longer than 1024 bytes");
  EXPECT_EQ(ToString(complaint.params()), R"({"max":1024})");
  EXPECT_EQ(ToString(WrongType("a string", Json(3)).params()), R"({"expected":"a string","given":"a number"})");
}

TEST(Complaint, KnowsACodeAgainThatWasStored) {
  const Complaint complaint("not_in_range", "must be an integer from {min} to {max}", 1, 256);
  EXPECT_EQ(Complaint::Restored(complaint.code(), complaint.text(), complaint.params()), complaint);
}

TEST(Complaint, ThatWasStoredWithoutACodeIsInvalid) {
  const Complaint complaint = Complaint::Restored("", "has three legs", Json());
  EXPECT_EQ(complaint.code(), kUnknownComplaint);
  EXPECT_EQ(complaint.text(), "has three legs");
  EXPECT_EQ(ToString(complaint.params()), "{}");
  EXPECT_EQ(Complaint::Restored("of_a_later_version", "x", Json()).code(), kUnknownComplaint);
}

}  // namespace
}  // namespace shakehook
