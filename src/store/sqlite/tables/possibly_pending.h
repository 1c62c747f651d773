// PossiblyPending knows a conservative set of the webhooks that may have an old pending delivery, for the purge, which
// must not drop one. Finding them takes a look at each webhook with a pending delivery, which for a hundred thousand
// webhooks takes longer than a change should wait: so readers look, and each delivery that becomes pending again from
// then on is added. The set may contain webhooks that no longer have such a delivery; it never misses one that does.
//
// Threads: the writer's.
#pragma once

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "model/delivery.h"
#include "model/ids.h"

namespace shakehook::sqlite {

// The oldest pending delivery of a webhook.
struct OldestPending {
  WebhookNumber webhook;
  Position oldest;
};

class PossiblyPending {
 public:
  // Asks for the pending deliveries of events up to `newest`, the newest there is. All of them are in a snapshot taken
  // after this transaction, or are added from now on.
  void Ask(Position newest);
  // The response.
  void Learn(const std::vector<OldestPending>& oldest);
  void Forget();
  // Tells whether all is known, for events up to newest().
  bool known() const { return state_ == State::kKnown; }
  Position newest() const { return newest_; }

  // Adds a delivery that had ended, or did not exist, and is pending now.
  void Add(DeliveryKey key);
  // Returns the webhooks that may have a pending delivery of an event up to `until`, by number.
  std::set<WebhookNumber> Until(Position until) const;

 private:
  enum class State : std::uint8_t { kUnknown, kAsked, kKnown };

  State state_ = State::kUnknown;
  Position newest_;
  std::set<std::pair<Position, WebhookNumber>> owed_;
};

}  // namespace shakehook::sqlite
