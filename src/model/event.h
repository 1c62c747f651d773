// An event is one immutable fact: something happened to an account or a contact. Its payload bytes are made once; they
// are signed, and every webhook gets them on every attempt.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "model/ids.h"

namespace shakehook {

enum class ResourceKind : std::uint8_t { kAccount = 0, kContact = 1 };
enum class Verb : std::uint8_t { kCreated = 0, kUpdated = 1, kDeleted = 2 };

// The six events of the seed, in its order. The numbers are stored.
enum class EventType : std::uint8_t {
  kAccountCreated = 0,
  kAccountUpdated = 1,
  kAccountDeleted = 2,
  kContactCreated = 3,
  kContactUpdated = 4,
  kContactDeleted = 5,
};
inline constexpr std::size_t kEventTypeCount = 6;
inline constexpr std::array<EventType, kEventTypeCount> kEventTypes = {
    EventType::kAccountCreated, EventType::kAccountUpdated, EventType::kAccountDeleted,
    EventType::kContactCreated, EventType::kContactUpdated, EventType::kContactDeleted};

// "account.created"
std::string_view ToString(EventType type);
std::optional<EventType> ParseEventType(std::string_view text);
EventType EventTypeOf(ResourceKind kind, Verb verb);
ResourceKind KindOf(EventType type);
Verb VerbOf(EventType type);

// A test's event is a sample: sent once to one webhook, and no fact of any venue's.
enum class EventOrigin : std::uint8_t { kChange = 0, kPublished = 1, kTest = 2 };

struct Event {
  EventId id;
  EventType type = EventType::kAccountCreated;
  EventOrigin origin = EventOrigin::kChange;
  Timestamp timestamp;
  VenueId venue_id;
  std::optional<VenuesGroupId> venues_group_id;
  ResourceId resource_id;
  std::string payload;

  bool operator==(const Event&) const = default;
};

// Many deliveries share one event's bytes.
using SharedEvent = std::shared_ptr<const Event>;

}  // namespace shakehook
