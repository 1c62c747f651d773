#include <gtest/gtest.h>

#include "testing/api/api_test_browser.h"

namespace shakehook {
namespace {

class SessionLists : public ApiTest {
 protected:
  SessionLists() {
    user_ = ApiTestBrowser::MakeUser(*this, "max@example.com", "manager", "{}").Text("id");
    one_.SignIn("max@example.com", kTestPassword, {{"user-agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}});
    clock().Advance(Milliseconds(1000));
    two_.SignIn("max@example.com");
  }
  static std::string IdAt(const Response& list, std::size_t index) {
    const Json json = list.json();
    return *json.Find("data")->array()->at(index).Find("id")->text();
  }

  std::string user_;
  ApiTestBrowser one_{*this}, two_{*this};
};

TEST_F(SessionLists, ShowWhereOneIsSignedInNewestFirst) {
  const auto list = one_.Call("GET", "/api/sessions");
  ASSERT_EQ(list.status, 200) << list.body;
  const Json json = list.json();
  const Json::Array& data = *json.Find("data")->array();
  ASSERT_EQ(data.size(), 2u);
  EXPECT_TRUE(data[0].Find("device")->is_null());
  EXPECT_EQ(*data[1].Find("device")->text(), "Firefox on Linux");
  EXPECT_FALSE(*data[0].Find("current")->boolean());
  EXPECT_TRUE(*data[1].Find("current")->boolean());
  EXPECT_EQ(list.body.find(one_.cookie), std::string::npos);
}

TEST_F(SessionLists, EndOneOfOnesOwn) {
  const std::string id = IdAt(one_.Call("GET", "/api/sessions"), 0);
  EXPECT_EQ(one_.Call("DELETE", "/api/sessions/" + id).status, 204);
  EXPECT_EQ(two_.Call("GET", "/api/session").status, 401);
  EXPECT_EQ(one_.Call("DELETE", "/api/sessions/" + id).status, 404);
  EXPECT_EQ(one_.Call("GET", "/api/session").status, 200);
}

TEST_F(SessionLists, EndNoneOfOthersButForAdministrators) {
  ApiTestBrowser::MakeUser(*this, "eva@example.com", "manager", "{}");
  ApiTestBrowser eva(*this);
  eva.SignIn("eva@example.com");
  const std::string path = "/api/users/" + user_ + "/sessions";
  const std::string id = IdAt(Call("GET", path), 0);
  EXPECT_EQ(eva.Call("DELETE", "/api/sessions/" + id).status, 404);
  EXPECT_EQ(eva.Call("GET", path).status, 403);
  EXPECT_EQ(eva.Call("DELETE", path + "/" + id).status, 403);
  EXPECT_EQ(Call("DELETE", path + "/" + id).status, 204);
  EXPECT_EQ(two_.Call("GET", "/api/session").status, 401);
  EXPECT_NE(Call("GET", "/api/audit?action=session.ended").body.find(user_), std::string::npos);
}

TEST_F(SessionLists, LeaveOutThoseThatAreOver) {
  clock().Advance(Milliseconds(12 * 60 * 60 * 1000 - 500));
  EXPECT_EQ(Call("GET", "/api/users/" + user_ + "/sessions").json().Find("data")->array()->size(), 1u);
}

class FirstPasswords : public ApiTest {
 protected:
  FirstPasswords() {
    EXPECT_EQ(Call("POST", "/api/users",
                   R"({"name":"Max","email":"max@example.com","role":"manager","scope":{},"must_change_password":true,)"
                   R"("password":"correct horse battery"})")
                  .status,
              201);
    EXPECT_EQ(browser_.SignIn("max@example.com").status, 201);
  }
  ApiTestBrowser browser_{*this};
};

TEST_F(FirstPasswords, AreGoodForNothingButTheirChange) {
  for (const std::string_view path : {"/api/venues", "/api/sessions", "/api/stream", "/api/webhooks/x"}) {
    const auto refused = browser_.Call("GET", path);
    EXPECT_EQ(refused.status, 403) << path;
    EXPECT_EQ(refused.Text("type"), "/docs#problem-password-change-needed");
  }
  EXPECT_EQ(browser_.Call("POST", "/api/session/second-factor", R"({"current_password":"x"})").status, 403);
  EXPECT_EQ(browser_.Call("GET", "/api/session").status, 200);
  const auto change = [&](std::string_view password) {
    return browser_.Call("PATCH", "/api/session",
                         R"({"current_password":"correct horse battery","password":")" + std::string(password) + "\"}");
  };
  EXPECT_EQ(change(kTestPassword).BadFields(), "password");
  EXPECT_EQ(change("battery staple horse").status, 200);
  EXPECT_EQ(browser_.Call("GET", "/api/venues").status, 200);
}

TEST_F(FirstPasswords, MayBeLeftUnchangedOnlyToSignOut) {
  EXPECT_EQ(browser_.Call("DELETE", "/api/session").status, 204);
}

}  // namespace
}  // namespace shakehook
