// The fixture of a world with the venue "v", whose receivers all answer alike.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "testing/world/world.h"

namespace shakehook {

// The contract's waits before each retry, without the jitter of a tenth at most.
inline constexpr double kDelaySeconds[] = {10, 21, 44.1, 92.61, 194.481, 408.4101, 857.66121, 1801.088541, 3600, 3600};

class OneVenue : public testing::Test {
 protected:
  explicit OneVenue(World::Options options) : world_(std::move(options)) {
    world_.script = [this](const ReceivedRequest& request) {
      received_.push_back(request);
      return response_;
    };
    EXPECT_EQ(world_.Call("POST", "/api/venues", R"({"id":"v","name":"V"})").status, 201);
  }

  // Returns the id of a new webhook of the venue. `more`: further members, each behind a comma.
  std::string MakeWebhook(const std::string& more = "") {
    const auto made = world_.Call("POST", "/api/webhooks",
                                  R"({"name":"W","url":"https://receiver.example/","scope":{"venue_id":"v"},)"
                                  R"("events":["contact.created","contact.updated"])" +
                                      more + "}");
    EXPECT_EQ(made.status, 201) << made.body;
    return made.Text("id");
  }
  void MakeContact() { ASSERT_EQ(world_.Call("POST", "/api/venues/v/contacts", "{}").status, 201); }
  void MakeContact(const std::string& id) {
    ASSERT_EQ(world_.Call("POST", "/api/venues/v/contacts", R"({"id":")" + id + R"("})").status, 201);
  }

  World world_;
  SimulatedResponse response_;
  std::vector<ReceivedRequest> received_;
};

}  // namespace shakehook
