// Turns says whose turn it is to start an attempt: one webhook after the other, so that none waits for all that is owed
// to another. Those whose last attempt failed come after the others, and a few at a time: each of their attempts dials,
// and many at once (an event that a hundred dead webhooks hear of, or what they all let time out later) would hold up
// every request that can be delivered. They are not kept waiting for ever: see kOthersMax.
//
// Threads: one loop's. Pure: is told the time.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>

#include "base/time.h"
#include "model/ids.h"

namespace shakehook {

class Turns {
 public:
  // A share of those that fail starts at once; then it is the others' time for so long.
  static constexpr Microseconds kPause{1'000};
  // A share is this part of those that wait, and at most so many, which take about as long as the pause.
  static constexpr std::size_t kShareOf = 64;
  static constexpr std::size_t kShareMax = 32;
  // After so many attempts of others in a row, while they wait, it is their turn.
  static constexpr std::size_t kOthersMax = 64;

  enum class Standing { kDelivers, kFails };
  struct Turn {
    WebhookNumber webhook;
    Standing standing;
  };

  void Add(WebhookNumber webhook, Standing standing);
  // The next, which waits no more. Nothing where none waits, or where only some wait that fail, and not yet may go on.
  std::optional<Turn> Next(SteadyTime now);
  // The attempt of this turn begins; a turn may pass without one.
  void Begin(Turn turn, SteadyTime now);
  // When those may go on that fail, where some wait.
  std::optional<SteadyTime> next_at() const;

 private:
  std::deque<WebhookNumber> delivering_;
  std::deque<WebhookNumber> failing_;
  std::size_t share_left_ = 0;
  std::size_t others_in_a_row_ = 0;
  SteadyTime next_at_{};
};

}  // namespace shakehook
