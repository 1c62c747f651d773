// How well a webhook does, judged by its last attempts, by the share of them that failed, by how long its endpoint
// takes and by what waits. Only this code judges: the API responds with the condition, the dashboard shows it.
// The rules are in docs/dashboard.md ("A webhook that fails"). Pure: the time comes in as an argument.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"
#include "model/statistics.h"
#include "model/webhook.h"

namespace shakehook {

// From worst to best, so that a list can begin with trouble.
enum class WebhookCondition : std::uint8_t { kFailing, kDegraded, kSlow, kDisabled, kUnused, kHealthy };
std::string_view ToString(WebhookCondition condition);
std::optional<WebhookCondition> ParseCondition(std::string_view text);

// Why a webhook is in its condition.
struct Judgement {
  WebhookCondition condition = WebhookCondition::kUnused;
  std::string_view code;    // stable, for clients; empty where there is nothing to explain
  std::int64_t number = 0;  // the attempts, per cent, milliseconds or deliveries that the code counts
  std::string_view unit;    // the number's name in the API: "count", "percent", "p95_ms", "pending"; empty: it has none

  bool operator==(const Judgement&) const = default;
};

// So many attempts in a row that failed make a webhook failing; fewer make it degraded, and one alone nothing.
inline constexpr std::int64_t kFailuresInARow = 5;
inline constexpr std::int64_t kFailuresSuspicious = 2;
// A run of failures that lasts so long is failing, however few attempts it holds.
inline constexpr Milliseconds kFailingForLong{600'000};
// Shares of failed attempts mean something above this many.
inline constexpr std::int64_t kAttemptsMin = 10;
inline constexpr double kMostFail = 0.5;
inline constexpr double kSomeFail = 0.1;
// A webhook whose last failure is older than this, and whose last attempt succeeded, has recovered.
inline constexpr Milliseconds kRecoveredAfter{300'000};
// The share of the delivery timeout that the 95th percentile may take.
inline constexpr double kSlowShare = 0.8;
// Fewer waiting deliveries are no backlog.
inline constexpr std::int64_t kBacklogMin = 100;

// `recent`: the attempts of the present hour and the one before. `timeout`: how long an attempt may take.
Judgement Judge(const Webhook& webhook, const WebhookHealth& health, const WebhookStatistics& recent, Timestamp now,
                Milliseconds timeout);

}  // namespace shakehook
