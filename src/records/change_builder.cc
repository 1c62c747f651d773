#include "records/change_builder.h"

#include <memory>
#include <utility>

#include "model/payload.h"
#include "model/search_text.h"
#include "model/sort_name.h"

namespace shakehook {
namespace {

bool IsLive(const StoredResource* stored) { return stored != nullptr && !stored->data.empty(); }

}  // namespace

std::string_view ToString(PutResult result) {
  switch (result) {
    case PutResult::kCreated:
      return "created";
    case PutResult::kUpdated:
      return "updated";
    case PutResult::kUnchanged:
      break;
  }
  return "unchanged";
}

std::expected<BuiltPut, std::vector<FieldError>> ChangeBuilder::Put(const RecordBasis& basis, const ResourceId& id,
                                                                    const Json& patch,
                                                                    const StoredResource* stored) const {
  // A deleted record keeps its version and its last event's time, so that its events stay in order.
  Timestamp timestamp = clock_.Now();
  if (stored != nullptr) timestamp = NextTimestamp(timestamp, stored->last_timestamp);
  const bool is_there = IsLive(stored);
  Resource resource(basis.kind);
  if (is_there) {
    resource = basis.Parse(stored->data);
  } else {
    resource.id = id;
    resource.created_at = timestamp;
  }
  std::optional<Resource> before;
  if (is_there) before = resource;
  if (auto errors = Merge(resource, patch, basis.fields); !errors.empty()) return std::unexpected(std::move(errors));

  BuiltPut built{.change = {.venue_id = basis.venue->id,
                            .kind = basis.kind,
                            .id = resource.id,
                            .expected_version = stored == nullptr ? 0 : stored->version,
                            .revision = basis.revision,
                            .data = ToData(resource)}};
  if (before && resource == *before) return built;
  built.result = is_there ? PutResult::kUpdated : PutResult::kCreated;
  ResourceChange& change = built.change;
  change.search = SearchTextOf(resource);
  change.name = SortNameOf(resource);
  change.created_at = resource.created_at;
  if (basis.kind == ResourceKind::kContact) {
    change.email = resource.Text("email").value_or("");
    change.account_id = resource.Text("account_id").value_or("");
  }
  change.event = MakeEvent(basis, resource.id, is_there ? Verb::kUpdated : Verb::kCreated, timestamp, change.data);
  return built;
}

ResourceChange ChangeBuilder::Delete(const RecordBasis& basis, const StoredResource& stored) const {
  ResourceChange change{.venue_id = basis.venue->id,
                        .kind = basis.kind,
                        .id = stored.id,
                        .expected_version = stored.version,
                        .revision = basis.revision};
  change.event = MakeEvent(basis, stored.id, Verb::kDeleted, NextTimestamp(clock_.Now(), stored.last_timestamp),
                           DeletedData(stored.id));
  return change;
}

SharedEvent ChangeBuilder::MakeEvent(const RecordBasis& basis, const ResourceId& id, Verb verb, Timestamp timestamp,
                                     std::string_view data) const {
  auto event = std::make_shared<Event>();
  event->id = {NewUuid()};
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

}  // namespace shakehook
