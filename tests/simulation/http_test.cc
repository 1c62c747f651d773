// Clients of all kinds at the HTTP server of the simulated service: slow ones, ones that hang up, ones that send
// several requests at once, browsers with sessions; and what the server does while delivery does not keep up.

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "testing/world/world_client.h"

namespace shakehook {
namespace {

World::Options WithListener(std::uint64_t seed) {
  return {.seed = seed, .lanes = 1, .listener = Switch::kOn, .setup_token = "the-setup-token"};
}

void Subscribe(World& world) {
  ASSERT_EQ(world.Call("POST", "/api/venues", R"({"id":"v","name":"V"})").status, 201);
  const auto made = world.Call("POST", "/api/webhooks",
                               R"({"name":"W","url":"https://receiver.example/","scope":{"venue_id":"v"},)"
                               R"("events":["contact.created"]})");
  ASSERT_EQ(made.status, 201) << made.body;
}

std::string Creation(const std::string& id) {
  return WorldClient::Request("POST", "/api/venues/v/contacts", R"({"id":")" + id + R"("})", {World::AdminHeader()});
}

TEST(HttpServerOfTheWorld, EndsARequestThatTakesTooLongAndLetsNobodyElseWait) {
  World world(WithListener(1));
  Subscribe(world);
  WorldClient slow(world);
  const std::string request = Creation("slow");
  const SteadyTime began = world.clock().Steady();
  std::size_t sent = 0;
  for (; sent < 29; ++sent) {
    slow.Send(request.substr(sent, 1));
    world.Run(Milliseconds(1'000));
    const SteadyTime before = world.clock().Steady();
    EXPECT_EQ(WorldClient(world).Call("GET", "/healthz").status, 200);
    EXPECT_EQ(world.clock().Steady(), before);
  }
  EXPECT_FALSE(slow.ReceiveNow());
  EXPECT_FALSE(slow.closed());
  const auto refused = slow.Receive();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 408);
  EXPECT_GE(world.clock().Steady() - began, HttpServer::Limits().request_max);
  EXPECT_LT(world.clock().Steady() - began, HttpServer::Limits().request_max + Milliseconds(5'000));
  EXPECT_EQ(world.Call("GET", "/api/venues/v/contacts/slow").status, 404);
}

TEST(HttpServerOfTheWorld, TakesAChangeWhoseClientHungUpOnceAndDeliversIt) {
  World world(WithListener(2));
  Subscribe(world);
  int received = 0;
  world.script = [&](const ReceivedRequest&) {
    ++received;
    return SimulatedResponse();
  };
  WorldClient client(world);
  client.SendAlone(Creation("gone"));
  client.HangUp();
  world.Run(Milliseconds(60'000));
  EXPECT_EQ(world.Call("GET", "/api/venues/v/contacts/gone").status, 200);
  EXPECT_EQ(received, 1);
}

TEST(HttpServerOfTheWorld, HoldsChangesBackWhileDeliveryDoesNotKeepUpAndNotReads) {
  World world(WithListener(3));
  Subscribe(world);
  world.script = [](const ReceivedRequest&) { return SimulatedResponse{.delay = Milliseconds(4'900)}; };
  std::string items;
  for (int i = 0; i < 1'000; ++i) items += (i == 0 ? "" : ",") + (R"({"id":"many)" + std::to_string(i) + R"("})");
  ASSERT_EQ(world.Call("POST", "/api/venues/v/contacts/batch", "[" + items + "]").status, 200);
  const auto time_of = [&world](const std::string& request) {
    const SteadyTime before = world.clock().Steady();
    WorldClient client(world);
    client.Send(request);
    const auto response = client.Receive();
    EXPECT_TRUE(response && response->status < 300);
    return world.clock().Steady() - before;
  };
  EXPECT_EQ(time_of(Creation("before")), Microseconds(0));
  // Every turn of the loop takes long, so that the lane hears late of the commit.
  bool busy = true;
  const std::function<void()> be_busy = [&] {
    if (!busy) return;
    world.clock().Advance(Microseconds(6'000));
    world.loop().Post([&be_busy] { be_busy(); });
  };
  WorldClient client(world);
  client.SendAlone(Creation("late"));
  world.loop().Post([&be_busy] { be_busy(); });
  world.loop().context().restart();
  std::optional<World::Response> late;
  for (int turn = 0; turn < 1'000 && !late; ++turn) {
    world.loop().context().poll_one();
    late = client.ReceiveAlone();
  }
  busy = false;
  ASSERT_TRUE(late);
  EXPECT_GT(time_of(Creation("held")), Microseconds(1'000));
  const std::string read = WorldClient::Request("GET", "/api/venues/v/contacts/held", {}, {World::AdminHeader()});
  EXPECT_EQ(time_of(read), Microseconds(0));
  world.Run(Milliseconds(1'000));
  EXPECT_EQ(time_of(Creation("after")), Microseconds(0)) << "it goes on once the lane is in time again";
}

TEST(HttpServerOfTheWorld, KeepsASessionWhileItIsUsed) {
  World world(WithListener(4));
  WorldClient browser(world);
  const auto made = browser.Call("POST", "/api/setup",
                                 R"({"token":"the-setup-token","name":"Ada","email":"ada@example.com",)"
                                 R"("password":"correct horse battery"})");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string csrf = made.Text("csrf_token");
  std::string cookie;
  for (const auto& [name, value] : made.headers) {
    if (name == "Set-Cookie" && cookie.empty()) cookie = value.substr(0, value.find(';'));
  }
  ASSERT_FALSE(cookie.empty());
  const auto call = [&](std::string_view method, std::string_view path, std::string_view body, bool with_token) {
    WorldClient::Headers headers = {{"Cookie", cookie}};
    if (with_token) headers.emplace_back("X-CSRF-Token", csrf);
    return WorldClient(world).Call(method, path, body, headers).status;
  };
  for (int i = 0; i < 5; ++i) {
    world.Run(Milliseconds(3'600'000));
    EXPECT_EQ(call("GET", "/api/session", "", false), 200);
  }
  EXPECT_EQ(call("POST", "/api/venues", R"({"id":"v","name":"V"})", false), 403);
  EXPECT_EQ(call("POST", "/api/venues", R"({"id":"v","name":"V"})", true), 201);
  world.Run(kSessionIdleMax + Milliseconds(60'000));
  EXPECT_EQ(call("GET", "/api/session", "", false), 401);
}

// A crowd of clients, each of which the seed gives its manners.
class Crowd {
 public:
  explicit Crowd(std::uint64_t seed) : random_(seed), world_(WithListener(seed)) {
    Subscribe(world_);
    world_.script = [this](const ReceivedRequest& request) {
      const auto payload = ParseJson(request.body);
      ++delivered_[*payload->Find("data")->Find("id")->text()];
      return SimulatedResponse{.delay = Milliseconds(static_cast<std::int64_t>(random_.Below(4'000)))};
    };
  }

  void Run() {
    for (int step = 0; step < 60; ++step) {
      switch (random_.Below(4)) {
        case 0:
          CreateSeveral();
          break;
        case 1:
          BeginSlowly();
          break;
        case 2:
          HangUp();
          break;
        default:
          GoOnSlowly();
      }
      world_.Run(Milliseconds(static_cast<std::int64_t>(random_.Below(10'000))));
    }
    slow_.clear();
    world_.Run(Milliseconds(2 * 3'600'000));
    for (const std::string& id : created_) EXPECT_EQ(delivered_[id], 1) << id;
    for (const std::string& id : maybe_) {
      const bool exists = world_.Call("GET", "/api/venues/v/contacts/" + id).status == 200;
      EXPECT_EQ(delivered_[id], exists ? 1 : 0) << id;
    }
    EXPECT_EQ(world_.listener()->in_flight(), 0u);
  }

  // Returns what happened, with its time: the same for the same seed.
  const std::string& log() const { return log_; }

 private:
  struct Slow {
    std::unique_ptr<WorldClient> client;
    std::string id, rest;
  };

  std::string NextId() { return "c" + std::to_string(++made_); }
  void Log(const std::string& what, int status) {
    log_ += std::to_string(world_.clock().Steady().time_since_epoch().count()) + " " + what + " " +
            std::to_string(status) + "\n";
  }

  // Requests one behind the other, without waiting for the responses.
  void CreateSeveral() {
    WorldClient client(world_);
    std::vector<std::string> ids;
    std::string text;
    const std::uint64_t more = random_.Below(4);
    for (std::uint64_t i = 0; i <= more; ++i) text += Creation(ids.emplace_back(NextId()));
    client.Send(text);
    for (const std::string& id : ids) {
      const auto response = client.Receive();
      ASSERT_TRUE(response);
      EXPECT_EQ(response->status, 201) << response->body;
      created_.insert(id);
      Log(id, response->status);
    }
  }

  void BeginSlowly() {
    Slow slow{.client = std::make_unique<WorldClient>(world_), .id = NextId(), .rest = {}};
    slow.rest = Creation(slow.id);
    maybe_.insert(slow.id);
    slow_.push_back(std::move(slow));
    GoOnSlowly();
  }

  // Each slow client sends some more; one that has sent all reads its response. One that was too slow meets a 408.
  void GoOnSlowly() {
    for (Slow& slow : slow_) {
      auto response = slow.client->ReceiveNow();
      if (!response && !slow.client->closed()) {
        const std::size_t part = std::min<std::size_t>(slow.rest.size(), 1 + random_.Below(200));
        slow.client->Send(slow.rest.substr(0, part));
        slow.rest.erase(0, part);
        response = slow.rest.empty() ? slow.client->Receive() : slow.client->ReceiveNow();
      }
      if (!response) continue;
      EXPECT_TRUE(response->status == 201 ? slow.rest.empty() : response->status == 408) << response->status;
      Log(slow.id, response->status);
      slow.client->HangUp();
    }
    std::erase_if(slow_, [](const Slow& slow) { return slow.client->closed(); });
  }

  // The client is gone before the response, with all of the request sent or a part.
  void HangUp() {
    WorldClient client(world_);
    const std::string id = NextId();
    const std::string request = Creation(id);
    client.SendAlone(request.substr(0, random_.Below(2) == 0 ? request.size() : random_.Below(request.size())));
    client.HangUp();
    maybe_.insert(id);
    world_.Settle();
    Log(id, 0);
  }

  SeededRandom random_;
  World world_;
  std::map<std::string, int> delivered_;  // by contact
  std::set<std::string> created_, maybe_;
  std::vector<Slow> slow_;
  std::string log_;
  int made_ = 0;
};

TEST(HttpServerOfTheWorld, KeepsItsPromisesToACrowdAndRepeatsARunByItsSeed) {
  std::string all;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Crowd crowd(seed);
    crowd.Run();
    ASSERT_FALSE(HasFailure());
    Crowd again(seed);
    again.Run();
    ASSERT_EQ(crowd.log(), again.log());
    all += crowd.log();
  }
  for (const std::string status : {" 201\n", " 408\n", " 0\n"}) EXPECT_TRUE(all.contains(status)) << status;
}

}  // namespace
}  // namespace shakehook
