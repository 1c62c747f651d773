#include "store/sqlite/engine/write_tickets.h"

#include <array>
#include <functional>
#include <optional>

#include "store/owner_scope.h"

namespace shakehook::sqlite {
namespace {

// So many bytes of a payload, which its record has once more, cost what a row does.
constexpr std::size_t kBytesPerRow = 2'048;

using MaybeScope = std::optional<Scope>;

TenantKey TenantOf(const Scope& scope, const ConfigCache& config_cache) {
  return {std::hash<Scope>()(OwnerOf(scope, config_cache))};
}

template <class T>
MaybeScope ScopeOfPut(const T& value) {
  if constexpr (requires { value.scope; }) {
    return value.scope;
  } else {
    return Scope::Of(value.id);
  }
}

MaybeScope ScopeOfExisting(const auto& existing) { return existing ? MaybeScope(existing->scope) : std::nullopt; }

MaybeScope ScopeOfRemoved(const ConfigCache&, const VenuesGroupId& id) { return Scope::Of(id); }
MaybeScope ScopeOfRemoved(const ConfigCache&, const VenueId& id) { return Scope::Of(id); }
MaybeScope ScopeOfRemoved(const ConfigCache& config_cache, const ConfigChange::CustomFieldId& id) {
  return ScopeOfExisting(config_cache.FindCustomField(id.uuid));
}
MaybeScope ScopeOfRemoved(const ConfigCache& config_cache, const WebhookId& id) {
  return ScopeOfExisting(config_cache.FindWebhook(id));
}
MaybeScope ScopeOfRemoved(const ConfigCache& config_cache, const ApiKeyId& id) {
  return ScopeOfExisting(config_cache.FindApiKey(id));
}
MaybeScope ScopeOfRemoved(const ConfigCache& config_cache, const UserId& id) {
  return ScopeOfExisting(config_cache.FindUser(id));
}
MaybeScope ScopeOfRemoved(const ConfigCache& config_cache, const InboxId& id) {
  return ScopeOfExisting(config_cache.FindInbox(id));
}

// The venue or venues group that is changed, or that holds what is changed.
MaybeScope ScopeOf(const ConfigCache& config_cache, const ConfigChange& change) {
  return std::visit(
      [&](const auto& one) -> MaybeScope {
        if constexpr (requires { one.value; }) {
          return ScopeOfPut(one.value);
        } else {
          return ScopeOfRemoved(config_cache, one.id);
        }
      },
      change.change);
}

}  // namespace

WriteTickets::Ticket WriteTickets::Of(const Event& event) const {
  return Of(event.venue_id, RowsOf(event) + event.payload.size() / kBytesPerRow);
}

WriteTickets::Ticket WriteTickets::Of(const std::vector<ResourceChange>& changes) const {
  if (changes.empty()) return kOfNobody;
  // The same for all of a type.
  std::array<std::size_t, kEventTypeCount> rows_of_type{};
  std::size_t rows = 0;
  for (const ResourceChange& change : changes) {
    std::size_t& of_type = rows_of_type[static_cast<std::size_t>(change.event->type)];
    if (of_type == 0) of_type = RowsOf(*change.event);
    rows += of_type + change.event->payload.size() / kBytesPerRow;
  }
  return Of(changes[0].venue_id, rows);
}

WriteTickets::Ticket WriteTickets::Of(WebhookNumber number) const {
  const SharedWebhook webhook = config_cache_.FindWebhook(number);
  return webhook ? Ticket{.tenant = TenantOf(webhook->scope, config_cache_)} : kOfNobody;
}

WriteTickets::Ticket WriteTickets::Of(const VenueId& venue, std::size_t rows) const {
  return {.tenant = TenantOf(Scope::Of(venue), config_cache_), .rows = rows};
}

WriteTickets::Ticket WriteTickets::OfBytes(const VenueId& venue, std::size_t bytes) const {
  return Of(venue, 1 + bytes / kBytesPerRow);
}

WriteTickets::Ticket WriteTickets::Of(const ConfigChange& change) const {
  Ticket ticket = kConfiguration;
  if (const auto scope = ScopeOf(config_cache_, change)) ticket.tenant = TenantOf(*scope, config_cache_);
  return ticket;
}

std::size_t WriteTickets::RowsOf(const Event& event) const {
  constexpr std::size_t kResourceAndEvent = 2;
  // So many deliveries cost what a row does: each is a number in a list, and what listeners are told.
  constexpr std::size_t kDeliveriesPerRow = 8;
  const SharedVenue venue = config_cache_.FindVenue(event.venue_id);
  return kResourceAndEvent + (venue ? config_cache_.Match(*venue, event.type).size() : 0) / kDeliveriesPerRow;
}

}  // namespace shakehook::sqlite
