#include <gtest/gtest.h>

#include "testing/api/api_test_server.h"

namespace shakehook {
namespace {

TEST(Health, IsToldWithoutAKey) {
  ApiTestServer server;
  server.Use("");
  EXPECT_EQ(server.Call("GET", "/healthz").body, R"({"status":"ok"})");
  EXPECT_EQ(server.Call("GET", "/readyz").body, R"({"status":"ready"})");
}

TEST(Health, ReadinessEndsWhileTheServerDrains) {
  bool draining = false;
  ApiTestServer server({.version = "test", .draining = [&] { return draining; }});
  EXPECT_EQ(server.Call("GET", "/readyz").status, 200);
  draining = true;
  const auto refused = server.Call("GET", "/readyz");
  EXPECT_EQ(refused.status, 503);
  EXPECT_FALSE(refused.Header("Retry-After").empty());
  EXPECT_EQ(server.Call("GET", "/healthz").status, 200);
}

TEST(Health, ReadinessEndsWhileTheStoreCannotWrite) {
  ApiTestServer server;
  server.fail_commits = true;
  EXPECT_EQ(server.Call("POST", "/api/venues", R"({"name":"x"})").status, 503);
  EXPECT_EQ(server.Call("GET", "/readyz").Text("detail"), "The store cannot write at the moment.");
  server.fail_commits = false;
  server.Call("POST", "/api/venues", R"({"name":"x"})");
  EXPECT_EQ(server.Call("GET", "/readyz").status, 200);
}

TEST(Metrics, CountARouteFromItsFirstRequestOn) {
  ApiTestServer server;
  server.Call("GET", "/api/venues");
  server.Call("GET", "/api/nowhere");
  server.Call("GET", "/api/venues");
  const std::string shown = server.Call("GET", "/metrics").body;
  const auto has = [&](std::string_view text) { return shown.find(text) != std::string::npos; };
  EXPECT_TRUE(has("# TYPE shakehook_api_requests_total counter"));
  EXPECT_TRUE(has(R"(shakehook_api_requests_total{method="GET",route="/api/venues",status="2xx"} 2)")) << shown;
  EXPECT_TRUE(has(R"(shakehook_api_requests_total{method="",route="none",status="4xx"} 1)")) << shown;
  EXPECT_FALSE(has("/api/webhooks"));
  EXPECT_FALSE(has("5xx\""));
}

TEST(Metrics, AreForAdminKeys) {
  ApiTestServer server;
  const auto shown = server.Call("GET", "/metrics");
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(shown.Header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_NE(shown.body.find("\nshakehook_log_lines_dropped_total 0\n"), std::string::npos);
  server.Call("POST", "/api/venues", R"({"id":"v","name":"x"})");
  server.Use(server.MakeKey(Scope::Of(VenueId{"v"})));
  EXPECT_EQ(server.Call("GET", "/metrics").status, 403);
  server.Use("");
  EXPECT_EQ(server.Call("GET", "/metrics").status, 401);
}

TEST(Metrics, AreForAllWhereTheOperatorSaysSo) {
  ApiTestServer server({.version = "test", .metrics_open = Switch::kOn});
  server.Use("");
  EXPECT_EQ(server.Call("GET", "/metrics").status, 200);
}

}  // namespace
}  // namespace shakehook
