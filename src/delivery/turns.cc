#include "delivery/turns.h"

#include <algorithm>

namespace shakehook {

void Turns::Add(WebhookNumber webhook, Standing standing) {
  (standing == Standing::kDelivers ? delivering_ : failing_).push_back(webhook);
}

std::optional<Turns::Turn> Turns::Next(SteadyTime now) {
  const Standing standing = delivering_.empty() ? Standing::kFails : Standing::kDelivers;
  std::deque<WebhookNumber>& waiting = standing == Standing::kDelivers ? delivering_ : failing_;
  if (waiting.empty() || (standing == Standing::kFails && now < next_at_)) return std::nullopt;
  const WebhookNumber webhook = waiting.front();
  waiting.pop_front();
  return Turn{webhook, standing};
}

void Turns::Begin(Turn turn, SteadyTime now) {
  if (turn.standing == Standing::kDelivers) return;
  if (share_left_ == 0) share_left_ = std::clamp<std::size_t>((failing_.size() + 1) / kShareOf, 1, kShareMax);
  if (--share_left_ == 0) next_at_ = now + kPause;
}

std::optional<SteadyTime> Turns::next_at() const {
  if (failing_.empty()) return std::nullopt;
  return next_at_;
}

}  // namespace shakehook
