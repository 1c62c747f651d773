#include <gtest/gtest.h>

#include "testing/api/api_test_server.h"

namespace shakehook {
namespace {

using AccountsContacts = ApiTest;

constexpr std::string_view kNow = "1731493800000";  // SimulatedClock::kStart

TEST_F(AccountsContacts, CreatesAContactAndAnswersItsData) {
  const auto made = Call("POST", "/api/venues/v1/contacts",
                         R"({"email":"john.doe@example.com","first_name":"John","id":"contact-456","phone":""})");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.body, R"({"id":"contact-456","first_name":"John","email":"john.doe@example.com","created_at":)" +
                           std::string(kNow) + "}");
  EXPECT_EQ(made.Header("Location"), "/api/venues/v1/contacts/contact-456");
  EXPECT_EQ(made.Header("ETag"), "\"1\"");
  EXPECT_EQ(made.Header("Content-Type"), "application/json");
  EXPECT_EQ(made.Header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(made.Header("Cache-Control"), "no-store");
  const auto read = Call("GET", made.Header("Location"));
  EXPECT_EQ(read.status, 200);
  EXPECT_EQ(read.body, made.body);
  EXPECT_EQ(read.Header("ETag"), "\"1\"");
  EXPECT_EQ(Payloads(),
            (std::vector<std::string>{R"({"event":"contact.created","timestamp":)" + std::string(kNow) +
                                      R"(,"venue_id":"v1","venues_group_id":"g1","data":)" + made.body + "}"}));
}

TEST_F(AccountsContacts, MakesAnIdWhereNoneIsGiven) {
  const auto made = Call("POST", "/api/venues/v3/accounts", R"({"name":"Acme"})");
  ASSERT_EQ(made.status, 201);
  const auto id = Uuid::Parse(made.Text("id"));
  ASSERT_TRUE(id);
  EXPECT_EQ(id->bytes[6] >> 4, 7);
  EXPECT_EQ(made.Header("Location"), "/api/venues/v3/accounts/" + made.Text("id"));
  EXPECT_EQ(Payloads().at(0), R"({"event":"account.created","timestamp":)" + std::string(kNow) +
                                  R"(,"venue_id":"v3","venues_group_id":null,"data":)" + made.body + "}");
}

TEST_F(AccountsContacts, RefusesATakenIdButNotThatOfTheOtherKindOrVenue) {
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", R"({"id":"x"})").status, 201);
  const auto taken = Call("POST", "/api/venues/v1/contacts", R"({"id":"x","first_name":"Other"})");
  EXPECT_EQ(taken.status, 409);
  EXPECT_EQ(taken.Text("detail"), "There is a contact with this id already.");
  EXPECT_EQ(Call("POST", "/api/venues/v1/accounts", R"({"id":"x"})").status, 201);
  EXPECT_EQ(Call("POST", "/api/venues/v2/contacts", R"({"id":"x"})").status, 201);
  EXPECT_EQ(Payloads().size(), 3u);
}

TEST_F(AccountsContacts, NamesEveryBadFieldOfACreation) {
  const auto bad = Call("POST", "/api/venues/v1/contacts",
                        R"({"firstname":"x","email":"nobody","phone":33,"optin_marketing":"yes","created_at":1})");
  EXPECT_EQ(bad.status, 422);
  EXPECT_EQ(bad.Header("Content-Type"), "application/problem+json");
  EXPECT_EQ(bad.BadFields(), "firstname,email,phone,optin_marketing,created_at");
  EXPECT_EQ(bad.Text("type"), "/docs#problem-validation");
  EXPECT_EQ(bad.Text("title"), "Unprocessable Content");
  EXPECT_EQ(*bad.json().Find("status"), Json(422));
  for (const char* id : {"\"\"", "null", "7", "\"-a\"", "\"a/b\"", "\"batch\""}) {
    EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", "{\"id\":" + std::string(id) + "}").BadFields(), "id") << id;
  }
  const auto array = Call("POST", "/api/venues/v1/contacts", "[1]");
  EXPECT_EQ(array.status, 422);
  EXPECT_EQ(Payloads().size(), 0u);
}

TEST_F(AccountsContacts, ReadsJsonInWhatRealClientsPutAroundIt) {
  const std::string mark = "\xef\xbb\xbf";
  for (const char* type :
       {"application/json", "application/json; charset=utf-8", "application/json;charset=UTF8",
        "Application/JSON ; charset=\"utf-8\"", "application/json; charset=ISO-8859-1", "text/json"}) {
    EXPECT_EQ(
        Call("POST", "/api/venues/v1/contacts", mark + "{\"city\":\"a\"} \r\n\t\n", {{"content-type", type}}).status,
        201)
        << type;
  }
  EXPECT_EQ(Call("PATCH", "/api/venues/v1", mark + "{}", {{"content-type", "Application/Merge-Patch+JSON"}}).status,
            200);
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", "{}", {{"content-encoding", "identity"}}).status, 201);
}

TEST_F(AccountsContacts, SaysWhatABodyIsInsteadOfJson) {
  using namespace std::string_literals;
  const auto detail = [&](std::string_view body, Headers headers = {}) {
    const auto response = Call("POST", "/api/venues/v1/contacts", body, std::move(headers));
    return std::to_string(response.status) + ' ' + response.Text("detail");
  };
  const std::string other = "400 The body is JSON in another encoding (UTF-16 or UTF-32, it seems); it must be UTF-8.";
  EXPECT_EQ(detail("\xff\xfe{\0}\0"s), other);
  EXPECT_EQ(detail("\xfe\xff\0{\0}"s), other);
  EXPECT_EQ(detail("{\0}\0"s), other);
  EXPECT_EQ(detail("\0\0\0{\0\0\0}"s).substr(0, 3), "400");
  EXPECT_EQ(detail("{}\0"s), "400 The body is not JSON: it ends in a NUL byte.");
  EXPECT_EQ(detail("{\"city\":\"M\xfcnchen\"}"), "400 The body is not JSON: its bytes are not UTF-8.");
  EXPECT_EQ(detail("\xef\xbb\xbf"), "400 The body is empty; JSON is expected.");
  EXPECT_EQ(detail("\xef\xbb\xbf\xef\xbb\xbf{}").substr(0, 3), "400");
  EXPECT_EQ(detail("\x1f\x8b\x08"), "400 The body is compressed (gzip); it must be sent as it is.");
  EXPECT_EQ(detail("\x1f\x8b\x08", {{"content-encoding", "gzip"}}),
            "415 The body has the Content-Encoding gzip; it must be sent as it is, without one.");
  EXPECT_EQ(detail("a=b", {{"content-type", "application/x-www-form-urlencoded"}}),
            "415 Content-Type must be application/json, not application/x-www-form-urlencoded. (curl -d sends this "
            "by default; add -H 'Content-Type: application/json'.)");
  EXPECT_EQ(detail("{}", {{"content-type", "application/vnd.api+json"}}),
            "415 Content-Type must be application/json, not application/vnd.api+json.");
}

TEST_F(AccountsContacts, NulAndNoncharactersInTextAreRefusedByTheirFields) {
  const auto fields = [&](std::string_view path, std::string_view body) {
    const auto response = Call("POST", path, body);
    return std::to_string(response.status) + ' ' + response.BadFields();
  };
  EXPECT_EQ(fields("/api/venues/v1/contacts", R"({"first_name":"A\u0000","city":"\uffff","title":"ok"})"),
            "422 first_name,city");
  EXPECT_EQ(fields("/api/venues/v1/contacts", "{\"city\":\"\xef\xb7\x90\"}"), "422 city");
  EXPECT_EQ(fields("/api/venues/v1/contacts/batch", R"([{"id":"a"},{"id":"b","city":"\u0000"}])"), "422 1.city");
  EXPECT_EQ(fields("/api/venues", R"({"name":"\u0000"})"), "422 name");
  EXPECT_EQ(fields("/api/venues-groups", R"({"name":"\uFDD0"})"), "422 name");
  EXPECT_EQ(fields("/api/fields", R"({"label":"\u0000","collection":"clients","type":"text","venue_id":"v1"})"),
            "422 label");
  EXPECT_EQ(
      fields("/api/webhooks",
             R"({"name":"\u0000","url":"https://a.example/","events":["contact.created"],"scope":{"venue_id":"v1"}})"),
      "422 name");
  EXPECT_EQ(fields("/api/events",
                   R"({"event":"contact.created","venue_id":"v1","data":{"id":"1","x":{"y\u0000":["\ud83f\udfff"]}}})"),
            "422 data.x.y\xef\xbf\xbd,data.x.y\xef\xbf\xbd.0");
  EXPECT_EQ(Payloads().size(), 0u);
  EXPECT_EQ(fields("/api/venues/v1/contacts", R"({"first_name":"\u0001\ud83d\ude00\ufffd"})").substr(0, 3), "201");
}

TEST_F(AccountsContacts, RefusesWhatIsNotJson) {
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", "{").status, 400);
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", "{\"city\":\"\xff\"}").status, 400);
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", R"({"city":"a","city":"b"})").status, 400);
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", "{}", {{"content-type", "text/plain"}}).status, 415);
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", "{}", {{"content-type", "application/merge-patch+json"}}).status,
            415);
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts").status, 415);
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", "", {{"content-type", "application/json"}}).status, 400);
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", "{}", {{"content-type", "Application/JSON; charset=utf-8"}}).status,
            201);
}

TEST_F(AccountsContacts, RefusesAnAccountThatTheVenueDoesNotHave) {
  EXPECT_EQ(Call("POST", "/api/venues/v2/accounts", R"({"id":"a"})").status, 201);
  const auto bad = Call("POST", "/api/venues/v1/contacts", R"({"id":"c","account_id":"a"})");
  EXPECT_EQ(bad.status, 422);
  EXPECT_EQ(bad.BadFields(), "account_id");
  EXPECT_EQ(Call("POST", "/api/venues/v2/contacts", R"({"id":"c","account_id":"a"})").status, 201);
  EXPECT_EQ(Call("PATCH", "/api/venues/v2/contacts/c", R"({"account_id":"b"})").BadFields(), "account_id");
}

TEST_F(AccountsContacts, MergesAPatch) {
  Call("POST", "/api/venues/v1/contacts", R"({"id":"c","first_name":"John","last_name":"Doe","city":"Paris"})");
  clock().Advance(Milliseconds(100'000));
  const auto edited = Call("PATCH", "/api/venues/v1/contacts/c", R"({"last_name":null,"city":"","country":"France"})",
                           {{"content-type", "application/merge-patch+json"}});
  EXPECT_EQ(edited.status, 200);
  EXPECT_EQ(edited.body, R"({"id":"c","first_name":"John","country":"France","created_at":1731493800000})");
  EXPECT_EQ(edited.Header("ETag"), "\"2\"");
  EXPECT_EQ(Call("GET", "/api/venues/v1/contacts/c").body, edited.body);
  EXPECT_EQ(Payloads().at(1), R"({"event":"contact.updated","timestamp":1731493900000,"venue_id":"v1",)"
                              R"("venues_group_id":"g1","data":)" +
                                  edited.body + "}");
}

TEST_F(AccountsContacts, MakesNoEventForAPatchThatChangesNothing) {
  const auto made = Call("POST", "/api/venues/v1/contacts", R"({"id":"c","first_name":"John"})");
  for (const std::string& patch : {std::string("{}"), made.body, std::string(R"({"last_name":null})")}) {
    const auto same = Call("PATCH", "/api/venues/v1/contacts/c", patch);
    EXPECT_EQ(same.status, 200);
    EXPECT_EQ(same.body, made.body);
    EXPECT_EQ(same.Header("ETag"), "\"1\"");
  }
  EXPECT_EQ(Payloads().size(), 1u);
  EXPECT_EQ(Call("PATCH", "/api/venues/v1/contacts/c", R"({"id":"d","created_at":5})").BadFields(), "id,created_at");
}

TEST_F(AccountsContacts, GuardsAnEditByIfMatch) {
  Call("POST", "/api/venues/v1/contacts", R"({"id":"c"})");
  const auto patch = [&](std::string_view if_match) {
    return Call("PATCH", "/api/venues/v1/contacts/c", R"({"city":")" + std::string(if_match.substr(1, 1)) + "\"}",
                {{"if-match", std::string(if_match)}})
        .status;
  };
  EXPECT_EQ(patch("\"1\""), 200);
  EXPECT_EQ(patch("\"1\""), 412);
  EXPECT_EQ(patch("W/\"1\""), 412);
  EXPECT_EQ(patch("2"), 412);
  EXPECT_EQ(patch(" * "), 200);
  EXPECT_EQ(patch("\"1\", \"3\""), 200);
  EXPECT_EQ(Call("DELETE", "/api/venues/v1/contacts/c", "", {{"if-match", "\"1\""}}).status, 412);
  EXPECT_EQ(Call("DELETE", "/api/venues/v1/contacts/c", "", {{"if-match", "\"4\""}}).status, 204);
}

TEST_F(AccountsContacts, DeletesAContactAndMakesItAnew) {
  Call("POST", "/api/venues/v1/contacts", R"({"id":"c","city":"Paris"})");
  const auto deleted = Call("DELETE", "/api/venues/v1/contacts/c");
  EXPECT_EQ(deleted.status, 204);
  EXPECT_EQ(deleted.body, "");
  EXPECT_EQ(Payloads().at(1), R"({"event":"contact.deleted","timestamp":1731493800001,"venue_id":"v1",)"
                              R"("venues_group_id":"g1","data":{"id":"c"}})");
  const auto gone = Call("GET", "/api/venues/v1/contacts/c");
  EXPECT_EQ(gone.status, 404);
  EXPECT_EQ(gone.body, Call("GET", "/api/venues/v1/contacts/never").body);
  EXPECT_EQ(Call("DELETE", "/api/venues/v1/contacts/c").status, 404);
  EXPECT_EQ(Call("PATCH", "/api/venues/v1/contacts/c", "{}").status, 404);
  // Its time goes on where the deleted one's ended.
  const auto again = Call("POST", "/api/venues/v1/contacts", R"({"id":"c"})");
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, R"({"id":"c","created_at":1731493800002})");
  EXPECT_EQ(again.Header("ETag"), "\"3\"");
  EXPECT_EQ(Call("GET", "/api/venues/v1/contacts/c").Header("ETag"), "\"3\"");
}

TEST_F(AccountsContacts, KeepsTimestampsOfOneResourceRising) {
  Call("POST", "/api/venues/v1/contacts", R"({"id":"c"})");
  clock().JumpWall(Milliseconds(-5'000));
  Call("PATCH", "/api/venues/v1/contacts/c", R"({"city":"A"})");
  Call("PATCH", "/api/venues/v1/contacts/c", R"({"city":"B"})");
  const auto payloads = Payloads();
  ASSERT_EQ(payloads.size(), 3u);
  EXPECT_NE(payloads[1].find("\"timestamp\":1731493800001,"), std::string::npos);
  EXPECT_NE(payloads[2].find("\"timestamp\":1731493800002,"), std::string::npos);
}

TEST_F(AccountsContacts, FreesTheContactsOfADeletedAccountFirst) {
  Call("POST", "/api/venues/v1/accounts", R"({"id":"a","name":"Acme"})");
  Call("POST", "/api/venues/v1/contacts", R"({"id":"c1","account_id":"a","city":"Paris"})");
  Call("POST", "/api/venues/v1/contacts", R"({"id":"c2","account_id":"a"})");
  Call("POST", "/api/venues/v1/contacts", R"({"id":"c3"})");
  clock().Advance(Milliseconds(1'000));
  EXPECT_EQ(Call("DELETE", "/api/venues/v1/accounts/a").status, 204);
  const auto payloads = Payloads();
  ASSERT_EQ(payloads.size(), 7u);
  EXPECT_EQ(payloads[4], R"({"event":"contact.updated","timestamp":1731493801000,"venue_id":"v1",)"
                         R"("venues_group_id":"g1","data":{"id":"c1","city":"Paris","created_at":1731493800000}})");
  EXPECT_NE(payloads[5].find("contact.updated"), std::string::npos);
  EXPECT_EQ(payloads[6], R"({"event":"account.deleted","timestamp":1731493801000,"venue_id":"v1",)"
                         R"("venues_group_id":"g1","data":{"id":"a"}})");
  EXPECT_EQ(Call("GET", "/api/venues/v1/contacts/c1").body, R"({"id":"c1","city":"Paris","created_at":1731493800000})");
  EXPECT_EQ(Call("GET", "/api/venues/v1/contacts?account_id=a").body, R"({"data":[],"next_cursor":null})");
  EXPECT_EQ(Call("GET", "/api/venues/v1/accounts/a").status, 404);
}

TEST_F(AccountsContacts, RefusesToDeleteAnAccountOfTooManyContacts) {
  Call("POST", "/api/venues/v1/accounts", R"({"id":"a"})");
  for (int batch = 0; batch < 10; ++batch) {
    std::string body = "[";
    for (int i = 0; i < 1000; ++i) {
      body += (i == 0 ? "{\"id\":\"" : ",{\"id\":\"") + std::to_string(batch * 1000 + i) + R"(","account_id":"a"})";
    }
    ASSERT_EQ(Call("POST", "/api/venues/v1/contacts/batch", body + "]").status, 200);
  }
  ASSERT_EQ(Call("POST", "/api/venues/v1/contacts", R"({"id":"more","account_id":"a"})").status, 201);
  const auto refused = Call("DELETE", "/api/venues/v1/accounts/a");
  EXPECT_EQ(refused.status, 409);
  EXPECT_NE(refused.Text("detail").find("more than 10000 contacts"), std::string::npos);
  Call("DELETE", "/api/venues/v1/contacts/more");
  EXPECT_EQ(Call("DELETE", "/api/venues/v1/accounts/a").status, 204);
}

TEST_F(AccountsContacts, ListsPagesById) {
  for (const char* id : {"c", "a", "e", "b", "d"}) {
    Call("POST", "/api/venues/v1/contacts", "{\"id\":\"" + std::string(id) + "\"}");
  }
  Call("DELETE", "/api/venues/v1/contacts/b");
  std::string path = "/api/venues/v1/contacts?limit=2";
  std::string seen;
  for (int pages = 0; pages < 5; ++pages) {
    const Json page = Call("GET", path).json();
    for (const Json& contact : *page.Find("data")->array()) seen += *contact.Find("id")->text();
    seen += '|';
    if (page.Find("next_cursor")->is_null()) break;
    path = "/api/venues/v1/contacts?limit=2&cursor=" + *page.Find("next_cursor")->text();
  }
  EXPECT_EQ(seen, "ac|de|");
}

TEST_F(AccountsContacts, FindsByTextMailAndAccount) {
  Call("POST", "/api/venues/v1/accounts", R"({"id":"acme","name":"ACME Élysée","legal_name":"Acme SAS"})");
  Call("POST", "/api/venues/v1/contacts",
       R"({"id":"c1","first_name":"Émilie","last_name":"Doe","email":"Emilie.Doe@example.com","account_id":"acme"})");
  Call("POST", "/api/venues/v1/contacts", R"({"id":"c2","first_name":"John","phone":"+33612345678"})");
  const auto ids = [&](std::string_view query) {
    std::string found;
    const Json page = Call("GET", "/api/venues/v1/contacts?" + std::string(query)).json();
    for (const Json& contact : *page.Find("data")->array()) found += *contact.Find("id")->text();
    return found;
  };
  EXPECT_EQ(ids("q=%C3%A9milie+DOE"), "c1");
  EXPECT_EQ(ids("q=%C3%89MILIE"), "c1");
  EXPECT_EQ(ids("q=emilie"), "c1");
  EXPECT_EQ(ids("q=e%CC%81milie"), "c1");  // NFD
  EXPECT_EQ(ids("q=doe+emilie"), "c1");
  EXPECT_EQ(ids("q=612345"), "c2");
  EXPECT_EQ(ids("q=06+12+34+56+78"), "c2");
  EXPECT_EQ(ids("q=0612345678+john"), "c2");
  EXPECT_EQ(ids("q=nobody"), "");
  EXPECT_EQ(ids("email=emilie.doe@EXAMPLE.com"), "c1");
  EXPECT_EQ(ids("email=emilie.doe"), "");
  EXPECT_EQ(ids("account_id=acme"), "c1");
  EXPECT_EQ(ids("account_id=acme&q=john"), "");
  EXPECT_EQ(Call("GET", "/api/venues/v1/accounts?q=%C3%A9lys").json().Find("data")->array()->size(), 1u);
}

TEST_F(AccountsContacts, RefusesBadQueryParameters) {
  const auto bad = [&](std::string_view query) {
    const auto response = Call("GET", "/api/venues/v1/contacts?" + std::string(query));
    return std::to_string(response.status) + " " + response.BadFields();
  };
  EXPECT_EQ(bad("limit=0"), "422 limit");
  EXPECT_EQ(bad("limit=201"), "422 limit");
  EXPECT_EQ(bad("limit=ten"), "422 limit");
  EXPECT_EQ(bad("limit="), "422 limit");
  EXPECT_EQ(bad("cursor=x&limit=0"), "422 limit,cursor");
  EXPECT_EQ(bad("cursor=%2B%2F"), "422 cursor");
  EXPECT_EQ(bad("colour=red&size=1"), "422 colour,size");
  EXPECT_EQ(bad("q=a&q=b"), "422 q");
  EXPECT_EQ(bad("q=%zz"), "422 q");
  EXPECT_EQ(bad("q=a%00b"), "422 q");
  EXPECT_EQ(bad("email=%EF%BF%BF&q=%F0%9F%98%80"), "422 email");
  EXPECT_EQ(bad("%zz=1"), "400 ");
  EXPECT_EQ(Call("GET", "/api/venues/v1/accounts?email=a").BadFields(), "email");
  EXPECT_EQ(Call("GET", "/api/venues/v1/contacts/c?limit=1").BadFields(), "limit");
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts?limit=1", "{}").BadFields(), "limit");
}

TEST_F(AccountsContacts, RefusesTheCursorOfAnotherList) {
  for (const char* id : {"a", "b"}) Call("POST", "/api/venues/v1/accounts", "{\"id\":\"" + std::string(id) + "\"}");
  const std::string cursor = Call("GET", "/api/venues/v1/accounts?limit=1").Text("next_cursor");
  ASSERT_NE(cursor, "");
  EXPECT_EQ(Call("GET", "/api/venues/v1/accounts?cursor=" + cursor).status, 200);
  EXPECT_EQ(Call("GET", "/api/venues/v1/contacts?cursor=" + cursor).BadFields(), "cursor");
}

TEST_F(AccountsContacts, DropsValuesOfCustomFieldsThatAreGone) {
  const std::string code =
      Call("POST", "/api/fields", R"({"collection":"clients","label":"VIP","type":"text","venue_id":"v1"})")
          .Text("code");
  const auto made = Call("POST", "/api/venues/v1/contacts", "{\"id\":\"c\",\"" + code + "\":\"yes\"}");
  EXPECT_EQ(made.body, R"({"id":"c","created_at":1731493800000,")" + code + "\":\"yes\"}");
  EXPECT_EQ(Call("PATCH", "/api/venues/v1/contacts/c", "{\"" + code + "\":1}").BadFields(), code);
  EXPECT_EQ(Call("POST", "/api/venues/v2/contacts", "{\"" + code + "\":\"yes\"}").BadFields(), code);
  EXPECT_EQ(Call("POST", "/api/venues/v1/accounts", "{\"" + code + "\":\"yes\"}").BadFields(), code);
  EXPECT_EQ(Call("DELETE", "/api/fields/" + code).status, 204);
  const std::string without = R"({"id":"c","created_at":1731493800000})";
  EXPECT_EQ(Call("GET", "/api/venues/v1/contacts/c").body, without);
  EXPECT_EQ(Call("GET", "/api/venues/v1/contacts").body, "{\"data\":[" + without + "],\"next_cursor\":null}");
  EXPECT_EQ(Call("PATCH", "/api/venues/v1/contacts/c", "{}").body, without);
  EXPECT_EQ(Payloads().size(), 1u);
}

TEST_F(AccountsContacts, AnswersOutsideTheScopeAsWhatDoesNotExist) {
  Call("POST", "/api/venues/v2/contacts", R"({"id":"c"})");
  for (const Scope& scope : {Scope::Of(VenueId{"v1"}), Scope::Of(VenuesGroupId{"g2"})}) {
    UseAdmin();
    if (scope.kind == Scope::Kind::kVenuesGroup) Call("POST", "/api/venues-groups", R"({"id":"g2","name":"Other"})");
    Use(MakeKey(scope));
    for (const auto& [method, path, body] : {std::tuple("GET", "", ""),
                                             {"POST", "", "{}"},
                                             {"GET", "/c", ""},
                                             {"PATCH", "/c", "{}"},
                                             {"DELETE", "/c", ""},
                                             {"POST", "/batch", "[]"}}) {
      const auto outside = Call(method, "/api/venues/v2/contacts" + std::string(path), body);
      EXPECT_EQ(outside.status, 404) << method << path;
      EXPECT_EQ(outside.body, Call(method, "/api/venues/nowhere/contacts" + std::string(path), body).body);
    }
  }
  Use(MakeKey(Scope::Of(VenuesGroupId{"g1"})));
  EXPECT_EQ(Call("GET", "/api/venues/v2/contacts/c").status, 200);
  EXPECT_EQ(Call("GET", "/api/venues/v3/contacts").status, 404);
}

TEST_F(AccountsContacts, NeedTheRightToReadOrToWrite) {
  Call("POST", "/api/venues/v1/contacts", R"({"id":"c"})");
  Use(MakeKey(Scope::Of(VenueId{"v1"}), {Right::kRead}));
  EXPECT_EQ(Call("GET", "/api/venues/v1/contacts/c").status, 200);
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", "{}").status, 403);
  EXPECT_EQ(Call("PATCH", "/api/venues/v1/contacts/c", "{}").status, 403);
  EXPECT_EQ(Call("DELETE", "/api/venues/v1/contacts/c").status, 403);
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts/batch", "[]").status, 403);
  Use(MakeKey(Scope::Of(VenueId{"v1"}), {Right::kWrite}));
  EXPECT_EQ(Call("GET", "/api/venues/v1/contacts/c").status, 403);
  EXPECT_EQ(Call("PATCH", "/api/venues/v1/contacts/c", "{}").status, 200);
  Use(MakeKey(Scope::Of(VenueId{"v1"}), {Right::kRead, Right::kWrite}));
  EXPECT_EQ(Call("GET", "/api/venues/v1/contacts/c").status, 200);
  EXPECT_EQ(Call("DELETE", "/api/venues/v1/contacts/c").status, 204);
}

TEST_F(AccountsContacts, TwoEditsAtOnceBothTakeEffect) {
  Call("POST", "/api/venues/v1/contacts", R"({"id":"c"})");
  const auto first = Begin("PATCH", "/api/venues/v1/contacts/c", R"({"city":"Paris"})");
  const auto second = Begin("PATCH", "/api/venues/v1/contacts/c", R"({"country":"France"})");
  Settle();
  EXPECT_EQ(Take(*first).status, 200);
  EXPECT_EQ(Take(*second).status, 200);
  EXPECT_EQ(Call("GET", "/api/venues/v1/contacts/c").body,
            R"({"id":"c","city":"Paris","country":"France","created_at":1731493800000})");
  EXPECT_EQ(Payloads().size(), 3u);
}

TEST_F(AccountsContacts, ACreationSurvivesAChangeOfTheConfigurationAtTheSameTime) {
  const auto field =
      Begin("POST", "/api/fields", R"({"collection":"clients","label":"VIP","type":"text","venue_id":"v1"})");
  const auto contact = Begin("POST", "/api/venues/v1/contacts", R"({"id":"c"})");
  Settle();
  EXPECT_EQ(Take(*field).status, 201);
  EXPECT_EQ(Take(*contact).status, 201);
}

TEST_F(AccountsContacts, OfTwoCreationsOfOneIdAtOnceOneIsRefused) {
  const auto first = Begin("POST", "/api/venues/v1/contacts", R"({"id":"c"})");
  const auto second = Begin("POST", "/api/venues/v1/contacts", R"({"id":"c"})");
  Settle();
  EXPECT_EQ(Take(*first).status + Take(*second).status, 201 + 409);
}

TEST_F(AccountsContacts, AnswerUnavailableWhileTheStoreCannotWrite) {
  fail_commits = true;
  const auto response = Call("POST", "/api/venues/v1/contacts", R"({"id":"c"})");
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.Header("Retry-After"), "1");
  EXPECT_EQ(Call("GET", "/api/venues/v1/contacts").status, 200);
  fail_commits = false;
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", R"({"id":"c"})").status, 201);
}

}  // namespace
}  // namespace shakehook
