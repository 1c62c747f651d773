#include "service/webhook_incidents.h"

#include <array>

namespace shakehook {

std::string_view ToString(WebhookChange change) {
  constexpr std::array<std::string_view, kWebhookChanges> kNames = {"failing", "recovered", "disabled"};
  return kNames[static_cast<std::size_t>(change)];
}

std::optional<WebhookChange> WebhookIncidents::See(WebhookNumber webhook, const Judgement& judgement) {
  const auto found = entries_.find(webhook);
  const bool failing = found != entries_.end() && !found->second.disabled;
  const bool disabled = found != entries_.end() && found->second.disabled;
  switch (judgement.condition) {
    case WebhookCondition::kDisabled:
      entries_[webhook] = {.disabled = true, .seen = round_};
      if (failing) --open_;
      if (disabled) return std::nullopt;
      return WebhookChange::kDisabled;
    case WebhookCondition::kFailing:
      entries_[webhook] = {.disabled = false, .seen = round_};
      if (failing) return std::nullopt;
      ++open_;
      return WebhookChange::kFailing;
    case WebhookCondition::kDegraded:
      // With a backlog alone its endpoint does well.
      if (failing && judgement.code != "backlog") {
        found->second.seen = round_;
        return std::nullopt;
      }
      [[fallthrough]];
    case WebhookCondition::kSlow:
    case WebhookCondition::kUnused:
    case WebhookCondition::kHealthy:
      if (found != entries_.end()) entries_.erase(found);
      if (!failing) return std::nullopt;
      --open_;
      return WebhookChange::kRecovered;
  }
  return std::nullopt;
}

void WebhookIncidents::End() {
  std::erase_if(entries_, [this](const auto& entry) {
    const bool gone = entry.second.seen != round_;
    if (gone && !entry.second.disabled) --open_;
    return gone;
  });
}

}  // namespace shakehook
