#include "api/http/idempotent.h"

#include <gtest/gtest.h>

#include "testing/api/api_test_server.h"

namespace shakehook {
namespace {

using Idempotent = ApiTest;
using Headers = ApiTestServer::Headers;

Headers Key(std::string key) { return {{"idempotency-key", std::move(key)}}; }

void ExpectSame(const ApiTestServer::Response& first, const ApiTestServer::Response& second) {
  EXPECT_EQ(first.status, second.status);
  EXPECT_EQ(first.headers, second.headers);
  EXPECT_EQ(first.body, second.body);
}

TEST_F(Idempotent, TheSameRequestGetsTheSameAnswerAlsoAfterARestart) {
  const auto first = Call("POST", "/api/venues/v1/contacts", R"({"city":"Paris"})", Key("k"));
  EXPECT_EQ(first.status, 201);
  clock().Advance(Milliseconds(23 * 3600 * 1000));
  ExpectSame(first, Call("POST", "/api/venues/v1/contacts", R"({"city":"Paris"})", Key("k")));
  Reopen();
  ExpectSame(first, Call("POST", "/api/venues/v1/contacts", R"({"city":"Paris"})", Key("k")));
  EXPECT_EQ(Payloads().size(), 1u);
}

TEST_F(Idempotent, AnotherBodyIsRefused) {
  Call("POST", "/api/venues/v1/contacts", R"({"city":"Paris"})", Key("k"));
  const auto other = Call("POST", "/api/venues/v1/contacts", R"({"city":"Lyon"})", Key("k"));
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(other.BadFields(), "Idempotency-Key");
  EXPECT_EQ(Payloads().size(), 1u);
}

// The query of an import decides how its rows are read.
TEST_F(Idempotent, AnotherQueryIsRefused) {
  Headers headers = Key("k");
  headers.emplace_back("content-type", "text/csv");
  const std::string path = "/api/venues/v1/imports?kind=";
  EXPECT_EQ(Call("POST", path + "contact", "id\nx\n", headers).status, 201);
  for (const std::string kind : {"account", "neither"}) {
    const auto other = Call("POST", path + kind, "id\nx\n", headers);
    EXPECT_EQ(other.status, 422) << kind;
    EXPECT_EQ(other.BadFields(), "Idempotency-Key") << kind;
  }
}

TEST_F(Idempotent, AnotherPathOrCredentialIsAnotherRequest) {
  Call("POST", "/api/venues/v1/contacts", "{}", Key("k"));
  EXPECT_EQ(Call("POST", "/api/venues/v2/contacts", "{}", Key("k")).status, 201);
  EXPECT_EQ(Call("POST", "/api/venues/v1/accounts", "{}", Key("k")).status, 201);
  Use(MakeKey(Scope::Of(VenueId{"v1"})));
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", "{}", Key("k")).status, 201);
  EXPECT_EQ(Payloads().size(), 4u);
}

TEST_F(Idempotent, TheKeyIsForgottenAfterADay) {
  Call("POST", "/api/venues/v1/contacts", "{}", Key("k"));
  clock().Advance(kIdempotencyRecordsKept + Milliseconds(1));
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", R"({"city":"Lyon"})", Key("k")).status, 201);
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", R"({"city":"Lyon"})", Key("k")).status, 201);
  EXPECT_EQ(Payloads().size(), 2u);
}

TEST_F(Idempotent, OneThatStillRunsIsRefused) {
  const auto first = Begin("POST", "/api/venues/v1/contacts", "{}", Key("k"));
  const auto second = Begin("POST", "/api/venues/v1/contacts", "{}", Key("k"));
  Settle();
  EXPECT_EQ(Take(*first).status + Take(*second).status, 201 + 409);
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", "{}", Key("k")).status, 201);
  EXPECT_EQ(Payloads().size(), 1u);
}

// Two nodes over one store: each knows only the requests that itself is answering.
class IdempotentOnTwoNodes : public Idempotent {
 protected:
  using Response = ApiTestServer::Response;

  std::pair<Response, Response> CallBoth(std::string_view path, std::string_view body, std::string_view other_body) {
    const auto first = Begin("POST", path, body, Key("k"));
    const auto second = BeginAt(other_, "POST", path, other_body, Key("k"));
    Settle();
    return {Take(*first), Take(*second)};
  }

 private:
  SeededRandom random_{4};
  prometheus::Registry registry_;
  Records records_{store(), clock(), random_};
  Api other_{store(), records_, policy(), clock(), registry_, {.version = "test"}};
};

TEST_F(IdempotentOnTwoNodes, TheSameRequestMakesOneChangeAndGetsOneAnswer) {
  for (const auto& [path, body] : {std::pair("/api/venues/v1/contacts", R"({"city":"Paris"})"),
                                   {"/api/venues/v1/accounts/batch", R"([{"name":"n"}])"},
                                   {"/api/venues", R"({"name":"n"})"}}) {
    const auto [first, second] = CallBoth(path, body, body);
    EXPECT_LT(first.status, 300) << path << first.body;
    ExpectSame(first, second);
    ExpectSame(first, Call("POST", path, body, Key("k")));
  }
  EXPECT_EQ(Payloads().size(), 2u);
}

// The id is taken by the first request's own change.
TEST_F(IdempotentOnTwoNodes, TheSameRequestWithAnIdOfItsOwnGetsOneAnswer) {
  const std::string body = R"({"id":"c","city":"Paris"})";
  const auto [first, second] = CallBoth("/api/venues/v1/contacts", body, body);
  EXPECT_EQ(first.status, 201) << first.body;
  ExpectSame(first, second);
  EXPECT_EQ(Payloads().size(), 1u);
}

TEST_F(IdempotentOnTwoNodes, AnotherBodyIsRefused) {
  const auto [first, second] = CallBoth("/api/venues/v1/contacts", R"({"city":"Paris"})", R"({"city":"Lyon"})");
  EXPECT_EQ(first.status, 201) << first.body;
  EXPECT_EQ(second.status, 422) << second.body;
  EXPECT_EQ(second.BadFields(), "Idempotency-Key");
  EXPECT_EQ(Payloads().size(), 1u);
}

TEST_F(Idempotent, ARefusedRequestMayBeMended) {
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", R"({"email":"x"})", Key("k")).status, 422);
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", R"({"email":"x@y"})", Key("k")).status, 201);
}

TEST_F(Idempotent, AFailedCommitKeepsNothing) {
  fail_commits = true;
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", "{}", Key("k")).status, 503);
  fail_commits = false;
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", "{}", Key("k")).status, 201);
  EXPECT_EQ(Payloads().size(), 1u);
}

TEST_F(Idempotent, HoldsForEveryCreation) {
  for (const auto& [path, body] :
       {std::pair("/api/venues-groups", R"({"name":"n"})"),
        {"/api/venues", R"({"name":"n"})"},
        {"/api/venues/v1/accounts", "{}"},
        {"/api/venues/v1/accounts/batch", R"([{"name":"n"}])"},
        {"/api/venues/v1/accounts/batch", "[]"},
        {"/api/fields", R"({"collection":"clients","label":"L","type":"text","venue_id":"v1"})"},
        {"/api/api-keys", R"({"name":"n","scope":{}})"}}) {
    const auto key = Key(std::string(body).substr(0, 3) + "-" + std::to_string(std::string(body).size()));
    const auto first = Call("POST", path, body, key);
    EXPECT_LT(first.status, 300) << path << first.body;
    Reopen();
    ExpectSame(first, Call("POST", path, body, key));
  }
}

TEST_F(Idempotent, BadKeysAreRefused) {
  for (const std::string& key : {std::string(), std::string("a b"), std::string("é"), std::string(256, 'x')}) {
    EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", "{}", Key(key)).BadFields(), "Idempotency-Key") << key;
  }
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", "{}", Key(std::string(255, 'x'))).status, 201);
}

TEST(WriteResponse, ReadsBack) {
  HttpResponse response{.status = 201, .body = "a\n\nb: c\n"};
  response.headers = {{"ETag", "\"1\""}, {"Location", "/x: y"}};
  const HttpResponse read = ReadResponse(WriteResponse(response));
  EXPECT_EQ(read.status, 201);
  EXPECT_EQ(read.headers, response.headers);
  EXPECT_EQ(read.body, response.body);
}

}  // namespace
}  // namespace shakehook
