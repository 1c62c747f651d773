#include <gtest/gtest.h>

#include "testing/api/api_test_server.h"

namespace shakehook {
namespace {

using ApiKeys = ApiTest;

TEST_F(ApiKeys, AreShownOnce) {
  const auto made = Call("POST", "/api/api-keys", R"({"name":"Sync","scope":{"venue_id":"v1"}})");
  EXPECT_EQ(made.status, 201);
  const std::string token = made.Text("key");
  EXPECT_TRUE(token.starts_with("shk_"));
  EXPECT_EQ(token.size(), 47u);
  EXPECT_EQ(made.body, R"({"id":")" + made.Text("id") +
                           R"(","name":"Sync","scope":{"venue_id":"v1"},"rights":["manage"],"prefix":")" +
                           token.substr(0, 12) + R"(","expires_at":null,"created_at":1731493800000,"key":")" + token +
                           "\"}");
  EXPECT_EQ(made.Header("Location"), "/api/api-keys/" + made.Text("id"));
  const auto read = Call("GET", made.Header("Location"));
  EXPECT_EQ(read.status, 200);
  EXPECT_EQ(read.json().Find("key"), nullptr);
  EXPECT_EQ(Call("GET", "/api/api-keys").body.find(token), std::string::npos);
  Use(token);
  EXPECT_EQ(Call("GET", "/api/venues/v1").status, 200);
  EXPECT_EQ(Call("GET", "/api/venues/v2").status, 404);
  Reopen();
  EXPECT_EQ(Call("GET", "/api/venues/v1").status, 200);
}

TEST_F(ApiKeys, NameWhatIsWrong) {
  EXPECT_EQ(Call("POST", "/api/api-keys", R"({"key":"x"})").BadFields(), "name,scope,key");
  const auto with = [&](std::string_view members) {
    return Call("POST", "/api/api-keys", R"({"name":"n",)" + std::string(members) + "}").BadFields();
  };
  EXPECT_EQ(with(R"("scope":7)"), "scope");
  EXPECT_EQ(with(R"("scope":{"venue_id":"no"})"), "scope.venue_id");
  EXPECT_EQ(with(R"("scope":{"venue_id":"v1","venues_group_id":"g1"})"), "scope.venues_group_id");
  EXPECT_EQ(with(R"("scope":{"venue":"v1"})"), "scope.venue");
  EXPECT_EQ(with(R"("scope":{},"rights":"read")"), "rights");
  EXPECT_EQ(with(R"("scope":{},"rights":[])"), "rights");
  EXPECT_EQ(with(R"("scope":{},"rights":["fly"])"), "rights");
  EXPECT_EQ(with(R"("scope":{},"expires_at":1731493800000)"), "expires_at");
  EXPECT_EQ(with(R"("scope":{},"expires_at":"soon")"), "expires_at");
  EXPECT_EQ(with(R"("scope":{},"expires_at":null,"rights":null)"), "");
}

// A client that leaves out the venue by mistake must not get a key to everything.
TEST_F(ApiKeys, AreNoAdminKeysForAScopeThatNamesNull) {
  const auto bad = [&](std::string_view scope) {
    return Call("POST", "/api/api-keys", R"({"name":"n","scope":)" + std::string(scope) + "}").BadFields();
  };
  EXPECT_EQ(bad(R"({"venue_id":null})"), "scope.venue_id");
  EXPECT_EQ(bad(R"({"venues_group_id":null})"), "scope.venues_group_id");
  EXPECT_EQ(bad(R"({"venue_id":null,"venues_group_id":null})"), "scope.venue_id,scope.venues_group_id");
  EXPECT_EQ(bad(R"({"venue_id":""})"), "scope.venue_id");
  EXPECT_EQ(bad("null"), "scope");
}

TEST_F(ApiKeys, EndWhenTheyExpire) {
  const auto made =
      Call("POST", "/api/api-keys", R"({"name":"n","scope":{},"rights":["read"],"expires_at":1731493860000})");
  EXPECT_EQ(made.json().Find("expires_at")->integer(), 1'731'493'860'000);
  Use(made.Text("key"));
  EXPECT_EQ(Call("GET", "/api/venues").status, 200);
  clock().Advance(Milliseconds(59'999));
  EXPECT_EQ(Call("GET", "/api/venues").status, 200);
  clock().Advance(Milliseconds(1));
  const auto expired = Call("GET", "/api/venues");
  EXPECT_EQ(expired.status, 401);
  EXPECT_EQ(expired.Header("WWW-Authenticate"), "Bearer realm=\"shakehook\", error=\"invalid_token\"");
}

TEST_F(ApiKeys, GiveNoneThatOutlivesThem) {
  Use(MakeKey(Scope::All(), {Right::kManage}, FromUnixMs(1'731'493'860'000)));
  const auto made = Call("POST", "/api/api-keys", R"({"name":"n","scope":{}})");
  EXPECT_EQ(made.json().Find("expires_at")->integer(), 1'731'493'860'000);
  const std::string path = made.Header("Location");
  for (const char* later : {"null", "1731493860001"}) {
    const std::string member = "\"expires_at\":" + std::string(later) + "}";
    EXPECT_EQ(Call("POST", "/api/api-keys", R"({"name":"n","scope":{},)" + member).BadFields(), "expires_at");
    EXPECT_EQ(Call("PATCH", path, "{" + member).BadFields(), "expires_at");
  }
  EXPECT_EQ(Call("PATCH", path, R"({"name":"m","expires_at":1731493859999})").status, 200);
}

TEST_F(ApiKeys, ManageOnlyTheirOwnScope) {
  const auto admins = Call("POST", "/api/api-keys", R"({"name":"all","scope":{}})").Text("id");
  const auto groups = Call("POST", "/api/api-keys", R"({"name":"g","scope":{"venues_group_id":"g1"}})");
  const auto elsewhere = Call("POST", "/api/api-keys", R"({"name":"v3","scope":{"venue_id":"v3"}})").Text("id");
  Use(groups.Text("key"));
  const auto bad = [&](std::string_view scope) {
    return Call("POST", "/api/api-keys", R"({"name":"n","scope":)" + std::string(scope) + "}").BadFields();
  };
  EXPECT_EQ(bad("{}"), "scope");
  EXPECT_EQ(bad(R"({"venue_id":"v3"})"), "scope.venue_id");
  EXPECT_EQ(bad(R"({"venues_group_id":"g2"})"), "scope.venues_group_id");
  const auto venues = Call("POST", "/api/api-keys", R"({"name":"v1","scope":{"venue_id":"v1"}})");
  EXPECT_EQ(venues.status, 201);
  const std::string missing = Call("GET", "/api/api-keys/018f0000-0000-7000-8000-000000000000").body;
  for (const std::string& id : {admins, elsewhere, std::string("x")}) {
    for (const auto& [method, body] : {std::pair("GET", ""), {"PATCH", "{}"}, {"DELETE", ""}}) {
      EXPECT_EQ(Call(method, "/api/api-keys/" + id, body).body, missing);
    }
  }
  EXPECT_EQ(Call("GET", "/api/api-keys").json().Find("data")->array()->size(), 2u);
  Use(venues.Text("key"));
  EXPECT_EQ(Call("GET", "/api/api-keys").json().Find("data")->array()->size(), 1u);
  EXPECT_EQ(Call("GET", "/api/api-keys/" + groups.Text("id")).body, missing);
  EXPECT_EQ(bad(R"({"venues_group_id":"g1"})"), "scope.venues_group_id");
}

TEST_F(ApiKeys, NeedTheRightToManage) {
  const auto made = Call("POST", "/api/api-keys", R"({"name":"n","scope":{},"rights":["write","read","read"]})");
  EXPECT_NE(made.body.find(R"("rights":["read","write"])"), std::string::npos);
  Use(made.Text("key"));
  EXPECT_EQ(Call("GET", "/api/api-keys").status, 403);
  EXPECT_EQ(Call("POST", "/api/api-keys", R"({"name":"n","scope":{}})").status, 403);
  EXPECT_EQ(Call("GET", "/api/venues").status, 200);
}

TEST_F(ApiKeys, AreEditedAndRevoked) {
  const auto made = Call("POST", "/api/api-keys", R"({"name":"n","scope":{"venue_id":"v1"}})");
  const std::string path = made.Header("Location");
  EXPECT_EQ(Call("PATCH", path, R"({"scope":{},"prefix":"x","key":"y"})").BadFields(), "scope,prefix,key");
  EXPECT_EQ(Call("PATCH", path, R"({"name":"","rights":null})").BadFields(), "name,rights");
  const auto edited = Call("PATCH", path, R"({"name":"m","rights":["read"],"expires_at":1731493860000})");
  EXPECT_EQ(edited.status, 200);
  EXPECT_EQ(edited.Text("name"), "m");
  EXPECT_EQ(edited.Header("ETag"), "\"2\"");
  EXPECT_EQ(Call("PATCH", path, R"({"expires_at":null})", {{"if-match", "\"1\""}}).status, 412);
  EXPECT_EQ(Call("PATCH", path, R"({"expires_at":null})").json().Find("expires_at")->is_null(), true);
  Use(made.Text("key"));
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", "{}").status, 403);
  UseAdmin();
  EXPECT_EQ(Call("DELETE", path).status, 204);
  EXPECT_EQ(Call("GET", path).status, 404);
  Use(made.Text("key"));
  EXPECT_EQ(Call("GET", "/api/venues/v1").status, 401);
}

TEST_F(ApiKeys, AreListedByPage) {
  for (int i = 0; i < 3; ++i) {
    clock().Advance(Milliseconds(1));
    Call("POST", "/api/api-keys", R"({"name":")" + std::to_string(i) + R"(","scope":{}})");
  }
  const auto first = Call("GET", "/api/api-keys?limit=3");  // the bootstrap key is the oldest
  EXPECT_EQ(first.json().Find("data")->array()->size(), 3u);
  const auto second = Call("GET", "/api/api-keys?limit=3&cursor=" + first.Text("next_cursor"));
  ASSERT_EQ(second.json().Find("data")->array()->size(), 1u);
  EXPECT_EQ(*second.json().Find("data")->array()->at(0).Find("name"), Json("2"));
  EXPECT_TRUE(second.json().Find("next_cursor")->is_null());
}

TEST_F(ApiKeys, HoldAVenueInPlace) {
  Call("POST", "/api/api-keys", R"({"name":"n","scope":{"venue_id":"v3"}})");
  EXPECT_EQ(Call("DELETE", "/api/venues/v3").Text("detail"), "The venue still holds 1 API key.");
}

}  // namespace
}  // namespace shakehook
