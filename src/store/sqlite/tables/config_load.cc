// How ConfigRows reads the whole configuration into the directory at the start.
#include <utility>

#include "store/sqlite/engine/select.h"
#include "store/sqlite/tables/config_rows.h"
#include "store/sqlite/tables/scope_columns.h"

namespace shakehook::sqlite {
namespace {

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
              Column<"max_concurrent", std::optional<std::int64_t>>,
              Column<"max_per_second", std::optional<std::int64_t>>, Column<"sealed", std::string_view>,
              Column<"overlap_ends_at", std::optional<Timestamp>>, Column<"created_at", Timestamp>,
              Column<"updated_at", Timestamp>, Column<"version", std::int64_t>, Column<"retry_schedule", ScheduleKind>,
              Column<"disable_after_days", std::optional<std::int64_t>>> {};

struct ApiKeyColumns : Columns<Column<"id", ApiKeyId>, Column<"name", std::string>, Column<"scope_kind", Scope::Kind>,
                               Column<"scope_id", std::string>, Column<"rights", std::uint8_t>, Column<"hash", Digest>,
                               Column<"prefix", std::string>, Column<"expires_at", std::optional<Timestamp>>,
                               Column<"created_at", Timestamp>, Column<"version", std::int64_t>> {};

struct InboxColumns
    : Columns<Column<"id", InboxId>, Column<"name", std::string>, Column<"scope_kind", Scope::Kind>,
              Column<"scope_id", std::string>, Column<"token", std::string>, Column<"behaviour", InboxBehaviour>,
              Column<"created_at", Timestamp>, Column<"version", std::int64_t>> {};

}  // namespace

void ConfigRows::Load(ConfigCache& config_cache) {
  LoadVenuesGroups(config_cache);
  LoadVenues(config_cache);
  LoadCustomFields(config_cache);
  LoadWebhooks(config_cache);
  LoadApiKeys(config_cache);
  users_.Load(config_cache);
  LoadInboxes(config_cache);
  next_venue_ = connection_.Integer("SELECT max(number) FROM venue") + 1;
  next_webhook_ = connection_.Integer("SELECT max(number) FROM webhook") + 1;
}

void ConfigRows::LoadVenuesGroups(ConfigCache& config_cache) {
  Select<VenuesGroupColumns> groups(connection_, "FROM venues_group");
  for (auto row = groups.With(); row.Step();) {
    config_cache.Put(std::make_shared<VenuesGroup>(VenuesGroup{.id = row.Get<"id">(),
                                                               .name = row.Get<"name">(),
                                                               .created_at = row.Get<"created_at">(),
                                                               .updated_at = row.Get<"updated_at">(),
                                                               .version = row.Get<"version">()}));
  }
}

void ConfigRows::LoadVenues(ConfigCache& config_cache) {
  Select<VenueColumns> venues(connection_, "FROM venue WHERE deleted = 0");
  for (auto row = venues.With(); row.Step();) {
    Venue venue{.id = row.Get<"id">(),
                .name = row.Get<"name">(),
                .venues_group_id = row.Get<"venues_group">(),
                .created_at = row.Get<"created_at">(),
                .updated_at = row.Get<"updated_at">(),
                .version = row.Get<"version">()};
    venue_numbers_[venue.id] = row.Get<"number">();
    config_cache.Put(std::make_shared<Venue>(std::move(venue)));
  }
}

void ConfigRows::LoadCustomFields(ConfigCache& config_cache) {
  Select<CustomFieldColumns> fields(connection_, "FROM custom_field");
  for (auto row = fields.With(); row.Step();) {
    config_cache.Put(std::make_shared<CustomField>(CustomField{.uuid = row.Get<"uuid">(),
                                                               .position = row.Get<"position">(),
                                                               .scope = ReadScope(row),
                                                               .collection = row.Get<"collection">(),
                                                               .label = row.Get<"label">(),
                                                               .type = row.Get<"type">(),
                                                               .required = row.Get<"required">(),
                                                               .options = ReadOptions(row.Get<"options">()),
                                                               .created_at = row.Get<"created_at">(),
                                                               .updated_at = row.Get<"updated_at">(),
                                                               .version = row.Get<"version">()}));
  }
}

void ConfigRows::LoadWebhooks(ConfigCache& config_cache) {
  Select<WebhookColumns> webhooks(connection_, "FROM webhook WHERE deleted = 0");
  for (auto row = webhooks.With(); row.Step();) {
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
    secrets_.Unseal(row.Get<"sealed">(), webhook);
    config_cache.Put(std::make_shared<Webhook>(std::move(webhook)));
  }
}

void ConfigRows::LoadApiKeys(ConfigCache& config_cache) {
  Select<ApiKeyColumns> keys(connection_, "FROM api_key");
  for (auto row = keys.With(); row.Step();) {
    config_cache.Put(std::make_shared<ApiKey>(ApiKey{.id = row.Get<"id">(),
                                                     .name = row.Get<"name">(),
                                                     .scope = ReadScope(row),
                                                     .rights = {row.Get<"rights">()},
                                                     .hash = row.Get<"hash">(),
                                                     .prefix = row.Get<"prefix">(),
                                                     .expires_at = row.Get<"expires_at">(),
                                                     .created_at = row.Get<"created_at">(),
                                                     .version = row.Get<"version">()}));
  }
}

void ConfigRows::LoadInboxes(ConfigCache& config_cache) {
  Select<InboxColumns> inboxes(connection_, "FROM inbox");
  for (auto row = inboxes.With(); row.Step();) {
    config_cache.Put(std::make_shared<Inbox>(Inbox{.id = row.Get<"id">(),
                                                   .name = row.Get<"name">(),
                                                   .scope = ReadScope(row),
                                                   .token = row.Get<"token">(),
                                                   .behaviour = row.Get<"behaviour">(),
                                                   .created_at = row.Get<"created_at">(),
                                                   .version = row.Get<"version">()}));
  }
}

}  // namespace shakehook::sqlite
