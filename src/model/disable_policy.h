// The disable policy of a webhook: after `disable_after_days` of nothing but failures the server disables it, with a
// warning at half of that time. Days are counted from the first failure since the last success, or from the webhook's
// last change if that is later: who mends it, or enables it, has all the days again. Pure.
//
// A webhook without the setting is disabled by a response of 410 alone (CONTRACT §3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "model/webhook.h"

namespace shakehook {

inline constexpr int kDisableAfterDaysMax = 30;
// Fewer failures in a row never disable a webhook, however long they last: it may get a delivery only seldom.
inline constexpr std::int64_t kDisablingFailuresMin = 10;

// Webhook::disabled_reason after a 410.
inline constexpr std::string_view kGoneReason = "The endpoint answered 410 Gone.";
// Webhook::disabled_reason after this many days of failures.
std::string FailedTooLongReason(int days);

// Returns when the webhook is disabled if it goes on to fail; nullopt: it does not fail, or has no such setting.
std::optional<Timestamp> DisablesAt(const Webhook& webhook, const WebhookHealth& health);

enum class DisableStep : std::uint8_t { kNone, kWarn, kDisable };
// Returns what a failure at `failed_at` asks for; `before`: the health without it. kWarn comes once in a run of
// failures, and always before kDisable.
DisableStep JudgeFailure(const Webhook& webhook, const WebhookHealth& before, Timestamp failed_at);

}  // namespace shakehook
