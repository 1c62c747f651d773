// Lists of webhooks: filtered by place, words and condition, sorted with trouble first; and their counts.
#include "testing/api/api_world_fixture.h"

namespace shakehook {
namespace {

class WebhookLists : public ApiWorld {
 protected:
  WebhookLists() {
    Call("POST", "/api/venues-groups", R"({"id":"g","name":"Maisons de Paris"})");
    Call("POST", "/api/venues", R"({"id":"w","name":"Café d'Été","venues_group_id":"g"})");
    Make("Alpha", R"({"venue_id":"v"})");
    Make("Beta", R"({"venue_id":"w"})");
    Make("Gamma", R"({"venues_group_id":"g"})");
  }

  void Make(const std::string& name, const std::string& scope) {
    const auto made =
        Call("POST", "/api/webhooks",
             R"({"name":")" + name +
                 R"(","url":"https://receiver.example/hook","events":["contact.created"],"scope":)" + scope + "}");
    ASSERT_EQ(made.status, 201) << made.body;
  }

  std::vector<std::string> Names(const std::string& query) {
    const auto response = Call("GET", "/api/webhooks" + query);
    EXPECT_EQ(response.status, 200) << response.body;
    std::vector<std::string> names;
    for (const Json& each : *response.json().Find("data")->array()) names.push_back(*each.Find("name")->text());
    return names;
  }

  using Texts = std::vector<std::string>;
};

TEST_F(WebhookLists, HoldWhatIsOwedAPlacesEvents) {
  EXPECT_EQ(Names("?sort=name&venue_id=v"), Texts({"Alpha"}));
  EXPECT_EQ(Names("?sort=name&venue_id=w"), Texts({"Beta", "Gamma"}));
  EXPECT_EQ(Names("?sort=-name&venues_group_id=g"), Texts({"Gamma", "Beta"}));
  EXPECT_EQ(Call("GET", "/api/webhooks?venue_id=nowhere").status, 422);
}

TEST_F(WebhookLists, FindWordsOfNamesAndOfTheirVenuesWithoutAccents) {
  EXPECT_EQ(Names("?q=ete"), Texts({"Beta"}));
  EXPECT_EQ(Names("?q=paris%20gam"), Texts({"Gamma"}));
  EXPECT_EQ(Names("?q=nothing"), Texts({}));
}

TEST_F(WebhookLists, ArePagedInTheOrderThatWasAskedForAndSayHowManyThereAre) {
  Texts names;
  std::string cursor;
  do {
    const Json page = Call("GET", "/api/webhooks?sort=-name&limit=1" + cursor).json();
    EXPECT_EQ(*page.Find("total"), Json(3));
    names.push_back(*page.Find("data")->array()->at(0).Find("name")->text());
    const Json& next = *page.Find("next_cursor");
    cursor = next.is_null() ? "" : "&cursor=" + *next.text();
  } while (!cursor.empty());
  EXPECT_EQ(names, Texts({"Gamma", "Beta", "Alpha"}));
}

TEST_F(WebhookLists, BeginWithTroubleAndCountIt) {
  response_.status = 500;
  for (int i = 0; i < 6; ++i) {
    Call("POST", "/api/venues/w/contacts", R"({"first_name":"Guest"})");
  }
  world_.Run(Milliseconds(2'000));
  EXPECT_EQ(Names("?sort=trouble"), Texts({"Beta", "Gamma", "Alpha"}));
  EXPECT_EQ(Names("?condition=failing&sort=name"), Texts({"Beta", "Gamma"}));
  EXPECT_EQ(Names("?condition=unused&condition=healthy"), Texts({"Alpha"}));
  const Json counts = Call("GET", "/api/webhook-counts").json();
  EXPECT_EQ(*counts.Find("conditions")->Find("failing"), Json(2));
  EXPECT_EQ(*counts.Find("pending"), Json(12));
  EXPECT_EQ(counts.Find("scopes")->array()->size(), 3u);
  const Json health =
      *Call("GET", "/api/webhooks?condition=failing&limit=1").json().Find("data")->array()->at(0).Find("health");
  EXPECT_EQ(*health.Find("condition"), Json("failing"));
  EXPECT_EQ(*health.Find("code"), Json("all_fail"));
  EXPECT_EQ(*health.Find("params")->Find("count"), Json(6));
}

TEST_F(WebhookLists, HoldThoseThatTheQueryNames) {
  const Json all = Call("GET", "/api/webhooks?sort=name").json();
  const std::string id = *all.Find("data")->array()->at(1).Find("id")->text();
  EXPECT_EQ(Names("?id=" + id), Texts({"Beta"}));
  EXPECT_EQ(Names("?id=" + id + "&id=" + id + "&id=none"), Texts({"Beta"}));
}

TEST_F(WebhookLists, RefuseWhatTheyDoNotKnow) {
  EXPECT_EQ(Call("GET", "/api/webhooks?sort=url").status, 422);
  EXPECT_EQ(Call("GET", "/api/webhooks?condition=fine").status, 422);
}

}  // namespace
}  // namespace shakehook
