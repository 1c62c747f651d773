#include "api/webhooks/webhook_secret.h"

#include <gtest/gtest.h>

#include "testing/api/api_test_server.h"

namespace shakehook {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kNow = SimulatedClock::kStart;

TEST(Rotation, WithoutAnOverlapTheNewSecretSignsAtOnce) {
  WebhookSecrets secrets{.current = "a"};
  Rotate(secrets, "b", 0s, kNow);
  EXPECT_EQ(secrets, (WebhookSecrets{.current = "b"}));
}

TEST(Rotation, WithAnOverlapTheOldSecretGoesOnSigning) {
  WebhookSecrets secrets{.current = "a"};
  Rotate(secrets, "b", 60s, kNow);
  EXPECT_EQ(secrets, (WebhookSecrets{.current = "b", .previous = "a", .overlap_ends_at = kNow + 60s}));
}

TEST(Rotation, DuringAnOverlapKeepsTheSecretThatReceiversHave) {
  WebhookSecrets secrets{.current = "b", .previous = "a", .overlap_ends_at = kNow + 1ms};
  Rotate(secrets, "c", 60s, kNow);
  EXPECT_EQ(secrets, (WebhookSecrets{.current = "c", .previous = "a", .overlap_ends_at = kNow + 60s}));
}

TEST(Rotation, AfterAnOverlapGivesUpTheSecretBeforeIt) {
  WebhookSecrets secrets{.current = "b", .previous = "a", .overlap_ends_at = kNow};
  Rotate(secrets, "c", 60s, kNow);
  EXPECT_EQ(secrets, (WebhookSecrets{.current = "c", .previous = "b", .overlap_ends_at = kNow + 60s}));
}

TEST(Rotation, WithoutAnOverlapEndsTheOneThatRuns) {
  WebhookSecrets secrets{.current = "b", .previous = "a", .overlap_ends_at = kNow + 60s};
  Rotate(secrets, "c", 0s, kNow);
  EXPECT_EQ(secrets, (WebhookSecrets{.current = "c"}));
}

class WebhookSecret : public ApiTest {
 protected:
  WebhookSecret() {
    const auto made = Call("POST", "/api/webhooks",
                           R"({"name":"x","url":"https://crm.example/","events":["contact.created"],)"
                           R"("scope":{"venue_id":"v1"}})");
    path_ = "/api/webhooks/" + made.Text("id");
    secret_ = made.Text("secret");
  }
  std::string Expected(const std::string& secret, const std::string& rest) {
    return R"({"secret":")" + secret + "\"," + rest + "}";
  }

  static constexpr auto kAlone = R"("previous_secret":null,"signing":"current","overlap_ends_at":null)";
  std::string path_;
  std::string secret_;
};

TEST_F(WebhookSecret, IsRevealed) {
  const auto revealed = Call("GET", path_ + "/secret");
  EXPECT_EQ(revealed.status, 200);
  EXPECT_EQ(revealed.body, Expected(secret_, kAlone));
  EXPECT_EQ(revealed.Header("Cache-Control"), "no-store");
}

TEST_F(WebhookSecret, IsRotatedAtOnce) {
  const auto rotated = Call("POST", path_ + "/secret");
  EXPECT_EQ(rotated.status, 201);
  EXPECT_NE(rotated.Text("secret"), secret_);
  EXPECT_EQ(rotated.body, Expected(rotated.Text("secret"), kAlone));
  EXPECT_EQ(rotated.Header("ETag"), "\"2\"");
  EXPECT_EQ(Call("GET", path_ + "/secret").body, rotated.body);
}

TEST_F(WebhookSecret, IsRotatedWithAnOverlapThatEnds) {
  const auto rotated = Call("POST", path_ + "/secret", R"({"overlap_seconds":60})");
  EXPECT_EQ(rotated.body, Expected(rotated.Text("secret"), R"("previous_secret":")" + secret_ +
                                                               R"(","signing":"previous",)"
                                                               R"("overlap_ends_at":1731493860000)"));
  clock().Advance(Milliseconds(59'999));
  EXPECT_EQ(Call("GET", path_ + "/secret").body, rotated.body);
  clock().Advance(Milliseconds(1));
  EXPECT_EQ(Call("GET", path_ + "/secret").body, Expected(rotated.Text("secret"), kAlone));
}

TEST_F(WebhookSecret, OverlapIsEndedEarly) {
  const auto rotated = Call("POST", path_ + "/secret", R"({"overlap_seconds":604800})");
  EXPECT_EQ(Call("DELETE", path_ + "/secret").status, 204);
  EXPECT_EQ(Call("GET", path_ + "/secret").body, Expected(rotated.Text("secret"), kAlone));
  EXPECT_EQ(Call("GET", path_).Header("ETag"), "\"3\"");
  EXPECT_EQ(Call("DELETE", path_ + "/secret").status, 204);
  EXPECT_EQ(Call("GET", path_).Header("ETag"), "\"3\"");
}

TEST_F(WebhookSecret, RefusesABadOverlap) {
  for (const std::string body : {R"({"overlap_seconds":-1})", R"({"overlap_seconds":604801})",
                                 R"({"overlap_seconds":"60"})", R"({"overlap_seconds":1.5})"}) {
    EXPECT_EQ(Call("POST", path_ + "/secret", body).BadFields(), "overlap_seconds");
  }
  EXPECT_EQ(Call("POST", path_ + "/secret", R"({"secret":"whsec_mine"})").BadFields(), "secret");
}

TEST_F(WebhookSecret, IsRotatedOnceForOneIdempotencyKey) {
  const auto first = Call("POST", path_ + "/secret", "", {{"idempotency-key", "k"}});
  const auto second = Call("POST", path_ + "/secret", "", {{"idempotency-key", "k"}});
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(Call("GET", path_).Header("ETag"), "\"2\"");
}

}  // namespace
}  // namespace shakehook
