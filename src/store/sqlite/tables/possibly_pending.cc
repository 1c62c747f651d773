#include "store/sqlite/tables/possibly_pending.h"

namespace shakehook::sqlite {

void PossiblyPending::Ask(Position newest) {
  state_ = State::kAsked;
  newest_ = newest;
  owed_.clear();
}

void PossiblyPending::Learn(const std::vector<OldestPending>& oldest) {
  if (state_ != State::kAsked) return;
  state_ = State::kKnown;
  for (const OldestPending& each : oldest) Add({each.oldest, each.webhook});
}

void PossiblyPending::Forget() {
  state_ = State::kUnknown;
  owed_.clear();
}

void PossiblyPending::Add(DeliveryKey key) {
  if (state_ != State::kUnknown && key.position <= newest_) owed_.insert({key.position, key.webhook});
}

std::set<WebhookNumber> PossiblyPending::Until(Position until) const {
  std::set<WebhookNumber> webhooks;
  for (const auto& [oldest, webhook] : owed_) {
    if (oldest > until) break;
    webhooks.insert(webhook);
  }
  return webhooks;
}

}  // namespace shakehook::sqlite
