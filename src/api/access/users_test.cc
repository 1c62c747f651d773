#include <gtest/gtest.h>

#include "testing/api/api_test_browser.h"

namespace shakehook {
namespace {

class Users : public ApiTest {
 protected:
  std::string Make(std::string_view email, std::string_view role, std::string_view scope) {
    const auto made = ApiTestBrowser::MakeUser(*this, email, role, scope);
    EXPECT_EQ(made.status, 201) << made.body;
    return made.Text("id");
  }
  ApiTestBrowser SignedIn(std::string_view email) {
    ApiTestBrowser browser(*this);
    EXPECT_EQ(browser.SignIn(email).status, 201);
    return browser;
  }
};

TEST_F(Users, AreMadeReadEditedAndDeleted) {
  const auto made = Call(
      "POST", "/api/users",
      R"({"name":"Ada","email":"Ada@example.com","role":"manager","scope":{"venue_id":"v1"},"language":"fr","password":"correct horse battery"})");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string path = made.Header("Location");
  EXPECT_EQ(path, "/api/users/" + made.Text("id"));
  EXPECT_EQ(made.Text("email"), "Ada@example.com");
  EXPECT_EQ(made.body.find("\"password"), std::string::npos);
  EXPECT_EQ(made.body.find(kTestPassword), std::string::npos);
  EXPECT_EQ(Call("GET", path).body, made.body);
  EXPECT_EQ(Call("GET", path).Header("ETag"), "\"1\"");
  const auto edited = Call("PATCH", path, R"({"name":"Eva","role":"viewer"})", {{"if-match", "\"1\""}});
  EXPECT_EQ(edited.status, 200);
  EXPECT_EQ(edited.Text("name"), "Eva");
  EXPECT_EQ(edited.Text("role"), "viewer");
  EXPECT_EQ(Call("PATCH", path, R"({"name":"Ida"})", {{"if-match", "\"1\""}}).status, 412);
  EXPECT_EQ(Call("PATCH", path, edited.body).Header("ETag"), "\"2\"");
  EXPECT_EQ(Call("GET", "/api/users").body, "{\"data\":[" + edited.body + "],\"next_cursor\":null}");
  EXPECT_EQ(Call("DELETE", path).status, 204);
  EXPECT_EQ(Call("GET", path).status, 404);
}

TEST_F(Users, NameEveryFieldThatIsWrong) {
  EXPECT_EQ(Call("POST", "/api/users", "{}").BadFields(), "name,email,role,scope,password");
  EXPECT_EQ(Call("POST", "/api/users",
                 R"({"name":"A","email":"a b@c","role":"king","scope":{"venue_id":"x"},"password":"12345678901"})")
                .BadFields(),
            "email,role,scope.venue_id,password");
  EXPECT_EQ(
      Call("POST", "/api/users",
           R"({"name":"A","email":"a@b","role":"administrator","scope":{"venue_id":"v1"},"password":"123456789012"})")
          .BadFields(),
      "scope");
  const std::string id = Make("a@example.com", "viewer", "{}");
  EXPECT_EQ(Call("PATCH", "/api/users/" + id, R"({"id":"x","email":null,"scope":null,"password":"é"})").BadFields(),
            "id,email,scope,password");
}

TEST_F(Users, HaveAnAddressOfTheirOwn) {
  Make("ada@example.com", "viewer", "{}");
  const std::string other = Make("bob@example.com", "viewer", "{}");
  EXPECT_EQ(ApiTestBrowser::MakeUser(*this, "ADA@example.com", "viewer", "{}").status, 409);
  EXPECT_EQ(Call("PATCH", "/api/users/" + other, R"({"email":"ada@EXAMPLE.com"})").status, 409);
  EXPECT_EQ(Call("PATCH", "/api/users/" + other, R"({"email":"Bob@example.com"})").status, 200);
}

TEST_F(Users, AreForAdministratorsOnly) {
  Make("ada@example.com", "administrator", "{}");
  Make("max@example.com", "manager", "{}");
  Make("vic@example.com", "viewer", "{}");
  EXPECT_EQ(SignedIn("ada@example.com").Call("GET", "/api/users").status, 200);
  for (const std::string_view email : {"max@example.com", "vic@example.com"}) {
    ApiTestBrowser browser = SignedIn(email);
    EXPECT_EQ(browser.Call("GET", "/api/users").status, 403);
    EXPECT_EQ(browser.Call("GET", "/api/users/x").status, 403);
    EXPECT_EQ(browser.Call("POST", "/api/users", "{}").status, 403);
    EXPECT_EQ(browser.Call("PATCH", "/api/users/x", "{}").status, 403);
    EXPECT_EQ(browser.Call("DELETE", "/api/users/x").status, 403);
  }
  Use(MakeKey(Scope::Of(VenueId{"v1"})));
  EXPECT_EQ(Call("GET", "/api/users").status, 403);
}

TEST_F(Users, TheLastAdministratorStays) {
  const std::string ada = "/api/users/" + Make("ada@example.com", "administrator", "{}");
  EXPECT_EQ(Call("DELETE", ada).status, 409);
  EXPECT_EQ(Call("PATCH", ada, R"({"role":"manager"})").status, 409);
  const std::string eva = "/api/users/" + Make("eva@example.com", "administrator", "{}");
  EXPECT_EQ(Call("PATCH", ada, R"({"role":"manager"})").status, 200);
  EXPECT_EQ(Call("DELETE", eva).status, 409);
}

TEST_F(Users, SeeWhatIsInTheirScope) {
  Make("max@example.com", "manager", R"({"venue_id":"v1"})");
  ApiTestBrowser browser = SignedIn("max@example.com");
  EXPECT_EQ(browser.Call("GET", "/api/venues/v1").status, 200);
  EXPECT_EQ(browser.Call("GET", "/api/venues/v2").body, browser.Call("GET", "/api/venues/none").body);
  EXPECT_EQ(browser.Call("POST", "/api/venues/v1/contacts", R"({"first_name":"A"})").status, 201);
  EXPECT_EQ(browser.Call("POST", "/api/venues", R"({"name":"A"})").status, 403);
}

TEST_F(Users, ViewersOnlyRead) {
  Make("vic@example.com", "viewer", R"({"venues_group_id":"g1"})");
  const auto webhook = Call(
      "POST", "/api/webhooks",
      R"({"name":"W","url":"https://receiver.example/","events":["contact.created"],"scope":{"venue_id":"v1"},"headers":{"X-Token":"hush"}})");
  ASSERT_EQ(webhook.status, 201);
  const std::string path = "/api/webhooks/" + webhook.Text("id");
  ApiTestBrowser browser = SignedIn("vic@example.com");
  const auto shown = browser.Call("GET", path);
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(shown.body.find("hush"), std::string::npos);
  EXPECT_EQ(browser.Call("GET", path + "/secret").status, 403);
  EXPECT_EQ(browser.Call("PATCH", path, R"({"name":"X"})").status, 403);
  EXPECT_EQ(browser.Call("POST", "/api/venues/v1/contacts", R"({"first_name":"A"})").status, 403);
  EXPECT_EQ(browser.Call("GET", "/api/api-keys").status, 403);
}

// A manager of everything is no administrator, and gets no way to become one.
TEST_F(Users, ManagersOfEverythingMakeNoAdminKeysNorSeeAny) {
  Make("max@example.com", "manager", "{}");
  ApiTestBrowser browser = SignedIn("max@example.com");
  EXPECT_EQ(browser.Call("POST", "/api/api-keys", R"({"name":"K","scope":{}})").BadFields(), "scope");
  EXPECT_EQ(browser.Call("POST", "/api/api-keys", R"({"name":"K","scope":{"venue_id":"v3"}})").status, 201);
  EXPECT_EQ(browser.Call("GET", "/api/api-keys").json().Find("data")->array()->size(), 1u);
  EXPECT_EQ(browser.Call("POST", "/api/venues", R"({"name":"A"})").status, 403);
  EXPECT_EQ(browser.Call("GET", "/metrics").status, 403);
}

TEST_F(Users, SessionsEndWithARoleAScopeOrAPasswordThatIsNew) {
  const std::string id = Make("max@example.com", "manager", R"({"venue_id":"v1"})");
  for (const std::string_view change :
       {R"({"role":"viewer"})", R"({"scope":{"venue_id":"v2"}})", R"({"password":"correct horse battery"})"}) {
    ApiTestBrowser browser = SignedIn("max@example.com");
    EXPECT_EQ(Call("PATCH", "/api/users/" + id, R"({"name":"Maxi"})").status, 200);
    EXPECT_EQ(browser.Call("GET", "/api/session").status, 200);
    EXPECT_EQ(Call("PATCH", "/api/users/" + id, change).status, 200);
    EXPECT_EQ(browser.Call("GET", "/api/session").status, 401) << change;
  }
  ApiTestBrowser browser = SignedIn("max@example.com");
  EXPECT_EQ(Call("DELETE", "/api/users/" + id).status, 204);
  EXPECT_EQ(browser.Call("GET", "/api/session").status, 401);
  EXPECT_EQ(ApiTestBrowser(*this).SignIn("max@example.com").status, 401);
}

TEST_F(Users, HoldTheirVenue) {
  const std::string id = Make("max@example.com", "manager", R"({"venue_id":"v3"})");
  EXPECT_EQ(Call("DELETE", "/api/venues/v3").status, 409);
  EXPECT_EQ(Call("DELETE", "/api/users/" + id).status, 204);
  EXPECT_EQ(Call("DELETE", "/api/venues/v3").status, 204);
}

TEST_F(Users, AreMadeOnceForOneIdempotencyKey) {
  const std::string body =
      R"({"name":"A","email":"a@example.com","role":"viewer","scope":{},"password":"correct horse battery"})";
  const auto first = Call("POST", "/api/users", body, {{"idempotency-key", "k"}});
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(Call("POST", "/api/users", body, {{"idempotency-key", "k"}}).body, first.body);
}

class Setup : public ::testing::Test, public ApiTestServer {
 protected:
  Setup() : ApiTestServer({.version = "test", .setup_token = "the-token"}) {}

  Response MakeFirst(ApiTestBrowser& browser, std::string_view token, std::string_view password = kTestPassword) {
    return browser.Call("POST", "/api/setup",
                        R"({"token":")" + std::string(token) +
                            R"(","name":"Ada","email":"ada@example.com","language":"en","password":")" +
                            std::string(password) + "\"}");
  }
};

TEST_F(Setup, MakesTheFirstAdministratorOnce) {
  ApiTestBrowser browser(*this);
  EXPECT_EQ(browser.Call("GET", "/api/setup").body, R"({"needed":true})");
  EXPECT_EQ(MakeFirst(browser, "another").BadFields(), "token");
  EXPECT_EQ(MakeFirst(browser, "the-token", "short").BadFields(), "password");
  const auto done = MakeFirst(browser, "the-token");
  ASSERT_EQ(done.status, 201) << done.body;
  EXPECT_EQ(*done.json().Find("user")->Find("role")->text(), "administrator");
  EXPECT_EQ(browser.Call("GET", "/api/users").status, 200);
  EXPECT_EQ(browser.Call("GET", "/api/setup").body, R"({"needed":false})");
  ApiTestBrowser late(*this);
  EXPECT_EQ(MakeFirst(late, "the-token").status, 409);
}

TEST_F(Setup, TheTokenIsStillGoodAfterAFailure) {
  ApiTestBrowser browser(*this);
  fail_commits = true;
  EXPECT_EQ(MakeFirst(browser, "the-token").status, 503);
  fail_commits = false;
  EXPECT_EQ(MakeFirst(browser, "the-token").status, 201);
}

TEST_F(Setup, GuessesAreSlowed) {
  ApiTestBrowser browser(*this);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(MakeFirst(browser, "guess").status, 422);
  EXPECT_EQ(MakeFirst(browser, "guess").status, 429);
}

TEST_F(Setup, GuessesDoNotLockOutWhoHasTheToken) {
  ApiTestBrowser stranger(*this);
  for (int i = 0; i < 100; ++i) MakeFirst(stranger, "guess");
  ApiTestBrowser browser(*this);
  EXPECT_EQ(MakeFirst(browser, "the-token", "short").BadFields(), "password");
  EXPECT_EQ(MakeFirst(browser, "the-token").status, 201);
}

TEST(NoSetup, WithoutAToken) {
  ApiTestServer server;
  ApiTestBrowser browser(server);
  EXPECT_EQ(
      browser.Call("POST", "/api/setup", R"({"token":"","name":"A","email":"a@b","password":"123456789012"})").status,
      422);
}

}  // namespace
}  // namespace shakehook
