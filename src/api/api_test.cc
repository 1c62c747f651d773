#include "api/api.h"

#include <gtest/gtest.h>

#include "api/http/problem.h"
#include "testing/api/api_test_server.h"

namespace shakehook {
namespace {

using ApiFrame = ApiTest;

TEST_F(ApiFrame, AsksForAKey) {
  Use("");
  for (const char* path : {"/api/venues", "/api/venues/v1/contacts/c", "/api/nothing"}) {
    const auto response = Call("GET", path);
    EXPECT_EQ(response.status, 401) << path;
    EXPECT_EQ(response.Header("WWW-Authenticate"), "Bearer realm=\"shakehook\"");
    EXPECT_EQ(response.Header("Content-Type"), "application/problem+json");
    EXPECT_EQ(response.Text("title"), "Unauthorized");
  }
  EXPECT_EQ(Call("GET", "/nothing").status, 404);
}

TEST_F(ApiFrame, TakesTheBearerSchemeInAnyCase) {
  const std::string key = admin_key();
  Use("");
  const auto status = [&](std::string authorization) {
    return Call("GET", "/api/venues", "", {{"authorization", std::move(authorization)}}).status;
  };
  EXPECT_EQ(status("Bearer " + key), 200);
  EXPECT_EQ(status("bearer  " + key), 200);
  EXPECT_EQ(status("BEARER " + key), 200);
  EXPECT_EQ(status("Basic " + key), 401);
  EXPECT_EQ(status(key), 401);
  EXPECT_EQ(status("Bearer"), 401);
  EXPECT_EQ(status("Bearer "), 401);
  EXPECT_EQ(status("Bearer " + key + "x"), 401);
}

TEST_F(ApiFrame, SaysWhatAPathTakes) {
  EXPECT_EQ(Call("GET", "/api/nothing").status, 404);
  EXPECT_EQ(Call("GET", "/api/venues/").status, 404);
  EXPECT_EQ(Call("GET", "/api//venues").status, 404);
  const auto list = Call("DELETE", "/api/venues");
  EXPECT_EQ(list.status, 405);
  EXPECT_EQ(list.Header("Allow"), "GET, HEAD, POST");
  EXPECT_EQ(Call("PUT", "/api/venues/v1").Header("Allow"), "GET, HEAD, PATCH, DELETE");
  EXPECT_EQ(Call("OPTIONS", "/api/venues/v1").status, 405);
}

TEST_F(ApiFrame, AnswersHeadAsGet) {
  const auto head = Call("HEAD", "/api/venues/v1");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.Header("ETag"), "\"1\"");
  EXPECT_EQ(Call("HEAD", "/api/venues/nowhere").status, 404);
}

TEST_F(ApiFrame, DecodesPathsStrictly) {
  EXPECT_EQ(Call("GET", "/api/venues/%76%31").status, 200);
  EXPECT_EQ(Call("GET", "/%61pi/venues").status, 200);
  EXPECT_EQ(Call("GET", "/api/venues/%7").status, 400);
  EXPECT_EQ(Call("GET", "/api/venues/%zz").status, 400);
  EXPECT_EQ(Call("GET", "/api/venues/%ff").status, 400);
  EXPECT_EQ(Call("GET", "/api/venues/v1%00").status, 400);
  EXPECT_EQ(Call("GET", "/api/venues/v1%2Fcontacts").status, 404);
  EXPECT_EQ(Call("GET", "/api/venues/v+1").status, 404);
}

TEST_F(ApiFrame, PutsSecurityHeadersOnRefusalsToo) {
  for (const auto& response :
       {Call("GET", "/api/nothing"), Call("GET", "/api/venues"), Call("POST", "/api/venues", "{")}) {
    EXPECT_EQ(response.Header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(response.Header("Cache-Control"), "no-store");
  }
  const HttpResponse refused = Api::Refuse(413, "The body is too large.");
  EXPECT_EQ(refused.status, 413);
  EXPECT_EQ(
      refused.body,
      R"({"type":"/docs#problem-too-large","title":"Content Too Large","status":413,"detail":"The body is too large."})");
}

TEST(Problem, NamesAtMostAThousandErrors) {
  const Problem problem = Invalid(std::vector<FieldError>(5000, {"field", {"required", "is required"}}));
  EXPECT_EQ(problem.errors.size(), 1000u);
  EXPECT_EQ(problem.detail.text, "5000 fields or parameters are not valid.");
}

class RateLimited : public ::testing::Test {
 protected:
  RateLimited() : server_({.version = "test", .rate_limit = 2}) {}
  int Status() { return server_.Call("GET", "/api/venues").status; }
  ApiTestServer server_;
};

TEST_F(RateLimited, MakesAKeyWaitForItsNextSecond) {
  EXPECT_EQ(Status(), 200);
  EXPECT_EQ(Status(), 200);
  const auto refused = server_.Call("GET", "/api/venues");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.Header("Retry-After"), "1");
  server_.clock().Advance(Milliseconds(500));
  EXPECT_EQ(Status(), 200);
  EXPECT_EQ(Status(), 429);
  server_.clock().Advance(Milliseconds(10'000));
  EXPECT_EQ(Status(), 200);
  EXPECT_EQ(Status(), 200);
  EXPECT_EQ(Status(), 429);
}

TEST_F(RateLimited, CountsEachKeyForItself) {
  EXPECT_EQ(Status(), 200);
  EXPECT_EQ(Status(), 200);
  EXPECT_EQ(Status(), 429);
  server_.Use(server_.MakeKey(Scope::All()));
  EXPECT_EQ(Status(), 200);
}

}  // namespace
}  // namespace shakehook
