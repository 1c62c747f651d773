// Turns says whose turn it is to start an attempt: one webhook after the other, so that none waits for all that is owed
// to another. Those whose last attempt failed come after the others, and a few at a time: each of their attempts dials,
// and many at once (an event that a hundred dead webhooks hear of, or what they all let time out later) would hold up
// every request that can be delivered. They are not kept waiting for ever: see kOthersMax.
//
// Tenants take turns too, however many webhooks each has, and share the attempts that may be under way: a tenant may
// have twice as many as are left for all others (a dynamic threshold as in Choudhury and Hahne, 1998). So one alone has
// two thirds, and however slow the receivers of some are, the last sixteenth is for those who have nothing under way.
//
// Threads: one loop's. Pure: is told the time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>

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

  using Tenant = std::uint64_t;
  enum class Standing { kDelivers, kFails };
  struct Turn {
    WebhookNumber webhook;
    Tenant tenant;
    Standing standing;
  };

  // What an attempt takes of what may be under way: a small one takes one slot; a large payload takes more, so that
  // what is under way is bounded in bytes too.
  static constexpr std::size_t kSlotBytes = 8 * 1024;
  static std::size_t SlotsFor(std::size_t payload_bytes) { return 1 + payload_bytes / kSlotBytes; }

  // `under_way_max`: so many slots, of all tenants.
  explicit Turns(std::size_t under_way_max) : under_way_max_(under_way_max) {}

  void Add(WebhookNumber webhook, Tenant tenant, Standing standing);
  // The next, which waits no more. Nothing where none waits, or where only some wait whose tenants have their share, or
  // that fail, and not yet may go on.
  std::optional<Turn> Next(SteadyTime now);
  // The attempt of this turn begins; a turn may pass without one.
  void Begin(Turn turn, SteadyTime now, std::size_t slots = 1);
  // An attempt of the tenant has ended, which took so many slots.
  void End(Tenant tenant, std::size_t slots = 1);
  // Slots.
  std::size_t under_way() const { return under_way_; }
  // When those may go on that fail, where some wait.
  std::optional<SteadyTime> next_at() const;

 private:
  struct Share {
    std::deque<WebhookNumber> waiting;  // that deliver
    std::size_t under_way = 0;
    bool in_row = false;  // in tenants_
    bool held = false;    // in held_, for having its share
  };
  bool MayStart(const Share& share) const;
  std::optional<Turn> NextDelivering();
  std::optional<Turn> NextFailing();
  void Let(Tenant tenant, Share& share);

  const std::size_t under_way_max_;
  std::size_t under_way_ = 0;
  std::unordered_map<Tenant, Share> shares_;
  std::deque<Tenant> tenants_;  // with webhooks that wait and deliver, in turn
  std::deque<Tenant> held_;
  struct Failing {
    WebhookNumber webhook;
    Tenant tenant;
  };
  std::deque<Failing> failing_;
  std::size_t share_left_ = 0;
  std::size_t others_in_a_row_ = 0;
  SteadyTime next_at_{};
};

}  // namespace shakehook
