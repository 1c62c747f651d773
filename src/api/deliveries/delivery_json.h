// Deliveries and attempts as the API shows them (CONTRACT §4, "Shapes").
#pragma once

#include <span>

#include "api/webhooks/webhook_json.h"
#include "base/json.h"
#include "store/store.h"

namespace shakehook {

// Without payload and attempts.
Json DeliveryJson(const Delivery& delivery);

// With the event's payload, byte for byte, and the attempts.
// `retry_waits`: the waits of the schedule; those that are still ahead are listed.
Json DeliveryDetailJson(const DeliveryDetail& detail, UrlView view, std::span<const Milliseconds> retry_waits = {});

// `webhook`: as the attempt used it; only the names of its custom headers are shown. `payload_bytes` absent: the
// request's Content-Length is left out.
Json AttemptJson(const Attempt& attempt, const Delivery& delivery, const Webhook& webhook,
                 std::optional<std::size_t> payload_bytes, UrlView view);

}  // namespace shakehook
