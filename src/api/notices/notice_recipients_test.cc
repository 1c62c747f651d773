#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "api/access/link_mail.h"
#include "api/notices/recipient_link.h"
#include "testing/api/api_test_server.h"

namespace shakehook {
namespace {

// A server whose mail server is a script; a venue's channel with recipients.
class NoticeRecipients : public ::testing::Test {
 protected:
  using Response = ApiTestServer::Response;

  NoticeRecipients() { EXPECT_EQ(server_.Call("POST", "/api/venues", R"({"id":"v1","name":"One"})").status, 201); }

  Async<MailResult> Take(MailMessage message) {
    if (lasts_ > Milliseconds(0)) co_await SleepUntil(server_.loop(), server_.clock().Steady() + lasts_);
    sent_.push_back(std::move(message));
    co_return MailResult{.error = error_, .refused = {}};
  }
  Response Make(const std::string& recipients, const std::string& scope = R"({"venue_id":"v1"})",
                const std::string& language = "en") {
    return server_.Call("POST", "/api/notice-channels",
                        R"({"name":"BUY NOW https://spam.example","kind":"email","scope":)" + scope +
                            R"(,"recipients":)" + recipients + R"(,"language":")" + language + "\"}");
  }
  // Returns what was mailed, once nothing is under way.
  const std::vector<MailMessage>& Sent() {
    server_.Settle();
    return sent_;
  }
  std::string PathOf(const Response& made) { return "/api/notice-channels/" + made.Text("id"); }
  std::string Unconfirmed(const std::string& path) {
    return ToString(*server_.Call("GET", path).json().Find("unconfirmed"));
  }
  // The token of the link in the e-mail.
  static std::string TokenIn(const MailMessage& message) {
    const std::size_t begin = message.text.find("/confirm#") + std::string_view("/confirm#").size();
    return message.text.substr(begin, message.text.find('\n', begin) - begin);
  }
  // As a stranger: without a key.
  Response Open(std::string_view path, const std::string& token, ApiTestServer::Headers headers = {}) {
    server_.Use("");
    Response response = server_.Call("POST", path, R"({"token":")" + token + "\"}", std::move(headers));
    server_.UseAdmin();
    return response;
  }
  Response Confirm(const std::string& token) { return Open("/api/notice-recipients", token); }
  std::string MailAgain(const std::string& path, const std::string& recipient) {
    const auto response = server_.Call("POST", path + "/confirmations", R"({"recipient":")" + recipient + "\"}");
    if (response.status != 200) return response.BadFields();
    return *response.json().Find("mail")->Find("state")->text();
  }

  Milliseconds lasts_{0};
  std::optional<std::string> error_;
  std::vector<MailMessage> sent_;
  ApiTestServer server_{{.version = "test", .public_url = "https://hooks.example"},
                        [this](MailMessage message) { return Take(std::move(message)); }};
};

TEST_F(NoticeRecipients, ConfirmByALinkThatEachIsMailed) {
  const auto made = Make(R"(["a@example.com","b@example.com"])");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string path = PathOf(made);
  EXPECT_EQ(Unconfirmed(path), R"(["a@example.com","b@example.com"])");
  ASSERT_EQ(Sent().size(), 2u);
  EXPECT_EQ(Sent()[0].to, std::vector<std::string>{"a@example.com"});
  EXPECT_EQ(Sent()[0].subject, "Confirm your address for notices of Shakehook");
  EXPECT_NE(Sent()[0].text.find("\nhttps://hooks.example/confirm#"), std::string::npos) << Sent()[0].text;
  EXPECT_EQ(Sent()[0].text.find("spam"), std::string::npos) << "words of whoever made the channel";
  EXPECT_EQ(server_.Call("POST", path + "/test").status, 409);
  const std::string token = TokenIn(Sent()[0]);
  const auto checked = Open("/api/notice-recipients/check", token);
  EXPECT_EQ(checked.Text("recipient"), "a@example.com");
  EXPECT_EQ(Unconfirmed(path), R"(["a@example.com","b@example.com"])") << "looking confirms nothing";
  EXPECT_EQ(Confirm(token).status, 204);
  EXPECT_EQ(Confirm(token).status, 204) << "a second click is no mistake";
  EXPECT_EQ(Unconfirmed(path), R"(["b@example.com"])");
  EXPECT_EQ(server_.Call("POST", path + "/test").status, 201);
  server_.Reopen();
  EXPECT_EQ(Unconfirmed(path), R"(["b@example.com"])");
  const std::string audit = server_.Call("GET", "/api/audit?action=channel.changed").body;
  EXPECT_NE(audit.find(R"("confirmed by the recipient")"), std::string::npos) << "no word of where they are";
  EXPECT_EQ(audit.find(token), std::string::npos);
}

TEST_F(NoticeRecipients, AreAskedInTheLanguageOfTheChannel) {
  EXPECT_EQ(Make(R"(["a@example.com"])", R"({"venue_id":"v1"})", "fr").status, 201);
  EXPECT_EQ(Sent().at(0).subject, "Confirmez votre adresse pour les avis de Shakehook");
}

TEST_F(NoticeRecipients, OfTheOperatorNeedNotConfirm) {
  const auto made = Make(R"(["a@example.com"])", "{}");
  EXPECT_EQ(Unconfirmed(PathOf(made)), "[]");
  EXPECT_TRUE(Sent().empty());
  EXPECT_EQ(server_.Call("POST", PathOf(made) + "/test").status, 201);
}

TEST_F(NoticeRecipients, WhoAreNamedLaterAreAskedAndTheOthersNotAgain) {
  const std::string path = PathOf(Make(R"(["a@example.com"])"));
  const std::string token = TokenIn(Sent().at(0));
  EXPECT_EQ(Confirm(token).status, 204);
  EXPECT_EQ(server_.Call("PATCH", path, R"({"recipients":["a@example.com","b@example.com"]})").status, 200);
  ASSERT_EQ(Sent().size(), 2u);
  EXPECT_EQ(Sent()[1].to, std::vector<std::string>{"b@example.com"});
  EXPECT_EQ(Unconfirmed(path), R"(["b@example.com"])");
  // Who is taken out and named again confirms again.
  EXPECT_EQ(server_.Call("PATCH", path, R"({"recipients":["b@example.com"]})").status, 200);
  EXPECT_EQ(Confirm(token).status, 422);
  EXPECT_EQ(server_.Call("PATCH", path, R"({"recipients":["b@example.com","a@example.com"]})").status, 200);
  EXPECT_EQ(Unconfirmed(path), R"(["b@example.com","a@example.com"])");
}

TEST_F(NoticeRecipients, AreNotNamedWhereNoLinkCanBeMailedToThem) {
  const std::string path = PathOf(Make(R"(["a@example.com"])"));
  const std::string of_operator = PathOf(Make(R"(["a@example.com"])", "{}"));
  EXPECT_EQ(Sent().size(), 1u);
  server_.options().public_url.reset();
  server_.Reopen();
  EXPECT_EQ(Make(R"(["a@example.com"])").BadFields(), "kind");
  const auto added = server_.Call("PATCH", path, R"({"recipients":["a@example.com","b@example.com"]})");
  EXPECT_EQ(added.BadFields(), "recipients");
  EXPECT_NE(added.body.find(R"("code":"no_public_url")"), std::string::npos) << added.body;
  EXPECT_EQ(Unconfirmed(path), R"(["a@example.com"])") << "nothing was changed";
  EXPECT_EQ(server_.Call("PATCH", path, R"({"recipients":["a@example.com"],"name":"Renamed"})").status, 200);
  EXPECT_EQ(server_.Call("PATCH", of_operator, R"({"recipients":["b@example.com"]})").status, 200);
  EXPECT_EQ(MailAgain(path, "a@example.com"), "no_public_url");
  EXPECT_EQ(Sent().size(), 1u);
}

TEST_F(NoticeRecipients, CannotBeConfirmedByThoseWhoNameThem) {
  const std::string path = PathOf(Make(R"(["a@example.com"])"));
  EXPECT_EQ(server_.Call("PATCH", path, R"({"unconfirmed":[]})").status, 422);
  EXPECT_EQ(server_.Call("PATCH", path, R"({"confirmed":["a@example.com"]})").status, 422);
  EXPECT_EQ(Unconfirmed(path), R"(["a@example.com"])");
}

TEST_F(NoticeRecipients, HaveLinksThatAreGoodForAWeekAndNoOtherTokenIs) {
  const auto made = Make(R"(["a@example.com"])");
  const std::string token = TokenIn(Sent().at(0));
  std::string changed = token;
  changed[40] = changed[40] == 'A' ? 'B' : 'A';
  for (const std::string& bad : {changed, std::string("x"), token.substr(1)}) {
    EXPECT_EQ(Confirm(bad).BadFields(), "token");
    EXPECT_EQ(Open("/api/notice-recipients/check", bad).BadFields(), "token");
  }
  EXPECT_EQ(Open("/api/notice-recipients", token, {{"origin", "https://elsewhere.example"}}).status, 403);
  server_.clock().Advance(kRecipientLinkAge);
  EXPECT_EQ(Confirm(token).BadFields(), "token");
  EXPECT_EQ(Unconfirmed(PathOf(made)), R"(["a@example.com"])");
}

TEST_F(NoticeRecipients, AreMailedTheirLinkAgainButNotOften) {
  const std::string path = PathOf(Make(R"(["a@example.com","b@example.com"])"));
  EXPECT_EQ(MailAgain(path, "c@example.com"), "recipient");
  for (std::size_t i = 1; i < LinkMailAllowance::kPerAddress; ++i) EXPECT_EQ(MailAgain(path, "a@example.com"), "sent");
  EXPECT_EQ(MailAgain(path, "a@example.com"), "too_many");
  EXPECT_EQ(MailAgain(path, "b@example.com"), "sent");
  EXPECT_EQ(Confirm(TokenIn(Sent().at(1))).status, 204);
  EXPECT_EQ(MailAgain(path, "b@example.com"), "recipient") << "it is confirmed";
  server_.clock().Advance(HourlyCount<std::string>::kHour);
  error_ = "The mail server refuses the recipient a@example.com: 550 No such user";
  EXPECT_EQ(MailAgain(path, "a@example.com"), "failed");
}

TEST_F(NoticeRecipients, AreMailedOneLinkByARequestThatIsRepeated) {
  const std::string path = PathOf(Make(R"(["a@example.com"])")) + "/confirmations";
  const ApiTestServer::Headers key = {{"idempotency-key", "again"}};
  const auto first = server_.Call("POST", path, R"({"recipient":"a@example.com"})", key);
  EXPECT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(server_.Call("POST", path, R"({"recipient":"a@example.com"})", key).body, first.body);
  EXPECT_EQ(Sent().size(), 2u) << "one as the channel was made, and one on demand";
}

TEST_F(NoticeRecipients, TakeNothingFromTheInvitationsOfUsers) {
  for (std::size_t i = 0; i < LinkMailAllowance::kPerAddress; ++i) EXPECT_EQ(Make(R"(["a@example.com"])").status, 201);
  EXPECT_EQ(Sent().size(), LinkMailAllowance::kPerAddress);
  const auto invited = server_.Call("POST", "/api/users",
                                    R"({"name":"A","role":"viewer","scope":{},"invite":true,"email":"a@example.com"})");
  EXPECT_EQ(*invited.json().Find("link")->Find("mail")->Find("state")->text(), "sent");
}

TEST_F(NoticeRecipients, OfManyChannelsAreAllAskedAndTenantsTakeTurns) {
  EXPECT_EQ(server_.Call("POST", "/api/venues", R"({"id":"v2","name":"Two"})").status, 201);
  lasts_ = Milliseconds(30'000);
  constexpr std::size_t kOfLoud = 2 * LinkMail::kUnderWayMax;
  for (std::size_t i = 0; i < kOfLoud / 2; ++i) {
    const std::string name = "loud" + std::to_string(i);
    EXPECT_EQ(Make("[\"" + name + "@example.com\",\"" + name + "@other.example\"]").status, 201);
  }
  EXPECT_EQ(Make(R"(["quiet@example.com"])", R"({"venue_id":"v2"})").status, 201);
  while (sent_.size() < kOfLoud + 1) server_.Step();
  const auto is_quiet = [](const MailMessage& message) { return message.to.at(0) == "quiet@example.com"; };
  const auto quiet = std::ranges::find_if(sent_, is_quiet);
  ASSERT_NE(quiet, sent_.end());
  EXPECT_LE(static_cast<std::size_t>(quiet - sent_.begin()), LinkMail::kUnderWayMax + 1);
}

TEST_F(NoticeRecipients, WhoMayBeMailedNoLinkNowAreRefusedWithTheirChannel) {
  std::string path;
  for (std::size_t i = 0; i < LinkMailAllowance::kPerAddress; ++i) path = PathOf(Make(R"(["a@example.com"])"));
  const auto refused = Make(R"(["b@example.com","A+tag@example.com"])");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.Text("type"), "/docs#problem-too-many-mails");
  EXPECT_EQ(*refused.json().Find("params")->Find("recipient")->text(), "A+tag@example.com");
  EXPECT_EQ(refused.Header("Retry-After"), "3600");
  EXPECT_EQ(server_.Call("GET", "/api/notice-channels").json().Find("data")->array()->size(),
            LinkMailAllowance::kPerAddress);
  EXPECT_EQ(server_.Call("PATCH", path, R"({"recipients":["a+1@example.com"]})").status, 429);
  EXPECT_EQ(Unconfirmed(path), R"(["a@example.com"])") << "nothing was changed";
  for (std::size_t i = 0; i < LinkMailAllowance::kPerAddress; ++i) {
    EXPECT_EQ(Make(R"(["b@example.com"])").status, 201) << "nothing was counted";
  }
  EXPECT_EQ(Sent().size(), 2 * LinkMailAllowance::kPerAddress);
  server_.clock().Advance(HourlyCount<std::string>::kHour);
  EXPECT_EQ(Make(R"(["a@example.com"])").status, 201);
}

TEST_F(NoticeRecipients, OfAChannelThatWasNotStoredAreNotCounted) {
  server_.fail_commits = true;
  for (std::size_t i = 0; i < LinkMailAllowance::kPerAddress; ++i) EXPECT_EQ(Make(R"(["a@example.com"])").status, 503);
  server_.fail_commits = false;
  EXPECT_EQ(Make(R"(["a@example.com"])").status, 201);
}

TEST_F(NoticeRecipients, AreNotAskedByAChannelThatWasNotStored) {
  server_.fail_commits = true;
  EXPECT_EQ(Make(R"(["a@example.com"])").status, 503);
  server_.fail_commits = false;
  EXPECT_TRUE(Sent().empty());
}

}  // namespace
}  // namespace shakehook
