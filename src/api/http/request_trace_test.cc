#include <gtest/gtest.h>

#include "testing/api/api_test_server.h"
#include "trace/tracer.h"

namespace shakehook {
namespace {

constexpr std::string_view kCaller = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

class RequestTraces : public ::testing::Test {
 protected:
  RequestTraces() {
    server_.Call("POST", "/api/venues", R"({"id":"v1","name":"One"})");
    tracer_.TakeSpans(Tracer::kSpansMax);
  }
  std::vector<Span> Call(std::string_view method, std::string_view path, std::string_view body,
                         std::vector<std::string> traceparents = {std::string(kCaller)}) {
    ApiTestServer::Headers headers;
    for (std::string& value : traceparents) headers.emplace_back("traceparent", std::move(value));
    status_ = server_.Call(method, path, body, std::move(headers)).status;
    return tracer_.TakeSpans(Tracer::kSpansMax);
  }

  SimulatedClock clock_;
  SeededRandom random_{1};
  prometheus::Registry registry_;
  Tracer tracer_{clock_, random_, registry_, {.trusts_callers = Switch::kOn}};
  ApiTestServer server_{{.version = "test", .tracer = &tracer_}};
  int status_ = 0;
};

TEST_F(RequestTraces, HaveTheCommitOfEachKindOfChange) {
  const auto commits = [&](std::string_view method, std::string_view path, std::string_view body) {
    const auto spans = Call(method, path, body);
    EXPECT_EQ(spans.size(), 2u) << method << ' ' << path << ' ' << status_;
    if (spans.size() != 2) return std::int64_t{-1};
    EXPECT_EQ(spans[0].name, "commit");
    EXPECT_EQ(spans[0].open.parent, spans[1].open.context.span);
    EXPECT_EQ(spans[1].open.parent, ParseTraceparent(kCaller)->span);
    EXPECT_EQ(spans[1].open.context.trace, ParseTraceparent(kCaller)->trace);
    return std::get<std::int64_t>(spans[0].attributes.at(0).second);
  };
  EXPECT_EQ(commits("POST", "/api/venues/v1/accounts", R"({"id":"a1","name":"A"})"), 1);
  EXPECT_EQ(commits("POST", "/api/venues/v1/contacts", R"({"id":"c1","account_id":"a1"})"), 1);
  EXPECT_EQ(commits("PATCH", "/api/venues/v1/contacts/c1", R"({"first_name":"J"})"), 1);
  EXPECT_EQ(commits("POST", "/api/venues/v1/contacts/batch", R"([{"id":"c2"},{"id":"c3"}])"), 2);
  EXPECT_EQ(commits("DELETE", "/api/venues/v1/accounts/a1", ""), 2) << "its contact is freed of it";
  EXPECT_EQ(commits("POST", "/api/events", R"({"event":"contact.updated","venue_id":"v1","data":{"id":"x"}})"), 1);
}

TEST_F(RequestTraces, CountForTheTenantWhoseRecordsTheyAreAbout) {
  server_.Call("POST", "/api/venues-groups", R"({"id":"g1","name":"Group"})");
  server_.Call("PATCH", "/api/venues/v1", R"({"venues_group_id":"g1"})");
  server_.Call("POST", "/api/venues", R"({"id":"v2","name":"Two","venues_group_id":"g1"})");
  server_.Call("POST", "/api/venues", R"({"id":"v3","name":"Three"})");
  tracer_.TakeSpans(Tracer::kSpansMax);
  const auto tenant_of = [&](const std::string& venue) {
    const auto spans = Call("POST", "/api/venues/" + venue + "/contacts", "{}");
    EXPECT_EQ(spans.size(), 2u) << status_;
    EXPECT_EQ(spans.at(0).tenant, spans.at(1).tenant) << "the commit's is the request's";
    return spans.at(1).tenant;
  };
  EXPECT_EQ(tenant_of("v1"), tenant_of("v2")) << "a group shares";
  EXPECT_NE(tenant_of("v1"), tenant_of("v3"));
}

TEST_F(RequestTraces, NameTheRouteAndNotWhatIsInThePath) {
  const auto spans = Call("GET", "/api/venues/v1/contacts/s3cret", "");
  ASSERT_EQ(spans.size(), 1u);
  EXPECT_EQ(spans[0].name, "GET /api/venues/{venue_id}/contacts/{id}");
  for (const auto& [name, value] : spans[0].attributes) {
    if (const auto* const text = std::get_if<std::string>(&value)) EXPECT_EQ(text->find("s3cret"), std::string::npos);
  }
  EXPECT_FALSE(spans[0].error) << "a 404 is no fault of the server";
}

TEST_F(RequestTraces, NameNoMethodThatNoRouteHas) {
  const auto spans = Call(std::string(2'000, 'X'), "/api/venues", "");
  ASSERT_EQ(spans.size(), 1u);
  EXPECT_EQ(status_, 405);
  EXPECT_EQ(spans[0].name, "HTTP");
  EXPECT_EQ(std::get<std::string>(spans[0].attributes.at(0).second), "_OTHER");
}

TEST_F(RequestTraces, BeginWhereTheHeaderIsBadOrThereTwice) {
  for (const std::vector<std::string>& headers :
       {std::vector<std::string>{}, std::vector<std::string>{"x"},
        std::vector<std::string>{std::string(kCaller), std::string(kCaller)}}) {
    const auto spans = Call("GET", "/api/venues", "", headers);
    ASSERT_EQ(spans.size(), 1u);
    EXPECT_FALSE(spans[0].open.parent);
    EXPECT_NE(spans[0].open.context.trace, ParseTraceparent(kCaller)->trace);
  }
}

TEST_F(RequestTraces, AreNotMadeForStrangersAndProbes) {
  for (const std::string path : {"/healthz", "/metrics"}) EXPECT_TRUE(Call("GET", path, "").empty()) << path;
  server_.Use("");
  EXPECT_TRUE(Call("GET", "/api/venues", "").empty());
  EXPECT_EQ(status_, 401);
}

}  // namespace
}  // namespace shakehook
