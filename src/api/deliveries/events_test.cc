#include <gtest/gtest.h>

#include "testing/api/api_test_server.h"

namespace shakehook {
namespace {

class Events : public ApiTest {
 protected:
  // Returns the ids of resources in the order in which a list gives their events.
  std::string Listed(const std::string& query = "") {
    std::string ids;
    const Json page = Call("GET", "/api/events" + query).json();
    for (const Json& event : *page.Find("data")->array()) {
      if (!ids.empty()) ids += ',';
      ids += *event.Find("resource_id")->text();
    }
    return ids;
  }
  Response Publish(const std::string& id, const std::string& more = "") {
    return Call("POST", "/api/events",
                R"({"event":"contact.updated","venue_id":"v1","data":{"id":")" + id + "\"}" + more + "}");
  }
};

TEST_F(Events, ArePublishedAsTheyAreGiven) {
  const auto made =
      Call("POST", "/api/events",
           R"({ "event": "contact.updated", "venue_id": "v1",)"
           R"( "data": {"zip": 1.50, "id": "c-1", "tags": [1e2, null, "\u00e9"], "nested": {"b":1,"a":{}}} })");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string id = made.Text("id");
  EXPECT_EQ(made.Header("Location"), "/api/events/" + id);
  EXPECT_EQ(made.Text("payload"),
            R"({"event":"contact.updated","timestamp":1731493800000,"venue_id":"v1","venues_group_id":"g1",)"
            R"("data":{"zip":1.5,"id":"c-1","tags":[100,null,"é"],"nested":{"b":1,"a":{}}}})");
  EXPECT_TRUE(made.body.starts_with(R"({"id":")" + id +
                                    R"(","event":"contact.updated","timestamp":1731493800000,"venue_id":"v1",)"
                                    R"("venues_group_id":"g1","resource_id":"c-1","payload":")"));
  EXPECT_EQ(Call("GET", "/api/events/" + id).body, made.body);
}

TEST_F(Events, OfOneResourceHaveStrictlyIncreasingTimes) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Publish("c").json().Find("timestamp")->integer(), 1731493800000 + i);
  }
  EXPECT_EQ(Publish("d").json().Find("timestamp")->integer(), 1731493800000);
  clock().JumpWall(Milliseconds(-60'000));
  EXPECT_EQ(Publish("c").json().Find("timestamp")->integer(), 1731493800003);
}

TEST_F(Events, WithATimeOfTheirOwnKeepIt) {
  EXPECT_EQ(Publish("c", R"(,"timestamp":1731493900000)").json().Find("timestamp")->integer(), 1731493900000);
  EXPECT_EQ(Publish("c", R"(,"timestamp":1000)").json().Find("timestamp")->integer(), 1000);
  EXPECT_EQ(Publish("c").json().Find("timestamp")->integer(), 1731493900001);
}

TEST_F(Events, NameWhatIsWrong) {
  const auto refused = [&](const std::string& body) { return Call("POST", "/api/events", body).BadFields(); };
  EXPECT_EQ(refused("{}"), "event,venue_id,data");
  EXPECT_EQ(refused(R"({"event":"contact.moved","venue_id":"nope","data":{},"origin":"x"})"),
            "event,venue_id,data.id,origin");
  EXPECT_EQ(refused(R"({"event":"contact.created","venue_id":"v1","data":[]})"), "data");
  EXPECT_EQ(refused(R"({"event":"contact.created","venue_id":"v1","data":null})"), "data");
  for (const std::string id : {"7", "\"\"", "\"a b\"", "\"batch\"", "null"}) {
    EXPECT_EQ(refused(R"({"event":"contact.created","venue_id":"v1","data":{"id":)" + id + "}}"), "data.id") << id;
  }
  EXPECT_EQ(Publish("c", R"(,"timestamp":-1)").BadFields(), "timestamp");
  EXPECT_EQ(Publish("c", R"(,"timestamp":"now")").BadFields(), "timestamp");
  // The size of the compact data counts.
  const auto with_text = [](std::size_t bytes) {
    return R"({"event":"contact.created","venue_id":"v1","data":{   "id":"c","t":")" + std::string(bytes, 'x') + "\"}}";
  };
  constexpr std::size_t kFrame = std::string_view(R"({"id":"c","t":""})").size();
  EXPECT_EQ(Call("POST", "/api/events", with_text(64 * 1024 - kFrame)).status, 201);
  EXPECT_EQ(refused(with_text(64 * 1024 - kFrame + 1)), "data");
  EXPECT_EQ(Call("POST", "/api/events", R"({"event":"a","event":"b"})").status, 400);
}

TEST_F(Events, AreListedNewestFirstByFilters) {
  Call("POST", "/api/venues/v1/contacts", R"({"id":"a"})");
  clock().Advance(Milliseconds(1'000));
  Call("POST", "/api/venues/v2/accounts", R"({"id":"b"})");
  clock().Advance(Milliseconds(1'000));
  Call("POST", "/api/venues/v3/contacts", R"({"id":"c"})");
  EXPECT_EQ(Listed(), "c,b,a");
  EXPECT_EQ(Listed("?event=contact.created"), "c,a");
  EXPECT_EQ(Listed("?resource_id=b"), "b");
  EXPECT_EQ(Listed("?venue_id=v2"), "b");
  EXPECT_EQ(Listed("?venue_id=nope"), "");
  EXPECT_EQ(Listed("?venues_group_id=g1"), "b,a");
  EXPECT_EQ(Call("GET", "/api/events?venues_group_id=nope").BadFields(), "venues_group_id");
  EXPECT_EQ(Call("GET", "/api/events?venues_group_id=g1&venue_id=v1").BadFields(), "venues_group_id");
  EXPECT_EQ(Listed("?since=1731493801000"), "c,b");
  EXPECT_EQ(Listed("?since=1731493801000&until=1731493802000"), "b");
  EXPECT_EQ(Call("GET", "/api/events?event=x&since=y&until=-1&limit=0&cursor=%20").BadFields(),
            "limit,cursor,event,since,until");
  EXPECT_EQ(Call("GET", "/api/events?colour=red").BadFields(), "colour");
}

TEST_F(Events, SayWhomTheyAreAbout) {
  const auto publish = [&](const std::string& event, const std::string& data) {
    return Call("POST", "/api/events", R"({"event":")" + event + R"(","venue_id":"v1","data":)" + data + "}")
        .Text("id");
  };
  const auto name_of = [&](const std::string& id) {
    return ToString(*Call("GET", "/api/event-subjects?id=" + id).json().Find("data")->array()->at(0).Find("name"));
  };
  const std::string john = publish("contact.created", R"({"id":"a","first_name":"John","last_name":"Doe"})");
  EXPECT_EQ(name_of(john), R"("John Doe")");
  EXPECT_EQ(name_of(publish("contact.updated", R"({"id":"b","last_name":"Doe"})")), R"("Doe")");
  EXPECT_EQ(name_of(publish("contact.updated", R"({"id":"c","email":"c@x.com"})")), R"("c@x.com")");
  EXPECT_EQ(name_of(publish("account.created", R"({"id":"d","legal_name":"Acme SAS"})")), R"("Acme SAS")");
  EXPECT_EQ(name_of(publish("contact.deleted", R"({"id":"a"})")), "null");

  const std::string none = "01932c1e-7a40-7c3e-9b1f-2f6d0e6a4b11";
  const auto listed = Call("GET", "/api/event-subjects?id=" + john + "&id=" + none + "&id=" + john).json();
  EXPECT_EQ(listed.Find("data")->array()->size(), 1u);
  EXPECT_EQ(Call("GET", "/api/event-subjects?id=x").BadFields(), "id");
  std::string many = "/api/event-subjects?id=" + none;
  for (int i = 0; i < 100; ++i) many += "&id=" + none;
  EXPECT_EQ(Call("GET", many).BadFields(), "id");
  Use(MakeKey(Scope::Of(VenueId{"v2"})));
  EXPECT_TRUE(Call("GET", "/api/event-subjects?id=" + john).json().Find("data")->array()->empty());
}

TEST_F(Events, AreListedInPages) {
  for (int i = 0; i < 5; ++i) Publish("c" + std::to_string(i));
  std::string ids;
  std::string cursor;
  int pages = 0;
  do {
    const auto page = Call("GET", "/api/events?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
    const Json json = page.json();
    for (const Json& event : *json.Find("data")->array()) ids += *event.Find("resource_id")->text() + ",";
    cursor = page.Text("next_cursor");
    ++pages;
  } while (!cursor.empty());
  EXPECT_EQ(ids, "c4,c3,c2,c1,c0,");
  EXPECT_EQ(pages, 3);
}

TEST_F(Events, AreSeenWithTheKeysOfTheirVenue) {
  const auto of_v1 = "/api/events/" + Publish("a").Text("id");
  Call("POST", "/api/venues/v2/contacts", R"({"id":"b"})");
  Call("POST", "/api/venues/v3/contacts", R"({"id":"c"})");
  const auto unknown = Call("GET", "/api/events/01932c1e-7a40-7c3e-9b1f-2f6d0e6a4b11");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(Call("GET", "/api/events/nonsense").body, unknown.body);
  Use(MakeKey(Scope::Of(VenuesGroupId{"g1"})));
  EXPECT_EQ(Listed(), "b,a");
  EXPECT_EQ(Listed("?venue_id=v3"), "");
  EXPECT_EQ(Call("GET", of_v1).status, 200);
  Use(MakeKey(Scope::Of(VenueId{"v2"})));
  EXPECT_EQ(Listed(), "b");
  EXPECT_EQ(Listed("?resource_id=a"), "");
  EXPECT_EQ(Call("GET", of_v1).body, unknown.body);
  const auto elsewhere = Publish("x");
  EXPECT_EQ(elsewhere.BadFields(), "venue_id");
  UseAdmin();
  const auto nowhere =
      Call("POST", "/api/events", R"({"event":"contact.updated","venue_id":"nope","data":{"id":"x"}})");
  EXPECT_EQ(elsewhere.body, nowhere.body);
  Call("POST", "/api/venues-groups", R"({"id":"empty","name":"Empty"})");
  Use(MakeKey(Scope::Of(VenuesGroupId{"empty"})));
  EXPECT_EQ(Listed(), "");
}

TEST_F(Events, NeedTheRightToWrite) {
  Use(MakeKey(Scope::All(), {Right::kRead}));
  EXPECT_EQ(Publish("c").status, 403);
  Use(MakeKey(Scope::All(), {Right::kWrite}));
  EXPECT_EQ(Publish("c").status, 201);
  EXPECT_EQ(Call("GET", "/api/events").status, 403);
}

TEST_F(Events, ArePublishedOnceForOneIdempotencyKey) {
  const std::string body = R"({"event":"contact.created","venue_id":"v1","data":{"id":"c"}})";
  const auto first = Call("POST", "/api/events", body, {{"idempotency-key", "k"}});
  clock().Advance(Milliseconds(5'000));
  const auto second = Call("POST", "/api/events", body, {{"idempotency-key", "k"}});
  EXPECT_EQ(second.status, 201);
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(Listed(), "c");
}

TEST_F(Events, AreNotPublishedWhileTheStoreCannotWrite) {
  fail_commits = true;
  EXPECT_EQ(Publish("c").status, 503);
  fail_commits = false;
  EXPECT_EQ(Listed(), "");
}

}  // namespace
}  // namespace shakehook
