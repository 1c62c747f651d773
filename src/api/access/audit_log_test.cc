#include <gtest/gtest.h>

#include "testing/api/api_test_browser.h"

namespace shakehook {
namespace {

class AuditLog : public ApiTest {
 protected:
  AuditLog() {
    ApiTestBrowser::MakeUser(*this, "ada@example.com", "administrator", "{}");
    browser_.SignIn("ada@example.com");
    const auto webhook = browser_.Call(
        "POST", "/api/webhooks",
        R"({"name":"CRM","url":"https://receiver.example/","events":["contact.created"],"scope":{"venue_id":"v1"}})");
    webhook_ = webhook.Text("id");
    secret_ = webhook.Text("secret");
    path_ = "/api/webhooks/" + webhook_;
  }

  // Returns the newest entry, which must be of this action.
  Json Newest(std::string_view action) {
    const Json list = Call("GET", "/api/audit?limit=1").json();
    Json entry = list.Find("data")->array()->at(0);
    EXPECT_EQ(*entry.Find("action")->text(), action);
    return entry;
  }
  void ExpectOfWebhook(std::string_view action) {
    const Json entry = Newest(action);
    EXPECT_EQ(ToString(*entry.Find("subject")), R"({"kind":"webhook","id":")" + webhook_ + R"(","name":"CRM"})");
    EXPECT_EQ(*entry.Find("actor")->Find("kind")->text(), "user");
    EXPECT_EQ(*entry.Find("actor")->Find("name")->text(), "Test");
  }
  std::size_t Count(const std::string& query) {
    return Call("GET", "/api/audit?limit=200" + query).json().Find("data")->array()->size();
  }

  ApiTestBrowser browser_{*this};
  std::string webhook_, secret_, path_;
};

TEST_F(AuditLog, RecordsWhatIsDoneToSecrets) {
  browser_.Call("GET", path_ + "/secret");
  ExpectOfWebhook("secret.revealed");
  EXPECT_TRUE(Newest("secret.revealed").Find("details")->is_null());
  browser_.Call("POST", path_ + "/secret", R"({"overlap_seconds":60})");
  ExpectOfWebhook("secret.rotated");
  EXPECT_EQ(*Newest("secret.rotated").Find("detail")->text(), "with an overlap of 60 s");
  EXPECT_EQ(ToString(*Newest("secret.rotated").Find("details")),
            R"([{"code":"with_overlap","params":{"seconds":60}}])");
  browser_.Call("DELETE", path_ + "/secret");
  ExpectOfWebhook("overlap.ended");
}

TEST_F(AuditLog, ASecretThatCannotBeRecordedIsNotRevealed) {
  fail_commits = true;
  const auto refused = browser_.Call("GET", path_ + "/secret");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.body.find("whsec_"), std::string::npos);
  fail_commits = false;
}

TEST_F(AuditLog, RecordsWhatIsDoneToWebhooks) {
  browser_.Call("PATCH", path_, R"({"enabled":false})");
  ExpectOfWebhook("webhook.disabled");
  browser_.Call("PATCH", path_, R"({"name":"CRM","enabled":true})");
  ExpectOfWebhook("webhook.enabled");
  browser_.Call("POST", path_ + "/discard");
  ExpectOfWebhook("webhook.discarded");
  browser_.Call("PATCH", path_, R"({"name":"Other"})");
  EXPECT_EQ(Count("&action=webhook.discarded"), 1u);
  browser_.Call("PATCH", path_, R"({"name":"CRM","enabled":true,"discard":true})");
  ExpectOfWebhook("webhook.discarded");
}

TEST_F(AuditLog, RecordsReplays) {
  browser_.Call("PATCH", path_, R"({"enabled":false})");  // the request waits
  const auto started = browser_.Call("POST", path_ + "/replay", "{}");
  ASSERT_EQ(started.status, 201) << started.body;
  const Json entry = Newest("replay.started");
  EXPECT_EQ(*entry.Find("subject")->Find("id")->text(), started.Text("id"));
  browser_.Call("POST", path_ + "/replay", R"({"dry_run":true})");
  EXPECT_EQ(Count("&action=replay.started"), 1u);
  browser_.Call("POST", "/api/replays/" + started.Text("id") + "/cancel");
  EXPECT_EQ(Count("&action=replay.canceled"), 1u);
  browser_.Call("POST", "/api/replays/" + started.Text("id") + "/cancel");
  EXPECT_EQ(Count("&action=replay.canceled"), 1u);
}

TEST_F(AuditLog, RecordsApiKeysAndWhoUsesThem) {
  const auto key = browser_.Call("POST", "/api/api-keys", R"({"name":"K","scope":{}})");
  EXPECT_EQ(*Newest("api_key.created").Find("subject")->Find("name")->text(), "K");
  Use(key.Text("key"));
  Call("GET", path_ + "/secret");
  UseAdmin();
  const Json revealed = Newest("secret.revealed");
  EXPECT_EQ(ToString(*revealed.Find("actor")), R"({"kind":"api_key","id":")" + key.Text("id") + R"(","name":"K"})");
  browser_.Call("DELETE", "/api/api-keys/" + key.Text("id"));
  Newest("api_key.deleted");
}

TEST_F(AuditLog, RecordsUsersAndSessions) {
  const auto user = ApiTestBrowser::MakeUser(*this, "vic@example.com", "viewer", "{}");
  EXPECT_EQ(*Newest("user.created").Find("subject")->Find("id")->text(), user.Text("id"));
  Call("PATCH", "/api/users/" + user.Text("id"), R"({"role":"manager","password":"battery staple correct"})");
  EXPECT_EQ(*Newest("user.changed").Find("detail")->text(), "role, password");
  Call("DELETE", "/api/users/" + user.Text("id"));
  Newest("user.deleted");
  ApiTestBrowser other(*this);
  other.SignIn("Nobody@example.com", "wrong password");
  const Json failed = Newest("session.failed");
  EXPECT_TRUE(failed.Find("actor")->Find("id")->is_null());
  EXPECT_EQ(*failed.Find("actor")->Find("name")->text(), "Nobody@example.com");
  other.SignIn("ada@example.com");
  EXPECT_TRUE(Newest("session.created").Find("subject")->is_null());
  other.Call("DELETE", "/api/session");
  Newest("session.ended");
}

TEST_F(AuditLog, HoldsNoSecret) {
  browser_.Call("GET", path_ + "/secret");
  const auto key = browser_.Call("POST", "/api/api-keys", R"({"name":"K","scope":{}})");
  browser_.SignIn("ada@example.com", "wrong password");
  const std::string all = Call("GET", "/api/audit?limit=200").body;
  for (const std::string& secret : {secret_, key.Text("key"), std::string(kTestPassword), std::string("wrong password"),
                                    browser_.cookie, std::string("argon2id")}) {
    EXPECT_EQ(all.find(secret), std::string::npos) << secret;
  }
}

TEST_F(AuditLog, IsListedInPagesAndFiltered) {
  clock().Advance(Milliseconds(1'000));
  const auto since = UnixMs(clock().Now());
  for (int i = 0; i < 3; ++i) browser_.Call("GET", path_ + "/secret");
  clock().Advance(Milliseconds(1'000));
  const auto until = UnixMs(clock().Now());
  browser_.Call("GET", path_ + "/secret");
  EXPECT_EQ(Count("&action=secret.revealed"), 4u);
  EXPECT_EQ(Count("&since=" + std::to_string(since) + "&until=" + std::to_string(until)), 3u);
  std::string cursor;
  std::size_t entries = 0;
  do {
    const auto page = Call("GET", "/api/audit?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
    ASSERT_EQ(page.status, 200);
    entries += page.json().Find("data")->array()->size();
    cursor = page.Text("next_cursor");
  } while (!cursor.empty());
  EXPECT_EQ(entries, Count(""));
  EXPECT_EQ(Call("GET", "/api/audit?action=nothing&since=x&cursor=y").BadFields(), "cursor,since,action");
}

TEST_F(AuditLog, IsForAdministratorsOnly) {
  ApiTestBrowser::MakeUser(*this, "max@example.com", "manager", "{}");
  ApiTestBrowser manager(*this);
  manager.SignIn("max@example.com");
  EXPECT_EQ(manager.Call("GET", "/api/audit").status, 403);
  EXPECT_EQ(browser_.Call("GET", "/api/audit").status, 200);
  Use(MakeKey(Scope::Of(VenueId{"v1"})));
  EXPECT_EQ(Call("GET", "/api/audit").status, 403);
}

}  // namespace
}  // namespace shakehook
