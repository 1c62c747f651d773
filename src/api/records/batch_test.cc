#include <gtest/gtest.h>

#include "testing/api/api_test_server.h"

namespace shakehook {
namespace {

using Batch = ApiTest;

TEST_F(Batch, CreatesUpdatesAndLeavesUnchanged) {
  Call("POST", "/api/venues/v1/contacts", R"({"id":"a","city":"Paris"})");
  Call("POST", "/api/venues/v1/contacts", R"({"id":"b","city":"Paris"})");
  const auto response = Call("POST", "/api/venues/v1/contacts/batch",
                             R"([{"id":"b","city":"Lyon"},{"id":"c","city":"Lille"},{"id":"a","city":"Paris"}])");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, R"({"results":[{"id":"b","result":"updated"},{"id":"c","result":"created"},)"
                           R"({"id":"a","result":"unchanged"}]})");
  const auto payloads = Payloads();
  ASSERT_EQ(payloads.size(), 4u);
  EXPECT_NE(payloads[2].find(R"("contact.updated","timestamp":1731493800001,)"), std::string::npos);
  EXPECT_NE(payloads[3].find(R"("contact.created","timestamp":1731493800000,)"), std::string::npos);
  EXPECT_EQ(Call("GET", "/api/venues/v1/contacts/b").Text("city"), "Lyon");
}

TEST_F(Batch, MakesIdsWhereNoneIsGiven) {
  const auto response = Call("POST", "/api/venues/v1/accounts/batch", R"([{"name":"A"},{"name":"B"}])");
  ASSERT_EQ(response.status, 200);
  for (const Json& result : *response.json().Find("results")->array()) {
    EXPECT_EQ(*result.Find("result"), Json("created"));
    EXPECT_EQ(Call("GET", "/api/venues/v1/accounts/" + *result.Find("id")->text()).status, 200);
  }
}

TEST_F(Batch, MakesADeletedOneAnew) {
  Call("POST", "/api/venues/v1/contacts", R"({"id":"a","city":"Paris"})");
  Call("DELETE", "/api/venues/v1/contacts/a");
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts/batch", R"([{"id":"a"}])").body,
            R"({"results":[{"id":"a","result":"created"}]})");
  EXPECT_EQ(Call("GET", "/api/venues/v1/contacts/a").body, R"({"id":"a","created_at":1731493800002})");
}

TEST_F(Batch, OneBadItemRefusesAll) {
  const auto bad = Call("POST", "/api/venues/v1/contacts/batch",
                        R"([{"id":"a"},{"id":"b","email":"x","colour":1},{"id":"c","phone":3}])");
  EXPECT_EQ(bad.status, 422);
  EXPECT_EQ(bad.BadFields(), "1.email,1.colour,2.phone");
  EXPECT_EQ(
      Call("POST", "/api/venues/v1/contacts/batch", R"([{"id":"a"},7,{"id":"a"},{"id":""},{"id":null}])").BadFields(),
      "1,2.id,3.id,4.id");
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts/batch", R"([{"id":"a"},{"id":"b","account_id":"no"}])").BadFields(),
            "1.account_id");
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts/batch", R"({"id":"a"})").status, 422);
  EXPECT_EQ(Call("GET", "/api/venues/v1/contacts").body, R"({"data":[],"next_cursor":null})");
  EXPECT_EQ(Payloads().size(), 0u);
}

TEST_F(Batch, NamesTheItemOfARefusedChangeAlsoBehindUnchangedOnes) {
  Call("POST", "/api/venues/v1/contacts", R"({"id":"a"})");
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts/batch", R"([{"id":"a"},{"id":"b"},{"id":"c","account_id":"no"}])")
                .BadFields(),
            "2.account_id");
}

TEST_F(Batch, HoldsAThousandItemsAndNotMore) {
  std::string items;
  for (int i = 0; i < 1000; ++i) items += "{\"id\":\"" + std::to_string(i) + "\"},";
  EXPECT_EQ(Call("POST", "/api/venues/v1/accounts/batch", "[" + items + "{}]").status, 422);
  items.pop_back();
  EXPECT_EQ(Call("POST", "/api/venues/v1/accounts/batch", "[" + items + "]").status, 200);
  EXPECT_EQ(Payloads().size(), 1000u);
  EXPECT_EQ(Call("POST", "/api/venues/v1/accounts/batch", "[]").body, R"({"results":[]})");
}

TEST_F(Batch, MayBeLargerThanOtherBodies) {
  HttpRequest request{.method = "POST", .path = "/api/venues/v1/contacts/batch"};
  EXPECT_EQ(Api::BodyBytesMax(request), 16u * 1024 * 1024);
  request.path = "/api/venues/v1/contacts";
  EXPECT_EQ(Api::BodyBytesMax(request), 1024u * 1024);
}

TEST_F(Batch, IsAPathOfItsOwn) {
  const auto response = Call("GET", "/api/venues/v1/contacts/batch");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.Header("Allow"), "POST");
}

TEST_F(Batch, TwoAtOnceBothTakeEffect) {
  const auto first = Begin("POST", "/api/venues/v1/contacts/batch", R"([{"id":"a","city":"Paris"},{"id":"b"}])");
  const auto second = Begin("POST", "/api/venues/v1/contacts/batch", R"([{"id":"b"},{"id":"a","country":"France"}])");
  Settle();
  EXPECT_EQ(Take(*first).body, R"({"results":[{"id":"a","result":"created"},{"id":"b","result":"created"}]})");
  EXPECT_EQ(Take(*second).body, R"({"results":[{"id":"b","result":"unchanged"},{"id":"a","result":"updated"}]})");
  EXPECT_EQ(Call("GET", "/api/venues/v1/contacts/a").body,
            R"({"id":"a","city":"Paris","country":"France","created_at":1731493800000})");
}

}  // namespace
}  // namespace shakehook
