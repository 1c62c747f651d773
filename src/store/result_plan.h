// PlanResult decides what the result of an attempt does to its delivery, by the place where it finds the delivery: the
// table of docs/invariants.md. The rows of each store carry it out.
#pragma once

#include <cstdint>
#include <optional>

#include "model/delivery.h"
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

}  // namespace shakehook
