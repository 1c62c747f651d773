// FairScheduler says whose turn it is to start an attempt: one webhook after the other, so that no webhook waits for
// all deliveries of another. Webhooks whose last attempt failed come after the others, a few at a time: each of their
// attempts dials, and many at once (an event for a hundred dead webhooks, or all their timeouts later) would hold up
// every request that can be delivered. They do not wait for ever: see kOthersMax.
//
// Tenants take turns too, however many webhooks each has, and share the attempts that may be under way: a tenant may
// have twice as many as are left for all others (a dynamic threshold as in Choudhury and Hahne, 1998). So a single
// tenant has two thirds. However slow the receivers of some are, the last sixteenth is for tenants that have little
// under way: less than an eighth of what is left. A tenant that was held because of its share goes on as soon as it has
// less under way, however many others are held.
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

class FairScheduler {
 public:
  // A share of the failing webhooks starts at once; then the others have this long.
  static constexpr Microseconds kPause{1'000};
  // A share is 1/kShareOf of the waiting webhooks, and at most kShareMax, which take about as long as the pause.
  static constexpr std::size_t kShareOf = 64;
  static constexpr std::size_t kShareMax = 32;
  // After this many attempts of others in a row, while failing webhooks wait, it is their turn.
  static constexpr std::size_t kOthersMax = 64;

  using Tenant = std::uint64_t;
  enum class Standing { kDelivers, kFails };
  struct Turn {
    WebhookNumber webhook;
    Tenant tenant;
    Standing standing;
  };

  // An attempt takes slots from those that may be under way: a small one takes one slot; a large payload takes more, so
  // that what is under way is bounded in bytes too.
  static constexpr std::size_t kSlotBytes = 8 * 1024;
  static std::size_t SlotsFor(std::size_t payload_bytes) { return 1 + payload_bytes / kSlotBytes; }

  // `under_way_max`: so many slots, of all tenants.
  explicit FairScheduler(std::size_t under_way_max) : under_way_max_(under_way_max) {}

  void Add(WebhookNumber webhook, Tenant tenant, Standing standing);
  // Returns the next turn, whose webhook waits no more. Returns nullopt if no webhook waits, or only some whose tenants
  // have their share, or that fail and may not go on yet.
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
    std::deque<WebhookNumber> waiting;  // webhooks that deliver
    std::size_t under_way = 0;
    bool in_row = false;  // is in tenants_
    bool held = false;    // is in held_, because it has its share
  };
  bool MayStart(const Share& share) const;
  void LetInHeld(Tenant tenant, Share& share);
  std::optional<Turn> NextDelivering();
  std::optional<Turn> NextFailing();
  void Let(Tenant tenant, Share& share);

  const std::size_t under_way_max_;
  std::size_t under_way_ = 0;
  std::unordered_map<Tenant, Share> shares_;
  std::deque<Tenant> tenants_;  // tenants with waiting webhooks that deliver, in turn
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
