#include <gtest/gtest.h>

#include "testing/api/api_test_server.h"

namespace shakehook {
namespace {

using Fields = ApiTest;

TEST_F(Fields, HaveBookingShakesShape) {
  const auto made = Call("POST", "/api/fields",
                         R"({"collection":"clients","label":"Interests","type":"multiselect","isRequiredInBO":true,)"
                         R"("data":[{"label":"Wine","value":0},{"label":"Music","value":"music"}],"venue_id":"v1"})");
  EXPECT_EQ(made.status, 201);
  const std::string code = made.Text("code");
  EXPECT_TRUE(ParseCustomFieldCode(code));
  EXPECT_EQ(made.body, R"({"value":")" + code + R"(","type":"multiselect","collection":"clients","code":")" + code +
                           R"(","label":"Interests","isRequiredInBO":true,"isCustom":true,)"
                           R"("data":[{"label":"Wine","value":0},{"label":"Music","value":"music"}],)"
                           R"("venue_id":"v1","venues_group_id":null,"created_at":1731493800000,)"
                           R"("updated_at":1731493800000})");
  EXPECT_EQ(made.Header("Location"), "/api/fields/" + code);
  EXPECT_EQ(Call("GET", "/api/fields/" + code).body, made.body);
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", "{\"" + code + "\":[0,\"music\"]}").status, 201);
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", "{\"" + code + "\":[1]}").BadFields(), code);
}

TEST_F(Fields, NameWhatIsWrong) {
  EXPECT_EQ(Call("POST", "/api/fields", "{}").BadFields(), "collection,type,label,venue_id");
  EXPECT_EQ(Call("POST", "/api/fields",
                 R"({"collection":"guests","type":"colour","label":1,"isRequiredInBO":"yes","venue_id":"no","size":1})")
                .BadFields(),
            "collection,type,label,isRequiredInBO,venue_id,size");
  const auto with = [&](std::string_view members) {
    return Call("POST", "/api/fields", R"({"collection":"clients","label":"L",)" + std::string(members) + "}")
        .BadFields();
  };
  EXPECT_EQ(with(R"("type":"text","venue_id":"v1","venues_group_id":"g1")"), "venues_group_id");
  EXPECT_EQ(with(R"("type":"text","venues_group_id":"no")"), "venues_group_id");
  EXPECT_EQ(with(R"("type":"select","venue_id":"v1")"), "data");
  EXPECT_EQ(with(R"("type":"select","venue_id":"v1","data":[])"), "data");
  EXPECT_EQ(with(R"("type":"text","venue_id":"v1","data":[{"label":"a","value":1}])"), "data");
  EXPECT_EQ(with(R"("type":"text","venue_id":"v1","data":[])"), "");
  EXPECT_EQ(with(R"("type":"select","venue_id":"v1","data":[{"label":"a","value":1},{"label":"b","value":1}])"),
            "data.1.value");
  EXPECT_EQ(
      with(
          R"("type":"select","venue_id":"v1","data":[{"label":"a","value":1.5},{"value":""},3,{"label":"a","value":"b","x":1}])"),
      "data.0.value,data.1.label,data.1.value,data.2,data.2.label,data.2.value,data.3.x");
  EXPECT_EQ(with(R"("type":"text","venue_id":"v1","isCustom":false)"), "isCustom");
}

TEST_F(Fields, OfAGroupAreInTheListsOfItsVenues) {
  const auto make = [&](std::string_view label, std::string_view collection, std::string_view scope) {
    return Call("POST", "/api/fields",
                R"({"type":"text","label":")" + std::string(label) + R"(","collection":")" + std::string(collection) +
                    "\"," + std::string(scope) + "}")
        .Text("code");
  };
  make("a", "clients", R"("venue_id":"v1")");
  const std::string group_code = make("b", "accounts", R"("venues_group_id":"g1")");
  make("c", "clients", R"("venue_id":"v2")");
  make("d", "clients", R"("venue_id":"v1")");
  const auto labels = [&](std::string_view query) {
    std::string found;
    const Json page = Call("GET", "/api/fields?" + std::string(query)).json();
    for (const Json& field : *page.Find("data")->array()) found += *field.Find("label")->text();
    if (!page.Find("next_cursor")->is_null()) found += "+";
    return found;
  };
  EXPECT_EQ(labels("venue_id=v1"), "abd");
  EXPECT_EQ(labels("venue_id=v2"), "bc");
  EXPECT_EQ(labels("venue_id=v3"), "");
  EXPECT_EQ(labels("venues_group_id=g1"), "b");
  EXPECT_EQ(labels("venue_id=v1&collection=clients"), "ad");
  EXPECT_EQ(labels("venue_id=v1&limit=2"), "ab+");
  EXPECT_EQ(labels("venue_id=v1&limit=2&cursor=" + Call("GET", "/api/fields?venue_id=v1&limit=2").Text("next_cursor")),
            "d");
  EXPECT_EQ(Call("GET", "/api/fields").BadFields(), "venue_id");
  EXPECT_EQ(Call("GET", "/api/fields?venue_id=no").BadFields(), "venue_id");
  EXPECT_EQ(Call("GET", "/api/fields?venue_id=v1&venues_group_id=g1").BadFields(), "venues_group_id");
  EXPECT_EQ(Call("GET", "/api/fields?venue_id=v1&collection=contacts&cursor=x").BadFields(), "collection,cursor");

  Use(MakeKey(Scope::Of(VenueId{"v1"})));
  EXPECT_EQ(labels(""), "abd");
  EXPECT_EQ(Call("GET", "/api/fields?venue_id=v2").BadFields(), "venue_id");
  EXPECT_EQ(Call("GET", "/api/fields/" + group_code).status, 200);
  EXPECT_EQ(Call("PATCH", "/api/fields/" + group_code, R"({"label":"x"})").status, 403);
  EXPECT_EQ(Call("DELETE", "/api/fields/" + group_code).status, 403);
  EXPECT_EQ(Call("POST", "/api/fields", R"({"type":"text","label":"x","collection":"clients","venues_group_id":"g1"})")
                .BadFields(),
            "venues_group_id");
  UseAdmin();
  Use(MakeKey(Scope::Of(VenuesGroupId{"g1"})));
  EXPECT_EQ(labels(""), "b");
  EXPECT_EQ(labels("venue_id=v2"), "bc");
  EXPECT_EQ(Call("DELETE", "/api/fields/" + group_code).status, 204);
  EXPECT_EQ(labels(""), "");
}

TEST_F(Fields, OutsideTheScopeAreAsThoseThatDoNotExist) {
  const std::string code =
      Call("POST", "/api/fields", R"({"collection":"clients","label":"L","type":"text","venue_id":"v1"})").Text("code");
  const std::string group_code =
      Call("POST", "/api/fields", R"({"collection":"clients","label":"L","type":"text","venues_group_id":"g1"})")
          .Text("code");
  Use(MakeKey(Scope::Of(VenueId{"v3"})));
  const std::string missing = Call("GET", "/api/fields/custom_00000000-0000-7000-8000-000000000000").body;
  for (const std::string& one : {code, group_code, std::string("email")}) {
    for (const auto& [method, body] : {std::pair("GET", ""), {"PATCH", "{}"}, {"DELETE", ""}}) {
      const auto response = Call(method, "/api/fields/" + one, body);
      EXPECT_EQ(response.status, 404);
      EXPECT_EQ(response.body, missing);
    }
  }
}

TEST_F(Fields, KeepTheirTypeAndCollection) {
  const auto made = Call("POST", "/api/fields",
                         R"({"collection":"clients","label":"L","type":"select","data":[{"label":"a","value":1}],)"
                         R"("venue_id":"v1"})");
  const std::string path = "/api/fields/" + made.Text("code");
  EXPECT_EQ(Call("PATCH", path, R"({"type":"text","collection":"accounts","venue_id":"v2","code":"x"})").BadFields(),
            "type,collection,code,venue_id");
  EXPECT_EQ(Call("PATCH", path, made.body).body, made.body);
  EXPECT_EQ(Call("PATCH", path, R"({"data":[],"label":null})").BadFields(), "label");
  EXPECT_EQ(Call("PATCH", path, R"({"data":[]})").BadFields(), "data");
  EXPECT_EQ(Call("PATCH", path, R"({"data":null})").BadFields(), "data");
  clock().Advance(Milliseconds(5));
  const auto edited = Call("PATCH", path, R"({"label":"M","isRequiredInBO":true,"data":[{"label":"b","value":"b"}]})");
  EXPECT_EQ(edited.status, 200);
  EXPECT_EQ(edited.Text("label"), "M");
  EXPECT_EQ(edited.Header("ETag"), "\"2\"");
  EXPECT_EQ(edited.json().Find("updated_at")->integer(), 1'731'493'800'005);
  EXPECT_EQ(Call("PATCH", path, "{}", {{"if-match", "\"1\""}}).status, 412);
  Reopen();
  EXPECT_EQ(Call("GET", path).body, edited.body);
  EXPECT_EQ(Call("DELETE", path, "", {{"if-match", "\"1\""}}).status, 412);
  EXPECT_EQ(Call("DELETE", path).status, 204);
  EXPECT_EQ(Call("GET", path).status, 404);
}

TEST_F(Fields, AreManagedWithTheRightTo) {
  Use(MakeKey(Scope::Of(VenueId{"v1"}), {Right::kRead, Right::kWrite}));
  EXPECT_EQ(Call("GET", "/api/fields").status, 200);
  EXPECT_EQ(Call("POST", "/api/fields", "{}").status, 403);
}

}  // namespace
}  // namespace shakehook
