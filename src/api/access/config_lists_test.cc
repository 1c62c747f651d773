// The lists of venues, groups, API keys, users and inboxes: searched, filtered, sorted, counted and paged by the
// server.
#include "testing/api/api_test_server.h"

namespace shakehook {
namespace {

class ConfigLists : public ApiTest {
 protected:
  // The names on all pages of `path`, in their order; a comma after each.
  std::string Names(const std::string& path) {
    std::string names, cursor;
    for (int pages = 0; pages < 100; ++pages) {
      const auto page = Call("GET", path + (path.contains('?') ? "&limit=2" : "?limit=2") + cursor);
      EXPECT_EQ(page.status, 200) << page.body;
      const Json json = page.json();
      for (const Json& item : *json.Find("data")->array()) names += *item.Find("name")->text() + ",";
      if (page.Text("next_cursor").empty()) return names;
      cursor = "&cursor=" + page.Text("next_cursor");
    }
    ADD_FAILURE() << "the list does not end";
    return names;
  }
  std::int64_t Total(const std::string& path) {
    const Json json = Call("GET", path).json();
    const Json* const total = json.Find("total");
    return total == nullptr ? -1 : *total->integer();
  }
  void Make(const std::string& path, const std::string& body) {
    clock().Advance(Milliseconds(10));
    const auto made = Call("POST", path, body);
    ASSERT_EQ(made.status, 201) << made.body;
  }
  void MakeKeyNamed(const std::string& name, const std::string& scope, const std::string& more = "") {
    Make("/api/api-keys", R"({"name":")" + name + R"(","rights":["read"],"scope":)" + scope + more + "}");
  }
  void MakeInbox(const std::string& name, const std::string& scope) {
    Make("/api/inboxes", R"({"name":")" + name + R"(","scope":)" + scope + "}");
  }
  void MakeUser(const std::string& name, const std::string& role, const std::string& scope) {
    Make("/api/users", R"({"name":")" + name + R"(","email":")" + name + R"(@example.com","role":")" + role +
                           R"(","scope":)" + scope + R"(,"password":"a long password"})");
  }
};

TEST_F(ConfigLists, OfVenuesAreSortedByNameWithoutAccents) {
  Make("/api/venues", R"({"id":"a9","name":"Étoile"})");
  Make("/api/venues", R"({"id":"a8","name":"zinc"})");
  EXPECT_EQ(Names("/api/venues?sort=name"), "Étoile,One,Three,Two,zinc,");
  EXPECT_EQ(Names("/api/venues?sort=-name"), "zinc,Two,Three,One,Étoile,");
  EXPECT_EQ(Names("/api/venues?sort=-created_at"), "zinc,Étoile,Three,Two,One,");
  EXPECT_EQ(Names("/api/venues?sort=name&venues_group_id=g1"), "One,Two,");
  EXPECT_EQ(Names("/api/venues?sort=name&q=etoile"), "Étoile,");
  EXPECT_EQ(Total("/api/venues?sort=name&limit=1"), 5);
  EXPECT_EQ(Total("/api/venues?limit=1"), -1);
  EXPECT_EQ(Names("/api/venues"), "zinc,Étoile,One,Two,Three,");
  EXPECT_EQ(Call("GET", "/api/venues?sort=size").BadFields(), "sort");
}

TEST_F(ConfigLists, OfGroupsAreSearchedAndSorted) {
  Make("/api/venues-groups", R"({"id":"g2","name":"Auberges du Sud"})");
  EXPECT_EQ(Names("/api/venues-groups?sort=name"), "Auberges du Sud,Group,");
  EXPECT_EQ(Names("/api/venues-groups?sort=-created_at"), "Auberges du Sud,Group,");
  EXPECT_EQ(Names("/api/venues-groups?q=sud"), "Auberges du Sud,");
  EXPECT_EQ(Total("/api/venues-groups?sort=name"), 2);
  EXPECT_EQ(Call("GET", "/api/venues-groups?sort=id").BadFields(), "sort");
}

TEST_F(ConfigLists, OfKeysKnowTheirPlace) {
  MakeKeyNamed("Cabaret", R"({"venue_id":"v1"})", R"(,"expires_at":4000000000000)");
  MakeKeyNamed("Abeille", R"({"venue_id":"v3"})");
  MakeKeyNamed("Bistro", R"({"venues_group_id":"g1"})", R"(,"expires_at":3000000000000)");
  EXPECT_EQ(Names("/api/api-keys?sort=name&venue_id=v1"), "Bistro,Cabaret,");
  EXPECT_EQ(Names("/api/api-keys?sort=-name&venues_group_id=g1"), "Cabaret,Bistro,");
  EXPECT_EQ(Names("/api/api-keys?sort=created_at&venues_group_id=g1"), "Cabaret,Bistro,");
  EXPECT_EQ(Names("/api/api-keys?q=three"), "Abeille,");
  EXPECT_TRUE(Names("/api/api-keys?sort=expires_at").starts_with("Bistro,Cabaret,"));
  EXPECT_EQ(Total("/api/api-keys?sort=name&venues_group_id=g1&limit=1"), 2);
  EXPECT_EQ(Call("GET", "/api/api-keys?venue_id=none").BadFields(), "venue_id");
  EXPECT_EQ(Call("GET", "/api/api-keys?venue_id=v1&venues_group_id=g1").BadFields(), "venues_group_id");
  Use(MakeKey(Scope::Of(VenueId{"v3"})));
  EXPECT_EQ(Call("GET", "/api/api-keys?venue_id=v1").BadFields(), "venue_id");
  EXPECT_EQ(Names("/api/api-keys?sort=name&q=a"), "Abeille,");
  EXPECT_EQ(Names("/api/api-keys?q=bistro"), "");
}

TEST_F(ConfigLists, OfUsersAreFilteredByRole) {
  MakeUser("carl", "viewer", R"({"venue_id":"v1"})");
  MakeUser("anna", "manager", R"({"venues_group_id":"g1"})");
  MakeUser("bert", "viewer", R"({"venue_id":"v3"})");
  EXPECT_EQ(Names("/api/users?sort=name"), "anna,bert,carl,");
  EXPECT_EQ(Names("/api/users?sort=-email&role=viewer"), "carl,bert,");
  EXPECT_EQ(Names("/api/users?sort=name&venue_id=v1"), "anna,carl,");
  EXPECT_EQ(Names("/api/users?sort=created_at&q=example"), "carl,anna,bert,");
  EXPECT_EQ(Names("/api/users?role=manager"), "anna,");
  EXPECT_EQ(Total("/api/users?sort=last_signed_in_at&limit=1"), 3);
  EXPECT_EQ(Call("GET", "/api/users?role=owner&sort=age").BadFields(), "sort,role");
}

TEST_F(ConfigLists, OfInboxesAreFoundByUrl) {
  const auto address = boost::asio::ip::make_address("127.0.0.1");
  policy().SetOwnListener(address, 8080);
  policy().SetInboxes(address, 8080, TargetUrl::Scheme::kHttp, [](std::string_view) { return true; });
  MakeInbox("Bac", R"({"venue_id":"v1"})");
  MakeInbox("Aile", R"({"venues_group_id":"g1"})");
  MakeInbox("Cour", R"({"venue_id":"v3"})");
  EXPECT_EQ(Names("/api/inboxes?sort=name"), "Aile,Bac,Cour,");
  EXPECT_EQ(Names("/api/inboxes?sort=-created_at"), "Cour,Aile,Bac,");
  EXPECT_EQ(Names("/api/inboxes?sort=name&venue_id=v1"), "Aile,Bac,");
  EXPECT_EQ(Names("/api/inboxes?q=three"), "Cour,");
  const Json all = Call("GET", "/api/inboxes?sort=name").json();
  const std::string url = *all.Find("data")->array()->at(1).Find("url")->text();
  EXPECT_EQ(Names("/api/inboxes?url=" + url), "Bac,");
  EXPECT_EQ(Names("/api/inboxes?url=https://crm.example/"), "");
  EXPECT_EQ(Total("/api/inboxes?sort=name"), 3);
}

TEST_F(ConfigLists, RefuseACursorOfAnotherKind) {
  EXPECT_EQ(Call("GET", "/api/venues?cursor=zzz").BadFields(), "cursor");
  for (const char* const path : {"/api/api-keys", "/api/users", "/api/inboxes", "/api/venues-groups"}) {
    EXPECT_EQ(Call("GET", std::string(path) + "?cursor=zzz").BadFields(), "cursor") << path;
  }
}

}  // namespace
}  // namespace shakehook
