#include <gtest/gtest.h>

#include "testing/api/api_test_browser.h"

namespace shakehook {
namespace {

constexpr Milliseconds kHour{60 * 60 * 1000};

class BrowserSessions : public ApiTest {
 protected:
  BrowserSessions() {
    EXPECT_EQ(ApiTestBrowser::MakeUser(*this, "ada@example.com", "administrator", "{}").status, 201);
  }

  ApiTestBrowser browser_{*this};
};

TEST_F(BrowserSessions, BeginWithTheRightPassword) {
  const auto begun = browser_.SignIn("Ada@Example.com");
  ASSERT_EQ(begun.status, 201) << begun.body;
  EXPECT_EQ(*begun.json().Find("user")->Find("email")->text(), "ada@example.com");
  EXPECT_EQ(begun.json().Find("user")->Find("last_signed_in_at")->integer(), UnixMs(clock().Now()));
  EXPECT_EQ(begun.json().Find("expires_at")->integer(), UnixMs(clock().Now() + 12 * kHour));
  const std::string cookie = begun.Header("Set-Cookie");
  EXPECT_NE(cookie.find("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict"), std::string::npos) << cookie;
  EXPECT_EQ(cookie.find("Secure"), std::string::npos);
  EXPECT_EQ(browser_.Call("GET", "/api/session").body, begun.body);
  EXPECT_EQ(browser_.Call("GET", "/api/venues").status, 200);
}

TEST_F(BrowserSessions, AreRefusedInTheSameWordsForAWrongPasswordAndAnUnknownAddress) {
  const auto wrong = browser_.SignIn("ada@example.com", "correct horse batterx");
  const auto unknown = browser_.SignIn("bob@example.com");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.body, unknown.body);
  EXPECT_EQ(wrong.headers, unknown.headers);
  EXPECT_EQ(browser_.Call("GET", "/api/session").status, 401);
  EXPECT_EQ(browser_.Call("POST", "/api/session", R"({"email":"x"})").BadFields(), "password");
}

TEST_F(BrowserSessions, OfTwoServersOnOneHostKeepApartByThePortInTheCookiesName) {
  const auto begun = browser_.SignIn("ada@example.com", kTestPassword, {{"host", "127.0.0.1:8081"}});
  const std::string cookie = begun.Header("Set-Cookie");
  ASSERT_TRUE(cookie.starts_with("shakehook_session_8081=")) << cookie;
  const std::string own = cookie.substr(0, cookie.find(';'));
  const auto status = [&](const std::string& cookies, const std::string& host) {
    Use("");
    const int answered = Call("GET", "/api/session", {}, {{"cookie", cookies}, {"host", host}}).status;
    UseAdmin();
    return answered;
  };
  EXPECT_EQ(status(own, "127.0.0.1:8081"), 200);
  EXPECT_EQ(status("shakehook_session_8082=of-the-other; " + own, "127.0.0.1:8081"), 200);
  EXPECT_EQ(status(own, "127.0.0.1:8082"), 401);
  // As it was named before: who is signed in stays so.
  EXPECT_EQ(status("shakehook_session=" + own.substr(own.find('=') + 1), "127.0.0.1:8081"), 200);
  EXPECT_EQ(status(own, "[::1]"), 401);
}

TEST_F(BrowserSessions, OutliveARestart) {
  browser_.SignIn("ada@example.com");
  Reopen();
  EXPECT_EQ(browser_.Call("GET", "/api/session").status, 200);
  EXPECT_EQ(browser_.Call("DELETE", "/api/session").status, 204);
  EXPECT_EQ(browser_.cookie, "");
}

TEST_F(BrowserSessions, EndWithSignOutAndNotBefore) {
  browser_.SignIn("ada@example.com");
  ApiTestBrowser stolen = browser_;
  ApiTestBrowser other(*this);
  other.SignIn("ada@example.com");
  EXPECT_EQ(browser_.Call("DELETE", "/api/session").status, 204);
  EXPECT_EQ(stolen.Call("GET", "/api/session").status, 401);
  EXPECT_EQ(other.Call("GET", "/api/session").status, 200);
}

TEST_F(BrowserSessions, EndWhenUnusedForTwelveHours) {
  browser_.SignIn("ada@example.com");
  clock().Advance(12 * kHour - Milliseconds(1));
  EXPECT_EQ(browser_.Call("GET", "/api/session").status, 200);
  clock().Advance(12 * kHour - Milliseconds(1));
  EXPECT_EQ(browser_.Call("GET", "/api/session").status, 200);
  clock().Advance(12 * kHour);
  EXPECT_EQ(browser_.Call("GET", "/api/session").status, 401);
}

TEST_F(BrowserSessions, EndAfterThirtyDaysHoweverMuchTheyAreUsed) {
  browser_.SignIn("ada@example.com");
  for (int hours = 0; hours < 30 * 24 - 6; hours += 6) {
    clock().Advance(6 * kHour);
    ASSERT_EQ(browser_.Call("GET", "/api/session").status, 200) << hours;
  }
  clock().Advance(6 * kHour);
  EXPECT_EQ(browser_.Call("GET", "/api/session").status, 401);
}

TEST_F(BrowserSessions, ChangeNothingWithoutTheCsrfToken) {
  browser_.SignIn("ada@example.com");
  const std::string token = browser_.csrf_token;
  for (const std::string& wrong : {std::string(), std::string("x"), token + "x"}) {
    browser_.csrf_token = wrong;
    EXPECT_EQ(browser_.Call("POST", "/api/venues", R"({"id":"v9","name":"N"})").status, 403);
    EXPECT_EQ(browser_.Call("PATCH", "/api/venues/v1", R"({"name":"N"})").status, 403);
    EXPECT_EQ(browser_.Call("DELETE", "/api/session").status, 403);
    EXPECT_EQ(browser_.Call("GET", "/api/venues").status, 200);
    browser_.csrf_token = wrong;  // the token from GET /api/session is not used here
  }
  browser_.csrf_token = token;
  EXPECT_EQ(browser_.Call("POST", "/api/venues", R"({"id":"v9","name":"N"})").status, 201);
}

TEST_F(BrowserSessions, ChangeNothingForAPageOfAnotherOrigin) {
  browser_.SignIn("ada@example.com");
  const auto from = [&](std::string origin) {
    return browser_
        .Call("PATCH", "/api/venues/v1", R"({"name":"N"})",
              {{"origin", std::move(origin)}, {"host", "hooks.example:8080"}})
        .status;
  };
  EXPECT_EQ(from("http://hooks.example:8080"), 200);
  EXPECT_EQ(from("https://hooks.example:8080"), 200);
  EXPECT_EQ(from("HTTP://HOOKS.example:08080"), 403);
  EXPECT_EQ(from("HTTP://HOOKS.example:8080"), 200);
  EXPECT_EQ(from("http://hooks.example"), 403);
  EXPECT_EQ(from("http://evil.example:8080"), 403);
  EXPECT_EQ(from("null"), 403);
}

TEST_F(BrowserSessions, DoNotBeginForAPageOfAnotherOrigin) {
  const auto begun =
      browser_.SignIn("ada@example.com", kTestPassword, {{"origin", "http://evil.example"}, {"host", "hooks.example"}});
  EXPECT_EQ(begun.status, 403);
  EXPECT_EQ(browser_.cookie, "");
}

TEST_F(BrowserSessions, TheKeyOfARequestGoesBeforeItsCookie) {
  browser_.SignIn("ada@example.com");
  const auto keyed = Call("DELETE", "/api/venues/v3", {}, {{"cookie", "shakehook_session=" + browser_.cookie}});
  EXPECT_EQ(keyed.status, 204);
  EXPECT_EQ(Call("GET", "/api/session").status, 401);
}

TEST_F(BrowserSessions, EndAllButOneWithANewPassword) {
  browser_.SignIn("ada@example.com");
  ApiTestBrowser other(*this);
  other.SignIn("ada@example.com");
  ApiTestBrowser before = browser_;
  EXPECT_EQ(browser_.Call("PATCH", "/api/session", R"({"current_password":"wrong","password":"battery staple horse"})")
                .BadFields(),
            "current_password");
  EXPECT_EQ(browser_.Call("PATCH", "/api/session", R"({"current_password":"correct horse battery","password":"short"})")
                .BadFields(),
            "password");
  const auto changed = browser_.Call(
      "PATCH", "/api/session", R"({"current_password":"correct horse battery","password":"battery staple horse"})");
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(browser_.Call("GET", "/api/session").status, 200);
  EXPECT_EQ(other.Call("GET", "/api/session").status, 401);
  EXPECT_EQ(before.Call("GET", "/api/session").status, 401);
  EXPECT_EQ(ApiTestBrowser(*this).SignIn("ada@example.com").status, 401);
  EXPECT_EQ(ApiTestBrowser(*this).SignIn("ada@example.com", "battery staple horse").status, 201);
}

TEST_F(BrowserSessions, AreRefusedWhileTheStoreCannotWrite) {
  fail_commits = true;
  EXPECT_EQ(browser_.SignIn("ada@example.com").status, 503);
  fail_commits = false;
  EXPECT_EQ(browser_.SignIn("ada@example.com").status, 201);
}

TEST_F(BrowserSessions, StreamUntilTheyEnd) {
  browser_.SignIn("ada@example.com");
  auto pending = browser_.Begin("GET", "/api/stream");
  Settle();
  ASSERT_TRUE(*pending);
  ASSERT_EQ((*pending)->status, 200);
  const auto next = [&] { return Await((*pending)->stream()); };
  EXPECT_TRUE(next());
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(next());
  EXPECT_EQ(browser_.Call("DELETE", "/api/session").status, 204);
  int pieces = 0;
  while (next()) ++pieces;
  EXPECT_LE(pieces, 6);
}

TEST(SlowedSignIn, WaitsAfterTenFailuresForOneAddress) {
  ApiTestServer server;
  ApiTestBrowser::MakeUser(server, "ada@example.com", "administrator", "{}");
  ApiTestBrowser browser(server);
  for (int i = 0; i < 10; ++i) ASSERT_EQ(browser.SignIn("ada@example.com", "wrong").status, 401);
  const auto slowed = browser.SignIn("ada@example.com");
  EXPECT_EQ(slowed.status, 429);
  EXPECT_EQ(slowed.Header("Retry-After"), "30");
  server.clock().Advance(Milliseconds(30'000));
  EXPECT_EQ(browser.SignIn("ada@example.com").status, 201);
  for (int i = 0; i < 10; ++i) ASSERT_EQ(browser.SignIn("ada@example.com", "wrong").status, 401) << i;
  EXPECT_EQ(browser.SignIn("ADA@example.com").status, 429);
}

TEST(SlowedSignIn, WhoeverTriesAnEmailDoesNotKeepItsOwnerFromChangingThePassword) {
  ApiTestServer server;
  ApiTestBrowser::MakeUser(server, "ada@example.com", "administrator", "{}");
  ApiTestBrowser browser(server), stranger(server);
  ASSERT_EQ(browser.SignIn("ada@example.com").status, 201);
  for (int i = 0; i < 12; ++i) stranger.SignIn("ada@example.com", "wrong");
  EXPECT_EQ(stranger.SignIn("ada@example.com").status, 429);
  const std::string change =
      R"({"current_password":")" + std::string(kTestPassword) + R"(","password":"another long password"})";
  EXPECT_EQ(browser.Call("PATCH", "/api/session", change).status, 200);
}

TEST(SecureCookie, WhereThePublicAddressIsHttps) {
  ApiTestServer server({.version = "test", .public_url = "https://hooks.example"});
  ApiTestBrowser::MakeUser(server, "ada@example.com", "administrator", "{}");
  ApiTestBrowser browser(server);
  const auto begun = browser.SignIn("ada@example.com", kTestPassword,
                                    {{"origin", "https://hooks.example"}, {"host", "127.0.0.1:8080"}});
  EXPECT_EQ(begun.status, 201);
  EXPECT_TRUE(begun.Header("Set-Cookie").ends_with("; Secure"));
}

TEST(PublicUrl, IsComparedWithTheOriginAsBrowsersDo) {
  const auto status = [](const char* public_url, const char* origin, const char* host) {
    ApiTestServer server({.version = "test", .public_url = public_url});
    ApiTestBrowser::MakeUser(server, "ada@example.com", "administrator", "{}");
    ApiTestBrowser browser(server);
    return browser.SignIn("ada@example.com", kTestPassword, {{"origin", origin}, {"host", host}}).status;
  };
  EXPECT_EQ(status("https://hooks.example:443", "https://hooks.example", "127.0.0.1:8080"), 201);
  EXPECT_EQ(status("https://hooks.example/", "https://hooks.example", "127.0.0.1:8080"), 201);
  EXPECT_EQ(status("https://Hooks.Example", "https://hooks.example", "127.0.0.1:8080"), 201);
  EXPECT_EQ(status("http://[2001:DB8:0:0::1]:8080", "http://[2001:db8::1]:8080", "127.0.0.1:8080"), 201);
  EXPECT_EQ(status("https://hooks.example", "https://other.example", "other.example:443"), 201);
  EXPECT_EQ(status("https://hooks.example", "http://other.example", "other.example:80"), 201);
  EXPECT_EQ(status("https://hooks.example", "http://hooks.example", "127.0.0.1:8080"), 403);
  EXPECT_EQ(status("https://hooks.example", "https://hooks.example:8443", "127.0.0.1:8080"), 403);
  EXPECT_EQ(status("https://hooks.example", "https://hooks.example.evil", "127.0.0.1:8080"), 403);
}

TEST(PublicUrl, IsNamedWhereItIsMissingOrWrong) {
  const auto detail = [](std::optional<std::string> public_url) {
    ApiTestServer server({.version = "test", .public_url = std::move(public_url)});
    ApiTestBrowser browser(server);
    const auto refused = browser.SignIn("ada@example.com", kTestPassword,
                                        {{"origin", "https://hooks.example"}, {"host", "127.0.0.1:8080"}});
    EXPECT_EQ(refused.status, 403);
    return refused.Text("detail");
  };
  EXPECT_EQ(detail(std::nullopt),
            "The request comes from a page of https://hooks.example, but this server is 127.0.0.1:8080 (the Host "
            "header). If that page is the server's own, start the server with --public-url https://hooks.example, or "
            "let the proxy pass on the Host header.");
  EXPECT_EQ(detail("https://old.example"),
            "The request comes from a page of https://hooks.example, but this server is https://old.example "
            "(--public-url), and was asked as 127.0.0.1:8080 (the Host header). If that page is the server's own, "
            "start the server with --public-url https://hooks.example instead.");
}

TEST(Session, IsFoundBehindAProxyThatAsksForAPasswordItself) {
  ApiTestServer server;
  ApiTestBrowser::MakeUser(server, "ada@example.com", "administrator", "{}");
  ApiTestBrowser browser(server);
  browser.SignIn("ada@example.com");
  EXPECT_EQ(browser.Call("GET", "/api/session", "", {{"authorization", "Basic YTpi"}}).status, 200);
  EXPECT_EQ(browser.Call("GET", "/api/session", "", {{"authorization", "Bearer shk_none"}}).status, 401);
}

}  // namespace
}  // namespace shakehook
