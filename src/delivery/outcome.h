// The outcome of an attempt: how an exchange reads as an attempt's record, and what becomes of the delivery
// (CONTRACT §3). Pure: time and chance come in as arguments.
#pragma once

#include <optional>
#include <string_view>

#include "delivery/retry_schedule.h"
#include "model/delivery.h"
#include "net/transport.h"
#include "store/store.h"

namespace shakehook {

struct Outcome {
  AttemptResult::Verdict verdict = AttemptResult::Verdict::kDelivered;
  std::optional<Milliseconds> retry_in = {};  // from the end of the attempt; absent: it is not tried again

  bool operator==(const Outcome&) const = default;
};

// `unit`, in [0, 1), is the random part of the wait. `ended_at` is for a Retry-After that is a date.
Outcome Decide(const Exchange& exchange, const OwedDelivery& delivery, const RetrySchedule& schedule,
               Timestamp ended_at, double unit);

// The wait that a Retry-After header asks for (seconds or an HTTP date, RFC 9110 10.2.3), if it can be read.
// `headers`: lines "Name: value\r\n".
std::optional<Milliseconds> RetryAfter(std::string_view headers, Timestamp now);

// Returns the class under which a failure is recorded.
FailureClass ClassOf(TransportFailure failure);

// Puts status, error, response and timings into the record; of the headers 4 KiB at most.
void Describe(Exchange exchange, Attempt& attempt);

}  // namespace shakehook
