#include "api/webhooks/test_samples.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace shakehook {
namespace {

constexpr Timestamp kNow = FromUnixMs(1'731'493'800'000);

TEST(TestSamples, CanBeToldFromRealOnesWithoutTheHeader) {
  for (const EventType type : kEventTypes) {
    const TestSample sample = MakeTestSample(type, kNow);
    const Json data = *ParseJson(sample.data);
    EXPECT_EQ(*data.Find("id")->text(), sample.resource_id.text);
    for (const std::string key : {"id", "account_id"}) {
      if (const Json* const id = data.Find(key)) EXPECT_TRUE(id->text()->starts_with("test-"));
    }
    for (const std::string key : {"name", "legal_name", "first_name"}) {
      if (const Json* const name = data.Find(key)) EXPECT_NE(name->text()->find("T"), std::string::npos);
    }
    if (const Json* const email = data.Find("email")) EXPECT_TRUE(email->text()->ends_with(".example"));
  }
}

TEST(TestSamples, HaveTheShapeOfTheirEvent) {
  EXPECT_EQ(MakeTestSample(EventType::kContactDeleted, kNow).data, R"({"id":"test-contact"})");
  EXPECT_EQ(MakeTestSample(EventType::kAccountDeleted, kNow).data, R"({"id":"test-account"})");
  EXPECT_EQ(MakeTestSample(EventType::kContactCreated, kNow).data,
            R"({"id":"test-contact","first_name":"Test","last_name":"Contact",)"
            R"("email":"test.contact@shakehook.example","phone":"+33612345678","landline_phone":"+33145678901",)"
            R"("title":"CEO","account_id":"test-account","optin_marketing":true,"address_line_1":"10 rue Example",)"
            R"("postal_code":"75001","city":"Paris","country":"France","created_at":1731493800000})");
  const std::string updated = MakeTestSample(EventType::kAccountUpdated, kNow).data;
  EXPECT_TRUE(updated.starts_with(R"({"id":"test-account","name":"Test Company","legal_name":"TEST COMPANY SAS",)"));
  EXPECT_TRUE(updated.ends_with(R"("created_at":1731493700000})"));
}

}  // namespace
}  // namespace shakehook
