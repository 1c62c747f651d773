#include <gtest/gtest.h>

#include "testing/api/api_test_server.h"

namespace shakehook {
namespace {

using Venues = ApiTest;
using VenuesGroups = ApiTest;

TEST_F(Venues, AreMadeReadEditedAndDeleted) {
  const auto made = Call("POST", "/api/venues", R"({"id":"v9","name":"Nine","venues_group_id":"g1"})");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.body, R"({"id":"v9","name":"Nine","venues_group_id":"g1","created_at":1731493800000,)"
                       R"("updated_at":1731493800000})");
  EXPECT_EQ(made.Header("Location"), "/api/venues/v9");
  EXPECT_EQ(made.Header("ETag"), "\"1\"");
  EXPECT_EQ(Call("GET", "/api/venues/v9").body, made.body);
  clock().Advance(Milliseconds(1'000));
  const auto edited = Call("PATCH", "/api/venues/v9", R"({"name":"Neuf","venues_group_id":null})");
  EXPECT_EQ(edited.status, 200);
  EXPECT_EQ(edited.body, R"({"id":"v9","name":"Neuf","venues_group_id":null,"created_at":1731493800000,)"
                         R"("updated_at":1731493801000})");
  EXPECT_EQ(edited.Header("ETag"), "\"2\"");
  const auto same = Call("PATCH", "/api/venues/v9", edited.body);
  EXPECT_EQ(same.status, 200);
  EXPECT_EQ(same.Header("ETag"), "\"2\"");
  EXPECT_EQ(Call("PATCH", "/api/venues/v9", "{}", {{"if-match", "\"1\""}}).status, 412);
  EXPECT_EQ(Call("DELETE", "/api/venues/v9", "", {{"if-match", "\"1\""}}).status, 412);
  EXPECT_EQ(Call("DELETE", "/api/venues/v9", "", {{"if-match", "\"2\""}}).status, 204);
  EXPECT_EQ(Call("GET", "/api/venues/v9").status, 404);
  EXPECT_EQ(Call("DELETE", "/api/venues/v9").status, 404);
}

TEST_F(Venues, NameWhatIsWrong) {
  EXPECT_EQ(Call("POST", "/api/venues", R"({"id":"a b","venues_group_id":"nope","colour":1})").BadFields(),
            "id,name,venues_group_id,colour");
  EXPECT_EQ(Call("POST", "/api/venues", R"({"name":7})").BadFields(), "name");
  EXPECT_EQ(Call("POST", "/api/venues", R"({"name":""})").BadFields(), "name");
  EXPECT_EQ(Call("POST", "/api/venues", "{\"name\":\"" + std::string(257, 'x') + "\"}").BadFields(), "name");
  EXPECT_EQ(Call("PATCH", "/api/venues/v1", R"({"name":null})").BadFields(), "name");
  EXPECT_EQ(Call("PATCH", "/api/venues/v1", R"({"id":"v2","created_at":1})").BadFields(), "id,created_at");
  EXPECT_EQ(Call("PATCH", "/api/venues/v1", R"({"venues_group_id":"nope"})").BadFields(), "venues_group_id");
  EXPECT_EQ(Call("POST", "/api/venues", R"({"id":"v1","name":"One"})").status, 409);
  EXPECT_NE(Uuid::Parse(Call("POST", "/api/venues", R"({"name":"Any"})").Text("id")), std::nullopt);
}

TEST_F(Venues, ThatHoldSomethingAreNotDeleted) {
  Call("POST", "/api/venues/v3/contacts", R"({"id":"c"})");
  const auto refused = Call("DELETE", "/api/venues/v3");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.Text("detail"), "The venue still holds 1 contact.");
  Call("DELETE", "/api/venues/v3/contacts/c");
  EXPECT_EQ(Call("DELETE", "/api/venues/v3").status, 204);
  EXPECT_EQ(Call("GET", "/api/venues/v3/contacts").status, 404);
}

TEST_F(Venues, AreListedAsFarAsTheKeySees) {
  const auto ids = [&](std::string_view query) {
    std::string found;
    const Json page = Call("GET", "/api/venues" + std::string(query)).json();
    for (const Json& venue : *page.Find("data")->array()) found += *venue.Find("id")->text();
    if (!page.Find("next_cursor")->is_null()) found += "+";
    return found;
  };
  EXPECT_EQ(ids(""), "v1v2v3");
  EXPECT_EQ(ids("?limit=2"), "v1v2+");
  EXPECT_EQ(ids("?limit=2&cursor=" + Call("GET", "/api/venues?limit=2").Text("next_cursor")), "v3");
  Use(MakeKey(Scope::Of(VenuesGroupId{"g1"}), {Right::kRead}));
  EXPECT_EQ(ids("?limit=2"), "v1v2");
  EXPECT_EQ(Call("GET", "/api/venues/v3").body, Call("GET", "/api/venues/nowhere").body);
  UseAdmin();
  Use(MakeKey(Scope::Of(VenueId{"v2"})));
  EXPECT_EQ(ids(""), "v2");
  EXPECT_EQ(Call("GET", "/api/venues/v1").status, 404);
}

TEST_F(Venues, AreTheAdminKeysToChange) {
  for (const Scope& scope : {Scope::Of(VenuesGroupId{"g1"}), Scope::Of(VenueId{"v1"})}) {
    UseAdmin();
    Use(MakeKey(scope));
    EXPECT_EQ(Call("POST", "/api/venues", R"({"name":"x"})").status, 403);
    EXPECT_EQ(Call("PATCH", "/api/venues/v1", R"({"name":"x"})").status, 403);
    EXPECT_EQ(Call("DELETE", "/api/venues/v1").status, 403);
    EXPECT_EQ(Call("DELETE", "/api/venues/v3").status, 404);
    EXPECT_EQ(Call("POST", "/api/venues-groups", R"({"name":"x"})").status, 403);
  }
  UseAdmin();
  Use(MakeKey(Scope::All(), {Right::kRead, Right::kWrite}));
  EXPECT_EQ(Call("POST", "/api/venues", R"({"name":"x"})").status, 403);
  EXPECT_EQ(Call("GET", "/api/venues/v1").status, 200);
}

TEST_F(Venues, MovedToAnotherGroupSayItInLaterEvents) {
  Call("POST", "/api/venues-groups", R"({"id":"g2","name":"Second"})");
  Call("POST", "/api/venues/v1/contacts", R"({"id":"c"})");
  EXPECT_EQ(Call("PATCH", "/api/venues/v1", R"({"venues_group_id":"g2"})").status, 200);
  Call("PATCH", "/api/venues/v1/contacts/c", R"({"city":"Paris"})");
  EXPECT_NE(Payloads().at(0).find(R"("venues_group_id":"g1")"), std::string::npos);
  EXPECT_NE(Payloads().at(1).find(R"("venues_group_id":"g2")"), std::string::npos);
}

TEST_F(VenuesGroups, AreMadeReadEditedAndDeleted) {
  const auto made = Call("POST", "/api/venues-groups", R"({"id":"g9","name":"Nine"})");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.body, R"({"id":"g9","name":"Nine","created_at":1731493800000,"updated_at":1731493800000})");
  EXPECT_EQ(made.Header("Location"), "/api/venues-groups/g9");
  EXPECT_EQ(Call("GET", "/api/venues-groups/g9").body, made.body);
  const auto edited = Call("PATCH", "/api/venues-groups/g9", R"({"name":"Neuf"})", {{"if-match", "\"1\""}});
  EXPECT_EQ(edited.Text("name"), "Neuf");
  EXPECT_EQ(edited.Header("ETag"), "\"2\"");
  EXPECT_EQ(Call("PATCH", "/api/venues-groups/g9", R"({"name":"x"})", {{"if-match", "\"1\""}}).status, 412);
  EXPECT_EQ(Call("PATCH", "/api/venues-groups/g9", R"({"name":"","size":1})").BadFields(), "name,size");
  EXPECT_EQ(Call("POST", "/api/venues-groups", R"({"id":"g9","name":"x"})").status, 409);
  EXPECT_EQ(Call("POST", "/api/venues-groups", R"({"id":"?"})").BadFields(), "id,name");
  EXPECT_EQ(Call("DELETE", "/api/venues-groups/g9").status, 204);
  EXPECT_EQ(Call("GET", "/api/venues-groups/g9").status, 404);
}

TEST_F(VenuesGroups, ThatHoldSomethingAreNotDeleted) {
  const auto refused = Call("DELETE", "/api/venues-groups/g1");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.Text("detail"), "The venues group still holds 2 venues.");
}

TEST_F(VenuesGroups, AreSeenByTheirOwnKeysAndByAdmins) {
  Call("POST", "/api/venues-groups", R"({"id":"g2","name":"Second"})");
  EXPECT_EQ(Call("GET", "/api/venues-groups").json().Find("data")->array()->size(), 2u);
  EXPECT_EQ(Call("GET", "/api/venues-groups?limit=1").json().Find("next_cursor")->is_null(), false);
  Use(MakeKey(Scope::Of(VenuesGroupId{"g1"})));
  EXPECT_EQ(Call("GET", "/api/venues-groups").json().Find("data")->array()->size(), 1u);
  EXPECT_EQ(Call("GET", "/api/venues-groups/g1").status, 200);
  EXPECT_EQ(Call("GET", "/api/venues-groups/g2").body, Call("GET", "/api/venues-groups/nowhere").body);
  EXPECT_EQ(Call("PATCH", "/api/venues-groups/g1", R"({"name":"x"})").status, 403);
  EXPECT_EQ(Call("DELETE", "/api/venues-groups/g1").status, 403);
  EXPECT_EQ(Call("DELETE", "/api/venues-groups/g2").status, 404);
  Use(MakeKey(Scope::Of(VenueId{"v1"})));
  EXPECT_EQ(Call("GET", "/api/venues-groups").json().Find("data")->array()->size(), 0u);
  EXPECT_EQ(Call("GET", "/api/venues-groups/g1").status, 404);
}

TEST_F(Venues, AreStillThereAfterARestart) {
  Reopen();
  EXPECT_EQ(Call("GET", "/api/venues").json().Find("data")->array()->size(), 3u);
  EXPECT_EQ(Call("PATCH", "/api/venues/v1", R"({"name":"Uno"})").Header("ETag"), "\"2\"");
  Reopen();
  EXPECT_EQ(Call("GET", "/api/venues/v1").Text("name"), "Uno");
}

}  // namespace
}  // namespace shakehook
