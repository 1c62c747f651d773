// Who is told what, and when, by the whole service on virtual time.

#include <gtest/gtest.h>

#include <map>

#include "base/digest.h"
#include "base/encoding.h"
#include "testing/world/world.h"

namespace shakehook {
namespace {

constexpr Milliseconds kMinute{60'000};

class Notices : public testing::Test {
 protected:
  Notices() : world_({.seed = 11}) {
    world_.script = [this](const ReceivedRequest& request) {
      if (request.host == "receiver.example") return endpoint_;
      told_[request.host].push_back(request);
      return channel_;
    };
    world_.Call("POST", "/api/venues", R"({"id":"v","name":"V"})");
    world_.Call("POST", "/api/venues", R"({"id":"w","name":"W"})");
    webhook_ = MakeWebhook("CRM", "v");
  }

  std::string MakeWebhook(const std::string& name, const std::string& venue) {
    return world_
        .Call("POST", "/api/webhooks",
              R"({"name":")" + name + R"(","url":"https://receiver.example/","scope":{"venue_id":")" + venue +
                  R"("},"events":["contact.created"]})")
        .Text("id");
  }
  // `more`: further members of the body, each after a comma.
  World::Response MakeChannel(const std::string& host, const std::string& kind = "slack", const std::string& more = "",
                              const std::string& scope = R"({"venue_id":"v"})") {
    auto made = world_.Call(
        "POST", "/api/notice-channels",
        R"({"name":"C","kind":")" + kind + R"(","url":"https://)" + host + R"(/T0kEn","scope":)" + scope + more + "}");
    EXPECT_EQ(made.status, 201) << made.body;
    return made;
  }
  void MakeContact(const std::string& venue = "v") {
    ASSERT_EQ(world_.Call("POST", "/api/venues/" + venue + "/contacts", "{}").status, 201);
  }
  void RunMinutes(int minutes) { world_.Run(minutes * kMinute); }

  // The first lines of what a chat was told.
  std::vector<std::string> Headlines(const std::string& host) {
    std::vector<std::string> lines;
    for (const ReceivedRequest& request : told_[host]) {
      const std::string text = *ParseJson(request.body)->Find("text")->text();
      lines.push_back(text.substr(0, text.find('\n')));
    }
    return lines;
  }

  World world_;
  SimulatedResponse endpoint_, channel_;
  std::map<std::string, std::vector<ReceivedRequest>> told_;
  std::string webhook_;
};

using Lines = std::vector<std::string>;

TEST_F(Notices, TellOnceThatAWebhookFailsAndOnceThatItWorksAgain) {
  MakeChannel("chat.example", "slack", R"(,"after_minutes":5)");
  endpoint_.status = 500;
  for (int i = 0; i < 20; ++i) MakeContact();
  RunMinutes(3);
  EXPECT_EQ(Headlines("chat.example"), Lines());
  RunMinutes(60);
  EXPECT_EQ(Headlines("chat.example"), Lines{"*CRM fails*"});
  const std::string text = *ParseJson(told_["chat.example"][0].body)->Find("text")->text();
  EXPECT_NE(text.find("20 changes wait. Cause: The endpoint answered 500"), std::string::npos) << text;
  world_.Crash();
  RunMinutes(30);
  EXPECT_EQ(Headlines("chat.example").size(), 1u);
  endpoint_.status = 200;
  RunMinutes(120);
  EXPECT_EQ(Headlines("chat.example"), (Lines{"*CRM fails*", "*CRM works again*"}));
}

TEST_F(Notices, SayNothingOfATroubleThatIsSoonOver) {
  MakeChannel("chat.example", "slack", R"(,"after_minutes":10)");
  endpoint_.status = 500;
  for (int i = 0; i < 20; ++i) MakeContact();
  RunMinutes(2);
  endpoint_.status = 200;
  RunMinutes(60);
  EXPECT_EQ(Headlines("chat.example"), Lines());
}

TEST_F(Notices, TellOnlyThoseWhoMaySeeTheWebhook) {
  MakeChannel("own.example");
  MakeChannel("other.example", "slack", "", R"({"venue_id":"w"})");
  MakeChannel("operator.example", "slack", "", "{}");
  MakeChannel("calm.example", "slack", R"(,"events":["webhook.disabled"])");
  endpoint_.status = 500;
  for (int i = 0; i < 10; ++i) MakeContact();
  RunMinutes(30);
  EXPECT_EQ(Headlines("own.example").size(), 1u);
  EXPECT_EQ(Headlines("operator.example").size(), 1u);
  EXPECT_EQ(Headlines("other.example"), Lines());
  EXPECT_EQ(Headlines("calm.example"), Lines());
}

TEST_F(Notices, TellManyTroublesInOneMessage) {
  for (int i = 0; i < 30; ++i) MakeWebhook("W" + std::to_string(i), "v");
  MakeChannel("chat.example", "google_chat", R"(,"after_minutes":5)");
  endpoint_.status = 500;
  for (int i = 0; i < 6; ++i) MakeContact();
  RunMinutes(20);
  EXPECT_EQ(Headlines("chat.example"), Lines{"*31 notices about webhooks*"});
  endpoint_.status = 200;
  RunMinutes(120);
  const std::size_t messages = Headlines("chat.example").size();
  EXPECT_GE(messages, 2u);
  EXPECT_LE(messages, 10u) << "the retries that succeed are spread over an hour";
}

TEST_F(Notices, OfAStormAreOneMessageThatCountsWhatItDoesNotList) {
  for (int i = 0; i < 79; ++i) MakeWebhook("W" + std::to_string(i), "v");
  const auto channel = MakeChannel("chat.example", "slack", R"(,"after_minutes":5)");
  endpoint_.status = 500;
  for (int i = 0; i < 6; ++i) MakeContact();
  RunMinutes(12);
  EXPECT_EQ(Headlines("chat.example"), Lines{"*80 notices about webhooks*"});
  const std::string text = *ParseJson(told_["chat.example"][0].body)->Find("text")->text();
  EXPECT_TRUE(text.ends_with("\nAnd 30 more.")) << text;
  RunMinutes(30);
  EXPECT_EQ(Headlines("chat.example").size(), 1u);
  const std::string path = "/api/notice-channels/" + channel.Text("id") + "/notices?limit=100";
  const Json notices = world_.Call("GET", path).json();
  ASSERT_EQ(notices.Find("data")->array()->size(), 80u);
  for (const Json& notice : *notices.Find("data")->array()) EXPECT_EQ(*notice.Find("state")->text(), "sent");
}

TEST_F(Notices, TellSeldomOfAWebhookThatFailsByTurns) {
  MakeChannel("chat.example", "slack", R"(,"after_minutes":0)");
  endpoint_.status = 500;
  for (int i = 0; i < 10; ++i) MakeContact();
  RunMinutes(5);
  ASSERT_EQ(Headlines("chat.example"), Lines{"*CRM fails*"});
  for (int i = 0; i < 60; ++i) {
    endpoint_.status = i % 2 == 0 ? 200 : 500;
    for (int j = 0; j < 6; ++j) MakeContact();
    world_.Run(kMinute / 2);
  }
  EXPECT_LE(Headlines("chat.example").size(), 3u) << "the endpoint has failed and recovered thirty times";
  endpoint_.status = 200;
  RunMinutes(120);
  EXPECT_EQ(Headlines("chat.example").back(), "*CRM works again*");
}

TEST_F(Notices, TellThatA410DisabledAWebhookAndThatADeliveryWasGivenUp) {
  MakeChannel("chat.example", "slack", R"(,"events":["webhook.disabled","delivery.exhausted"])");
  endpoint_.status = 500;
  MakeContact();
  MakeContact();
  RunMinutes(5 * 60);
  EXPECT_EQ(Headlines("chat.example"), Lines{"*CRM: a delivery was given up after its last retry*"});
  endpoint_.status = 410;
  MakeContact();
  RunMinutes(5);
  EXPECT_EQ(Headlines("chat.example").back(), "*CRM was disabled*");
  EXPECT_EQ(Headlines("chat.example").size(), 2u);
}

TEST_F(Notices, WaitForTheEndOfQuietHours) {
  // The simulation begins on 2024-11-13 at 10:30 UTC.
  MakeChannel(
      "chat.example", "slack",
      R"(,"events":["webhook.failing"],"after_minutes":0,"quiet_hours":{"from":"10:00","until":"16:00","utc_offset_minutes":60})");
  endpoint_.status = 500;
  for (int i = 0; i < 10; ++i) MakeContact();
  RunMinutes(4 * 60 + 20);
  EXPECT_EQ(Headlines("chat.example"), Lines());
  RunMinutes(30);
  EXPECT_EQ(Headlines("chat.example"), Lines{"*CRM fails*"});
}

TEST_F(Notices, TryAgainUntilTheChannelTakesThem) {
  MakeChannel("chat.example", "teams");
  endpoint_.status = 500;
  channel_.status = 503;
  for (int i = 0; i < 10; ++i) MakeContact();
  RunMinutes(20);
  const std::size_t refused = told_["chat.example"].size();
  EXPECT_GE(refused, 2u);
  EXPECT_LE(refused, 6u);
  world_.Crash();
  channel_.status = 200;
  RunMinutes(30);
  EXPECT_EQ(told_["chat.example"].size(), refused + 1);
}

TEST_F(Notices, AreGivenUpAfterTenAttempts) {
  const auto channel = MakeChannel("chat.example", "slack", R"(,"events":["webhook.failing"])");
  channel_.status = 404;
  endpoint_.status = 500;
  for (int i = 0; i < 10; ++i) MakeContact();
  RunMinutes(8 * 60);
  EXPECT_EQ(told_["chat.example"].size(), 10u);
  const std::string path = "/api/notice-channels/" + channel.Text("id");
  const Json notice = world_.Call("GET", path + "/notices").json().Find("data")->array()->at(0);
  EXPECT_EQ(*notice.Find("state")->text(), "failed");
  EXPECT_EQ(*notice.Find("error")->text(), "The channel answered 404.");
}

TEST_F(Notices, OfATestHaveOneAttempt) {
  const std::string path = "/api/notice-channels/" + MakeChannel("chat.example").Text("id");
  channel_.status = 404;
  ASSERT_EQ(world_.Call("POST", path + "/test").status, 201);
  EXPECT_EQ(world_.Call("POST", path + "/test").status, 409);
  RunMinutes(60);
  EXPECT_EQ(told_["chat.example"].size(), 1u);
  channel_.status = 200;
  ASSERT_EQ(world_.Call("POST", path + "/test").status, 201);
  RunMinutes(1);
  const Json notices = world_.Call("GET", path + "/notices").json();
  EXPECT_EQ(*notices.Find("data")->array()->at(0).Find("state")->text(), "sent");
  EXPECT_EQ(*notices.Find("data")->array()->at(1).Find("state")->text(), "failed");
}

TEST_F(Notices, KeepTheirQuietHoursAlsoWhereTheyAreTriedAgain) {
  // The simulation begins on 2024-11-13 at 10:30 UTC.
  const auto channel = MakeChannel("chat.example", "slack", R"(,"events":["webhook.failing"],"after_minutes":0)");
  channel_.status = 503;
  endpoint_.status = 500;
  for (int i = 0; i < 10; ++i) MakeContact();
  RunMinutes(10);
  const std::size_t refused = told_["chat.example"].size();
  EXPECT_GE(refused, 1u);
  const std::string path = "/api/notice-channels/" + channel.Text("id");
  world_.Call("PATCH", path, R"({"quiet_hours":{"from":"10:30","until":"14:00","utc_offset_minutes":0}})");
  channel_.status = 200;
  RunMinutes(180);
  EXPECT_EQ(told_["chat.example"].size(), refused);
  ASSERT_EQ(world_.Call("POST", path + "/test").status, 201);
  RunMinutes(1);
  EXPECT_EQ(told_["chat.example"].size(), refused + 1) << "who presses the button is told at once";
  RunMinutes(60);
  EXPECT_EQ(told_["chat.example"].size(), refused + 2);
}

TEST_F(Notices, ToAWebhookAreSignedAndKeepTheirKey) {
  const auto channel = MakeChannel("hook.example", "webhook");
  const std::string secret = channel.Text("secret");
  ASSERT_TRUE(secret.starts_with("whsec_"));
  channel_.status = 500;
  endpoint_.status = 500;
  for (int i = 0; i < 10; ++i) MakeContact();
  RunMinutes(20);
  const auto& requests = told_["hook.example"];
  ASSERT_GE(requests.size(), 2u);
  EXPECT_EQ(*ParseJson(requests[0].body)->Find("event")->text(), "webhook.failing");
  EXPECT_EQ(requests[0].Header("Bookingshake-Signature"), ToHex(HmacKey(secret).Sign(requests[0].body)));
  EXPECT_EQ(requests[0].Header("Idempotency-Key"), requests[1].Header("Idempotency-Key"));
  EXPECT_EQ(requests[0].Header("webhook-id"), requests[0].Header("Idempotency-Key"));
}

TEST_F(Notices, TellNothingMoreToAChannelThatIsOffOrGone) {
  const auto off = MakeChannel("off.example");
  const auto gone = MakeChannel("gone.example");
  world_.Call("PATCH", "/api/notice-channels/" + off.Text("id"), R"({"enabled":false})");
  EXPECT_EQ(world_.Call("DELETE", "/api/notice-channels/" + gone.Text("id")).status, 204);
  MakeChannel("third.example");
  endpoint_.status = 500;
  for (int i = 0; i < 10; ++i) MakeContact();
  RunMinutes(30);
  EXPECT_EQ(Headlines("third.example").size(), 1u);
  EXPECT_TRUE(told_["off.example"].empty());
  EXPECT_TRUE(told_["gone.example"].empty());
}

TEST_F(Notices, SayNothingWhereAPersonDisablesAWebhookThatFails) {
  MakeChannel("chat.example", "slack", R"(,"after_minutes":0)");
  endpoint_.status = 500;
  for (int i = 0; i < 10; ++i) MakeContact();
  RunMinutes(10);
  world_.Call("PATCH", "/api/webhooks/" + webhook_, R"({"enabled":false})");
  RunMinutes(60);
  EXPECT_EQ(Headlines("chat.example"), Lines{"*CRM fails*"});
}

}  // namespace
}  // namespace shakehook
