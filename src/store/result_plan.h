// PlanResult decides what the result of an attempt does to its delivery, by the place where it finds the delivery: the
// table of docs/invariants.md. What the result counts for its webhook is here too. The rows of each store carry it out.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"
#include "model/delivery.h"
#include "model/statistics.h"
#include "model/webhook.h"
#include "store/delivery_pages.h"

namespace shakehook {

// A delivery is in exactly one place.
enum class DeliveryPlace : std::uint8_t {
  kList,         // pending, never tried: a position in its webhook's list
  kRow,          // pending, with a row of its own
  kAgain,        // delivered, and a person sends it again: a row beside that of the ended delivery
  kDelivered,    // ended, delivered
  kUndelivered,  // ended, failed or canceled
  kGone,         // dropped by the purge
};

struct ResultPlan {
  enum class Step : std::uint8_t {
    kNothing,  // neither the delivery nor the attempt is stored
    kPutOff,   // the delivery stays pending, with a row that says when it is due
    kEnd,      // the delivery ends; the attempt is in its row
    kAddLate,  // the delivery had ended before; the attempt is added to it
  };

  Step step = Step::kNothing;
  // The status that the delivery gets; absent: it keeps the one that it has.
  std::optional<DeliveryStatus> becomes = {};
  // The result counts for the health of its webhook.
  Switch health = Switch::kOff;

  bool operator==(const ResultPlan&) const = default;
};

ResultPlan PlanResult(DeliveryPlace place, AttemptResult::Verdict verdict, OwedDelivery::Purpose purpose);

// Counts a result that counts for the health of its webhook. The pending deliveries are counted elsewhere.
void CountInHealth(const AttemptResult& result, WebhookHealth& health);

// Returns what a result adds to the statistics of its webhook. `became`: the status that the delivery got by it.
DeliveryCounts CountsOf(const AttemptResult& result, std::optional<DeliveryStatus> became);
// Returns how long the endpoint took, for the statistics; an attempt that timed out took at least that long. nullopt:
// it was not reached.
std::optional<Microseconds> ResponseTimeOf(const AttemptResult& result);

}  // namespace shakehook
