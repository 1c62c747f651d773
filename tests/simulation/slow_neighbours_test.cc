// Receivers that respond slowly take the attempts that may be under way, and leave room for other tenants.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>

#include "testing/world/world.h"

namespace shakehook {
namespace {

TEST(SlowNeighbours, LeaveRoomForATenantThatHasNothingUnderWay) {
  World world({.seed = 11, .lanes = 1, .dispatcher = {.under_way_max = 300}});
  SteadyTime heard{};
  world.script = [&](const ReceivedRequest& request) {
    if (request.host != "quick.example") return SimulatedResponse{.delay = Milliseconds(4'000)};
    heard = request.steady;
    return SimulatedResponse{};
  };
  const auto make = [&](const std::string& venue, const std::string& host) {
    const auto made = world.Call("POST", "/api/webhooks",
                                 R"({"name":"W","url":"https://)" + host + R"(/","scope":{"venue_id":")" + venue +
                                     R"("},"events":["contact.created"]})");
    ASSERT_EQ(made.status, 201) << made.body;
  };
  for (const std::string venue : {"slow1", "slow2", "quick"}) {
    world.Call("POST", "/api/venues", R"({"id":")" + venue + R"(","name":"V"})");
  }
  for (int i = 0; i < 200; ++i) {
    make("slow1", "one.example");
    make("slow2", "two.example");
  }
  make("quick", "quick.example");
  for (int i = 0; i < 20; ++i) {
    for (const std::string venue : {"slow1", "slow2"}) {
      world.Call("POST", "/api/venues/" + venue + "/contacts", R"({"id":"s)" + std::to_string(i) + R"("})");
    }
    world.Run(Milliseconds(100));
  }
  for (int i = 0; i < 20; ++i) {
    const SteadyTime before = world.clock().Steady();
    ASSERT_EQ(world.Call("POST", "/api/venues/quick/contacts", R"({"id":"q)" + std::to_string(i) + R"("})").status,
              201);
    world.Run(Milliseconds(300));
    EXPECT_GE(heard, before) << "nothing came";
    EXPECT_LT(heard - before, Milliseconds(20));
  }
}

// The same while nothing of the slow tenants ends, and each change comes before the delivery of the one before has
// ended.
TEST(SlowNeighbours, HoldUpNobodyWhoseDeliveriesFollowOneAnother) {
  World world({.seed = 12, .lanes = 1, .dispatcher = {.under_way_max = 300}});
  std::map<std::string, SteadyTime> heard;
  world.script = [&](const ReceivedRequest& request) {
    if (request.host != "quick.example") return SimulatedResponse{.delay = Milliseconds(4'900)};
    heard[request.body] = request.steady;
    return SimulatedResponse{.delay = Milliseconds(15)};
  };
  for (const std::string venue : {"slow1", "slow2", "slow3", "slow4", "quick"}) {
    world.Call("POST", "/api/venues", R"({"id":")" + venue + R"(","name":"V"})");
    const int webhooks = venue == "quick" ? 1 : 100;
    for (int i = 0; i < webhooks; ++i) {
      const auto made = world.Call("POST", "/api/webhooks",
                                   R"({"name":"W","url":"https://)" + venue + R"(.example/","scope":{"venue_id":")" +
                                       venue + R"("},"events":["contact.created"]})");
      ASSERT_EQ(made.status, 201) << made.body;
    }
  }
  for (int i = 0; i < 8; ++i) {
    for (const std::string venue : {"slow1", "slow2", "slow3", "slow4"}) {
      world.Call("POST", "/api/venues/" + venue + "/contacts", R"({"id":"s)" + std::to_string(i) + R"("})");
    }
  }
  world.Run(Milliseconds(100));
  constexpr std::size_t kChanges = 100;
  const SteadyTime began = world.clock().Steady();
  for (std::size_t i = 0; i < kChanges; ++i) {
    world.Call("POST", "/api/venues/quick/contacts", R"({"id":"q)" + std::to_string(i) + R"("})");
    world.Run(Milliseconds(10));
  }
  world.Run(Milliseconds(50));
  EXPECT_LT(world.clock().Steady() - began, Milliseconds(4'000)) << "the slow ones have ended meanwhile";
  EXPECT_EQ(heard.size(), kChanges);
}

// Deliveries to inboxes are requests to the server's own API: a webhook has few of them under way, though each is
// answered at once.
class TransportToItself final : public Transport {
 public:
  TransportToItself(Loop& loop, int& most) : loop_(loop), most_(most) {}

  Async<Exchange> Post(PostRequest) override {
    most_ = std::max(most_, ++under_way_);
    co_await SleepUntil(loop_, loop_.clock().Steady() + Milliseconds(5));
    --under_way_;
    co_return Exchange{.response = PostResponse{.status = 204}};
  }
  bool IsOfThisServer(const TargetUrl& url) const override { return url.target.starts_with("/inbox/"); }

 private:
  Loop& loop_;
  int under_way_ = 0;
  int& most_;
};

TEST(SlowNeighbours, FillTheServersOwnApiByNoFloodOfTheirInboxes) {
  const auto most_of = [](const std::string& target) {
    int most = 0;
    World world({.seed = 13, .lanes = 1, .make_transport = [&](Loop& loop, const AddressPolicy&) {
                   return std::make_unique<TransportToItself>(loop, most);
                 }});
    world.Call("POST", "/api/venues", R"({"id":"v","name":"V"})");
    world.Call("POST", "/api/webhooks",
               R"({"name":"W","url":"https://own.example)" + target +
                   R"(","scope":{"venue_id":"v"},"events":["contact.created"]})");
    std::string items = "[";
    for (int i = 0; i < 500; ++i)
      items += (i > 0 ? "," : "") + std::string(R"({"id":"c)") + std::to_string(i) + R"("})";
    EXPECT_EQ(world.Call("POST", "/api/venues/v/contacts/batch", items + "]").status, 200);
    world.Run(Milliseconds(2'000));
    return most;
  };
  EXPECT_EQ(most_of("/inbox/token"), 4);
  EXPECT_GT(most_of("/elsewhere"), 32);
}

}  // namespace
}  // namespace shakehook
