#include "model/disable_policy.h"

#include <algorithm>

namespace shakehook {
namespace {

Milliseconds AllowedTime(int days) { return std::chrono::days(days); }

// Precondition: the webhook fails.
Timestamp CountedFrom(const Webhook& webhook, Timestamp failing_since) {
  return std::max(failing_since, webhook.updated_at);
}

}  // namespace

std::string FailedTooLongReason(int days) {
  return "It was disabled after " + std::to_string(days) + (days == 1 ? " day" : " days") +
         " in which every attempt failed.";
}

std::optional<Timestamp> DisablesAt(const Webhook& webhook, const WebhookHealth& health) {
  if (webhook.enabled == Switch::kOff || !webhook.disable_after_days || !health.failing_since) return std::nullopt;
  return CountedFrom(webhook, *health.failing_since) + AllowedTime(*webhook.disable_after_days);
}

DisableStep JudgeFailure(const Webhook& webhook, const WebhookHealth& before, Timestamp failed_at) {
  const auto disables_at = DisablesAt(webhook, before);
  if (!disables_at) return DisableStep::kNone;
  const Timestamp warns_at = *disables_at - AllowedTime(*webhook.disable_after_days) / 2;
  if (failed_at < warns_at) return DisableStep::kNone;
  if (before.last_failed_at.value_or(Timestamp()) < warns_at) return DisableStep::kWarn;
  const bool enough = before.consecutive_failures + 1 >= kDisablingFailuresMin;
  return failed_at >= *disables_at && enough ? DisableStep::kDisable : DisableStep::kNone;
}

}  // namespace shakehook
