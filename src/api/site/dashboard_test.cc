#include "api/site/dashboard.h"

#include <gtest/gtest.h>

#include "testing/api/api_test_server.h"

namespace shakehook {
namespace {

constexpr EmbeddedFile kFiles[] = {
    {"index.html", "<meta content=\"{{nonce}}\"><div></div>", "aa"},
    {"assets/index-Ab12.js.gz", "compressed", "bb"},
    {"scheme.js", "plain", "cc"},
    {"scheme.js.gz", "smaller", "dd"},
    {"assets/page-Cd34.js.br", "smallest", "ee"},
    {"assets/page-Cd34.js.gz", "smaller", "ff"},
    {"favicon.svg", "<svg/>", "0a"},
};

class DashboardOfServer : public ::testing::Test, public ApiTestServer {
 protected:
  DashboardOfServer() : ApiTestServer({.version = "test", .dashboard = kFiles}) { Use(""); }

  // The dashboard is no part of openapi.json.
  Response Get(std::string_view path, Headers headers = {}, std::string_view method = "GET") {
    auto response = Begin(method, path, {}, std::move(headers));
    while (!*response) Step();
    return Take(*response);
  }
};

TEST_F(DashboardOfServer, GivesEachPageANonceOfItsOwn) {
  const auto first = Get("/");
  ASSERT_EQ(first.status, 200);
  EXPECT_EQ(first.Header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(first.Header("Cache-Control"), "no-store");
  const std::string start = "<meta content=\"";
  ASSERT_TRUE(first.body.starts_with(start)) << first.body;
  const std::string nonce = first.body.substr(start.size(), 22);
  EXPECT_EQ(first.body, start + nonce + "\"><div></div>");
  EXPECT_NE(first.Header("Content-Security-Policy").find("style-src 'self' 'nonce-" + nonce + "';"), std::string::npos);
  EXPECT_NE(Get("/").body, first.body);
}

TEST_F(DashboardOfServer, IsHardened) {
  for (const std::string_view path : {"/", "/favicon.svg", "/scheme.js", "/assets/index-Ab12.js"}) {
    const auto response = Get(path);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.Header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(response.Header("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(response.Header("Cross-Origin-Resource-Policy"), "same-origin");
    if (path.ends_with(".js")) continue;  // a script obeys the policy of its page
    EXPECT_EQ(response.Header("X-Frame-Options"), "DENY");
    const std::string policy = response.Header("Content-Security-Policy");
    EXPECT_TRUE(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'")) << policy;
    EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos);
    EXPECT_EQ(policy.find("unsafe"), std::string::npos);
  }
}

TEST_F(DashboardOfServer, FilesWithAHashInTheirNameAreKeptForever) {
  const auto hashed = Get("/assets/index-Ab12.js");
  EXPECT_EQ(hashed.Header("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(hashed.Header("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(Get("/scheme.js").Header("Cache-Control"), "no-cache");
}

TEST_F(DashboardOfServer, CompressesForWhoeverTakesIt) {
  const auto compressed = Get("/scheme.js", {{"accept-encoding", "br, gzip"}});
  EXPECT_EQ(compressed.body, "smaller");
  EXPECT_EQ(compressed.Header("Content-Encoding"), "gzip");
  EXPECT_EQ(compressed.Header("Vary"), "Accept-Encoding");
  const auto plain = Get("/scheme.js");
  EXPECT_EQ(plain.body, "plain");
  EXPECT_EQ(plain.Header("Content-Encoding"), "");
  EXPECT_EQ(plain.Header("Vary"), "Accept-Encoding");
  EXPECT_EQ(Get("/assets/index-Ab12.js").Header("Content-Encoding"), "gzip");
}

TEST_F(DashboardOfServer, CompressesBestForWhoeverTakesIt) {
  const auto best = Get("/assets/page-Cd34.js", {{"accept-encoding", "gzip, deflate, br, zstd"}});
  EXPECT_EQ(best.body, "smallest");
  EXPECT_EQ(best.Header("Content-Encoding"), "br");
  EXPECT_EQ(Get("/assets/page-Cd34.js", {{"accept-encoding", "gzip, br;q=0"}}).body, "smaller");
  EXPECT_EQ(Get("/assets/page-Cd34.js").Header("Content-Encoding"), "gzip");
}

TEST_F(DashboardOfServer, TellsThatAFileIsStillTheSame) {
  const auto same = Get("/scheme.js", {{"if-none-match", "\"cc\""}});
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.body, "");
  EXPECT_EQ(Get("/scheme.js", {{"if-none-match", "\"cc\""}, {"accept-encoding", "gzip"}}).status, 200);
}

TEST_F(DashboardOfServer, OpensThePageForRoutesOfItsOwn) {
  const ApiTestServer::Headers browser = {{"accept", "text/html,*/*;q=0.8"}};
  EXPECT_EQ(Get("/webhooks/0192/deliveries", browser).status, 200);
  EXPECT_EQ(Get("/contacts/J%C3%BCrgen", browser).status, 200);
  EXPECT_EQ(Get("/%zz", browser).status, 400);
  EXPECT_EQ(Get("/webhooks", {{"accept", "*/*"}}).status, 404);
  EXPECT_EQ(Get("/assets/gone.js", browser).status, 404);
  EXPECT_EQ(Get("/", browser, "POST").status, 405);
  EXPECT_EQ(Get("/", browser, "POST").Header("Allow"), "GET, HEAD");
}

TEST_F(DashboardOfServer, LeavesTheirPathsToOthers) {
  const ApiTestServer::Headers browser = {{"accept", "text/html"}};
  EXPECT_EQ(Get("/api", browser).Header("Content-Type"), "application/problem+json");
  EXPECT_EQ(Get("/api/nothing", browser).status, 401);
  EXPECT_EQ(Get("/%61pi/nothing", browser).status, 404);
  EXPECT_EQ(Get("/docs/nothing", browser).status, 404);
  EXPECT_EQ(Get("/inbox/nothing", browser).status, 405);
  EXPECT_EQ(Get("/healthz", browser).Header("Content-Type"), "application/json");
  EXPECT_EQ(Get("/apiary", browser).Header("Content-Type"), "text/html; charset=utf-8");
}

TEST(DashboardNotBuilt, SaysSo) {
  const Dashboard dashboard({});
  SeededRandom random(1);
  const auto response = dashboard.Get({.method = "GET", .path = "/"}, random);
  ASSERT_TRUE(response);
  EXPECT_NE(response->body.find("built without its dashboard"), std::string::npos);
}

}  // namespace
}  // namespace shakehook
