#include <gtest/gtest.h>

#include "testing/api/api_test_server.h"

namespace shakehook {
namespace {

class ResourceLists : public ApiTest {
 protected:
  std::string Make(const std::string& venue, const std::string& body) {
    clock().Advance(Milliseconds(1));
    const auto made = Call("POST", "/api/venues/" + venue + "/contacts", body);
    EXPECT_EQ(made.status, 201) << made.body;
    return made.body;
  }
  static std::string IdsOf(const Json& page) {
    std::string ids;
    for (const Json& each : *page.Find("data")->array()) {
      ids += (ids.empty() ? "" : " ") + *each.Find("data")->Find("id")->text();
    }
    return ids;
  }
  std::string Ids(const std::string& query) {
    const auto page = Call("GET", "/api/contacts?" + query);
    EXPECT_EQ(page.status, 200) << page.body;
    return page.status == 200 ? IdsOf(page.json()) : "";
  }
};

TEST_F(ResourceLists, ListAVenueOrAWholeGroupSorted) {
  Make("v1", R"({"id":"a","last_name":"Zola","email":"m@x.example"})");
  const std::string b = Make("v2", R"({"id":"b","last_name":"Éluard"})");
  Make("v1", R"({"id":"c","last_name":"Dumas","email":"a@x.example"})");
  Make("v3", R"({"id":"d","last_name":"Elsewhere"})");
  EXPECT_EQ(Ids("venues_group_id=g1"), "c b a");
  EXPECT_EQ(Ids("venues_group_id=g1&sort=name"), "c b a");
  EXPECT_EQ(Ids("venues_group_id=g1&sort=-name"), "a b c");
  EXPECT_EQ(Ids("venues_group_id=g1&sort=created_at"), "a b c");
  EXPECT_EQ(Ids("venues_group_id=g1&sort=email"), "c a b");
  EXPECT_EQ(Ids("venue_id=v1&sort=name"), "c a");
  EXPECT_EQ(Ids("venues_group_id=g1&q=%C3%89LU"), "b");
  for (const char* sort : {"name", "-name", "created_at", "updated_at", "email"}) {
    EXPECT_EQ(Ids(std::string("venues_group_id=g1&q=elu&sort=") + sort), "b") << sort;
    EXPECT_EQ(Ids(std::string("venues_group_id=g1&q=x.example+zola&sort=") + sort), "a") << sort;
  }
  const auto first = Call("GET", "/api/contacts?venues_group_id=g1&sort=name&limit=2");
  EXPECT_EQ(IdsOf(first.json()), "c b");
  EXPECT_NE(first.body.find(R"({"venue_id":"v2","updated_at":)" + std::to_string(UnixMs(clock().Now()) - 2) +
                            R"(,"data":)" + b + "}"),
            std::string::npos)
      << first.body;
  EXPECT_EQ(Ids("venues_group_id=g1&sort=name&limit=2&cursor=" + first.Text("next_cursor")), "a");
}

TEST_F(ResourceLists, SortByTheirLastChange) {
  Make("v1", R"({"id":"a"})");
  Make("v1", R"({"id":"b"})");
  clock().Advance(Milliseconds(1));
  EXPECT_EQ(Call("PATCH", "/api/venues/v1/contacts/a", R"({"city":"Paris"})").status, 200);
  EXPECT_EQ(Ids("venue_id=v1&sort=-updated_at"), "a b");
}

TEST_F(ResourceLists, ShowAKeyNothingOutsideItsScope) {
  Make("v1", R"({"id":"a"})");
  Make("v3", R"({"id":"d"})");
  Use(MakeKey(Scope::Of(VenueId{"v1"})));
  EXPECT_EQ(Ids("venue_id=v1"), "a");
  const auto group = Call("GET", "/api/contacts?venues_group_id=g1");
  EXPECT_EQ(group.status, 422);
  const auto none = Call("GET", "/api/contacts?venues_group_id=none");
  EXPECT_EQ(group.body, none.body);
  Use(MakeKey(Scope::Of(VenuesGroupId{"g1"})));
  EXPECT_EQ(Ids("venues_group_id=g1"), "a");
  EXPECT_EQ(Ids("venue_id=v1"), "a");
  EXPECT_EQ(Call("GET", "/api/contacts?venue_id=v3").body, Call("GET", "/api/contacts?venue_id=none").body);
}

TEST_F(ResourceLists, RefuseWhatIsNotThere) {
  const auto fields = [this](const std::string& query) {
    const auto refused = Call("GET", query);
    EXPECT_EQ(refused.status, 422) << query;
    return refused.BadFields();
  };
  EXPECT_EQ(fields("/api/contacts"), "venue_id");
  EXPECT_EQ(fields("/api/contacts?venue_id=none"), "venue_id");
  EXPECT_EQ(fields("/api/contacts?venue_id=v1&venues_group_id=g1"), "venues_group_id");
  EXPECT_EQ(fields("/api/contacts?venue_id=v1&sort=phone"), "sort");
  EXPECT_EQ(fields("/api/accounts?venue_id=v1&sort=email"), "sort");
  EXPECT_EQ(fields("/api/contacts?venue_id=v1&cursor=x&limit=0"), "limit,cursor");
  Make("v1", R"({"id":"a"})");
  Make("v1", R"({"id":"b"})");
  const std::string cursor = Call("GET", "/api/contacts?venue_id=v1&limit=1").Text("next_cursor");
  EXPECT_EQ(fields("/api/contacts?venue_id=v1&sort=name&cursor=" + cursor), "cursor");
}

}  // namespace
}  // namespace shakehook
