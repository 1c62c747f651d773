#include "api/http/problem.h"

#include <gtest/gtest.h>

#include <set>

#include "model/audit_detail.h"
#include "testing/api/openapi_spec.h"

namespace shakehook {
namespace {

std::set<std::string> EnumOf(const Json& schema) {
  std::set<std::string> names;
  for (const Json& each : *schema.Find("enum")->array()) names.insert(*each.text());
  return names;
}

const Json& Property(const OpenApiSpec& spec, std::string_view schema, std::string_view name) {
  return *spec.root().Find("components")->Find("schemas")->Find(schema)->Find("properties")->Find(name);
}

TEST(Problem, HasTheKindThatItsMakerGivesAndTheValuesOfItsSentence) {
  const Problem problem = FromRefusal({.kind = Refusal::Kind::kNotEmpty, .detail = "3 webhooks"}, "venue");
  EXPECT_EQ(problem.status(), 409);
  const Json body = ParseJson(ToResponse(problem).body).value();
  EXPECT_EQ(*body.Find("type")->text(), "/docs#problem-in-use");
  EXPECT_EQ(*body.Find("detail")->text(), "The venue still holds 3 webhooks.");
  EXPECT_EQ(ToString(*body.Find("params")), R"({"noun":"venue","what":"3 webhooks"})");
}

TEST(Problem, OfALimitNamesPlaceCountAndLimit) {
  const Problem problem = FromRefusal(
      {.kind = Refusal::Kind::kFull, .limit = {.where = "The venue", .what = "webhooks", .count = 100, .max = 100}},
      "webhook");
  EXPECT_EQ(problem.detail.text, "The venue has 100 webhooks; it may have at most 100.");
  EXPECT_EQ(problem.kind, ProblemKind("limit-reached"));
}

TEST(Problem, OfAStatusHasItsGeneralKind) {
  EXPECT_EQ(ProblemKind::OfStatus(409), ProblemKind("conflict"));
  EXPECT_EQ(ProblemKind::OfStatus(401), ProblemKind("not-signed-in"));
  EXPECT_EQ(ProblemKind::OfStatus(418), ProblemKind("internal"));
}

TEST(Problem, CodesAndKindsAreThoseOfTheDescription) {
  const OpenApiSpec spec;
  EXPECT_EQ(std::set<std::string>(kComplaintCodes.begin(), kComplaintCodes.end()),
            EnumOf(Property(spec, "FieldError", "code")));
  EXPECT_EQ(std::set<std::string>(kAuditDetailCodes.begin(), kAuditDetailCodes.end()),
            EnumOf(*spec.root().Find("components")->Find("schemas")->Find("AuditDetailCode")));
  std::set<std::string> types;
  for (const ProblemKind::Entry& kind : ProblemKind::kAll) types.insert(ProblemType(kind.name));
  EXPECT_EQ(types, EnumOf(Property(spec, "Problem", "type")));
  for (const ProblemKind::Entry& kind : ProblemKind::kAll) {
    EXPECT_NE(spec.root().Find("x-problems")->Find(kind.name), nullptr) << "/docs does not explain " << kind.name;
  }
}

}  // namespace
}  // namespace shakehook
