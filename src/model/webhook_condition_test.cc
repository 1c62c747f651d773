#include "model/webhook_condition.h"

#include <gtest/gtest.h>

#include "model/disable_policy.h"

namespace shakehook {
namespace {

constexpr Timestamp kNow = FromUnixMs(1'700'000'000'000);
constexpr Milliseconds kTimeout{5000};

WebhookHealth Tried(std::int64_t failures_in_a_row, std::int64_t pending = 0) {
  WebhookHealth health{.consecutive_failures = failures_in_a_row, .last_delivered_at = kNow, .pending = pending};
  if (failures_in_a_row > 0) {
    health.last_failed_at = kNow;
    health.failing_since = kNow - Milliseconds(1000);
  }
  return health;
}

WebhookStatistics Recent(std::int64_t attempts, std::int64_t failed) {
  return {.counts = {.delivered = attempts - failed, .attempts = attempts, .failed_attempts = failed}};
}

Judgement JudgeOf(const WebhookHealth& health, const WebhookStatistics& recent = {}) {
  return Judge(Webhook(), health, recent, kNow, kTimeout);
}

TEST(WebhookConditionTest, IsUnusedBeforeTheFirstAttemptAndHealthyAfterASuccess) {
  EXPECT_EQ(JudgeOf({}).condition, WebhookCondition::kUnused);
  EXPECT_EQ(JudgeOf(Tried(0), Recent(1, 0)).condition, WebhookCondition::kHealthy);
}

TEST(WebhookConditionTest, StaysHealthyAfterOneFailure) {
  EXPECT_EQ(JudgeOf(Tried(1), Recent(1, 1)).condition, WebhookCondition::kHealthy);
  EXPECT_EQ(JudgeOf(Tried(1), Recent(40, 1)).condition, WebhookCondition::kHealthy);
}

TEST(WebhookConditionTest, IsDegradedByAFewFailuresInARowAndFailingByMore) {
  EXPECT_EQ(JudgeOf(Tried(2), Recent(2, 2)), (Judgement{WebhookCondition::kDegraded, "last_failed", 2, "count"}));
  EXPECT_EQ(JudgeOf(Tried(5), Recent(5, 5)), (Judgement{WebhookCondition::kFailing, "all_fail", 5, "count"}));
}

TEST(WebhookConditionTest, IsFailingByTwoFailuresThatLieFarApart) {
  WebhookHealth health = Tried(2);
  health.failing_since = kNow - kFailingForLong;
  EXPECT_EQ(JudgeOf(health).condition, WebhookCondition::kFailing);
}

TEST(WebhookConditionTest, IsNotWellWhenAFifthOfItsAttemptsFail) {
  WebhookHealth health = Tried(0);
  health.last_failed_at = kNow - Milliseconds(1000);
  EXPECT_EQ(JudgeOf(health, Recent(50, 10)), (Judgement{WebhookCondition::kDegraded, "some_fail", 20, "percent"}));
}

TEST(WebhookConditionTest, IsFailingWhenMostFailAndTheLastOneDid) {
  EXPECT_EQ(JudgeOf(Tried(1), Recent(20, 12)), (Judgement{WebhookCondition::kFailing, "most_fail", 60, "percent"}));
}

TEST(WebhookConditionTest, HasRecoveredSomeMinutesAfterItsLastFailure) {
  WebhookHealth health = Tried(0);
  health.last_failed_at = kNow - kRecoveredAfter;
  EXPECT_EQ(JudgeOf(health, Recent(50, 40)).condition, WebhookCondition::kHealthy);
}

TEST(WebhookConditionTest, IsDegradedByABacklogOfMoreThanItDelivers) {
  EXPECT_EQ(JudgeOf(Tried(0, 500), Recent(400, 0)),
            (Judgement{WebhookCondition::kDegraded, "backlog", 500, "pending"}));
  EXPECT_EQ(JudgeOf(Tried(0, 500), Recent(4000, 0)).condition, WebhookCondition::kHealthy);
  EXPECT_EQ(JudgeOf(Tried(0, 99), Recent(1, 0)).condition, WebhookCondition::kHealthy);
}

TEST(WebhookConditionTest, IsSlowWhenAnswersTakeNearlyAsLongAsTheyMay) {
  WebhookStatistics recent = Recent(20, 0);
  for (int i = 0; i < 20; ++i) recent.latency.Add(Milliseconds(4600));
  EXPECT_EQ(JudgeOf(Tried(0), recent).condition, WebhookCondition::kSlow);
  EXPECT_EQ(JudgeOf(Tried(0), recent).code, "slow");
}

TEST(WebhookConditionTest, SaysWhoDisabledTheWebhook) {
  Webhook webhook{.enabled = Switch::kOff};
  EXPECT_EQ(Judge(webhook, Tried(0), {}, kNow, kTimeout).code, "disabled");
  webhook.disabled_reason = "The endpoint answered 410 Gone.";
  EXPECT_EQ(Judge(webhook, Tried(0), {}, kNow, kTimeout), (Judgement{WebhookCondition::kDisabled, "gone", 0, ""}));
  webhook.disabled_reason = FailedTooLongReason(3);
  EXPECT_EQ(Judge(webhook, Tried(0), {}, kNow, kTimeout),
            (Judgement{WebhookCondition::kDisabled, "failed_too_long", 0, ""}));
}

TEST(WebhookConditionTest, HasANameForEach) {
  for (const auto condition : {WebhookCondition::kFailing, WebhookCondition::kDegraded, WebhookCondition::kSlow,
                               WebhookCondition::kDisabled, WebhookCondition::kUnused, WebhookCondition::kHealthy}) {
    EXPECT_EQ(ParseCondition(ToString(condition)), condition);
  }
  EXPECT_FALSE(ParseCondition("well"));
}

}  // namespace
}  // namespace shakehook
