#include "model/event.h"

#include <algorithm>

namespace shakehook {
namespace {

constexpr std::array<std::string_view, kEventTypeCount> kNames = {
    "account.created", "account.updated", "account.deleted", "contact.created", "contact.updated", "contact.deleted"};

}  // namespace

std::string_view ToString(EventType type) { return kNames[static_cast<std::size_t>(type)]; }

std::optional<EventType> ParseEventType(std::string_view text) {
  const auto found = std::ranges::find(kNames, text);
  if (found == kNames.end()) return std::nullopt;
  return kEventTypes[found - kNames.begin()];
}

EventType EventTypeOf(ResourceKind kind, Verb verb) {
  return kEventTypes[static_cast<std::size_t>(kind) * 3 + static_cast<std::size_t>(verb)];
}

ResourceKind KindOf(EventType type) { return static_cast<ResourceKind>(static_cast<int>(type) / 3); }
Verb VerbOf(EventType type) { return static_cast<Verb>(static_cast<int>(type) % 3); }

}  // namespace shakehook
