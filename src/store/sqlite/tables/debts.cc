#include "store/sqlite/tables/debts.h"

namespace shakehook::sqlite {

void Debts::Ask(Position newest) {
  state_ = State::kAsked;
  newest_ = newest;
  owed_.clear();
}

void Debts::Learn(const std::vector<Debt>& debts) {
  if (state_ != State::kAsked) return;
  state_ = State::kKnown;
  for (const Debt& debt : debts) Add({debt.oldest, debt.webhook});
}

void Debts::Forget() {
  state_ = State::kUnknown;
  owed_.clear();
}

void Debts::Add(DeliveryKey key) {
  if (state_ != State::kUnknown && key.position <= newest_) owed_.insert({key.position, key.webhook});
}

std::set<WebhookNumber> Debts::Until(Position until) const {
  std::set<WebhookNumber> webhooks;
  for (const auto& [oldest, webhook] : owed_) {
    if (oldest > until) break;
    webhooks.insert(webhook);
  }
  return webhooks;
}

}  // namespace shakehook::sqlite
