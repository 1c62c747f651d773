#include "api/webhooks/webhook_changes.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

Webhook Sample() {
  Webhook webhook;
  webhook.name = "CRM";
  webhook.url = "https://hooks.example.com/services/T0kEn";
  webhook.events.Add(EventType::kContactCreated);
  webhook.headers = {{"X-Token", "s3cret"}};
  webhook.secrets.current = "whsec_s3cret";
  return webhook;
}

TEST(WebhookChanges, NamesEachFieldWithItsValueBeforeAndAfter) {
  Webhook after = Sample();
  after.name = "CRM 2";
  after.max_per_second = 5;
  after.retry_schedule = ScheduleKind::kExtended;
  EXPECT_EQ(WebhookChanges(Sample(), after), R"([{"field":"name","before":"CRM","after":"CRM 2"},)"
                                             R"({"field":"max_per_second","before":null,"after":5},)"
                                             R"({"field":"retry_schedule","before":"standard","after":"extended"}])");
}

TEST(WebhookChanges, HoldsNoCredential) {
  Webhook after = Sample();
  after.url = "https://hooks.example.com/services/An0ther";
  after.headers = {{"X-Token", "0ther"}, {"X-More", "m0re"}};
  after.secrets.current = "whsec_0ther";
  EXPECT_EQ(WebhookChanges(Sample(), after),
            R"([{"field":"url","before":"https://hooks.example.com/services/***",)"
            R"("after":"https://hooks.example.com/services/***"},)"
            R"({"field":"headers","before":["X-Token"],"after":["X-Token","X-More"]}])");
}

TEST(WebhookChanges, TellsOfANewWebhookWhatIsNoDefault) {
  EXPECT_EQ(WebhookChanges(std::nullopt, Sample()),
            R"([{"field":"name","before":"","after":"CRM"},)"
            R"({"field":"url","before":null,"after":"https://hooks.example.com/services/***"},)"
            R"({"field":"events","before":[],"after":["contact.created"]},)"
            R"({"field":"headers","before":[],"after":["X-Token"]}])");
}

TEST(WebhookChanges, AreEmptyWhereNothingChanged) {
  Webhook after = Sample();
  after.updated_at = FromUnixMs(1);
  EXPECT_EQ(WebhookChanges(Sample(), after), "");
}

}  // namespace
}  // namespace shakehook
