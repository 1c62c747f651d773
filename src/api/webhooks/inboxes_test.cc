#include <gtest/gtest.h>

#include "api/webhooks/inbox_log.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "testing/api/api_test_server.h"

namespace shakehook {
namespace {

class Inboxes : public testing::Test, protected ApiTestServer {
 protected:
  Inboxes() {
    policy().SetOwnListener(boost::asio::ip::make_address("127.0.0.1"), 8080);
    policy().SetInboxes(boost::asio::ip::make_address("127.0.0.1"), 8080, TargetUrl::Scheme::kHttp,
                        [this](std::string_view target) {
                          return target.starts_with("/inbox/") &&
                                 store().config_cache().FindInboxByToken(std::string(target.substr(7)));
                        });
    Call("POST", "/api/venues", R"({"id":"v","name":"V"})");
    Call("POST", "/api/venues", R"({"id":"w","name":"W"})");
  }

  Json Make(const std::string& more = "") {
    const auto made = Call("POST", "/api/inboxes", R"({"scope":{"venue_id":"v"})" + more + "}");
    EXPECT_EQ(made.status, 201) << made.body;
    return made.json();
  }
  static std::string PathOf(const Json& inbox) { return "/api/inboxes/" + *inbox.Find("id")->text(); }
  static std::string TargetOf(const Json& inbox) {
    return inbox.Find("url")->text()->substr(std::string("http://127.0.0.1:8080").size());
  }
  std::vector<Json> Requests(const Json& inbox, const std::string& query = "") {
    return *Call("GET", PathOf(inbox) + "/requests" + query).json().Find("data")->array();
  }
  Response MakeWebhook(const std::string& url) {
    return Call("POST", "/api/webhooks",
                R"({"name":"W","url":")" + url + R"(","scope":{"venue_id":"v"},"events":["contact.created"]})");
  }
};

TEST_F(Inboxes, KeepWhatTheyReceiveWithTheVerdictOnItsSignature) {
  const Json inbox = Make();
  const auto webhook = MakeWebhook(*inbox.Find("url")->text());
  ASSERT_EQ(webhook.status, 201) << webhook.body;
  const std::string body = R"({"event":"contact.created"})";
  const std::string right = ToHex(HmacKey(webhook.Text("secret")).Sign(body));
  EXPECT_EQ(Call("POST", TargetOf(inbox), body, {{"bookingshake-signature", right}, {"idempotency-key", "k-1"}}).status,
            204);
  Call("POST", TargetOf(inbox), body + " ", {{"bookingshake-signature", right}});
  Call("POST", TargetOf(inbox), body, {{"x-token", "credential"}});
  const auto requests = Requests(inbox);
  ASSERT_EQ(requests.size(), 3u);
  EXPECT_EQ(*requests[0].Find("signature"), Json("missing"));
  EXPECT_EQ(*requests[0].Find("headers")->Find("x-token"), Json("***"));
  EXPECT_EQ(*requests[1].Find("signature"), Json("wrong"));
  EXPECT_TRUE(requests[1].Find("webhook_id")->is_null());
  EXPECT_EQ(*requests[2].Find("signature"), Json("right"));
  EXPECT_EQ(*requests[2].Find("webhook_id"), Json(webhook.Text("id")));
  EXPECT_EQ(*requests[2].Find("attempt_key"), Json("k-1"));
  EXPECT_EQ(*requests[2].Find("body"), Json(body));
}

TEST_F(Inboxes, JudgeByTheOldSecretUntilTheOverlapOfARotationEnds) {
  const Json inbox = Make();
  const auto webhook = MakeWebhook(*inbox.Find("url")->text());
  const std::string old_signature = ToHex(HmacKey(webhook.Text("secret")).Sign("x"));
  Call("POST", "/api/webhooks/" + webhook.Text("id") + "/secret", R"({"overlap_seconds":60})");
  Call("POST", TargetOf(inbox), "x", {{"bookingshake-signature", old_signature}});
  clock().Advance(Milliseconds(61'000));
  Call("POST", TargetOf(inbox), "x", {{"bookingshake-signature", old_signature}});
  const auto requests = Requests(inbox);
  EXPECT_EQ(*requests[1].Find("signature"), Json("right"));
  EXPECT_EQ(*requests[0].Find("signature"), Json("wrong"));
}

TEST_F(Inboxes, ForgetWhatTheyReceivedOfAContactThatIsErased) {
  const Json inbox = Make();
  Call("POST", "/api/venues/v/contacts", R"({"id":"c"})");
  for (const char* body :
       {R"({"venue_id":"v","data":{"id":"c","first_name":"Jane"}})", R"({"venue_id":"w","data":{"id":"c"}})",
        R"({"venue_id":"v","data":{"id":"d","account_id":"c"}})", "c"}) {
    Call("POST", TargetOf(inbox), body);
  }
  EXPECT_EQ(Call("DELETE", "/api/venues/v/contacts/c?erase=true").status, 204);
  const auto requests = Requests(inbox);
  ASSERT_EQ(requests.size(), 3u);
  for (const Json& request : requests) EXPECT_EQ(request.Find("body")->text()->find("Jane"), std::string::npos);
}

TEST_F(Inboxes, AnswerAsTheyAreTold) {
  const Json inbox = Make();
  EXPECT_EQ(Call("PATCH", PathOf(inbox), R"({"answer":{"behaviour":"error"}})").status, 200);
  EXPECT_EQ(Call("POST", TargetOf(inbox), "x").status, 500);
  EXPECT_EQ(*Requests(inbox)[0].Find("answered_status"), Json(500));
  Call("PATCH", PathOf(inbox), R"({"answer":{"behaviour":"slow"}})");
  const SteadyTime before = clock().Steady();
  EXPECT_EQ(Call("POST", TargetOf(inbox), "x").status, 204);
  EXPECT_GE(clock().Steady() - before, Milliseconds(3'000));
  Call("PATCH", PathOf(inbox), R"({"answer":{"behaviour":"silent"}})");
  const SteadyTime silent = clock().Steady();
  Call("POST", TargetOf(inbox), "x");
  EXPECT_GT(clock().Steady() - silent, Milliseconds(5'000));
  EXPECT_TRUE(Requests(inbox)[0].Find("answered_status")->is_null());
  EXPECT_EQ(Call("PATCH", PathOf(inbox), R"({"answer":{"behaviour":"rude"}})").BadFields(), "answer.behaviour");
}

TEST_F(Inboxes, AreTheOnlyUrlsOfThisServerThatAWebhookMayHave) {
  const Json inbox = Make();
  EXPECT_EQ(MakeWebhook("http://127.0.0.1:8080/api/venues").BadFields(), "url");
  EXPECT_EQ(MakeWebhook("http://127.0.0.1:8080/inbox/guessed").BadFields(), "url");
  EXPECT_EQ(MakeWebhook("http://127.0.0.1:8080" + TargetOf(inbox) + "?x").BadFields(), "url");
  EXPECT_EQ(MakeWebhook("http://localhost:8080" + TargetOf(inbox)).BadFields(), "url");
  EXPECT_EQ(MakeWebhook("https://127.0.0.1:8080" + TargetOf(inbox)).BadFields(), "url");
  EXPECT_EQ(MakeWebhook("http://127.0.0.1:8081" + TargetOf(inbox)).BadFields(), "url");
  EXPECT_EQ(MakeWebhook(*inbox.Find("url")->text()).status, 201);
}

TEST_F(Inboxes, AreSeenWithTheKeysOfTheirScopeAndOutliveARestart) {
  const Json inbox = Make(R"(,"name":"Mine","answer":{"behaviour":"error"})");
  Use(MakeKey(Scope::Of(VenueId{"w"})));
  EXPECT_EQ(Call("GET", PathOf(inbox)).status, 404);
  EXPECT_EQ(Call("GET", PathOf(inbox) + "/requests").status, 404);
  EXPECT_TRUE(Call("GET", "/api/inboxes").json().Find("data")->array()->empty());
  EXPECT_EQ(Call("POST", "/api/inboxes", R"({"scope":{"venue_id":"v"}})").BadFields(), "scope.venue_id");
  UseAdmin();
  Reopen();
  EXPECT_EQ(Call("GET", PathOf(inbox)).json(), inbox);
  EXPECT_EQ(Call("DELETE", PathOf(inbox)).status, 204);
  EXPECT_EQ(Call("POST", TargetOf(inbox), "x").status, 404);
}

TEST_F(Inboxes, KeepTheLastHundredAndListThemByPages) {
  const Json inbox = Make();
  for (int i = 0; i < 103; ++i) Call("POST", TargetOf(inbox), std::to_string(i));
  const auto first = Call("GET", PathOf(inbox) + "/requests?limit=60").json();
  const auto rest =
      Call("GET", PathOf(inbox) + "/requests?limit=60&cursor=" + *first.Find("next_cursor")->text()).json();
  EXPECT_EQ(*(*first.Find("data")->array())[0].Find("body"), Json("102"));
  ASSERT_EQ(rest.Find("data")->array()->size(), 40u);
  EXPECT_EQ(*rest.Find("data")->array()->back().Find("body"), Json("3"));
  EXPECT_TRUE(rest.Find("next_cursor")->is_null());
}

TEST(InboxLog, KeepsWithinItsBytes) {
  InboxLog log;
  const InboxId one{Uuid{{1}}}, other{Uuid{{2}}};
  InboxRequest big;
  big.body = std::string(1024 * 1024, 'x');
  log.Add(one, big);
  for (int i = 0; i < 16; ++i) log.Add(other, big);
  EXPECT_TRUE(log.List(one, {}, 10).empty());
  EXPECT_EQ(log.List(other, {}, 100).size(), 15u);
}

TEST(NoInboxes, SayWhyThereAreNoneAndWhatToDo) {
  for (const auto& [at_socket, why] : {std::pair(Switch::kOff, "it runs with --inbox off. Name a receiver of your own"),
                                       std::pair(Switch::kOn, "it listens at a Unix socket")}) {
    ApiTestServer server({.version = "test", .at_socket = at_socket});
    EXPECT_EQ(server.Call("POST", "/api/venues", R"({"id":"v","name":"V"})").status, 201);
    const auto refused = server.Call("POST", "/api/inboxes", R"({"scope":{"venue_id":"v"}})");
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.Text("type"), "/docs#problem-inboxes-off");
    EXPECT_NE(refused.Text("detail").find(why), std::string::npos) << refused.body;
  }
}

}  // namespace
}  // namespace shakehook
