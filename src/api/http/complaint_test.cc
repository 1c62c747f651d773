#include "api/http/complaint.h"

#include <gtest/gtest.h>

#include <set>

#include "testing/api/openapi_spec.h"

namespace shakehook {
namespace {

TEST(Complaint, HasACodeAndTheValuesOfItsSentence) {
  const Complaint complaint = ComplaintOf("is longer than 1024 bytes");
  EXPECT_EQ(complaint.code, "too_long");
  EXPECT_EQ(ToString(complaint.params), R"({"max":1024})");
  EXPECT_EQ(ToString(ComplaintOf("must be an integer from 1 to 256").params), R"({"min":1,"max":256})");
  EXPECT_EQ(ToString(ComplaintOf("must be a string, not a number").params),
            R"({"expected":"a string","given":"a number"})");
  EXPECT_EQ(ComplaintOf("must be a string, not a number").code, "wrong_type");
  EXPECT_EQ(ComplaintOf("must be pending, delivered, failed or canceled").code, "not_one_of");
}

TEST(Complaint, TakesBracesOfJsonForWhatTheyAre) {
  EXPECT_EQ(ComplaintOf("is required: {} for everything, {\"venues_group_id\"} or {\"venue_id\"}").code, "required");
  EXPECT_EQ(ComplaintOf("must be {} for an administrator").code, "scope_of_administrator");
}

TEST(Complaint, IsFoundWhereAValueHoldsTheWordsBehindIt) {
  const Complaint complaint = ComplaintOf("\"a is not one of the field's options\" is not one of the field's options");
  EXPECT_EQ(complaint.code, "not_an_option");
}

TEST(Complaint, CutsALongValueBetweenCharacters) {
  std::string value(255, 'x');
  value += "\xc3\xa9\xc3\xa9";
  const Complaint complaint = ComplaintOf(value + " is chosen twice");
  EXPECT_EQ(*complaint.params.Find("value")->text(), std::string(255, 'x'));
}

TEST(Complaint, OfAnUnknownSentenceIsInvalid) {
  EXPECT_EQ(ComplaintOf("has three legs").code, kOtherCode);
  EXPECT_EQ(ComplaintOf("").code, kOtherCode);
}

TEST(Complaint, TellsKindsOfProblemsApartByStatusAndSentence) {
  EXPECT_EQ(ProblemKindOf(404, "There is no such contact.").code, "not-found");
  EXPECT_EQ(ProblemKindOf(409, "There is a venue with this id already.").code, "already-exists");
  EXPECT_EQ(ToString(ProblemKindOf(409, "The venue still holds 3 webhooks.").params),
            R"({"noun":"venue","what":"3 webhooks"})");
  EXPECT_EQ(ProblemKindOf(409, "Something else.").code, "conflict");
  EXPECT_EQ(ProblemKindOf(500, "").code, "internal");
}

std::set<std::string> EnumOf(const Json& schema) {
  std::set<std::string> names;
  for (const Json& each : *schema.Find("enum")->array()) names.insert(*each.text());
  return names;
}

const Json& Property(const OpenApiSpec& spec, std::string_view schema, std::string_view name) {
  return *spec.root().Find("components")->Find("schemas")->Find(schema)->Find("properties")->Find(name);
}

TEST(Complaint, CodesAndKindsAreThoseOfTheDescription) {
  const OpenApiSpec spec;
  std::set<std::string> codes{std::string(kOtherCode)};
  for (const Sentence& sentence : ValidationSentences()) codes.emplace(sentence.code);
  EXPECT_EQ(codes, EnumOf(Property(spec, "FieldError", "code")));
  const std::set<std::string> types = EnumOf(Property(spec, "Problem", "type"));
  for (const Sentence& sentence : ProblemSentences()) EXPECT_TRUE(types.contains(ProblemType(sentence.code)));
  for (int status = 400; status < 600; ++status) {
    EXPECT_TRUE(types.contains(ProblemType(ProblemKindOf(status, "").code))) << status;
  }
  for (const std::string& type : types) {
    const std::string kind = type.substr(ProblemType("").size());
    EXPECT_NE(spec.root().Find("x-problems")->Find(kind), nullptr) << "/docs does not explain " << kind;
  }
}

}  // namespace
}  // namespace shakehook
