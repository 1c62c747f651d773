// Debts knows which webhooks may be owed something of long ago, for the purge, which must not drop it. That takes a
// look at each webhook that is owed anything, and for a hundred thousand of them longer than a change should have to
// wait: so readers look, and whatever becomes owed again from then on is added. It may name what is owed no more, and
// leaves out nothing that is.
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

// The oldest delivery that a webhook is owed.
struct Debt {
  WebhookNumber webhook;
  Position oldest;
};

class Debts {
 public:
  // Asks for what is owed of events up to `newest`, the newest there is. What a snapshot shows that is taken after the
  // transaction of this, and what is added from now on, are all of it.
  void Ask(Position newest);
  // The answer.
  void Learn(const std::vector<Debt>& debts);
  void Forget();
  // Whether all is known, of events up to newest().
  bool known() const { return state_ == State::kKnown; }
  Position newest() const { return newest_; }

  // A delivery that had ended, or had not been, is owed now.
  void Add(DeliveryKey key);
  // Those that may be owed something of an event up to `until`, by number.
  std::set<WebhookNumber> Until(Position until) const;

 private:
  enum class State : std::uint8_t { kUnknown, kAsked, kKnown };

  State state_ = State::kUnknown;
  Position newest_;
  std::set<std::pair<Position, WebhookNumber>> owed_;
};

}  // namespace shakehook::sqlite
