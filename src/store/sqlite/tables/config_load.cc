// How ConfigRows reads the whole configuration into the directory at the start.
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/json.h"
#include "store/sqlite/tables/config_checks.h"
#include "store/sqlite/tables/config_rows.h"

namespace shakehook::sqlite {
namespace {

std::vector<CustomFieldOption> ReadOptions(std::string_view json) {
  std::vector<CustomFieldOption> options;
  const auto parsed = ParseJson(json);
  CHECK(parsed && parsed->array());
  for (const Json& entry : *parsed->array()) options.push_back({*entry.Find("label")->text(), *entry.Find("value")});
  return options;
}

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
  Statement groups(connection_, "SELECT id, name, created_at, updated_at, version FROM venues_group");
  for (auto row = groups.With(); row.Step();) {
    config_cache.Put(std::make_shared<VenuesGroup>(VenuesGroup{.id = {std::string(row.Text(0))},
                                                               .name = std::string(row.Text(1)),
                                                               .created_at = row.Time(2),
                                                               .updated_at = row.Time(3),
                                                               .version = row.Integer(4)}));
  }
}

void ConfigRows::LoadVenues(ConfigCache& config_cache) {
  Statement venues(
      connection_,
      "SELECT number, id, name, venues_group, created_at, updated_at, version FROM venue WHERE deleted = 0");
  for (auto row = venues.With(); row.Step();) {
    Venue venue{.id = {std::string(row.Text(1))},
                .name = std::string(row.Text(2)),
                .venues_group_id = {},
                .created_at = row.Time(4),
                .updated_at = row.Time(5),
                .version = row.Integer(6)};
    if (!row.IsNull(3)) venue.venues_group_id = VenuesGroupId{std::string(row.Text(3))};
    venue_numbers_[venue.id] = row.Integer(0);
    config_cache.Put(std::make_shared<Venue>(std::move(venue)));
  }
}

void ConfigRows::LoadCustomFields(ConfigCache& config_cache) {
  Statement fields(
      connection_,
      "SELECT position, uuid, scope_kind, scope_id, collection, label, type, required, options, created_at,"
      " updated_at, version FROM custom_field");
  for (auto row = fields.With(); row.Step();) {
    config_cache.Put(std::make_shared<CustomField>(CustomField{.uuid = row.ReadUuid(1),
                                                               .position = row.Integer(0),
                                                               .scope = ReadScope(row, 2),
                                                               .collection = row.As<ResourceKind>(4),
                                                               .label = std::string(row.Text(5)),
                                                               .type = row.As<CustomFieldType>(6),
                                                               .required = row.As<Switch>(7),
                                                               .options = ReadOptions(row.Text(8)),
                                                               .created_at = row.Time(9),
                                                               .updated_at = row.Time(10),
                                                               .version = row.Integer(11)}));
  }
}

void ConfigRows::LoadWebhooks(ConfigCache& config_cache) {
  Statement webhooks(
      connection_,
      "SELECT number, id, name, url, events, scope_kind, scope_id, enabled, disabled_reason, ordering,"
      " standard_headers, max_concurrent, max_per_second, sealed, overlap_ends_at, created_at, updated_at,"
      " version FROM webhook WHERE deleted = 0");
  for (auto row = webhooks.With(); row.Step();) {
    Webhook webhook{.number = {row.Integer(0)},
                    .id = {row.ReadUuid(1)},
                    .name = std::string(row.Text(2)),
                    .url = std::string(row.Text(3)),
                    .events = {static_cast<std::uint8_t>(row.Integer(4))},
                    .scope = ReadScope(row, 5),
                    .enabled = row.As<Switch>(7),
                    .disabled_reason = std::string(row.Text(8)),
                    .ordering = row.As<Ordering>(9),
                    .standard_headers = row.As<Switch>(10),
                    .headers = {},
                    .max_concurrent = row.OptionalInteger(11),
                    .max_per_second = row.OptionalInteger(12),
                    .secrets = {},
                    .created_at = row.Time(15),
                    .updated_at = row.Time(16),
                    .version = row.Integer(17)};
    webhook.secrets.overlap_ends_at = row.OptionalTime(14);
    Unseal(row.Text(13), webhook);
    config_cache.Put(std::make_shared<Webhook>(std::move(webhook)));
  }
}

void ConfigRows::LoadApiKeys(ConfigCache& config_cache) {
  Statement keys(connection_,
                 "SELECT id, name, scope_kind, scope_id, rights, hash, prefix, expires_at, created_at, version"
                 " FROM api_key");
  for (auto row = keys.With(); row.Step();) {
    ApiKey key{.id = {row.ReadUuid(0)},
               .name = std::string(row.Text(1)),
               .scope = ReadScope(row, 2),
               .rights = {static_cast<std::uint8_t>(row.Integer(4))},
               .hash = {},
               .prefix = std::string(row.Text(6)),
               .expires_at = row.OptionalTime(7),
               .created_at = row.Time(8),
               .version = row.Integer(9)};
    const std::string_view hash = row.Text(5);
    CHECK(hash.size() == key.hash.size());
    std::ranges::copy(hash, key.hash.begin());
    config_cache.Put(std::make_shared<ApiKey>(std::move(key)));
  }
}

void ConfigRows::LoadInboxes(ConfigCache& config_cache) {
  Statement inboxes(connection_,
                    "SELECT id, name, scope_kind, scope_id, token, behaviour, created_at, version FROM inbox");
  for (auto row = inboxes.With(); row.Step();) {
    config_cache.Put(std::make_shared<Inbox>(Inbox{.id = {row.ReadUuid(0)},
                                                   .name = std::string(row.Text(1)),
                                                   .scope = ReadScope(row, 2),
                                                   .token = std::string(row.Text(4)),
                                                   .behaviour = row.As<InboxBehaviour>(5),
                                                   .created_at = row.Time(6),
                                                   .version = row.Integer(7)}));
  }
}

}  // namespace shakehook::sqlite
