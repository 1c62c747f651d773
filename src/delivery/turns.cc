#include "delivery/turns.h"

#include <algorithm>

namespace shakehook {

void Turns::Add(WebhookNumber webhook, Standing standing) {
  (standing == Standing::kDelivers ? delivering_ : failing_).push_back(webhook);
}

std::optional<Turns::Turn> Turns::Next(SteadyTime now) {
  const bool may_fail = !failing_.empty() && now >= next_at_;
  const bool fails = may_fail && (delivering_.empty() || others_in_a_row_ >= kOthersMax);
  std::deque<WebhookNumber>& waiting = fails ? failing_ : delivering_;
  if (waiting.empty()) return std::nullopt;
  const WebhookNumber webhook = waiting.front();
  waiting.pop_front();
  if (failing_.empty()) others_in_a_row_ = 0;
  return Turn{webhook, fails ? Standing::kFails : Standing::kDelivers};
}

void Turns::Begin(Turn turn, SteadyTime now) {
  if (turn.standing == Standing::kDelivers) {
    if (!failing_.empty()) ++others_in_a_row_;
    return;
  }
  others_in_a_row_ = 0;
  if (share_left_ == 0) share_left_ = std::clamp<std::size_t>((failing_.size() + 1) / kShareOf, 1, kShareMax);
  if (--share_left_ == 0) next_at_ = now + kPause;
}

std::optional<SteadyTime> Turns::next_at() const {
  if (failing_.empty()) return std::nullopt;
  return next_at_;
}

}  // namespace shakehook
