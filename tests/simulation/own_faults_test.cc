// A fault of this machine is not the endpoint's failure: deliveries wait, in order, and no attempt is counted.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "testing/world/world.h"

namespace shakehook {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class OwnFaultsOfDelivery : public testing::Test {
 protected:
  OwnFaultsOfDelivery() : world_({.seed = 9, .lanes = 1}) {
    world_.script = [this](const ReceivedRequest& request) {
      ++asked_;
      if (lacking_)
        return SimulatedResponse{.status = 0, .delay = Milliseconds(0), .own_fault = OwnFault::kDescriptors};
      bodies_.push_back(request.body);
      return SimulatedResponse{.status = status_};
    };
    world_.Call("POST", "/api/venues", R"({"id":"v","name":"V"})");
  }

  std::string MakeWebhook(const std::string& more = "") {
    const auto made = world_.Call("POST", "/api/webhooks",
                                  R"({"name":"W","url":"https://works.example/","scope":{"venue_id":"v"},)"
                                  R"("events":["contact.created","contact.updated"])" +
                                      more + "}");
    EXPECT_EQ(made.status, 201) << made.body;
    return made.Text("id");
  }
  void MakeContact(const std::string& id) {
    EXPECT_EQ(world_.Call("POST", "/api/venues/v/contacts", R"({"id":")" + id + R"("})").status, 201);
  }
  void Rename(const std::string& id, const std::string& name) {
    EXPECT_EQ(world_.Call("PATCH", "/api/venues/v/contacts/" + id, R"({"first_name":")" + name + R"("})").status, 200);
  }
  Json Deliveries(const std::string& query) {
    return *world_.Call("GET", "/api/deliveries?limit=200&" + query).json().Find("data");
  }

  bool lacking_ = true;
  int status_ = 204;
  int asked_ = 0;
  std::vector<std::string> bodies_;
  World world_;
};

TEST_F(OwnFaultsOfDelivery, CountNoAttemptAndTouchNoHealth) {
  const std::string id = MakeWebhook();
  MakeContact("a");
  world_.Run(Milliseconds(24 * 3'600'000));
  const Json pending = Deliveries("status=pending");
  ASSERT_EQ(pending.array()->size(), 1U);
  EXPECT_EQ((*pending.array())[0].Find("attempt_count")->integer(), 0);
  const auto webhook = world_.Call("GET", "/api/webhooks/" + id);
  EXPECT_THAT(webhook.body, HasSubstr(R"("consecutive_failures":0)"));
  EXPECT_THAT(webhook.body, HasSubstr(R"("pending":1)"));
  EXPECT_GT(asked_, 24 * 1'000) << "every two seconds";
  EXPECT_LT(asked_, 24 * 3'600) << "no hot loop";

  lacking_ = false;
  world_.Run(Milliseconds(3'000));
  const Json delivered = Deliveries("status=delivered");
  ASSERT_EQ(delivered.array()->size(), 1U);
  EXPECT_EQ((*delivered.array())[0].Find("attempt_count")->integer(), 1);
}

TEST_F(OwnFaultsOfDelivery, KeepTheOrderOfAResource) {
  for (const std::string ordering : {"relaxed", "strict"}) {
    lacking_ = true;
    bodies_.clear();
    const std::string id = MakeWebhook(R"(,"ordering":")" + ordering + R"(")");
    MakeContact("c-" + ordering);
    for (const char* name : {"one", "two", "three"}) Rename("c-" + ordering, name);
    world_.Run(Milliseconds(5'000));
    EXPECT_TRUE(bodies_.empty());
    lacking_ = false;
    world_.Run(Milliseconds(5'000));
    EXPECT_THAT(bodies_, ElementsAre(HasSubstr("contact.created"), HasSubstr("\"one\""), HasSubstr("\"two\""),
                                     HasSubstr("\"three\"")));
    world_.Call("DELETE", "/api/webhooks/" + id);
  }
}

TEST_F(OwnFaultsOfDelivery, LeaveTheRetriesThatAreLeft) {
  lacking_ = false;
  status_ = 500;
  MakeWebhook();
  MakeContact("a");
  world_.Run(Milliseconds(40'000));  // the first attempt and two retries
  lacking_ = true;
  world_.Run(Milliseconds(3'600'000));
  Json pending = Deliveries("status=pending");
  ASSERT_EQ(pending.array()->size(), 1U);
  EXPECT_EQ((*pending.array())[0].Find("attempt_count")->integer(), 3);
  lacking_ = false;
  world_.Run(Milliseconds(24 * 3'600'000));
  EXPECT_EQ((*Deliveries("status=failed").array())[0].Find("attempt_count")->integer(), 11);
}

TEST_F(OwnFaultsOfDelivery, AreToldToWhoSendsATest) {
  const std::string id = MakeWebhook();
  const auto tested = world_.Call("POST", "/api/webhooks/" + id + "/test", R"({"event":"contact.created"})");
  EXPECT_EQ(tested.status, 201) << tested.body;
  EXPECT_THAT(tested.body, HasSubstr(R"("status":"failed")"));
}

TEST_F(OwnFaultsOfDelivery, EndWithTheWebhookThatWaits) {
  const std::string first = MakeWebhook();
  const std::string second = MakeWebhook();
  const std::string third = MakeWebhook();
  MakeContact("a");
  MakeContact("b");
  world_.Run(Milliseconds(5'000));
  EXPECT_EQ(world_.Call("DELETE", "/api/webhooks/" + first).status, 204);
  EXPECT_EQ(world_.Call("POST", "/api/webhooks/" + second + "/discard").status, 200);
  EXPECT_EQ(world_.Call("PATCH", "/api/webhooks/" + third, R"({"enabled":false})").status, 200);
  world_.Run(Milliseconds(5'000));
  lacking_ = false;
  world_.Run(Milliseconds(10'000));
  EXPECT_EQ(bodies_.size(), 0U);
  EXPECT_EQ(world_.Call("PATCH", "/api/webhooks/" + third, R"({"enabled":true})").status, 200);
  world_.Run(Milliseconds(10'000));
  EXPECT_EQ(bodies_.size(), 2U);
  EXPECT_EQ(Deliveries("status=canceled").array()->size(), 4U);
  EXPECT_EQ(Deliveries("status=pending").array()->size(), 0U);
}

TEST_F(OwnFaultsOfDelivery, SendNoDataThatWasErasedMeanwhile) {
  MakeWebhook();
  EXPECT_EQ(world_.Call("POST", "/api/venues/v/contacts", R"({"id":"a","first_name":"Secret"})").status, 201);
  world_.Run(Milliseconds(5'000));
  EXPECT_EQ(world_.Call("DELETE", "/api/venues/v/contacts/a?erase=true").status, 204);
  lacking_ = false;
  world_.Run(Milliseconds(5'000));
  ASSERT_EQ(bodies_.size(), 1U);
  EXPECT_THAT(bodies_[0], testing::Not(HasSubstr("Secret")));
}

}  // namespace
}  // namespace shakehook
