#include "store/postgres/tables/directory.h"

#include <memory>
#include <utility>

#include "base/check.h"
#include "store/postgres/tables/scope_columns.h"
#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

struct RemovalColumns : Columns<Column<"kind", RemovedKind>, Column<"id", std::string>> {};

struct VenuesGroupColumns
    : Columns<Column<"id", VenuesGroupId>, Column<"name", std::string>, Column<"created_at", Timestamp>,
              Column<"updated_at", Timestamp>, Column<"version", std::int64_t>> {};

struct VenueColumns : Columns<Column<"number", std::int64_t>, Column<"id", VenueId>, Column<"name", std::string>,
                              Column<"venues_group", std::optional<VenuesGroupId>>, Column<"created_at", Timestamp>,
                              Column<"updated_at", Timestamp>, Column<"version", std::int64_t>> {};

struct CustomFieldColumns
    : Columns<Column<"position", std::int64_t>, Column<"uuid", Uuid>, Column<"scope_kind", Scope::Kind>,
              Column<"scope_id", std::string>, Column<"collection", ResourceKind>, Column<"label", std::string>,
              Column<"type", CustomFieldType>, Column<"required", Switch>, Column<"options", std::string_view>,
              Column<"created_at", Timestamp>, Column<"updated_at", Timestamp>, Column<"version", std::int64_t>> {};

struct WebhookColumns
    : Columns<Column<"number", WebhookNumber>, Column<"id", WebhookId>, Column<"name", std::string>,
              Column<"url", std::string>, Column<"events", std::uint8_t>, Column<"scope_kind", Scope::Kind>,
              Column<"scope_id", std::string>, Column<"enabled", Switch>, Column<"disabled_reason", std::string>,
              Column<"ordering", Ordering>, Column<"standard_headers", Switch>,
              Column<"max_concurrent", std::optional<int>>, Column<"max_per_second", std::optional<int>>,
              Column<"sealed", std::string_view>, Column<"overlap_ends_at", std::optional<Timestamp>>,
              Column<"created_at", Timestamp>, Column<"updated_at", Timestamp>, Column<"version", std::int64_t>,
              Column<"retry_schedule", ScheduleKind>, Column<"disable_after_days", std::optional<int>>> {};

struct ApiKeyColumns : Columns<Column<"id", ApiKeyId>, Column<"name", std::string>, Column<"scope_kind", Scope::Kind>,
                               Column<"scope_id", std::string>, Column<"rights", std::uint8_t>, Column<"hash", Digest>,
                               Column<"prefix", std::string>, Column<"expires_at", std::optional<Timestamp>>,
                               Column<"created_at", Timestamp>, Column<"version", std::int64_t>> {};

struct UserColumns
    : Columns<Column<"id", UserId>, Column<"name", std::string>, Column<"email", std::string>, Column<"role", Role>,
              Column<"scope_kind", Scope::Kind>, Column<"scope_id", std::string>, Column<"language", std::string>,
              Column<"password_hash", std::string>, Column<"epoch", std::int64_t>, Column<"created_at", Timestamp>,
              Column<"last_signed_in_at", std::optional<Timestamp>>, Column<"version", std::int64_t>,
              Column<"must_change_password", Switch>, Column<"link_kind", std::optional<UserLink::Kind>>,
              Column<"link_hash", std::optional<Digest>>, Column<"link_expires_at", std::optional<Timestamp>>,
              Column<"second_factor", std::string_view>> {};

struct InboxColumns
    : Columns<Column<"id", InboxId>, Column<"name", std::string>, Column<"scope_kind", Scope::Kind>,
              Column<"scope_id", std::string>, Column<"token", std::string>, Column<"behaviour", InboxBehaviour>,
              Column<"created_at", Timestamp>, Column<"version", std::int64_t>> {};

VenuesGroup Read(const Row<VenuesGroupColumns>& row) {
  return {.id = row.Get<"id">(),
          .name = row.Get<"name">(),
          .created_at = row.Get<"created_at">(),
          .updated_at = row.Get<"updated_at">(),
          .version = row.Get<"version">()};
}

Venue Read(const Row<VenueColumns>& row) {
  return {.id = row.Get<"id">(),
          .name = row.Get<"name">(),
          .venues_group_id = row.Get<"venues_group">(),
          .created_at = row.Get<"created_at">(),
          .updated_at = row.Get<"updated_at">(),
          .version = row.Get<"version">()};
}

CustomField Read(const Row<CustomFieldColumns>& row) {
  return {.uuid = row.Get<"uuid">(),
          .position = row.Get<"position">(),
          .scope = ReadScope(row),
          .collection = row.Get<"collection">(),
          .label = row.Get<"label">(),
          .type = row.Get<"type">(),
          .required = row.Get<"required">(),
          .options = ReadOptions(row.Get<"options">()),
          .created_at = row.Get<"created_at">(),
          .updated_at = row.Get<"updated_at">(),
          .version = row.Get<"version">()};
}

Webhook Read(const Row<WebhookColumns>& row, const ConfigSecrets& secrets) {
  Webhook webhook{.number = row.Get<"number">(),
                  .id = row.Get<"id">(),
                  .name = row.Get<"name">(),
                  .url = row.Get<"url">(),
                  .events = {row.Get<"events">()},
                  .scope = ReadScope(row),
                  .enabled = row.Get<"enabled">(),
                  .disabled_reason = row.Get<"disabled_reason">(),
                  .ordering = row.Get<"ordering">(),
                  .standard_headers = row.Get<"standard_headers">(),
                  .headers = {},
                  .max_concurrent = row.Get<"max_concurrent">(),
                  .max_per_second = row.Get<"max_per_second">(),
                  .retry_schedule = row.Get<"retry_schedule">(),
                  .disable_after_days = row.Get<"disable_after_days">(),
                  .secrets = {},
                  .created_at = row.Get<"created_at">(),
                  .updated_at = row.Get<"updated_at">(),
                  .version = row.Get<"version">()};
  webhook.secrets.overlap_ends_at = row.Get<"overlap_ends_at">();
  secrets.Unseal(row.Get<"sealed">(), webhook);
  return webhook;
}

ApiKey Read(const Row<ApiKeyColumns>& row) {
  return {.id = row.Get<"id">(),
          .name = row.Get<"name">(),
          .scope = ReadScope(row),
          .rights = {row.Get<"rights">()},
          .hash = row.Get<"hash">(),
          .prefix = row.Get<"prefix">(),
          .expires_at = row.Get<"expires_at">(),
          .created_at = row.Get<"created_at">(),
          .version = row.Get<"version">()};
}

User Read(const Row<UserColumns>& row, const ConfigSecrets& secrets) {
  std::optional<UserLink> link;
  const auto kind = row.Get<"link_kind">();
  const auto hash = row.Get<"link_hash">();
  const auto expires_at = row.Get<"link_expires_at">();
  if (kind && hash && expires_at) link = {.kind = *kind, .token_hash = *hash, .expires_at = *expires_at};
  return {.id = row.Get<"id">(),
          .name = row.Get<"name">(),
          .email = row.Get<"email">(),
          .role = row.Get<"role">(),
          .scope = ReadScope(row),
          .language = row.Get<"language">(),
          .password_hash = row.Get<"password_hash">(),
          .epoch = row.Get<"epoch">(),
          .created_at = row.Get<"created_at">(),
          .last_signed_in_at = row.Get<"last_signed_in_at">(),
          .version = row.Get<"version">(),
          .must_change_password = row.Get<"must_change_password">(),
          .link = link,
          .second_factor = secrets.UnsealSecondFactor(row.Get<"second_factor">())};
}

Inbox Read(const Row<InboxColumns>& row) {
  return {.id = row.Get<"id">(),
          .name = row.Get<"name">(),
          .scope = ReadScope(row),
          .token = row.Get<"token">(),
          .behaviour = row.Get<"behaviour">(),
          .created_at = row.Get<"created_at">(),
          .version = row.Get<"version">()};
}

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
  const auto removed = results.Take(removals);
  for (const auto row : removed) Remove(row.Get<"kind">(), row.Get<"id">());
  Load(results.Take(groups));
  Load(results.Take(venues));
  Load(results.Take(fields));
  Load(results.Take(webhooks));
  Load(results.Take(keys));
  Load(results.Take(users));
  Load(results.Take(inboxes));
  version_ = version;
}

template <class RowColumns>
void Directory::Load(const Rows<RowColumns>& rows) {
  for (const auto row : rows) {
    if constexpr (std::is_same_v<RowColumns, WebhookColumns> || std::is_same_v<RowColumns, UserColumns>) {
      config_cache_.Put(std::make_shared<decltype(Read(row, secrets_))>(Read(row, secrets_)));
    } else {
      auto value = std::make_shared<decltype(Read(row))>(Read(row));
      if constexpr (std::is_same_v<RowColumns, VenueColumns>) SetVenueNumber(value->id, row.template Get<"number">());
      config_cache_.Put(std::move(value));
    }
  }
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
