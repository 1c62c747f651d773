// The payload: the body of every request, built once per event (CONTRACT §2, the seed's "Webhook Payload Structure").
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "model/event.h"
#include "model/ids.h"

namespace shakehook {

struct PayloadParts {
  EventType type;
  Timestamp timestamp;
  const VenueId& venue_id;
  const std::optional<VenuesGroupId>& venues_group_id;
  std::string_view data;  // compact JSON
};

// Compact JSON with the keys event, timestamp, venue_id, venues_group_id, data, in this order.
std::string BuildPayload(const PayloadParts& parts);

// `data` of a deleted event: only the id.
std::string DeletedData(const ResourceId& id);

// Returns the event as it is after its resource's data was erased: the payload contains the resource's id and no other
// data.
SharedEvent WithoutData(const Event& event);

// Returns the timestamp of a resource's next event: now, or 1 ms after its last one on a tie or a backward clock.
Timestamp NextTimestamp(Timestamp now, std::optional<Timestamp> last);

}  // namespace shakehook
