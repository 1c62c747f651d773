// StartOrder says which of a webhook's deliveries in memory may start next. Three kinds wait here: fresh ones (never
// tried, in event order), due ones (retries read back when their time has come), and urgent ones (sent by hand, tests).
//
// At most one delivery of a resource is under way; others of the resource are parked meanwhile. When the attempt has
// ended, the first of them is next, and its resource stays busy for it.
//
// Ownership: ids and shared event bytes.
// Threads:   one loop's. Pure: no time, no I/O, and knows nothing of reads and records.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "model/delivery.h"
#include "model/webhook.h"

namespace shakehook {

class StartOrder {
 public:
  // About what the tables of a queue take for one delivery.
  static constexpr std::size_t kEntryBytes = 128;
  // About what an event takes beside its payload: one that is read back is no other queue's too.
  static constexpr std::size_t kEventBytes = sizeof(Event) + 128;

  // kUrgent: only what was sent by hand, which no pause holds up.
  enum class Which { kAny, kUrgent };

  void AddFresh(OwedDelivery delivery) { Add(fresh_, std::move(delivery)); }
  void AddDue(OwedDelivery delivery) { Add(due_, std::move(delivery)); }
  void AddUrgent(OwedDelivery delivery) { Add(urgent_, std::move(delivery)); }

  // `enabled`: of the webhook. While it is off, nothing waits here but what was sent by hand.
  bool HasReady(Which which, Switch enabled) const;
  // Returns the next delivery, whose resource is busy from now on; nullopt if all waiting ones are parked.
  std::optional<OwedDelivery> Next(Which which, Switch enabled);
  // The attempt of this resource's delivery has ended, or it is not to start any more.
  void Free(ResourceNumber resource);
  // The delivery that Next() returned comes back, and is the next one of its resource as before.
  void PutBack(OwedDelivery delivery);
  // Tells whether the resource's data was erased since Next() returned its delivery, which has it still.
  bool IsErased(ResourceNumber resource) const;

  // Takes out what waits up to a position.
  std::vector<OwedDelivery> TakeUntil(Position until);
  // Takes out all that waits: the urgent ones first.
  std::vector<OwedDelivery> TakeAll();
  // Takes out the parked and fresh ones of a resource.
  std::vector<OwedDelivery> TakeBehind(ResourceNumber resource);
  // Takes the resources' data out of the events that wait. Returns by how many bytes the payloads of those with a due
  // time became smaller.
  std::size_t Erase(const std::unordered_set<ResourceNumber>& resources);

  // The size of all that waits, with payloads and table entries.
  std::size_t bytes() const { return bytes_; }
  std::size_t urgent() const { return urgent_.size(); }
  // Fresh and parked ones.
  std::size_t window() const { return fresh_.size() + parked_count_; }

 private:
  struct Busy {
    bool erased = false;  // its data was erased while an attempt was under way
  };

  void Add(std::deque<OwedDelivery>& waiting, OwedDelivery delivery);
  std::optional<OwedDelivery> TakeFrom(std::deque<OwedDelivery>& waiting);

  std::deque<OwedDelivery> fresh_, due_, urgent_;
  bool due_goes_first_ = false;  // due and fresh ones take turns
  std::size_t bytes_ = 0;

  // The resources that have a delivery under way or in unparked_.
  std::unordered_map<ResourceNumber, Busy> busy_;
  std::unordered_map<ResourceNumber, std::map<Position, OwedDelivery>> parked_;
  std::size_t parked_count_ = 0;
  std::deque<OwedDelivery> unparked_;
};

}  // namespace shakehook
