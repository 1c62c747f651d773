#include <gtest/gtest.h>

#include "api/commit_feed.h"
#include "testing/api/api_test_server.h"

namespace shakehook {
namespace {

const std::string kSignature(64, 'e');

// A client of /api/stream that reads its bytes by hand.
class Client {
 public:
  Client(ApiTestServer& server, std::string key) : server_(server) {
    server.Use(std::move(key));
    const auto response = server.Begin("GET", "/api/stream");
    server.Settle();
    response_ = std::move(**response);
    server.UseAdmin();
  }

  const HttpResponse& response() const { return response_; }

  // Returns the bytes that come within `duration` of virtual time.
  std::string Read(Milliseconds duration) {
    const SteadyTime until = server_.clock().Steady() + duration;
    std::string text;
    while (!ended_) {
      if (!piece_) Ask();
      while (!piece_->has_value()) {
        server_.Settle();
        if (piece_->has_value()) break;
        const auto next = server_.loop().NextTimer();
        if (!next || *next > until) return text;
        server_.clock().AdvanceTo(*next);
        server_.loop().RunTimers();
      }
      const std::optional<std::string> piece = **std::exchange(piece_, nullptr);
      if (piece) text += *piece;
      ended_ = !piece.has_value();
    }
    return text;
  }
  bool ended() const { return ended_; }

 private:
  using Piece = std::shared_ptr<std::optional<std::optional<std::string>>>;

  void Ask() {
    piece_ = std::make_shared<std::optional<std::optional<std::string>>>();
    server_.loop().Spawn(Fetch(response_.stream, piece_));
  }
  static Async<> Fetch(std::function<Async<std::optional<std::string>>()> stream, Piece piece) {
    *piece = co_await stream();
  }

  ApiTestServer& server_;
  HttpResponse response_;
  Piece piece_;
  bool ended_ = false;
};

// The `data` of each message of that name.
std::vector<Json> MessagesOf(std::string_view text, std::string_view name) {
  std::vector<Json> messages;
  const std::string start = "event: " + std::string(name) + "\ndata: ";
  for (std::size_t at = text.find(start); at != std::string_view::npos; at = text.find(start, at + 1)) {
    const std::size_t data = at + start.size();
    const std::size_t end = text.find("\n\n", data);
    EXPECT_NE(end, std::string_view::npos);
    messages.push_back(*ParseJson(text.substr(data, end - data)));
  }
  return messages;
}

class Stream : public ApiTest {
 protected:
  Stream() : ApiTest() {
    webhook_ = MakeWebhook(R"({"venue_id":"v1"})");
    group_webhook_ = MakeWebhook(R"({"venues_group_id":"g1"})");
  }
  std::string MakeWebhook(const std::string& scope) {
    return Call("POST", "/api/webhooks",
                R"({"name":"x","url":"https://crm.example/","events":["contact.created"],"scope":)" + scope + "}")
        .Text("id");
  }
  // A delivery to each of the two webhooks.
  void MakeContact(const std::string& id) {
    EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", R"({"id":")" + id + "\"}").status, 201);
  }
  // Records an attempt of the newest delivery of the webhook.
  void Attempted(const std::string& webhook) {
    const auto number = store().config_cache().FindWebhook(*WebhookId::Parse(webhook))->number;
    const auto listed = Await(store().ListDeliveries({.webhooks = std::vector{number}, .limit = 1}));
    AttemptResult result;
    result.key = (*listed)[0].key;
    result.id = (*listed)[0].id;
    result.created_at = (*listed)[0].created_at;
    result.attempt.started_at = clock().Now();
    result.attempt.status_code = 204;
    result.attempt.signature.fill(0xee);
    result.ended_at = clock().Now();
    std::vector<AttemptResult> results;
    results.push_back(std::move(result));
    EXPECT_TRUE(Await(store().Record({}, std::move(results))).has_value());
  }

  std::string webhook_;
  std::string group_webhook_;
};

TEST_F(Stream, TellsOfDeliveriesAndAttemptsAsTheyHappen) {
  Client client(*this, admin_key());
  EXPECT_EQ(client.response().status, 200);
  EXPECT_EQ(client.response().headers[0], (std::pair<std::string, std::string>("Content-Type", "text/event-stream")));
  EXPECT_TRUE(client.Read(Milliseconds(0)).starts_with(": "));
  MakeContact("c");
  const std::string owed = client.Read(Milliseconds(0));
  const auto deliveries = MessagesOf(owed, "delivery");
  ASSERT_EQ(deliveries.size(), 2u);
  const std::string path = "/api/deliveries/" + *deliveries[0].Find("id")->text();
  Json detail = Call("GET", path).json();
  // The stream says what lists say, without what only the delivery's own page has.
  std::erase_if(*detail.object(), [](const Json::Member& member) {
    return member.first == "payload" || member.first == "attempts" || member.first == "retry_waits_ms";
  });
  EXPECT_EQ(ToString(deliveries[0]), ToString(detail));

  Attempted(webhook_);
  const auto attempts = MessagesOf(client.Read(Milliseconds(0)), "attempt");
  ASSERT_EQ(attempts.size(), 1u);
  EXPECT_EQ(*attempts[0].Find("delivery")->Find("status"), Json("delivered"));
  EXPECT_EQ(*attempts[0].Find("delivery")->Find("webhook_id"), Json(webhook_));
  EXPECT_EQ(*attempts[0].Find("attempt")->Find("status_code"), Json(204));
  EXPECT_EQ(*attempts[0].Find("attempt")->Find("request_headers")->Find("Bookingshake-Signature"), Json(kSignature));
}

TEST_F(Stream, TellsAKeyOnlyOfItsScope) {
  Client of_v1(*this, MakeKey(Scope::Of(VenueId{"v1"}), {Right::kRead}));
  Client of_v2(*this, MakeKey(Scope::Of(VenueId{"v2"})));
  Client of_group(*this, MakeKey(Scope::Of(VenuesGroupId{"g1"})));
  MakeContact("c");
  Attempted(webhook_);
  Attempted(group_webhook_);
  const std::string to_v1 = of_v1.Read(Milliseconds(0));
  ASSERT_EQ(MessagesOf(to_v1, "delivery").size(), 1u);
  EXPECT_EQ(*MessagesOf(to_v1, "delivery")[0].Find("webhook_id"), Json(webhook_));
  EXPECT_EQ(MessagesOf(to_v1, "attempt").size(), 1u);
  EXPECT_EQ(to_v1.find(group_webhook_), std::string::npos);
  EXPECT_EQ(of_v2.Read(Milliseconds(0)).find("event:"), std::string::npos);
  const std::string to_group = of_group.Read(Milliseconds(0));
  EXPECT_EQ(MessagesOf(to_group, "delivery").size(), 2u);
  EXPECT_EQ(MessagesOf(to_group, "attempt").size(), 2u);
  Use(MakeKey(Scope::All(), {Right::kWrite}));
  EXPECT_EQ(Call("GET", "/api/stream").status, 403);
}

TEST_F(Stream, BeatsWhileNothingHappens) {
  Client client(*this, admin_key());
  client.Read(Milliseconds(0));
  EXPECT_EQ(client.Read(Milliseconds(14'000)), "");
  EXPECT_EQ(client.Read(Milliseconds(2'000)), ": heartbeat\n\n");
  EXPECT_EQ(client.Read(Milliseconds(30'000)), ": heartbeat\n\n: heartbeat\n\n");
}

TEST_F(Stream, DropsAClientThatFallsBehind) {
  Client client(*this, admin_key());
  client.Read(Milliseconds(0));
  std::string batch = "[{}";
  for (int i = 1; i < 1000; ++i) batch += ",{}";
  batch += "]";
  for (int i = 0; i < 3; ++i) ASSERT_EQ(Call("POST", "/api/venues/v1/contacts/batch", batch).status, 200);
  const std::string text = client.Read(Milliseconds(0));
  EXPECT_TRUE(text.ends_with("event: lagged\ndata: {}\n\n"));
  EXPECT_LT(text.size(), 100'000u);  // at most the write that was under way
  EXPECT_TRUE(client.ended());
}

TEST_F(Stream, EndsWhenItsKeyDoes) {
  const std::string key = MakeKey(Scope::All(), {Right::kManage}, clock().Now() + Milliseconds(10'000));
  Client client(*this, key);
  client.Read(Milliseconds(9'000));
  EXPECT_FALSE(client.ended());
  client.Read(Milliseconds(2'000));
  EXPECT_TRUE(client.ended());
}

TEST_F(Stream, OneKeyOrTenantHasAShareAndOthersStillGetTheirs) {
  std::vector<std::unique_ptr<Client>> clients;
  const auto open = [&](const std::string& key) {
    Use(key);
    const auto response = Begin("GET", "/api/stream");
    Settle();
    const int status = (*response)->status;
    response->reset();  // its place goes with it
    if (status == 200) clients.push_back(std::make_unique<Client>(*this, key));
    return status;
  };
  const Scope v1 = Scope::Of(VenueId{"v1"}), group = Scope::Of(VenuesGroupId{"g1"}), v3 = Scope::Of(VenueId{"v3"});
  const std::string first = MakeKey(v1), second = MakeKey(group), third = MakeKey(v1);
  for (int i = 0; i < 32; ++i) ASSERT_EQ(open(first), 200) << i;
  EXPECT_EQ(open(first), 429);
  for (int i = 0; i < 32; ++i) ASSERT_EQ(open(second), 200) << i;
  EXPECT_EQ(open(third), 429);  // it has the same tenant
  EXPECT_EQ(open(MakeKey(v3)), 200);
  EXPECT_EQ(open(admin_key()), 200);
  clients.erase(clients.begin());
  EXPECT_EQ(open(third), 200);
}

TEST_F(Stream, IsRefusedWhereTooManyAreOpen) {
  std::vector<std::unique_ptr<Client>> clients;
  for (int venue = 0; venue < 8; ++venue) {
    const std::string id = "w" + std::to_string(venue);
    ASSERT_EQ(Call("POST", "/api/venues", R"({"name":"W","id":")" + id + "\"}").status, 201);
    const std::string key = MakeKey(Scope::Of(VenueId{id}));
    for (int i = 0; i < 32; ++i) clients.push_back(std::make_unique<Client>(*this, key));
  }
  EXPECT_EQ(Call("GET", "/api/stream").status, 503);
  clients.pop_back();
  Client last(*this, admin_key());
  EXPECT_EQ(last.response().status, 200);
}

TEST(StreamOfADrainingServer, Ends) {
  bool draining = false;
  ApiTestServer server({.version = "test", .draining = [&] { return draining; }});
  Client client(server, server.admin_key());
  client.Read(Milliseconds(3'000));
  EXPECT_FALSE(client.ended());
  draining = true;
  client.Read(Milliseconds(1'000));
  EXPECT_TRUE(client.ended());
}

TEST(CommitFeed, SparesTheStoreTheWorkWhileNobodyListens) {
  SimulatedClock clock;
  Loop loop(clock);
  CommitFeed feed;
  EXPECT_FALSE(feed.WantsAttempts());
  {
    const CommitFeed::Subscription subscription(feed, loop, std::nullopt);
    EXPECT_TRUE(feed.WantsAttempts());
  }
  EXPECT_FALSE(feed.WantsAttempts());
}

// A request may be waiting in the feed when its loop ends.
TEST(CommitFeed, LetsGoOfWhoWaitsWhenTheLoopEnds) {
  SimulatedClock clock;
  CommitFeed feed;
  {
    Loop loop(clock);
    const auto wait = [](CommitFeed& feed, Loop& loop) -> Async<> {
      CommitFeed::Subscription subscription(feed, loop, std::nullopt);
      co_await subscription.Wait(loop.clock().Steady() + Milliseconds(1'000));
    };
    loop.Spawn(wait(feed, loop));
    loop.Poll();
    EXPECT_TRUE(feed.WantsAttempts());
  }
  EXPECT_FALSE(feed.WantsAttempts());
}

}  // namespace
}  // namespace shakehook
