#include <gtest/gtest.h>

#include "api/access/operator_link.h"
#include "testing/api/api_test_browser.h"

namespace shakehook {
namespace {

constexpr Milliseconds kHour{60 * 60 * 1000};
constexpr std::string_view kNewPassword = "battery staple horse";

class UserLinks : public ApiTest {
 protected:
  Response Invite(std::string_view email = "max@example.com") {
    const auto made = Call("POST", "/api/users",
                           R"({"name":"Max","role":"manager","scope":{"venue_id":"v1"},"invite":true,"email":")" +
                               std::string(email) + "\"}");
    EXPECT_EQ(made.status, 201) << made.body;
    return made;
  }
  static std::string TokenOf(const Json& link) {
    const std::string url = *link.Find("url")->text();
    return url.substr(url.find('#') + 1);
  }
  static std::string TokenOfInvitation(const Response& made) { return TokenOf(*made.json().Find("link")); }
  // As a stranger: without a key.
  Response Open(std::string_view path, const std::string& token, std::string_view password = "", Headers headers = {}) {
    Use("");
    Response response = Call("POST", path, Body(token, password), std::move(headers));
    UseAdmin();
    return response;
  }
  Response Check(const std::string& token) { return Open("/api/user-links/check", token); }
  Response Accept(const std::string& token, std::string_view password = kNewPassword) {
    return Open("/api/user-links", token, password);
  }
  int SignIn(std::string_view password, std::string_view email = "max@example.com") {
    return ApiTestBrowser(*this).SignIn(email, password).status;
  }
  std::string Audited(std::string_view action) { return Call("GET", "/api/audit?action=" + std::string(action)).body; }

 private:
  static std::string Body(const std::string& token, std::string_view password) {
    Json body{Json::Object()};
    body.Add("token", token);
    if (!password.empty()) body.Add("password", password);
    return ToString(body);
  }
};

TEST_F(UserLinks, InviteAUserWhoThenChoosesAPassword) {
  const auto made = Invite();
  EXPECT_EQ(made.Text("state"), "invited");
  const Json link = *made.json().Find("link");
  EXPECT_EQ(*link.Find("kind")->text(), "invitation");
  EXPECT_EQ(link.Find("expires_at")->integer(), UnixMs(clock().Now() + 7 * 24 * kHour));
  EXPECT_TRUE(link.Find("url")->text()->starts_with("/invite#"));
  const std::string token = TokenOfInvitation(made);
  EXPECT_EQ(token.size(), 64u);

  const std::string path = "/api/users/" + made.Text("id");
  EXPECT_EQ(Call("GET", path).body.find(token), std::string::npos);
  EXPECT_EQ(Call("GET", path).json().Find("link")->Find("url"), nullptr);
  EXPECT_EQ(SignIn(""), 422);
  EXPECT_EQ(SignIn("any password at all"), 401);

  // A scanner of mail may look as often as it likes.
  for (int i = 0; i < 3; ++i) {
    const auto checked = Check(token);
    ASSERT_EQ(checked.status, 200) << checked.body;
    EXPECT_EQ(checked.Text("name"), "Max");
    EXPECT_EQ(checked.Text("email"), "max@example.com");
  }
  EXPECT_EQ(Accept(token, "short").BadFields(), "password");
  EXPECT_EQ(Accept(token).status, 204);
  EXPECT_EQ(SignIn(kNewPassword), 201);
  EXPECT_EQ(Call("GET", path).Text("state"), "active");
  EXPECT_TRUE(Call("GET", path).json().Find("link")->is_null());
  EXPECT_NE(Audited("user.link_used").find("invitation, from "), std::string::npos);
}

TEST_F(UserLinks, AreGoodOnceAndAnsweredAlikeWhenTheyAreNot) {
  const std::string token = TokenOfInvitation(Invite());
  ASSERT_EQ(Accept(token).status, 204);
  const auto used = Accept(token, "yet another password");
  EXPECT_EQ(used.status, 422);
  EXPECT_EQ(SignIn(kNewPassword), 201);
  std::string other = token;
  other.back() = other.back() == 'A' ? 'Q' : 'A';
  for (const std::string& wrong : {other, std::string("x"), std::string(64, 'A'), std::string("operator.AAAA")}) {
    EXPECT_EQ(Accept(wrong).body, used.body) << wrong;
    EXPECT_EQ(Check(wrong).body, used.body) << wrong;
  }
}

TEST_F(UserLinks, OfTwoRequestsAtOnceOneWins) {
  const std::string token = TokenOfInvitation(Invite());
  Use("");
  auto one = Begin("POST", "/api/user-links", R"({"token":")" + token + R"(","password":"the password of one"})");
  auto two = Begin("POST", "/api/user-links", R"({"token":")" + token + R"(","password":"the password of two"})");
  UseAdmin();
  Settle();
  ASSERT_TRUE(*one && *two);
  EXPECT_EQ((*one)->status + (*two)->status, 204 + 422);
  EXPECT_EQ(SignIn("the password of one") + SignIn("the password of two"), 201 + 401);
}

TEST_F(UserLinks, ExpireAndAreReplacedByNewerOnes) {
  const auto made = Invite();
  const std::string path = "/api/users/" + made.Text("id") + "/link";
  const auto again = Call("POST", path);
  ASSERT_EQ(again.status, 201) << again.body;
  EXPECT_EQ(again.Text("kind"), "invitation");
  EXPECT_EQ(Accept(TokenOfInvitation(made)).status, 422);
  clock().Advance(7 * 24 * kHour);
  EXPECT_EQ(Check(TokenOf(again.json())).status, 422);
  const auto third = Call("POST", path);
  EXPECT_EQ(Call("DELETE", path).status, 204);
  EXPECT_EQ(Call("DELETE", path).status, 204);
  EXPECT_EQ(Accept(TokenOf(third.json())).status, 422);
  EXPECT_EQ(Call("POST", path, R"({"kind":"reset"})").status, 422);
}

TEST_F(UserLinks, ResetAPasswordAndEndTheSessionsOnceTheyAreUsed) {
  const auto made = ApiTestBrowser::MakeUser(*this, "max@example.com", "manager", "{}");
  ApiTestBrowser browser(*this);
  ASSERT_EQ(browser.SignIn("max@example.com").status, 201);
  const auto reset = Call("POST", "/api/users/" + made.Text("id") + "/link");
  EXPECT_EQ(reset.Text("kind"), "reset");
  EXPECT_EQ(reset.json().Find("expires_at")->integer(), UnixMs(clock().Now() + kHour));
  EXPECT_EQ(browser.Call("GET", "/api/session").status, 200);
  EXPECT_EQ(SignIn(kTestPassword), 201);
  EXPECT_EQ(Accept(TokenOf(reset.json())).status, 204);
  EXPECT_EQ(browser.Call("GET", "/api/session").status, 401);
  EXPECT_EQ(SignIn(kTestPassword), 401);
  EXPECT_EQ(SignIn(kNewPassword), 201);
}

TEST_F(UserLinks, AreVoidAfterANewPasswordOrAnotherEmailAddress) {
  const auto made = ApiTestBrowser::MakeUser(*this, "max@example.com", "manager", "{}");
  const std::string user = "/api/users/" + made.Text("id");
  for (const std::string_view change : {R"({"password":"correct horse battery"})", R"({"email":"maxi@example.com"})"}) {
    const std::string token = TokenOf(Call("POST", user + "/link").json());
    ASSERT_EQ(Check(token).status, 200);
    ASSERT_EQ(Call("PATCH", user, change).status, 200);
    EXPECT_EQ(Check(token).status, 422) << change;
  }
}

TEST_F(UserLinks, AreMadeByAdministratorsAlone) {
  const auto made = Invite();
  ApiTestBrowser::MakeUser(*this, "eva@example.com", "manager", "{}");
  ApiTestBrowser browser(*this);
  browser.SignIn("eva@example.com");
  EXPECT_EQ(browser.Call("POST", "/api/users/" + made.Text("id") + "/link").status, 403);
  EXPECT_EQ(browser.Call("DELETE", "/api/users/" + made.Text("id") + "/link").status, 403);
  EXPECT_EQ(Call("POST", "/api/users/01932c1e-7a40-7c3e-9b1f-2f6d0e6a4b12/link").status, 404);
}

// Strangers who try tokens are slowed; who has a link is not.
TEST_F(UserLinks, GuessesAreSlowedAndLockNobodyOut) {
  const std::string token = TokenOfInvitation(Invite());
  for (int i = 0; i < 10; ++i) ASSERT_EQ(Check("guess").status, 422) << i;
  EXPECT_EQ(Check("guess").status, 429);
  EXPECT_EQ(Accept("guess").status, 429);
  EXPECT_EQ(Check(token).status, 200);
  EXPECT_EQ(Accept(token).status, 204);
}

TEST_F(UserLinks, AreNotUsedByAPageOfAnotherOrigin) {
  const std::string token = TokenOfInvitation(Invite());
  const Headers foreign = {{"origin", "http://evil.example"}, {"host", "hooks.example"}};
  EXPECT_EQ(Open("/api/user-links", token, kNewPassword, foreign).status, 403);
  EXPECT_EQ(Open("/api/user-links/check", token, "", foreign).status, 403);
}

TEST_F(UserLinks, AnInvitationTakesNoPassword) {
  EXPECT_EQ(
      Call("POST", "/api/users",
           R"({"name":"M","email":"m@x","role":"viewer","scope":{},"invite":true,"password":"correct horse battery"})")
          .BadFields(),
      "invite");
  EXPECT_EQ(
      Call("POST", "/api/users", R"({"name":"M","email":"m@x","role":"viewer","scope":{},"invite":false})").BadFields(),
      "password");
}

TEST(UserLinkUrl, BeginsWithThePublicAddress) {
  ApiTestServer server({.version = "test", .public_url = "https://hooks.example"});
  const auto made =
      server.Call("POST", "/api/users", R"({"name":"M","email":"m@x","role":"viewer","scope":{},"invite":true})");
  EXPECT_TRUE(made.json().Find("link")->Find("url")->text()->starts_with("https://hooks.example/invite#")) << made.body;
}

class OperatorLinks : public UserLinks {
 protected:
  OperatorLinks() {
    user_ = *UserId::Parse(ApiTestBrowser::MakeUser(*this, "max@example.com", "administrator", "{}").Text("id"));
  }
  std::string Seal(OperatorLink link) { return SealOperatorLink(link, box(), random_); }
  OperatorLink Link() { return {.user = user_, .epoch = 1, .expires_at = clock().Now() + kHour}; }

  SeededRandom random_{7};
  UserId user_;
};

TEST_F(OperatorLinks, SetAPasswordOnce) {
  const std::string token = Seal(Link());
  EXPECT_EQ(Check(token).Text("kind"), "reset");
  EXPECT_EQ(Accept(token).status, 204);
  EXPECT_EQ(SignIn(kNewPassword), 201);
  EXPECT_EQ(Accept(token).status, 422);
  EXPECT_NE(Audited("user.link_used").find("reset, by shakehook user reset, from "), std::string::npos);
}

TEST_F(OperatorLinks, AreGoodForAnHourAndUnderThisMasterKeyAlone) {
  OperatorLink link = Link();
  const std::string token = Seal(link);
  EXPECT_EQ(OpenOperatorLink(token, box()), link);
  SecretBox::Key key{};
  key[0] = 1;
  const SecretBox other(key);
  EXPECT_EQ(OpenOperatorLink(token, other), std::nullopt);
  EXPECT_EQ(OpenOperatorLink(token.substr(0, token.size() - 2), box()), std::nullopt);
  EXPECT_EQ(Check(SealOperatorLink(link, other, random_)).status, 422);
  clock().Advance(kHour);
  EXPECT_EQ(Check(token).status, 422);
  link.epoch = 2;
  EXPECT_EQ(Check(Seal(link)).status, 422);
}

}  // namespace
}  // namespace shakehook
