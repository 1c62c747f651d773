#include "model/webhook_condition.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "model/disable_policy.h"

namespace shakehook {
namespace {

constexpr std::array<std::string_view, 6> kNames = {"failing", "degraded", "slow", "disabled", "unused", "healthy"};
constexpr double kPercentile = 0.95;

std::int64_t PercentOf(double share) { return std::llround(share * 100); }

}  // namespace

std::string_view ToString(WebhookCondition condition) { return kNames[static_cast<std::size_t>(condition)]; }

std::optional<WebhookCondition> ParseCondition(std::string_view text) {
  const auto found = std::ranges::find(kNames, text);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<WebhookCondition>(found - kNames.begin());
}

Judgement Judge(const Webhook& webhook, const WebhookHealth& health, const WebhookStatistics& recent, Timestamp now,
                Milliseconds timeout) {
  if (webhook.enabled == Switch::kOff) {
    const std::string_view code = webhook.disabled_reason.empty()          ? "disabled"
                                  : webhook.disabled_reason == kGoneReason ? "gone"
                                                                           : "failed_too_long";
    return {.condition = WebhookCondition::kDisabled, .code = code};
  }
  if (!health.last_delivered_at && !health.last_failed_at) return {};
  const std::int64_t in_a_row = health.consecutive_failures;
  const bool for_long = in_a_row > 0 && health.failing_since && now - *health.failing_since >= kFailingForLong;
  if (in_a_row >= kFailuresInARow || (in_a_row >= kFailuresSuspicious && for_long)) {
    return {.condition = WebhookCondition::kFailing, .code = "all_fail", .number = in_a_row, .unit = "count"};
  }
  const bool recovered = in_a_row == 0 && health.last_failed_at && now - *health.last_failed_at >= kRecoveredAfter;
  const auto attempts = recent.counts.attempts;
  const double failed =
      attempts == 0 ? 0 : static_cast<double>(recent.counts.failed_attempts) / static_cast<double>(attempts);
  if (attempts >= kAttemptsMin && failed >= kSomeFail && !recovered) {
    const bool most = failed >= kMostFail && in_a_row > 0;
    return {.condition = most ? WebhookCondition::kFailing : WebhookCondition::kDegraded,
            .code = most ? "most_fail" : "some_fail",
            .number = PercentOf(failed),
            .unit = "percent"};
  }
  if (in_a_row >= kFailuresSuspicious) {
    return {.condition = WebhookCondition::kDegraded, .code = "last_failed", .number = in_a_row, .unit = "count"};
  }
  if (health.pending >= std::max(kBacklogMin, recent.counts.delivered)) {
    return {.condition = WebhookCondition::kDegraded, .code = "backlog", .number = health.pending, .unit = "pending"};
  }
  const auto p95 = recent.latency.Percentile(kPercentile);
  if (p95 && recent.latency.total() >= kAttemptsMin &&
      *p95 >= Microseconds(static_cast<std::int64_t>(kSlowShare * 1000 * static_cast<double>(timeout.count())))) {
    return {.condition = WebhookCondition::kSlow, .code = "slow", .number = p95->count() / 1000, .unit = "p95_ms"};
  }
  return {.condition = WebhookCondition::kHealthy};
}

}  // namespace shakehook
