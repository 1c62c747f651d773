// The columns that an event is put together from, and the tables that have them.
//
// Threads: any.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "model/event.h"
#include "store/postgres/engine/result.h"

namespace shakehook::postgres {

// The rows beside the event's, which is `e`.
inline constexpr std::string_view kEventParts =
    " LEFT JOIN venue v ON v.tenant = e.tenant AND v.number = e.venue"
    " LEFT JOIN resource r ON r.tenant = e.tenant AND r.number = e.resource";

// A test's sample may name a venue that does not exist: its payload tells which.
inline VenueId VenueNamedIn(std::string_view payload) {
  const auto json = ParseJson(payload);
  const Json* const named = json ? json->Find("venue_id") : nullptr;
  return {named != nullptr && named->text() != nullptr ? *named->text() : std::string()};
}

// Precondition: the row has the columns of an event, and none of them is null but for the venue's and the group's.
template <class RowColumns>
SharedEvent EventOf(const Row<RowColumns>& row) {
  auto event = std::make_shared<Event>();
  event->id = row.template Get<"id">();
  event->type = row.template Get<"type">();
  event->origin = row.template Get<"origin">();
  event->timestamp = row.template Get<"timestamp">();
  event->venues_group_id = row.template Get<"venues_group">();
  event->resource_id = row.template Get<"resource_id">();
  event->payload = row.template Get<"payload">();
  auto venue = row.template Get<"venue_id">();
  event->venue_id = venue ? *std::move(venue) : VenueNamedIn(event->payload);
  return event;
}

}  // namespace shakehook::postgres
