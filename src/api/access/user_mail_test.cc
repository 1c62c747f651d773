#include <gtest/gtest.h>

#include "api/access/link_mail.h"
#include "testing/api/api_test_server.h"

namespace shakehook {
namespace {

constexpr std::string_view kInvite =
    R"({"name":"Max","role":"manager","scope":{},"invite":true,"email":"max@example.com"})";

// A server whose mail server is a script.
class UserMails : public ::testing::Test {
 protected:
  using Response = ApiTestServer::Response;

  static Api::Options WithUrl() { return {.version = "test", .public_url = "https://hooks.example"}; }

  Async<MailResult> Take(MailMessage message) {
    if (lasts_ > Milliseconds(0)) co_await SleepUntil(server_.loop(), server_.clock().Steady() + lasts_);
    sent_.push_back(std::move(message));
    co_return MailResult{.error = error_, .refused = {}};
  }
  static std::string State(const Json& link) { return *link.Find("mail")->Find("state")->text(); }
  static std::string StateOf(const Response& made) {
    const Json json = made.json();
    return State(*json.Find("link"));
  }
  std::string LinkAgain(std::string_view id) {
    return State(server_.Call("POST", "/api/users/" + std::string(id) + "/link").json());
  }
  Response InviteAt(std::size_t number) {
    return server_.Call("POST", "/api/users",
                        R"({"name":"Max","role":"viewer","scope":{},"invite":true,"email":"user)" +
                            std::to_string(number) + R"(@example.com"})");
  }

  Milliseconds lasts_{0};
  std::optional<std::string> error_;
  std::vector<MailMessage> sent_;
  ApiTestServer server_{WithUrl(), [this](MailMessage message) { return Take(std::move(message)); }};
};

TEST_F(UserMails, BringTheLinkThatTheResponseShows) {
  const auto made = server_.Call("POST", "/api/users", kInvite);
  EXPECT_EQ(StateOf(made), "sent");
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].to, std::vector<std::string>{"max@example.com"});
  EXPECT_EQ(sent_[0].from, "hooks@example.com");
  EXPECT_EQ(sent_[0].subject, "Your invitation to Shakehook");
  const Json json = made.json();
  const std::string url = *json.Find("link")->Find("url")->text();
  EXPECT_TRUE(url.starts_with("https://hooks.example/invite#"));
  EXPECT_NE(sent_[0].text.find("\n" + url + "\n"), std::string::npos) << sent_[0].text;
  EXPECT_NE(sent_[0].text.find("Hello Max,\n"), std::string::npos);
  EXPECT_NE(sent_[0].text.find("until 2024-11-20 10:30 UTC"), std::string::npos) << sent_[0].text;
  EXPECT_TRUE(sent_[0].id.ends_with("@example.com"));
  // It is told only by the response that made the link.
  EXPECT_EQ(server_.Call("GET", "/api/users/" + made.Text("id")).body.find("\"mail\""), std::string::npos);
}

TEST_F(UserMails, AreInTheLanguageOfTheUser) {
  const auto made = server_.Call(
      "POST", "/api/users",
      R"({"name":"Zoé\nBcc","role":"viewer","scope":{},"language":"fr","email":"zoe@example.com","password":"correct horse"})");
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_TRUE(sent_.empty());
  EXPECT_EQ(LinkAgain(made.Text("id")), "sent");
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].subject, "Un nouveau mot de passe pour Shakehook");
  EXPECT_TRUE(sent_[0].text.starts_with("Bonjour Zoé Bcc,\n")) << sent_[0].text;
}

TEST_F(UserMails, ThatFailDoNotFailTheInvitation) {
  error_ = "The mail server refuses the recipient max@example.com: 550 No such user";
  const auto made = server_.Call("POST", "/api/users", kInvite);
  EXPECT_EQ(made.status, 201);
  const Json json = made.json();
  EXPECT_EQ(StateOf(made), "failed");
  EXPECT_EQ(*json.Find("link")->Find("mail")->Find("error")->text(), *error_);
  const std::string url = *json.Find("link")->Find("url")->text();
  const std::string token = url.substr(url.find('#') + 1);
  EXPECT_EQ(server_.Call("POST", "/api/user-links/check", R"({"token":")" + token + "\"}").status, 200);
}

TEST_F(UserMails, OfAServerThatHangsHoldUpTheResponseForSecondsAlone) {
  lasts_ = Milliseconds(3'600'000);
  const SteadyTime begun = server_.clock().Steady();
  EXPECT_EQ(StateOf(server_.Call("POST", "/api/users", kInvite)), "sending");
  EXPECT_LE(server_.clock().Steady() - begun, LinkMail::kWait + Milliseconds(100));
  EXPECT_TRUE(sent_.empty());
}

TEST_F(UserMails, BeyondThoseUnderWayWaitAndAreSent) {
  lasts_ = Milliseconds(3'600'000);
  constexpr std::size_t kInvited = LinkMail::kUnderWayMax + 4;
  for (std::size_t i = 0; i < kInvited; ++i) EXPECT_EQ(StateOf(InviteAt(i)), "sending");
  while (sent_.size() < kInvited) server_.Step();
}

TEST_F(UserMails, ToOneAddressAreFew) {
  const auto made = server_.Call("POST", "/api/users", kInvite);
  const std::string id = made.Text("id");
  for (std::size_t i = 1; i < LinkMailAllowance::kPerAddress; ++i) EXPECT_EQ(LinkAgain(id), "sent");
  EXPECT_EQ(LinkAgain(id), "too_many");
  // Another user with the same address is no way around.
  EXPECT_EQ(server_.Call("DELETE", "/api/users/" + id).status, 204);
  const auto again = server_.Call("POST", "/api/users", kInvite);
  EXPECT_EQ(StateOf(again), "too_many");
  EXPECT_EQ(sent_.size(), LinkMailAllowance::kPerAddress);
  server_.clock().Advance(HourlyCount<std::string>::kHour);
  EXPECT_EQ(LinkAgain(again.Text("id")), "sent");
}

TEST_F(UserMails, OfARepeatedRequestAreOne) {
  const ApiTestServer::Headers headers = {{"idempotency-key", "once"}};
  const auto first = server_.Call("POST", "/api/users", kInvite, headers);
  const auto second = server_.Call("POST", "/api/users", kInvite, headers);
  EXPECT_EQ(sent_.size(), 1u);
  EXPECT_EQ(first.Text("id"), second.Text("id"));
  EXPECT_EQ(StateOf(second), "sending");
}

TEST_F(UserMails, AreNotSentOfAnInvitationThatWasNotStored) {
  server_.fail_commits = true;
  EXPECT_EQ(server_.Call("POST", "/api/users", kInvite).status, 503);
  server_.fail_commits = false;
  EXPECT_TRUE(sent_.empty());
}

TEST_F(UserMails, AreNotSentToWhatIsNoAddressOfTheMailServers) {
  const auto made = server_.Call(
      "POST", "/api/users", R"({"name":"Max","role":"viewer","scope":{},"invite":true,"email":"max@ex,b@c.example"})");
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(StateOf(made), "failed");
  EXPECT_TRUE(sent_.empty());
}

TEST(UserMailsWithoutPublicUrl, AreNotSent) {
  ApiTestServer server({.version = "test"}, [](MailMessage) -> Async<MailResult> {
    ADD_FAILURE() << "a link without an origin";
    co_return MailResult();
  });
  const auto made = server.Call("POST", "/api/users", kInvite);
  const Json json = made.json();
  EXPECT_EQ(*json.Find("link")->Find("mail")->Find("state")->text(), "no_public_url");
}

TEST(UserMailsWithoutMailServer, AreNotSent) {
  ApiTestServer server({.version = "test", .public_url = "https://hooks.example"});
  const auto made = server.Call("POST", "/api/users", kInvite);
  const Json json = made.json();
  EXPECT_TRUE(json.Find("link")->Find("mail")->is_null());
}

}  // namespace
}  // namespace shakehook
