#include <algorithm>
#include <set>

#include "api/all_routes.h"
#include "api/commit_feed.h"
#include "api/webhooks/inbox_log.h"
#include "model/notice.h"
#include "testing/api/api_test_server.h"
#include "testing/api/openapi_spec.h"

namespace shakehook {
namespace {

constexpr std::array<std::string_view, 5> kMethods = {"get", "post", "patch", "put", "delete"};

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(c));
  return lower;
}

class OpenApi : public ApiTest {
 protected:
  OpenApi() : services_{store(), records_, policy_, clock(), registry_, {.version = "test"}, inboxes_, feed_} {
    AddAllRoutes(router_, services_);
  }

  // Null: not described.
  const Json* FindOperation(const Route& route) const {
    const Json* const item = spec_.root().Find("paths")->Find(route.path);
    return item == nullptr ? nullptr : item->Find(Lower(route.method));
  }

  // The names of an operation's parameters of one place: "path", "query".
  std::set<std::string> ParametersOf(std::string_view path, const Json& operation, std::string_view place) const {
    std::set<std::string> names;
    for (const Json* const holder : {spec_.root().Find("paths")->Find(path), &operation}) {
      const Json* const parameters = holder->Find("parameters");
      if (parameters == nullptr) continue;
      for (const Json& given : *parameters->array()) {
        const Json& parameter = spec_.Resolve(given);
        if (*parameter.Find("in")->text() == place) names.insert(*parameter.Find("name")->text());
      }
    }
    return names;
  }

  // Calls `visit` with every object of the description, and its path.
  template <class Visit>
  static void Walk(const Json& json, const std::string& at, const Visit& visit) {
    if (json.object() != nullptr) {
      visit(json, at);
      for (const auto& [key, value] : *json.object()) Walk(value, at + "/" + key, visit);
    } else if (json.array() != nullptr) {
      for (std::size_t i = 0; i < json.array()->size(); ++i)
        Walk((*json.array())[i], at + "/" + std::to_string(i), visit);
    }
  }

  OpenApiSpec spec_;
  AddressPolicy policy_{AddressPolicy::Options{}};
  SeededRandom random_{4};
  Records records_{store(), clock(), random_};
  prometheus::Registry registry_;
  InboxLog inboxes_;
  CommitFeed feed_;
  ApiServices services_;
  Router router_;
};

TEST_F(OpenApi, DescribesEveryRouteWithItsParameters) {
  for (const Route& route : router_.routes()) {
    SCOPED_TRACE(std::string(route.method) + " " + std::string(route.path));
    const Json* const operation = FindOperation(route);
    ASSERT_NE(operation, nullptr);
    std::set<std::string> in_path;
    for (std::string_view rest = route.path; rest.find('{') != std::string_view::npos;) {
      rest.remove_prefix(rest.find('{') + 1);
      in_path.emplace(rest.substr(0, rest.find('}')));
    }
    EXPECT_EQ(ParametersOf(route.path, *operation, "path"), in_path);
    EXPECT_EQ(ParametersOf(route.path, *operation, "query"),
              std::set<std::string>(route.parameters.begin(), route.parameters.end()));
    EXPECT_EQ(ParametersOf(route.path, *operation, "header").contains("Idempotency-Key"),
              route.method == "POST" && route.access != Access::kOpen);
  }
}

TEST_F(OpenApi, SaysThatPathsMayBeMalformed) {
  for (const Route& route : router_.routes()) {
    if (!route.path.contains('{')) continue;
    EXPECT_NE(FindOperation(route)->Find("responses")->Find("400"), nullptr) << route.method << ' ' << route.path;
  }
}

TEST_F(OpenApi, SaysThatEveryRouteWithAKeyRefusesBadPathsAndUnknownParameters) {
  for (const Route& route : router_.routes()) {
    if (route.access == Access::kOpen) continue;
    SCOPED_TRACE(std::string(route.method) + " " + std::string(route.path));
    for (const std::string_view status : {"400", "401", "422", "429", "503"}) {
      EXPECT_NE(FindOperation(route)->Find("responses")->Find(status), nullptr) << status;
    }
  }
}

TEST_F(OpenApi, NamesTheRightThatARouteNeeds) {
  for (const Route& route : router_.routes()) {
    SCOPED_TRACE(std::string(route.method) + " " + std::string(route.path));
    const Json& operation = *FindOperation(route);
    const Json* const security = operation.Find("security");
    EXPECT_EQ(security != nullptr && security->array()->empty(),
              route.access == Access::kOpen && route.path != "/metrics");
    if (route.access == Access::kOpen) continue;
    if (route.access == Access::kSession) {
      EXPECT_NE(operation.Find("description")->text()->find("Needs a session."), std::string::npos);
      continue;
    }
    const std::string right = route.access == Access::kRead    ? "`read`"
                              : route.access == Access::kWrite ? "`write`"
                                                               : "`manage`";
    EXPECT_NE(operation.Find("description")->text()->find("right " + right), std::string::npos);
  }
}

TEST_F(OpenApi, DescribesNothingElse) {
  std::set<std::string> routes;
  for (const Route& route : router_.routes()) routes.insert(Lower(route.method) + " " + std::string(route.path));
  for (const auto& [path, item] : *spec_.root().Find("paths")->object()) {
    for (const std::string_view method : kMethods) {
      if (item.Find(method) == nullptr) continue;
      EXPECT_TRUE(routes.contains(std::string(method) + " " + path)) << method << " " << path;
    }
  }
}

TEST_F(OpenApi, OperationIdsAreUnique) {
  std::set<std::string> ids;
  Walk(spec_.root(), "", [&](const Json& object, const std::string& at) {
    const Json* const id = object.Find("operationId");
    if (id == nullptr) return;
    EXPECT_TRUE(ids.insert(*id->text()).second) << at;
  });
}

TEST_F(OpenApi, EveryReferenceLeadsSomewhere) {
  Walk(spec_.root(), "", [&](const Json& object, const std::string& at) {
    if (object.Find("$ref") != nullptr) EXPECT_NE(spec_.Resolve(object).object(), nullptr) << at;
  });
}

TEST_F(OpenApi, EveryExampleFitsItsSchema) {
  int examples = 0;
  Walk(spec_.root(), "", [&](const Json& object, const std::string& at) {
    if (object.Find("schema") == nullptr || object.Find("example") == nullptr) return;
    ++examples;
    for (const std::string& fault : spec_.FaultsOf(*object.Find("schema"), *object.Find("example"))) {
      ADD_FAILURE() << at << ": " << fault;
    }
  });
  EXPECT_GT(examples, 50);
}

TEST_F(OpenApi, DescribesTheSixEventsThatWebhooksReceive) {
  std::vector<std::string> described;
  for (const auto& [event, item] : *spec_.root().Find("webhooks")->object()) {
    described.push_back(event);
    const Json& media = *item.Find("post")->Find("requestBody")->Find("content")->Find("application/json");
    EXPECT_EQ(*media.Find("example")->Find("event")->text(), event);
  }
  std::vector<std::string> events;
  for (const EventType type : kEventTypes) events.emplace_back(ToString(type));
  EXPECT_EQ(described, events);
}

// Payloads are described by the same schemas as the API's responses.
TEST_F(OpenApi, DescribesThePayloadsThatAreMade) {
  const std::string field =
      Call("POST", "/api/fields", R"({"collection":"clients","label":"VIP","type":"text","venue_id":"v1"})")
          .Text("code");
  Call("POST", "/api/venues/v1/accounts", R"({"id":"a","name":"Acme","vat_number":"FR1"})");
  Call("POST", "/api/venues/v1/contacts", "{\"id\":\"c\",\"account_id\":\"a\",\"" + field + "\":\"yes\"}");
  Call("PATCH", "/api/venues/v1/contacts/c", R"({"optin_marketing":true})");
  Call("DELETE", "/api/venues/v1/accounts/a");
  Call("DELETE", "/api/venues/v1/contacts/c");
  const auto payloads = Payloads();
  EXPECT_EQ(payloads.size(), 6u);
  for (const std::string& payload : payloads) {
    const Json json = *ParseJson(payload);
    const Json& webhook = *spec_.root().Find("webhooks")->Find(*json.Find("event")->text());
    const Json& media = *webhook.Find("post")->Find("requestBody")->Find("content")->Find("application/json");
    EXPECT_EQ(spec_.FaultsOf(*media.Find("schema"), json), std::vector<std::string>()) << payload;
  }
}

TEST_F(OpenApi, IsServedWithTheVersionOfTheProgram) {
  Use("");
  const Response response = Call("GET", "/openapi.json");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.Header("Content-Type"), "application/json");
  EXPECT_EQ(*response.json().Find("openapi")->text(), "3.1.0");
  EXPECT_EQ(*response.json().Find("info")->Find("version")->text(), "test");
}

class DocsPage : public ApiTest {
 protected:
  DocsPage() { Use(""); }
};

TEST_F(DocsPage, IsServedWithoutAKeyUnderAStrictPolicy) {
  const Response page = Call("GET", "/docs");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.Header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_TRUE(page.Header("Content-Security-Policy").starts_with("default-src 'none'"));
  EXPECT_EQ(page.Header("Content-Security-Policy").find("unsafe"), std::string::npos);
  EXPECT_EQ(page.Header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(Call("GET", "/docs/docs.css").Header("Content-Type"), "text/css; charset=utf-8");
  EXPECT_EQ(Call("GET", "/docs/docs.js").Header("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(Call("GET", "/docs/docs.html").status, 404);
  EXPECT_EQ(Call("GET", "/docs/..%2fopenapi.json").status, 404);
}

TEST_F(DocsPage, LoadsNothingFromElsewhere) {
  for (const std::string path : {"/docs", "/docs/docs.css", "/docs/docs.js"}) {
    const std::string body = Call("GET", path).body;
    EXPECT_EQ(body.find("://"), std::string::npos) << path;
    EXPECT_EQ(body.find("innerHTML"), std::string::npos) << path;
  }
}

TEST_F(DocsPage, IsNotSentAgainToWhoHasIt) {
  const std::string etag = Call("GET", "/docs").Header("ETag");
  const Response again = Call("GET", "/docs", "", {{"if-none-match", etag}});
  EXPECT_EQ(again.status, 304);
  EXPECT_TRUE(again.body.empty());
  EXPECT_EQ(Call("GET", "/docs", "", {{"if-none-match", "\"other\""}}).status, 200);
}

TEST_F(OpenApi, NamesEveryCodeOfANoticeThatDidNotArrive) {
  const Json* const code =
      spec_.root().Find("components")->Find("schemas")->Find("Notice")->Find("properties")->Find("error_code");
  std::vector<std::string> described;
  for (const Json& value : *code->Find("enum")->array()) {
    if (value.text() != nullptr) described.push_back(*value.text());
  }
  EXPECT_TRUE(std::ranges::equal(described, kNoticeFaultCodes));
}

}  // namespace
}  // namespace shakehook
