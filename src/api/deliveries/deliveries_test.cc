// Deliveries as the API shows them, in a world where they are really sent.
#include "testing/api/api_world_fixture.h"

namespace shakehook {
namespace {

class Deliveries : public ApiWorld {
 protected:
  std::vector<Json> List(const std::string& query = "") {
    return *Call("GET", "/api/deliveries" + query).json().Find("data")->array();
  }
  // The path of the newest delivery.
  std::string Newest() { return "/api/deliveries/" + *List()[0].Find("id")->text(); }
  Json Attempt(const std::string& path, std::size_t index = 0) {
    return (*Call("GET", path).json().Find("attempts")->array())[index];
  }
  Json Health(const std::string& webhook) { return *Call("GET", webhook).json().Find("health"); }
};

TEST_F(Deliveries, TellWhatWasSentAndWhatCameBack) {
  MakeWebhook(R"(,"standard_headers":true,"headers":{"X-Token":"credential"})");
  response_ = {.status = 200,
               .headers = "Content-Type: text/plain\r\nSet-Cookie: a=1\r\nX-Odd: \xff\r\nset-cookie: b=2\r\n",
               .body = "thanks \xe9",
               .delay = Milliseconds(12)};
  MakeContact("c");
  world_.Run(Milliseconds(1'000));
  ASSERT_EQ(received_.size(), 1u);
  const auto got = Call("GET", Newest());
  const Json delivery = got.json();
  const Json& attempt = (*delivery.Find("attempts")->array())[0];
  EXPECT_EQ(*delivery.Find("status"), Json("delivered"));
  EXPECT_EQ(delivery.Find("delivered_at")->integer(), 1731493800012);
  EXPECT_EQ(got.Text("payload"), received_[0].body);
  EXPECT_EQ(*attempt.Find("number"), Json(1));
  EXPECT_EQ(*attempt.Find("trigger"), Json("automatic"));
  EXPECT_EQ(*attempt.Find("url"), Json("https://crm.example:8443/hook?x=1"));
  EXPECT_EQ(*attempt.Find("status_code"), Json(200));
  EXPECT_TRUE(attempt.Find("error")->is_null());
  EXPECT_EQ(*attempt.Find("duration_ms"), Json(12));
  EXPECT_EQ(ToString(*attempt.Find("timings")),
            R"({"dns_ms":null,"connect_ms":null,"tls_ms":null,"first_byte_ms":12})");
  EXPECT_EQ(ToString(*attempt.Find("response_headers")),
            "{\"Content-Type\":\"text/plain\",\"Set-Cookie\":\"a=1, b=2\",\"X-Odd\":\"\xef\xbf\xbd\"}");
  EXPECT_EQ(*attempt.Find("response_body"), Json("thanks \xef\xbf\xbd"));
  EXPECT_EQ(*attempt.Find("response_truncated"), Json(false));

  // The headers that the receiver got, without the credential and those that the transport adds.
  std::map<std::string, std::string> shown;
  for (const auto& [name, value] : *attempt.Find("request_headers")->object()) shown[name] = *value.text();
  std::map<std::string, std::string> expected = received_[0].headers;
  EXPECT_EQ(expected["X-Token"], "credential");
  expected["X-Token"] = "***";
  expected["Host"] = "crm.example:8443";
  expected["Content-Length"] = std::to_string(received_[0].body.size());
  EXPECT_EQ(shown, expected);
  EXPECT_EQ(shown["Idempotency-Key"], *delivery.Find("id")->text());
}

TEST_F(Deliveries, TellWhyAnAttemptFailed) {
  const std::string webhook = MakeWebhook();
  response_ = {.status = 0, .delay = Milliseconds(3), .failure = TransportFailure::kConnectionRefused};
  MakeContact("c");
  world_.Run(Milliseconds(1'000));
  const std::string path = Newest();
  const Json attempt = Attempt(path);
  EXPECT_EQ(
      ToString(*attempt.Find("error")),
      R"({"class":"connection_refused","message":"The connection failed.","code":"connection_refused","params":{}})");
  EXPECT_TRUE(attempt.Find("status_code")->is_null());
  EXPECT_TRUE(attempt.Find("response_headers")->is_null());
  EXPECT_TRUE(attempt.Find("response_body")->is_null());
  const Json delivery = Call("GET", path).json();
  EXPECT_EQ(*delivery.Find("status"), Json("pending"));
  EXPECT_GE(*delivery.Find("next_attempt_at")->integer(), 1731493810000);
  const Json health = Health(webhook);
  EXPECT_EQ(*health.Find("state"), Json("failing"));
  EXPECT_EQ(*health.Find("reason"), Json("The last attempt failed."));
  EXPECT_EQ(*health.Find("consecutive_failures"), Json(1));
  EXPECT_EQ(*health.Find("pending"), Json(1));

  response_ = {};
  world_.Run(Milliseconds(60'000));
  EXPECT_EQ(*Call("GET", path).json().Find("attempt_count"), Json(2));
  EXPECT_EQ(*Attempt(path, 1).Find("number"), Json(2));
  EXPECT_EQ(*Health(webhook).Find("state"), Json("healthy"));
}

TEST_F(Deliveries, AfterA410TheHealthSaysWhyUntilTheWebhookIsEnabled) {
  const std::string webhook = MakeWebhook();
  response_ = {.status = 410};
  MakeContact("c");
  world_.Run(Milliseconds(1'000));
  EXPECT_EQ(*Call("GET", Newest()).json().Find("status"), Json("failed"));
  const Json health = Health(webhook);
  EXPECT_EQ(*health.Find("state"), Json("disabled"));
  EXPECT_EQ(*health.Find("reason"), Json("The endpoint answered 410 Gone."));
  const Json enabled = Call("PATCH", webhook, R"({"enabled":true})").json();
  EXPECT_EQ(*enabled.Find("enabled"), Json(true));
  const Json disabled = Call("PATCH", webhook, R"({"enabled":false})").json();
  EXPECT_TRUE(disabled.Find("health")->Find("reason")->is_null());
}

TEST_F(Deliveries, AreListedByTheAnswerAndByManyOfAKind) {
  const std::string first = MakeWebhook();
  const std::string second = MakeWebhook();
  const auto id = [](const std::string& path) { return path.substr(path.rfind('/') + 1); };
  MakeContact("a");
  world_.Run(Milliseconds(1'000));
  response_ = {.status = 500};
  MakeContact("b");
  world_.Run(Milliseconds(1'000));
  response_ = {.status = 0, .failure = TransportFailure::kConnectionRefused};
  MakeContact("c");
  world_.Run(Milliseconds(1'000));
  EXPECT_EQ(List("?status_code=2xx").size(), 2u);
  EXPECT_EQ(List("?status_code=204").size(), 2u);
  EXPECT_EQ(List("?status_code=200").size(), 0u);
  EXPECT_EQ(List("?status_code=5xx").size(), 2u);
  EXPECT_EQ(List("?status_code=none").size(), 2u);
  EXPECT_EQ(List("?webhook_id=" + id(first) + "&webhook_id=" + id(second)).size(), 6u);
  EXPECT_EQ(List("?webhook_id=" + id(first) + "&status=pending&status=delivered").size(), 3u);
  EXPECT_EQ(List("?event=contact.created&event=account.created").size(), 6u);
  EXPECT_EQ(List("?venue_id=v").size(), 6u);
  EXPECT_EQ(List("?venue_id=w").size(), 0u);
  const auto refused = Call("GET", "/api/deliveries?status_code=6xx&venue_id=v&venue_id=v");
  EXPECT_EQ(refused.json().Find("errors")->array()->size(), 1u);  // given twice: no other check is made
  for (const std::string code : {"6xx", "0xx", "99", "600", "abc", "2x", "+20"}) {
    EXPECT_EQ(Call("GET", "/api/deliveries?status_code=" + code).status, 422) << code;
  }
}

TEST_F(Deliveries, TellTheirLastAttempt) {
  MakeWebhook();
  response_ = {.status = 503, .delay = Milliseconds(7)};
  MakeContact("c");
  EXPECT_TRUE(List()[0].Find("last_attempt")->is_null());
  world_.Run(Milliseconds(1'000));
  EXPECT_EQ(
      ToString(*List()[0].Find("last_attempt")),
      R"({"started_at":1731493800000,"duration_ms":7,"status_code":503,"error_class":"status","error_code":"server_error"})");
  EXPECT_EQ(*Call("GET", Newest()).json().Find("last_attempt")->Find("status_code"), Json(503));
}

TEST_F(Deliveries, AreDiscardedWhereTheWebhookIsEnabledSo) {
  const std::string webhook = MakeWebhook();
  Call("PATCH", webhook, R"({"enabled":false})");
  MakeContact("a");
  for (const std::string body :
       {R"({"discard":true})", R"({"enabled":false,"discard":true})", R"({"enabled":true,"discard":1})"}) {
    EXPECT_EQ(Call("PATCH", webhook, body).status, 422) << body;
  }
  const auto enabled = Call("PATCH", webhook, R"({"enabled":true,"discard":true})");
  EXPECT_EQ(enabled.status, 200) << enabled.body;
  EXPECT_EQ(*enabled.json().Find("health")->Find("pending"), Json(0));
  world_.Run(Milliseconds(60'000));
  EXPECT_TRUE(received_.empty());
  EXPECT_EQ(List("?status=canceled").size(), 1u);
  MakeContact("b");
  world_.Run(Milliseconds(1'000));
  EXPECT_EQ(received_.size(), 1u);
}

TEST_F(Deliveries, AreListedByFilters) {
  const std::string first = MakeWebhook();
  const std::string second = MakeWebhook();
  MakeContact("a");
  world_.Run(Milliseconds(1'000));
  response_ = {.status = 500};
  Call("POST", "/api/venues/v/accounts", R"({"id":"b"})");
  world_.Run(Milliseconds(1'000));
  EXPECT_EQ(List().size(), 4u);
  EXPECT_EQ(*List()[0].Find("resource_id"), Json("b"));
  EXPECT_EQ(List("?status=pending").size(), 2u);
  EXPECT_EQ(List("?status=delivered&event=contact.created").size(), 2u);
  EXPECT_EQ(List("?status=delivered&event=account.created").size(), 0u);
  EXPECT_EQ(List("?resource_id=a").size(), 2u);
  EXPECT_EQ(List("?webhook_id=" + first.substr(first.rfind('/') + 1)).size(), 2u);
  EXPECT_EQ(List("?webhook_id=01932c1e-7a40-7c3e-9b1f-2f6d0e6a4b11").size(), 0u);
  EXPECT_EQ(List("?since=1731493801000").size(), 2u);
  EXPECT_EQ(List("?until=1731493801000").size(), 2u);
  Call("DELETE", second);
  EXPECT_EQ(List("?status=canceled").size(), 1u);
  std::set<std::string> ids;
  std::string cursor;
  do {
    const auto page = Call("GET", "/api/deliveries?limit=1" + (cursor.empty() ? "" : "&cursor=" + cursor));
    const Json json = page.json();
    ASSERT_EQ(json.Find("data")->array()->size(), 1u);
    ids.insert(*(*json.Find("data")->array())[0].Find("id")->text());
    cursor = page.Text("next_cursor");
  } while (!cursor.empty());
  EXPECT_EQ(ids.size(), 4u);
  const auto refused = Call("GET", "/api/deliveries?status=x&event=y&since=z&limit=201&cursor=q");
  EXPECT_EQ(refused.json().Find("errors")->array()->size(), 5u);
}

TEST_F(Deliveries, AreSentAgainByHand) {
  MakeWebhook();
  MakeContact("c");
  world_.Run(Milliseconds(1'000));
  const std::string path = Newest();
  const auto again = Call("POST", path + "/redeliver");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.Text("status"), "delivered");
  world_.Run(Milliseconds(1'000));
  ASSERT_EQ(received_.size(), 2u);
  EXPECT_EQ(received_[1].body, received_[0].body);
  EXPECT_EQ(received_[1].Header("Idempotency-Key"), received_[0].Header("Idempotency-Key"));
  EXPECT_EQ(*Attempt(path, 1).Find("trigger"), Json("manual"));
  EXPECT_EQ(*Call("GET", path).json().Find("attempt_count"), Json(2));
  EXPECT_EQ(Call("POST", path + "/redeliver", R"({"force":true})").status, 422);
  EXPECT_EQ(Call("POST", "/api/deliveries/01932c1e-7a40-7c3e-9b1f-2f6d0e6a4b11/redeliver").status, 404);
}

TEST_F(Deliveries, SentAgainAfterTheyFailedStartTheirScheduleAnew) {
  MakeWebhook();
  response_ = {.status = 410};
  MakeContact("c");
  world_.Run(Milliseconds(1'000));
  const std::string path = Newest();
  response_ = {.status = 500};
  std::string first;
  for (int i = 0; i < 2; ++i) {
    const auto again = Call("POST", path + "/redeliver", "", {{"idempotency-key", "k"}});
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.Text("status"), "pending");
    if (i == 0) first = again.body;
    EXPECT_EQ(again.body, first);
    world_.Run(Milliseconds(1'000));
  }
  EXPECT_EQ(received_.size(), 2u);  // also while the webhook is disabled; and once for one key
  EXPECT_EQ(*Call("GET", path).json().Find("status"), Json("pending"));
}

TEST_F(Deliveries, OfADeletedWebhookCanBeReadButNotSent) {
  const std::string webhook = MakeWebhook();
  MakeContact("c");
  world_.Run(Milliseconds(1'000));
  const std::string path = Newest();
  Call("DELETE", webhook);
  EXPECT_EQ(Call("GET", path).status, 200);
  const auto refused = Call("POST", path + "/redeliver");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.Text("detail"), "The webhook of the delivery was deleted.");
}

// --- Tests of webhooks ---

TEST_F(Deliveries, OfATestAreAnsweredWithWhatBecameOfThem) {
  const std::string webhook = MakeWebhook(R"(,"enabled":false)");
  response_ = {.status = 422, .body = "no", .delay = Milliseconds(250)};
  const SteadyTime before = world_.clock().Steady();
  // The webhook does not subscribe to this type.
  const auto tested = Call("POST", webhook + "/test", R"({"event":"contact.deleted"})");
  EXPECT_EQ(tested.status, 201) << tested.body;
  EXPECT_LT(world_.clock().Steady() - before, Milliseconds(300));
  const Json delivery = tested.json();
  EXPECT_EQ(*delivery.Find("status"), Json("failed"));
  EXPECT_EQ(*delivery.Find("test"), Json(true));
  EXPECT_EQ(*delivery.Find("attempt_count"), Json(1));
  const Json& attempt = delivery.Find("attempts")->array()->at(0);
  EXPECT_EQ(*attempt.Find("status_code"), Json(422));
  EXPECT_EQ(*attempt.Find("response_body"), Json("no"));
  EXPECT_EQ(*attempt.Find("request_headers")->Find("Bookingshake-Test"), Json("true"));
  ASSERT_EQ(received_.size(), 1u);
  EXPECT_EQ(received_[0].Header("Bookingshake-Test"), "true");
  EXPECT_EQ(received_[0].body,
            R"({"event":"contact.deleted","timestamp":1731493800000,"venue_id":"v","venues_group_id":null,)"
            R"("data":{"id":"test-contact"}})");
  EXPECT_EQ(Call("GET", "/api/deliveries/" + tested.Text("id")).body, tested.body);
  world_.Run(Milliseconds(600'000));
  EXPECT_EQ(received_.size(), 1u);
  EXPECT_EQ(*Health(webhook).Find("consecutive_failures"), Json(0));
  EXPECT_TRUE(Call("GET", "/api/events").json().Find("data")->array()->empty());
}

TEST_F(Deliveries, OfATestWaitForASlowReceiver) {
  const std::string webhook = MakeWebhook();
  response_ = {.delay = Milliseconds(60'000)};
  const auto tested = Call("POST", webhook + "/test", R"({"event":"account.created"})");
  const Json delivery = tested.json();
  EXPECT_EQ(*delivery.Find("status"), Json("failed"));
  EXPECT_EQ(*delivery.Find("attempts")->array()->at(0).Find("error")->Find("class"), Json("timeout"));
}

TEST_F(Deliveries, OfATestAreMadeOnceForOneIdempotencyKey) {
  const std::string webhook = MakeWebhook();
  const std::string body = R"({"event":"account.created"})";
  const auto first = Call("POST", webhook + "/test", body, {{"idempotency-key", "k"}});
  const auto second = Call("POST", webhook + "/test", body, {{"idempotency-key", "k"}});
  EXPECT_EQ(first.Text("status"), "delivered");
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(second.status, 201);
  EXPECT_EQ(received_.size(), 1u);
}

TEST_F(Deliveries, ThatAreDiscardedAreCountedAlikeForOneIdempotencyKey) {
  const std::string webhook = MakeWebhook();
  Call("PATCH", webhook, R"({"enabled":false})");
  MakeContact("c");
  for (int i = 0; i < 2; ++i) {
    const auto discarded = Call("POST", webhook + "/discard", "", {{"idempotency-key", "k"}});
    EXPECT_EQ(discarded.status, 200);
    EXPECT_EQ(discarded.body, R"({"canceled":1})");
  }
  EXPECT_EQ(Call("POST", webhook + "/discard").body, R"({"canceled":0})");
}

TEST_F(Deliveries, OfATestOfAGroupNameOneOfItsVenues) {
  Call("POST", "/api/venues-groups", R"({"id":"g","name":"Group"})");
  const auto made = Call("POST", "/api/webhooks",
                         R"({"name":"CRM","url":"https://crm.example/","scope":{"venues_group_id":"g"},)"
                         R"("events":["contact.created"]})");
  const std::string path = "/api/webhooks/" + made.Text("id") + "/test";
  const auto nowhere = Call("POST", path, R"({"event":"contact.deleted"})");
  EXPECT_EQ(nowhere.Text("venue_id"), "test-venue");
  EXPECT_NE(nowhere.Text("payload").find(R"("venue_id":"test-venue","venues_group_id":"g")"), std::string::npos);
  Call("POST", "/api/venues", R"({"id":"w","name":"W","venues_group_id":"g"})");
  EXPECT_EQ(Call("POST", path, R"({"event":"contact.deleted"})").Text("venue_id"), "w");
  EXPECT_EQ(Call("POST", path, R"({"event":"contact.moved"})").status, 422);
  EXPECT_EQ(Call("POST", path, "{}").status, 422);
  EXPECT_EQ(Call("POST", path).status, 415);
}

}  // namespace
}  // namespace shakehook
