#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "testing/api/api_test_server.h"

namespace shakehook {
namespace {

class Webhooks : public ApiTest {
 protected:
  // Makes a webhook of v1 with more members in its body; returns its path.
  std::string Make(const std::string& more = "") {
    const auto made = Call(
        "POST", "/api/webhooks",
        R"({"name":"CRM","url":"https://crm.example/hook","events":["contact.created"],"scope":{"venue_id":"v1"})" +
            more + "}");
    EXPECT_EQ(made.status, 201) << made.body;
    return "/api/webhooks/" + made.Text("id");
  }

  // Returns the fields that a creation refuses if its body has `members` instead of the good ones.
  std::string Refused(const std::string& members) {
    const Json given = *ParseJson("{" + members + "}");
    Json body = *ParseJson(
        R"({"name":"CRM","url":"https://crm.example/","events":["contact.created"],"scope":{"venue_id":"v1"}})");
    for (const auto& [name, value] : *given.object()) {
      std::erase_if(*body.object(), [&](const Json::Member& member) { return member.first == name; });
      body.Add(name, value);
    }
    return Call("POST", "/api/webhooks", ToString(body)).BadFields();
  }

  std::vector<std::string> ListedNames() {
    std::vector<std::string> names;
    const Json page = Call("GET", "/api/webhooks").json();
    for (const Json& webhook : *page.Find("data")->array()) names.push_back(*webhook.Find("name")->text());
    std::ranges::sort(names);  // made within one millisecond
    return names;
  }
};

TEST_F(Webhooks, AreMadeWithDefaultsAndShowTheirSecretOnce) {
  const auto made = Call("POST", "/api/webhooks",
                         R"({"name":"CRM Sync","url":"https://crm.example/hook?a=1",)"
                         R"("events":["contact.updated","account.created","contact.updated"],)"
                         R"("scope":{"venues_group_id":"g1"}})");
  ASSERT_EQ(made.status, 201);
  const std::string id = made.Text("id");
  const std::string secret = made.Text("secret");
  EXPECT_TRUE(secret.starts_with("whsec_"));
  EXPECT_EQ(secret.size(), 6u + 44u);
  const std::string shown =
      R"({"id":")" + id +
      R"(","name":"CRM Sync","url":"https://crm.example/hook?a=1","events":["account.created","contact.updated"],)"
      R"("scope":{"venues_group_id":"g1"},"enabled":true,"ordering":"relaxed","standard_headers":false,"headers":{},)"
      R"("max_concurrent":null,"max_per_second":null,"retry_schedule":"standard","disable_after_days":null,"health":{"state":"unused","reason":null,)"
      R"("consecutive_failures":0,"failing_since":null,"last_delivered_at":null,"last_failed_at":null,"pending":0,"disables_at":null,"condition":"unused","code":null,"params":{}},)"
      R"("created_at":1731493800000,"updated_at":1731493800000)";
  EXPECT_EQ(made.body, shown + R"(,"secret":")" + secret + "\"}");
  EXPECT_EQ(made.Header("Location"), "/api/webhooks/" + id);
  EXPECT_EQ(made.Header("ETag"), "\"1\"");
  const auto got = Call("GET", "/api/webhooks/" + id);
  EXPECT_EQ(got.body, shown + "}");
  EXPECT_EQ(got.Header("ETag"), "\"1\"");
  EXPECT_EQ(Call("GET", "/api/webhooks").body, R"({"data":[)" + shown + R"(}],"next_cursor":null})");
}

TEST_F(Webhooks, AreCopiedToAnotherVenueWithTheirHeadersAndASecretOfTheirOwn) {
  const std::string path =
      Make(R"(,"headers":{"X-Token":"s3cret"},"max_per_second":5,"retry_schedule":"extended","disable_after_days":7,)"
           R"("ordering":"strict","standard_headers":true,"enabled":false)");
  const std::string id = path.substr(path.rfind('/') + 1);
  const auto made = Call("POST", "/api/webhooks", R"({"copy_of":")" + id + R"(","scope":{"venue_id":"v2"}})");
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_NE(made.Text("id"), id);
  const Json source = Call("GET", path).json();
  const Json copy = made.json();
  for (const std::string_view name : {"name", "url", "events", "ordering", "standard_headers", "headers",
                                      "max_concurrent", "max_per_second", "retry_schedule", "disable_after_days"}) {
    EXPECT_EQ(*copy.Find(name), *source.Find(name)) << name;
  }
  EXPECT_EQ(ToString(*copy.Find("scope")), R"({"venue_id":"v2"})");
  EXPECT_TRUE(*copy.Find("enabled")->boolean());
  EXPECT_TRUE(made.Text("secret").starts_with("whsec_"));
  EXPECT_NE(made.Text("secret"), Call("GET", path + "/secret").Text("secret"));
  const auto webhook = store().config_cache().FindWebhook(*WebhookId::Parse(made.Text("id")));
  ASSERT_EQ(webhook->headers.size(), 1u);
  EXPECT_EQ(webhook->headers[0].second, "s3cret");
}

TEST_F(Webhooks, AreCopiedWithWhatTheBodySaysOtherwise) {
  const std::string path = Make(R"(,"headers":{"X-Token":"s3cret","X-Other":"o"})");
  const std::string id = path.substr(path.rfind('/') + 1);
  const auto made =
      Call("POST", "/api/webhooks",
           R"({"copy_of":")" + id +
               R"(","scope":{"venue_id":"v2"},"name":"Copy","headers":{"X-Token":"***"},"enabled":false})");
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.Text("name"), "Copy");
  EXPECT_EQ(ToString(*made.json().Find("headers")), R"({"X-Token":"***"})");
  EXPECT_FALSE(*made.json().Find("enabled")->boolean());
}

TEST_F(Webhooks, AreNotCopiedFromWhereTheKeyDoesNotReach) {
  const std::string path = Make();
  const std::string id = path.substr(path.rfind('/') + 1);
  const auto copy = [&](const std::string& source, const std::string& scope) {
    return Call("POST", "/api/webhooks", R"({"copy_of":)" + source + R"(,"scope":)" + scope + "}").BadFields();
  };
  const std::string quoted = "\"" + id + "\"";
  EXPECT_EQ(copy("\"nothing\"", R"({"venue_id":"v2"})"), "copy_of");
  EXPECT_EQ(copy("7", R"({"venue_id":"v2"})"), "name,url,events,copy_of");
  EXPECT_EQ(copy(quoted, R"({"venue_id":"none"})"), "scope.venue_id");
  EXPECT_EQ(Call("POST", "/api/webhooks", R"({"copy_of":)" + quoted + "}").BadFields(), "scope");
  Use(MakeKey(Scope::Of(VenueId{"v1"})));
  EXPECT_EQ(copy(quoted, R"({"venue_id":"v2"})"), "scope.venue_id");
  Use(MakeKey(Scope::Of(VenueId{"v2"})));
  EXPECT_EQ(copy(quoted, R"({"venue_id":"v2"})"), "copy_of");
}

TEST_F(Webhooks, NameWhatIsWrong) {
  EXPECT_EQ(Call("POST", "/api/webhooks", "{}").BadFields(), "name,url,events,scope");
  EXPECT_EQ(Call("POST", "/api/webhooks", "[]").status, 422);
  EXPECT_EQ(Refused(R"("id":"mine","secret":"whsec_x")"), "id,secret");
  EXPECT_EQ(Refused(R"("name":"")"), "name");
  EXPECT_EQ(Refused(R"("name":null)"), "name");
  EXPECT_EQ(Refused(R"("name":7)"), "name");
  EXPECT_EQ(Refused("\"name\":\"" + std::string(256, 'x') + "\""), "name");
  EXPECT_EQ(Refused(R"("url":"http://crm.example/")"), "url");
  EXPECT_EQ(Refused(R"("url":"https://10.0.0.1/")"), "url");
  EXPECT_EQ(Refused(R"("url":"https://127.0.0.1./")"), "url");
  EXPECT_EQ(Refused(R"("url":"https://localhost/")"), "url");
  EXPECT_EQ(Refused(R"("url":"https://crm.example:5432/")"), "url");
  EXPECT_EQ(Refused(R"("url":"https://user@crm.example/")"), "url");
  EXPECT_EQ(Refused(R"("url":"https://crm.example/#top")"), "url");
  EXPECT_EQ(Refused("\"url\":\"https://crm.example/" + std::string(3000, 'x') + "\""), "url");
  EXPECT_EQ(Refused(R"("events":[])"), "events");
  EXPECT_EQ(Refused(R"("events":null)"), "events");
  EXPECT_EQ(Refused(R"("events":"contact.created")"), "events");
  EXPECT_EQ(Refused(R"("events":["contact.created","contact.moved",1])"), "events.1,events.2");
  EXPECT_EQ(Refused(R"("scope":{})"), "scope.venue_id");
  EXPECT_EQ(Refused(R"("scope":null)"), "scope");
  EXPECT_EQ(Refused(R"("scope":"v1")"), "scope");
  EXPECT_EQ(Refused(R"("scope":{"venue_id":"nope"})"), "scope.venue_id");
  EXPECT_EQ(Refused(R"("scope":{"venues_group_id":"nope"})"), "scope.venues_group_id");
  EXPECT_EQ(Refused(R"("scope":{"venue_id":"v1","venues_group_id":"g1"})"), "scope.venues_group_id");
  EXPECT_EQ(Refused(R"("scope":{"venue_id":"v1","all":true})"), "scope.all");
  EXPECT_EQ(Refused(R"("enabled":"yes","standard_headers":1)"), "enabled,standard_headers");
  EXPECT_EQ(Refused(R"("ordering":"loose")"), "ordering");
  EXPECT_EQ(Refused(R"("max_concurrent":0,"max_per_second":10001)"), "max_concurrent,max_per_second");
  EXPECT_EQ(Refused(R"("retry_schedule":"daily","disable_after_days":31)"), "disable_after_days,retry_schedule");
  EXPECT_EQ(Refused(R"("disable_after_days":0)"), "disable_after_days");
  EXPECT_EQ(Refused(R"("max_concurrent":257,"max_per_second":1.5)"), "max_concurrent,max_per_second");
}

TEST_F(Webhooks, TellWhyAUrlIsRefused) {
  const auto refused = Call("POST", "/api/webhooks",
                            R"({"name":"x","url":"http://crm.example/","events":["contact.created"],)"
                            R"("scope":{"venue_id":"v1"}})");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(ToString(*refused.json().Find("errors")),
            R"([{"field":"url","detail":"The URL must begin with https://.","code":"url_not_https","params":{}}])");
}

TEST_F(Webhooks, TellWhetherAUrlMayBeUsedBeforeItIsSaved) {
  const auto reason = [&](const std::string& url) {
    const auto response = Call("POST", "/api/url-checks", "{\"url\":\"" + url + "\"}");
    EXPECT_EQ(response.status, 200) << response.body;
    return *response.json().Find("reason");
  };
  EXPECT_TRUE(reason("https://crm.example/hook").is_null());
  EXPECT_NE(reason("https://10.0.0.1/hook").text(), nullptr);
  EXPECT_NE(reason("crm.example").text(), nullptr);
  EXPECT_EQ(Call("POST", "/api/url-checks", "{}").BadFields(), "url");
}

TEST_F(Webhooks, MayHaveANameOf255CharactersOfAnyLanguage) {
  std::string name;
  for (int i = 0; i < 255; ++i) name += "\xe4\xbc\x9a";
  EXPECT_EQ(Refused("\"name\":\"" + name + "\""), "");
  EXPECT_EQ(Refused("\"name\":\"" + name + "\xe4\xbc\x9a\""), "name");
}

TEST_F(Webhooks, RefuseHeadersThatAreNotTheirs) {
  for (const std::string name : {"Host",
                                 "content-type",
                                 "Content-Length",
                                 "CONTENT-ENCODING",
                                 "Transfer-Encoding",
                                 "Connection",
                                 "Keep-Alive",
                                 "TE",
                                 "Trailer",
                                 "Upgrade",
                                 "Expect",
                                 "User-Agent",
                                 "Idempotency-Key",
                                 "Bookingshake-Signature",
                                 "bookingshake-anything",
                                 "webhook-id",
                                 "Webhook-Signature",
                                 "Proxy-Authorization",
                                 "",
                                 "a b",
                                 "a:b",
                                 "caf\u00e9",
                                 "a\\r\\nb"}) {
    EXPECT_NE(Refused("\"headers\":{\"" + name + "\":\"x\"}"), "") << name;
  }
  for (const std::string value : {R"("")", R"(" x")", R"("x ")", R"("a\r\nb: c")", R"("a\tb")", R"("a\u0000b")",
                                  "\"caf\u00e9\"", "null", "1", "{}"}) {
    EXPECT_EQ(Refused("\"headers\":{\"X-Token\":" + value + "}"), "headers.X-Token") << value;
  }
  EXPECT_EQ(Refused(R"("headers":{"X-Token":"a","x-token":"b"})"), "headers.x-token");
  EXPECT_EQ(Refused(R"("headers":{"X-Token":"***"})"), "headers.X-Token");
  EXPECT_EQ(Refused(R"("headers":[])"), "headers");
  EXPECT_EQ(Refused("\"headers\":{\"X\":\"" + std::string(4095, 'v') + "\"}"), "");
  EXPECT_EQ(Refused("\"headers\":{\"X\":\"" + std::string(4096, 'v') + "\"}"), "headers");
  std::string many;
  for (int i = 0; i < 21; ++i) many += (i > 0 ? ",\"X-" : "\"X-") + std::to_string(i) + "\":\"v\"";
  EXPECT_EQ(Refused("\"headers\":{" + many + "}"), "headers");
  EXPECT_EQ(Refused("\"headers\":{" + many.substr(0, many.rfind(',')) + "}"), "");
}

TEST_F(Webhooks, NeverShowTheValuesOfTheirHeaders) {
  const std::string value = "Bearer top-secret-token";
  const std::string path = Make(R"(,"headers":{"Authorization":")" + value + R"(","X-Team":"blue-team"})");
  for (const auto& response :
       {Call("GET", path), Call("GET", "/api/webhooks"), Call("PATCH", path, R"({"name":"New"})"),
        Call("PATCH", path, R"({"headers":{"Authorization":"blue-team\u0007"}})")}) {
    EXPECT_EQ(response.body.find("top-secret"), std::string::npos);
    EXPECT_EQ(response.body.find("blue-team"), std::string::npos);
  }
  EXPECT_EQ(ToString(*Call("GET", path).json().Find("headers")), R"({"Authorization":"***","X-Team":"***"})");
}

TEST_F(Webhooks, ReplaceAllTheirHeadersAtOnceAndKeepWhatIsMasked) {
  const std::string path = Make(R"(,"headers":{"A":"1","B":"2"})");
  EXPECT_EQ(ToString(*Call("PATCH", path, R"({"headers":{"a":"***","C":"3"}})").json().Find("headers")),
            R"({"a":"***","C":"***"})");
  const auto webhooks = store().config_cache().ListWebhooks(std::nullopt, 10, [](const Webhook&) { return true; });
  const std::vector<std::pair<std::string, std::string>> kept = {{"a", "1"}, {"C", "3"}};
  EXPECT_EQ(webhooks[0]->headers, kept);
  EXPECT_EQ(Call("PATCH", path, R"({"headers":{"B":"***"}})").BadFields(), "headers.B");
  EXPECT_EQ(ToString(*Call("PATCH", path, R"({"headers":null})").json().Find("headers")), "{}");
}

TEST_F(Webhooks, AreEditedByMergePatch) {
  const std::string path = Make(R"(,"max_concurrent":4,"max_per_second":100)");
  clock().Advance(Milliseconds(1'000));
  const auto edited = Call("PATCH", path,
                           R"({"name":"Neu","url":"https://other.example/","events":["account.deleted"],)"
                           R"("enabled":false,"ordering":"strict","standard_headers":true,"max_concurrent":null})",
                           {{"content-type", "application/merge-patch+json"}});
  EXPECT_EQ(edited.status, 200) << edited.body;
  EXPECT_EQ(edited.Header("ETag"), "\"2\"");
  const Json json = edited.json();
  EXPECT_EQ(edited.Text("name"), "Neu");
  EXPECT_EQ(edited.Text("url"), "https://other.example/");
  EXPECT_EQ(ToString(*json.Find("events")), R"(["account.deleted"])");
  EXPECT_EQ(*json.Find("enabled"), Json(false));
  EXPECT_EQ(edited.Text("ordering"), "strict");
  EXPECT_EQ(*json.Find("standard_headers"), Json(true));
  EXPECT_TRUE(json.Find("max_concurrent")->is_null());
  EXPECT_EQ(json.Find("max_per_second")->integer(), 100);
  EXPECT_EQ(json.Find("created_at")->integer(), 1731493800000);
  EXPECT_EQ(json.Find("updated_at")->integer(), 1731493801000);
  EXPECT_EQ(*json.Find("health")->Find("state")->text(), "disabled");
  EXPECT_EQ(Call("GET", path).body, edited.body);
  // null gives a setting its default.
  const Json defaults = Call("PATCH", path, R"({"enabled":null,"ordering":null,"standard_headers":null})").json();
  EXPECT_EQ(*defaults.Find("enabled"), Json(true));
  EXPECT_EQ(*defaults.Find("ordering"), Json("relaxed"));
  EXPECT_EQ(*defaults.Find("standard_headers"), Json(false));
}

TEST_F(Webhooks, StayAsTheyAreWhereAPatchChangesNothing) {
  const std::string path = Make(R"(,"headers":{"X-Token":"t"})");
  const auto before = Call("GET", path);
  clock().Advance(Milliseconds(1'000));
  Json same = before.json();
  std::erase_if(*same.object(), [](const Json::Member& member) { return member.first == "health"; });
  for (const std::string& body : {std::string("{}"), ToString(same)}) {
    const auto after = Call("PATCH", path, body);
    EXPECT_EQ(after.status, 200) << after.body;
    EXPECT_EQ(after.body, before.body);
    EXPECT_EQ(after.Header("ETag"), "\"1\"");
  }
}

TEST_F(Webhooks, CannotMoveToAnotherScope) {
  const std::string path = Make();
  EXPECT_EQ(Call("PATCH", path, R"({"scope":{"venue_id":"v2"}})").BadFields(), "scope");
  EXPECT_EQ(Call("PATCH", path, R"({"id":"x","created_at":0,"health":{},"events":[],"url":"ftp://x"})").BadFields(),
            "id,created_at,url,events,health");
  EXPECT_EQ(Call("GET", path).Header("ETag"), "\"1\"");
}

TEST_F(Webhooks, AreGuardedByIfMatch) {
  const std::string path = Make();
  EXPECT_EQ(Call("PATCH", path, R"({"name":"A"})", {{"if-match", "\"1\""}}).status, 200);
  EXPECT_EQ(Call("PATCH", path, R"({"name":"B"})", {{"if-match", "\"1\""}}).status, 412);
  EXPECT_EQ(Call("DELETE", path, "", {{"if-match", "\"1\""}}).status, 412);
  EXPECT_EQ(Call("POST", path + "/secret", "", {{"if-match", "\"1\""}}).status, 412);
  EXPECT_EQ(Call("DELETE", path, "", {{"if-match", "\"2\""}}).status, 204);
  EXPECT_EQ(Call("GET", path).status, 404);
  EXPECT_EQ(Call("DELETE", path).status, 404);
}

TEST_F(Webhooks, AreSeenWithTheKeysOfTheirScope) {
  const auto make = [&](const std::string& name, const std::string& scope) {
    const auto made = Call("POST", "/api/webhooks",
                           "{\"name\":\"" + name +
                               R"(","url":"https://crm.example/","events":["contact.created"],"scope":)" + scope + "}");
    EXPECT_EQ(made.status, 201);
    return "/api/webhooks/" + made.Text("id");
  };
  const std::string of_group = make("of-g1", R"({"venues_group_id":"g1"})");
  const std::string of_v1 = make("of-v1", R"({"venue_id":"v1"})");
  const std::string of_v3 = make("of-v3", R"({"venue_id":"v3"})");
  using Names = std::vector<std::string>;
  EXPECT_EQ(ListedNames(), Names({"of-g1", "of-v1", "of-v3"}));
  const auto unknown = Call("GET", "/api/webhooks/01932c1e-7a40-7c3e-9b1f-2f6d0e6a4b11");
  EXPECT_EQ(unknown.status, 404);

  Use(MakeKey(Scope::Of(VenuesGroupId{"g1"})));
  EXPECT_EQ(ListedNames(), Names({"of-g1", "of-v1"}));
  EXPECT_EQ(Call("GET", of_v1).status, 200);
  EXPECT_EQ(Call("GET", of_v3).body, unknown.body);

  Use(MakeKey(Scope::Of(VenueId{"v1"})));
  EXPECT_EQ(ListedNames(), Names({"of-v1"}));
  for (const std::string& path : {of_group, of_v3, std::string("/api/webhooks/no-uuid")}) {
    EXPECT_EQ(Call("GET", path).body, unknown.body);
    EXPECT_EQ(Call("PATCH", path, "{}").body, unknown.body);
    EXPECT_EQ(Call("DELETE", path).body, unknown.body);
    EXPECT_EQ(Call("GET", path + "/secret").body, unknown.body);
    EXPECT_EQ(Call("POST", path + "/secret").body, unknown.body);
    EXPECT_EQ(Call("DELETE", path + "/secret").body, unknown.body);
    EXPECT_EQ(Call("POST", path + "/test", R"({"event":"contact.created"})").body, unknown.body);
    EXPECT_EQ(Call("POST", path + "/discard").body, unknown.body);
  }
  EXPECT_EQ(Refused(R"("scope":{"venue_id":"v2"})"), "scope.venue_id");
  EXPECT_EQ(Refused(R"("scope":{"venues_group_id":"g1"})"), "scope.venues_group_id");
  EXPECT_EQ(Refused(R"("scope":{"venue_id":"v1"})"), "");
}

TEST_F(Webhooks, NeedTheRightToManage) {
  const std::string path = Make();
  Use(MakeKey(Scope::All(), {Right::kRead, Right::kWrite}));
  EXPECT_EQ(Call("GET", path).status, 200);
  EXPECT_EQ(Call("POST", "/api/webhooks", "{}").status, 403);
  EXPECT_EQ(Call("PATCH", path, "{}").status, 403);
  EXPECT_EQ(Call("DELETE", path).status, 403);
  EXPECT_EQ(Call("GET", path + "/secret").status, 403);
  EXPECT_EQ(Call("POST", path + "/discard").status, 403);
}

TEST_F(Webhooks, AreListedInPages) {
  for (int i = 0; i < 5; ++i) Make();
  for (const Scope& scope : {Scope::All(), Scope::Of(VenuesGroupId{"g1"}), Scope::Of(VenueId{"v1"})}) {
    Use(MakeKey(scope));
    std::set<std::string> ids;
    std::string cursor;
    int pages = 0;
    do {
      const auto page = Call("GET", "/api/webhooks?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
      const Json json = page.json();
      for (const Json& webhook : *json.Find("data")->array()) ids.insert(*webhook.Find("id")->text());
      cursor = page.Text("next_cursor");
      ++pages;
    } while (!cursor.empty());
    EXPECT_EQ(ids.size(), 5u);
    EXPECT_EQ(pages, 3);
  }
  EXPECT_EQ(Call("GET", "/api/webhooks?cursor=zzz").BadFields(), "cursor");
}

TEST_F(Webhooks, AreMadeOnceForOneIdempotencyKey) {
  const std::string body =
      R"({"name":"x","url":"https://crm.example/","events":["contact.created"],"scope":{"venue_id":"v1"}})";
  const auto first = Call("POST", "/api/webhooks", body, {{"idempotency-key", "k"}});
  Reopen();
  const auto second = Call("POST", "/api/webhooks", body, {{"idempotency-key", "k"}});
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(second.Header("Location"), first.Header("Location"));
  EXPECT_EQ(ListedNames().size(), 1u);
}

TEST_F(Webhooks, DiscardWhatTheyAreOwed) {
  const std::string path = Make(R"(,"enabled":false)");
  for (int i = 0; i < 3; ++i) Call("POST", "/api/venues/v1/contacts", "{}");
  EXPECT_EQ(Call("GET", path).json().Find("health")->Find("pending")->integer(), 3);
  EXPECT_EQ(Call("POST", path + "/discard", "{}").body, R"({"canceled":3})");
  EXPECT_EQ(Call("POST", path + "/discard").body, R"({"canceled":0})");
  EXPECT_EQ(Call("GET", path).json().Find("health")->Find("pending")->integer(), 0);
  EXPECT_EQ(Call("POST", path + "/discard", R"({"status":"failed"})").BadFields(), "status");
  Call("POST", "/api/venues/v1/contacts", "{}");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Call("POST", path + "/discard", "", {{"idempotency-key", "k"}}).body, R"({"canceled":1})");
  }
}

TEST_F(Webhooks, AreNotLostNorHalfMadeWhileTheStoreCannotWrite) {
  const std::string path = Make();
  fail_commits = true;
  const auto refused = Call("PATCH", path, R"({"name":"Other"})");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.Header("Retry-After"), "1");
  EXPECT_EQ(Call("DELETE", path).status, 503);
  fail_commits = false;
  EXPECT_EQ(Call("GET", path).Text("name"), "CRM");
}

}  // namespace
}  // namespace shakehook
