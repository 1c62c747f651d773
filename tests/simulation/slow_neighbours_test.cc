// Receivers that response slowly take the attempts that may be under way, and leave room for other tenants.

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace shakehook
