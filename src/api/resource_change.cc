#include "api/resource_change.h"

#include "api/visible.h"
#include "model/search_text.h"
#include "model/sort_name.h"

namespace shakehook {
namespace {

SharedEvent MakeEvent(ApiServices& services, const ResourceBasis& basis, const ResourceId& id, Verb verb,
                      Timestamp timestamp, std::string_view data) {
  auto event = std::make_shared<Event>();
  event->id = {services.NewUuid()};
  event->type = EventTypeOf(basis.kind, verb);
  event->timestamp = timestamp;
  event->venue_id = basis.venue->id;
  event->venues_group_id = basis.venue->venues_group_id;
  event->resource_id = id;
  event->payload = BuildPayload({.type = event->type,
                                 .timestamp = timestamp,
                                 .venue_id = event->venue_id,
                                 .venues_group_id = event->venues_group_id,
                                 .data = data});
  return event;
}

}  // namespace

std::expected<ResourceBasis, Problem> ResourceBasis::Read(const Directory& directory, const ApiKey& key,
                                                          const std::string& venue_id, ResourceKind kind) {
  // The revision is read first: what is read after it is as new or newer.
  ResourceBasis basis{.revision = directory.RevisionOf({venue_id}), .kind = kind};
  auto venue = FindVisibleVenue(directory, key, venue_id);
  if (!venue) return std::unexpected(std::move(venue.error()));
  basis.venue = *std::move(venue);
  basis.fields = directory.CustomFieldsOf(*basis.venue, kind);
  return basis;
}

std::string ResourceBasis::CurrentData(std::string data) const {
  const bool custom = data.find("\"custom_") != std::string::npos;
  return custom ? ToData(Parse(data)) : data;
}

std::string_view NounOf(ResourceKind kind) { return kind == ResourceKind::kAccount ? "account" : "contact"; }

std::string_view CollectionOf(ResourceKind kind) { return kind == ResourceKind::kAccount ? "accounts" : "contacts"; }

ResourceChange BuildPut(ApiServices& services, const ResourceBasis& basis, const Resource& resource, Verb verb,
                        const ChangeOrigin& origin) {
  ResourceChange change{.venue_id = basis.venue->id,
                        .kind = basis.kind,
                        .id = resource.id,
                        .expected_version = origin.expected_version,
                        .revision = basis.revision,
                        .data = ToData(resource),
                        .search = SearchTextOf(resource),
                        .name = SortNameOf(resource),
                        .created_at = resource.created_at};
  if (basis.kind == ResourceKind::kContact) {
    change.email = resource.Text("email").value_or("");
    change.account_id = resource.Text("account_id").value_or("");
  }
  change.event = MakeEvent(services, basis, resource.id, verb, origin.timestamp, change.data);
  return change;
}

ResourceChange BuildDelete(ApiServices& services, const ResourceBasis& basis, const ResourceId& id,
                           const ChangeOrigin& origin) {
  ResourceChange change{.venue_id = basis.venue->id,
                        .kind = basis.kind,
                        .id = id,
                        .expected_version = origin.expected_version,
                        .revision = basis.revision};
  change.event = MakeEvent(services, basis, id, Verb::kDeleted, origin.timestamp, DeletedData(id));
  return change;
}

Problem FromChangeRefusal(const Refusal& refusal, const ResourceBasis& basis, const Directory& directory,
                          std::string_view field_path) {
  if (refusal.kind == Refusal::Kind::kMissing) {
    if (!directory.FindVenue(basis.venue->id)) return NotFound("venue");
    return Invalid(std::string(field_path) + "account_id", "names no account of the venue");
  }
  return FromRefusal(refusal, NounOf(basis.kind));
}

}  // namespace shakehook
