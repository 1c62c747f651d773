// DeliveryIds gives deliveries their ids. An id is computed from the delivery's internal key, so that it needs no place
// in the database and no index: that spares each delivery three index operations and each commit two pages.
//
// An id is a UUID of version 7 (RFC 9562). Its time is when the delivery was made. Its other 74 bits are position and
// webhook, put through a permutation under a key that each database makes for itself: no two are alike, and what
// follows the time is hard to guess. (A Feistel network of four rounds, by Luby and Rackoff, 1988; its round function
// is SipHash.)
//
// Ids of tests are given, and those of deliveries that a replay makes later are random: each store keeps these. So it
// does with those of deliveries whose numbers are too large for 74 bits.
//
// Threads: any; a value.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "model/delivery.h"

namespace shakehook {

class DeliveryIds {
 public:
  using Key = std::array<std::uint8_t, 16>;

  explicit DeliveryIds(const Key& key) : key_(key) {}

  // Returns whether the numbers, and the time, fit into their bits.
  static bool CanCompute(DeliveryKey key, Timestamp created_at);
  // Returns nullopt if they do not.
  std::optional<DeliveryId> Compute(DeliveryKey key, Timestamp created_at) const;
  // Returns the key of the delivery that has this id, if the id was computed. It does not check that there is such a
  // delivery, or that this is its id.
  std::optional<DeliveryKey> KeyOf(DeliveryId id) const;

 private:
  struct Halves;
  std::uint64_t Round(std::uint64_t round, std::uint64_t half, Timestamp created_at) const;

  Key key_;
};

}  // namespace shakehook
