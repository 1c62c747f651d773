#include "store/postgres/tables/directory.h"

#include <memory>
#include <utility>

#include "base/check.h"
#include "store/config_columns.h"
#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

struct RemovalColumns : Columns<Column<"kind", RemovedKind>, Column<"id", std::string>> {};

// Ids of removed things are UUIDs of this program's own making.
Uuid UuidOf(const std::string& id) {
  const auto uuid = Uuid::Parse(id);
  CHECK(uuid);
  return *uuid;
}

}  // namespace

std::optional<std::int64_t> Directory::VenueNumber(const VenueId& id) const {
  const auto found = venue_numbers_.find(id);
  if (found == venue_numbers_.end()) return std::nullopt;
  return found->second;
}

void Directory::RemoveVenue(const VenueId& id) {
  venue_numbers_.erase(id);
  config_cache_.Remove(id);
}

// Removals come first: something else may have been made under the same id since.
Async<> Directory::Refresh(Connection& connection, std::int64_t version) {
  const auto after = version_;
  Pipeline pipeline;
  const auto removals = pipeline.Add(Select<RemovalColumns>("FROM configuration_removal WHERE tenant = $1"
                                                            " AND changed_in > $2 AND changed_in <= $3")
                                         .With(kTenant, after, version));
  const auto changed = [&]<class RowColumns>(Select<RowColumns> select) {
    return pipeline.Add(select.With(kTenant, after, version));
  };
  const auto groups = changed(
      Select<VenuesGroupColumns>("FROM venues_group WHERE tenant = $1 AND changed_in > $2 AND changed_in <= $3"));
  const auto venues = changed(
      Select<VenueColumns>("FROM venue WHERE tenant = $1 AND changed_in > $2 AND changed_in <= $3 AND deleted = 0"));
  const auto fields = changed(
      Select<CustomFieldColumns>("FROM custom_field WHERE tenant = $1 AND changed_in > $2 AND changed_in <= $3"));
  const auto webhooks = changed(Select<WebhookColumns>(
      "FROM webhook WHERE tenant = $1 AND changed_in > $2 AND changed_in <= $3 AND deleted = 0"));
  const auto keys =
      changed(Select<ApiKeyColumns>("FROM api_key WHERE tenant = $1 AND changed_in > $2 AND changed_in <= $3"));
  const auto users =
      changed(Select<UserColumns>("FROM app_user WHERE tenant = $1 AND changed_in > $2 AND changed_in <= $3"));
  const auto inboxes =
      changed(Select<InboxColumns>("FROM inbox WHERE tenant = $1 AND changed_in > $2 AND changed_in <= $3"));
  Results results = co_await connection.Run(std::move(pipeline));
  for (const auto row : results.Take(removals)) Remove(row.Get<"kind">(), row.Get<"id">());
  const auto put = [this](auto value) { config_cache_.Put(std::make_shared<decltype(value)>(std::move(value))); };
  for (const auto row : results.Take(groups)) put(ReadVenuesGroup(row));
  for (const auto row : results.Take(venues)) {
    Venue venue = ReadVenue(row);
    SetVenueNumber(venue.id, row.Get<"number">());
    put(std::move(venue));
  }
  for (const auto row : results.Take(fields)) put(ReadCustomField(row));
  for (const auto row : results.Take(webhooks)) put(ReadWebhook(row, secrets_));
  for (const auto row : results.Take(keys)) put(ReadApiKey(row));
  for (const auto row : results.Take(users)) put(ReadUser(row, secrets_));
  for (const auto row : results.Take(inboxes)) put(ReadInbox(row));
  version_ = version;
}

void Directory::Remove(RemovedKind kind, const std::string& id) {
  switch (kind) {
    case RemovedKind::kVenuesGroup:
      return config_cache_.Remove(VenuesGroupId{id});
    case RemovedKind::kVenue:
      return RemoveVenue(VenueId{id});
    case RemovedKind::kCustomField:
      return config_cache_.RemoveCustomField(UuidOf(id));
    case RemovedKind::kWebhook:
      return config_cache_.Remove(WebhookId{UuidOf(id)});
    case RemovedKind::kApiKey:
      return config_cache_.Remove(ApiKeyId{UuidOf(id)});
    case RemovedKind::kUser:
      return config_cache_.Remove(UserId{UuidOf(id)});
    case RemovedKind::kInbox:
      return config_cache_.Remove(InboxId{UuidOf(id)});
  }
}

}  // namespace shakehook::postgres
