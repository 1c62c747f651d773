// Sending now what waits for a retry, as the API offers it.
#include "testing/api/api_test_server.h"
#include "testing/api/api_world_fixture.h"

namespace shakehook {
namespace {

class SendingNow : public ApiWorld {
 protected:
  SendingNow() { response_.status = 500; }
  static std::string IdOf(const std::string& path) { return path.substr(path.rfind('/') + 1); }
};

TEST_F(SendingNow, TellsHowManyBecameDueAndMayBeRepeated) {
  const std::string webhook = MakeWebhook();
  for (int i = 0; i < 3; ++i) MakeContact("c" + std::to_string(i));
  world_.Run(Milliseconds(1'000));
  const auto attempts = received_.size();
  EXPECT_EQ(Call("POST", webhook + "/send-now", "{}").body, R"({"made_due":3})");
  world_.Run(Milliseconds(1'000));
  EXPECT_EQ(received_.size(), attempts + 3);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Call("POST", webhook + "/send-now", "", {{"idempotency-key", "k"}}).body, R"({"made_due":3})");
    world_.Run(Milliseconds(1'000));
  }
  EXPECT_EQ(received_.size(), attempts + 6);
  response_.status = 200;
  Call("POST", webhook + "/send-now");
  world_.Run(Milliseconds(1'000));
  EXPECT_EQ(Call("POST", webhook + "/send-now").body, R"({"made_due":0})");
}

TEST_F(SendingNow, IsDoneForSeveralWebhooksAtOnce) {
  const std::string one = MakeWebhook(), other = MakeWebhook();
  MakeContact("c");
  world_.Run(Milliseconds(1'000));
  const std::string ids = "\"" + IdOf(one) + "\",\"" + IdOf(other) + "\"";
  EXPECT_EQ(Call("POST", "/api/webhooks/send-now", "{\"webhook_ids\":[" + ids + "," + ids + "]}").body,
            R"({"made_due":2})");
  EXPECT_EQ(Call("POST", "/api/webhooks/send-now", "{\"webhook_ids\":[" + ids + "]}").body, R"({"made_due":0})");
}

TEST_F(SendingNow, IsAccountedFor) {
  const std::string webhook = MakeWebhook();
  MakeContact("c");
  world_.Run(Milliseconds(1'000));
  Call("POST", webhook + "/send-now");
  Call("POST", webhook + "/send-now");
  const Json audit = Call("GET", "/api/audit?action=webhook.sent_now").json();
  ASSERT_EQ(audit.Find("data")->array()->size(), 1u);
  EXPECT_EQ(*audit.Find("data")->array()->at(0).Find("subject")->Find("id")->text(), IdOf(webhook));
}

class SendingNowRefused : public ApiTest {
 protected:
  std::string Make() {
    return Call("POST", "/api/webhooks",
                R"({"name":"CRM","url":"https://crm.example/","events":["contact.created"],"scope":{"venue_id":"v1"}})")
        .Text("id");
  }
  std::string Refused(const std::string& body) { return Call("POST", "/api/webhooks/send-now", body).BadFields(); }
};

TEST_F(SendingNowRefused, WithoutTheRightOrSightOfTheWebhook) {
  const std::string id = Make();
  const std::string list = "{\"webhook_ids\":[\"" + id + "\"]}";
  Use(MakeKey(Scope::All(), {Right::kRead, Right::kWrite}));
  EXPECT_EQ(Call("POST", "/api/webhooks/" + id + "/send-now").status, 403);
  EXPECT_EQ(Call("POST", "/api/webhooks/send-now", list).status, 403);
  Use(MakeKey(Scope::Of(VenueId{"v3"})));
  EXPECT_EQ(Call("POST", "/api/webhooks/" + id + "/send-now").status, 404);
  EXPECT_EQ(Refused(list), "webhook_ids.0");
}

TEST_F(SendingNowRefused, NamesTheField) {
  const std::string id = Make();
  EXPECT_EQ(Refused("{}"), "webhook_ids");
  EXPECT_EQ(Refused(R"({"webhook_ids":null})"), "webhook_ids");
  EXPECT_EQ(Refused(R"({"webhook_ids":"x"})"), "webhook_ids");
  EXPECT_EQ(Refused(R"({"webhook_ids":[]})"), "webhook_ids");
  EXPECT_EQ(Refused("{\"webhook_ids\":[\"" + id + "\",7,\"x\"]}"), "webhook_ids.1,webhook_ids.2");
  EXPECT_EQ(Refused("{\"webhook_ids\":[\"" + id + "\"],\"status\":1}"), "status");
  std::string many;
  for (int i = 0; i <= 100; ++i) many += (i == 0 ? "\"" : ",\"") + id + "\"";
  EXPECT_EQ(Refused("{\"webhook_ids\":[" + many + "]}"), "webhook_ids");
  EXPECT_EQ(Call("POST", "/api/webhooks/" + id + "/send-now", R"({"status":"failed"})").BadFields(), "status");
  fail_commits = true;
  EXPECT_EQ(Call("POST", "/api/webhooks/" + id + "/send-now", "", {{"idempotency-key", "k"}}).status, 503);
}

}  // namespace
}  // namespace shakehook
