#include <gtest/gtest.h>

#include "testing/api/api_test_server.h"

namespace shakehook {
namespace {

class NoticeChannels : public ApiTest {
 protected:
  using ApiTest::ApiTest;

  // `members`: of the body, beside or instead of good ones.
  Response Make(const std::string& members = "{}") {
    Json body = *ParseJson(
        R"({"name":"Chat","kind":"slack","url":"https://hooks.slack.com/services/T0kEn","scope":{"venue_id":"v1"}})");
    const Json given = *ParseJson(members);
    for (const auto& [name, value] : *given.object()) {
      std::erase_if(*body.object(), [&](const Json::Member& member) { return member.first == name; });
      body.Add(name, value);
    }
    return Call("POST", "/api/notice-channels", ToString(body));
  }
  std::size_t Count() { return Call("GET", "/api/notice-channels").json().Find("data")->array()->size(); }
};

TEST_F(NoticeChannels, AreMadeWithDefaultsAndShowNoCredential) {
  const auto made = Make();
  ASSERT_EQ(made.status, 201) << made.body;
  const Json json = made.json();
  EXPECT_EQ(made.Text("url"), "https://hooks.slack.com/services/***");
  EXPECT_EQ(json.Find("events")->array()->size(), 5u);
  EXPECT_EQ(json.Find("after_minutes")->integer(), 10);
  EXPECT_TRUE(json.Find("quiet_hours")->is_null());
  EXPECT_TRUE(json.Find("secret")->is_null());
  for (const std::string path : {"/api/notice-channels", "/api/notice-channels/", "/api/audit"}) {
    const std::string body = Call("GET", path.ends_with('/') ? path + made.Text("id") : path).body;
    EXPECT_EQ(body.find("T0kEn"), std::string::npos) << body;
  }
  Reopen();
  EXPECT_EQ(Call("GET", "/api/notice-channels/" + made.Text("id")).Text("name"), "Chat");
}

TEST_F(NoticeChannels, OfKindWebhookGetASecretThatIsShownOnce) {
  const auto made = Make(R"({"kind":"webhook","url":"https://own.example/"})");
  EXPECT_TRUE(made.Text("secret").starts_with("whsec_"));
  EXPECT_EQ(Call("GET", "/api/notice-channels/" + made.Text("id")).json().Find("secret"), nullptr);
}

TEST_F(NoticeChannels, RefuseWhatTheyCannotUseByField) {
  EXPECT_EQ(Make(R"({"name":"","kind":"fax","url":"https://10.0.0.1/","scope":{}, "events":["x"]})").BadFields(),
            "kind,name,url,events.0");
  EXPECT_EQ(Make(R"({"after_minutes":1441,"language":"de"})").BadFields(), "after_minutes,language");
  EXPECT_EQ(Make(R"({"quiet_hours":{"from":"24:00","until":"7:00","utc_offset_minutes":900}})").BadFields(),
            "quiet_hours.from,quiet_hours.until,quiet_hours.utc_offset_minutes");
  EXPECT_EQ(Make(R"({"events":[]})").BadFields(), "events");
  EXPECT_EQ(Make(R"({"scope":{"venue_id":"none"}})").BadFields(), "scope.venue_id");
  EXPECT_EQ(Make(R"({"scope":null})").BadFields(), "scope");
}

TEST_F(NoticeChannels, OfEMailNeedAMailServer) {
  EXPECT_EQ(Make(R"({"kind":"email","url":null,"recipients":["ops@example.com"]})").BadFields(), "kind");
}

class EMailChannels : public NoticeChannels {
 protected:
  EMailChannels() : NoticeChannels(Api::Options{.version = "test", .mail = MailSender()}) {}
};

TEST_F(EMailChannels, HaveRecipientsInsteadOfAUrl) {
  const std::string mail = R"("kind":"email","url":null,"scope":{})";
  EXPECT_EQ(Make("{" + mail + "}").BadFields(), "recipients");
  EXPECT_EQ(Make("{" + mail + R"(,"recipients":[]})").BadFields(), "recipients");
  EXPECT_EQ(Make("{" + mail + R"(,"recipients":"ops@example.com"})").BadFields(), "recipients");
  EXPECT_EQ(Make("{" + mail + R"(,"recipients":["a@b","x",7,"a@b"]})").BadFields(),
            "recipients.1,recipients.2,recipients.3");
  EXPECT_EQ(Make(R"({"kind":"email","scope":{},"recipients":["ops@example.com"]})").BadFields(), "url");
  EXPECT_EQ(Make(R"({"recipients":["ops@example.com"]})").BadFields(), "recipients");
  const auto made = Make("{" + mail + R"(,"recipients":["ops@example.com"]})");
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_TRUE(made.json().Find("url")->is_null());
  EXPECT_TRUE(made.json().Find("secret")->is_null());
  const std::string path = "/api/notice-channels/" + made.Text("id");
  EXPECT_EQ(Call("PATCH", path, R"({"recipients":null})").BadFields(), "recipients");
  EXPECT_EQ(Call("PATCH", path, R"({"url":null,"recipients":["a@b","c@d"]})").status, 200);
  Reopen();
  EXPECT_EQ(ToString(*Call("GET", path).json().Find("recipients")), R"(["a@b","c@d"])");
  const Json entry = Call("GET", "/api/audit?action=channel.changed").json().Find("data")->array()->at(0);
  EXPECT_EQ(ToString(entry.Find("changes")->array()->at(0)),
            R"({"field":"recipients","before":["ops@example.com"],"after":["a@b","c@d"]})");
}

TEST_F(EMailChannels, OfAVenueNeedAnAddressForTheirLinks) {
  EXPECT_EQ(Make(R"({"kind":"email","url":null,"recipients":["ops@example.com"]})").BadFields(), "kind");
}

TEST_F(NoticeChannels, AreEditedByMergePatchAndTheAuditLogSaysHow) {
  const std::string path = "/api/notice-channels/" + Make().Text("id");
  const auto edited = Call("PATCH", path,
                           R"({"url":"https://hooks.slack.com/services/***","after_minutes":30,)"
                           R"("quiet_hours":{"from":"22:00","until":"07:00","utc_offset_minutes":60}})");
  ASSERT_EQ(edited.status, 200) << edited.body;
  EXPECT_EQ(edited.Header("ETag"), "\"2\"");
  const Json entry = Call("GET", "/api/audit?action=channel.changed").json().Find("data")->array()->at(0);
  EXPECT_EQ(ToString(entry.Find("changes")->array()->at(0)), R"({"field":"after_minutes","before":10,"after":30})");
  EXPECT_EQ(Call("PATCH", path, R"({"kind":"teams"})").BadFields(), "kind");
  EXPECT_EQ(Call("PATCH", path, R"({"name":"x"})", {{"if-match", "\"1\""}}).status, 412);
}

TEST_F(NoticeChannels, AreSeenWithinTheirScopeAlone) {
  const auto own = Make();
  const auto operators = Make(R"({"scope":{}})");
  ASSERT_EQ(operators.status, 201);
  Use(MakeKey(Scope::Of(VenueId{"v1"})));
  EXPECT_EQ(Count(), 1u);
  EXPECT_EQ(Make(R"({"scope":{}})").status, 422);
  EXPECT_EQ(Call("GET", "/api/notice-channels/" + operators.Text("id")).status, 404);
  Use(MakeKey(Scope::Of(VenueId{"v3"})));
  EXPECT_EQ(Count(), 0u);
  for (const std::string rest : {"", "/notices"}) {
    EXPECT_EQ(Call("GET", "/api/notice-channels/" + own.Text("id") + rest).status, 404);
  }
  EXPECT_EQ(Call("POST", "/api/notice-channels/" + own.Text("id") + "/test").status, 404);
  EXPECT_EQ(Call("DELETE", "/api/notice-channels/" + own.Text("id")).status, 404);
  Use(MakeKey(Scope::Of(VenueId{"v1"}), {Right::kRead}));
  EXPECT_EQ(Call("GET", "/api/notice-channels").status, 403);
}

TEST_F(NoticeChannels, AreAtMostTwentyInAScope) {
  for (int i = 0; i < 20; ++i) ASSERT_EQ(Make().status, 201);
  EXPECT_EQ(Make().status, 409);
  EXPECT_EQ(Make(R"({"scope":{"venue_id":"v2"}})").status, 201);
}

TEST_F(NoticeChannels, KeepATestAmongTheirNotices) {
  const std::string path = "/api/notice-channels/" + Make().Text("id");
  ASSERT_EQ(Call("POST", path + "/test").status, 201);
  const Json notices = Call("GET", path + "/notices").json();
  ASSERT_EQ(notices.Find("data")->array()->size(), 1u);
  EXPECT_EQ(*notices.Find("data")->array()->at(0).Find("event")->text(), "channel.test");
  EXPECT_EQ(*notices.Find("data")->array()->at(0).Find("state")->text(), "waiting");
  EXPECT_EQ(Call("PATCH", path, R"({"enabled":false})").status, 200);
  EXPECT_EQ(Call("POST", path + "/test").status, 409);
  EXPECT_EQ(Call("GET", path + "/notices").json().Find("data")->array()->size(), 0u);
}

}  // namespace
}  // namespace shakehook
