// A person sends now what waits for a retry: in order, within the limits, and without using up the schedule.

#include <gtest/gtest.h>

#include <algorithm>

#include "one_venue_fixture.h"

namespace shakehook {
namespace {

class SendNow : public OneVenue {
 protected:
  SendNow() : OneVenue({.seed = 11}) {
    response_.status = 500;
    response_.delay = Milliseconds(20);
  }

  std::int64_t MakeDue(const std::string& webhook) {
    const auto sent = world_.Call("POST", "/api/webhooks/" + webhook + "/send-now");
    EXPECT_EQ(sent.status, 200) << sent.body;
    return *sent.json().Find("made_due")->integer();
  }
  std::int64_t Pending(const std::string& webhook) {
    return *world_.Call("GET", "/api/webhooks/" + webhook).json().Find("health")->Find("pending")->integer();
  }
};

TEST_F(SendNow, EmptiesTheBacklogOfARepairedEndpointAtOnce) {
  const std::string webhook = MakeWebhook();
  for (int i = 0; i < 19; ++i) MakeContact("c" + std::to_string(i));
  world_.Run(Milliseconds(600'000));  // several retries each: the next ones are minutes away
  EXPECT_EQ(Pending(webhook), 19);
  response_.status = 200;
  received_.clear();
  EXPECT_EQ(MakeDue(webhook), 19);
  world_.Run(Milliseconds(5'000));
  EXPECT_EQ(received_.size(), 19u);
  EXPECT_EQ(Pending(webhook), 0);
  EXPECT_EQ(MakeDue(webhook), 0);
  world_.Run(Milliseconds(24 * 3'600'000));
  EXPECT_EQ(received_.size(), 19u);
}

TEST_F(SendNow, KeepsTheOrderOfAStrictWebhook) {
  const std::string webhook = MakeWebhook(R"(,"ordering":"strict")");
  MakeContact("c");
  for (int i = 0; i < 5; ++i) {
    world_.Call("PATCH", "/api/venues/v/contacts/c", "{\"city\":\"" + std::to_string(i) + "\"}");
  }
  world_.Run(Milliseconds(120'000));
  response_.status = 200;
  received_.clear();
  EXPECT_EQ(MakeDue(webhook), 1);  // the others wait behind it
  world_.Run(Milliseconds(5'000));
  ASSERT_EQ(received_.size(), 6u);
  EXPECT_NE(received_[0].body.find("contact.created"), std::string::npos);
  for (int i = 0; i < 5; ++i) {
    EXPECT_NE(received_[i + 1].body.find("\"city\":\"" + std::to_string(i) + "\""), std::string::npos);
  }
}

TEST_F(SendNow, KeepsTheLimitOfRequestsASecond) {
  const std::string webhook = MakeWebhook(R"(,"max_per_second":2)");
  for (int i = 0; i < 10; ++i) MakeContact("c" + std::to_string(i));
  world_.Run(Milliseconds(120'000));
  response_.status = 200;
  received_.clear();
  const SteadyTime begin = world_.clock().Steady();
  MakeDue(webhook);
  world_.Run(Milliseconds(30'000));
  ASSERT_EQ(received_.size(), 10u);
  EXPECT_GE(received_.back().steady - begin, Milliseconds(4'000));
}

TEST_F(SendNow, OfADisabledWebhookWaitsUntilItIsEnabled) {
  const std::string webhook = MakeWebhook();
  MakeContact("c");
  world_.Run(Milliseconds(600'000));
  world_.Call("PATCH", "/api/webhooks/" + webhook, R"({"enabled":false})");
  response_.status = 200;
  received_.clear();
  EXPECT_EQ(MakeDue(webhook), 1);
  world_.Run(Milliseconds(60'000));
  EXPECT_TRUE(received_.empty());
  world_.Call("PATCH", "/api/webhooks/" + webhook, R"({"enabled":true})");
  world_.Run(Milliseconds(1'000));
  EXPECT_EQ(received_.size(), 1u);
}

TEST_F(SendNow, AgainAndAgainOnADeadEndpointEndsNoDelivery) {
  const std::string webhook = MakeWebhook();
  MakeContact("c");
  world_.Run(Milliseconds(15'000));
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(MakeDue(webhook), 1);
    world_.Run(Milliseconds(3'000));
  }
  EXPECT_EQ(Pending(webhook), 1);
  EXPECT_GE(received_.size(), 50u);
  received_.clear();
  // All of its retries are still to come: the first two were made before, and the second one by hand since.
  world_.Run(Milliseconds(24 * 3'600'000));
  EXPECT_EQ(received_.size(), 9u);
  EXPECT_EQ(Pending(webhook), 0);
}

TEST_F(SendNow, GoesOnAfterACrash) {
  const std::string webhook = MakeWebhook();
  for (int i = 0; i < 30; ++i) MakeContact("c" + std::to_string(i));
  world_.Run(Milliseconds(600'000));
  response_.status = 200;
  received_.clear();
  MakeDue(webhook);
  world_.Crash();
  world_.Run(Milliseconds(5'000));
  EXPECT_EQ(Pending(webhook), 0);
}

}  // namespace
}  // namespace shakehook
