// How ConfigRows reads the whole configuration into the directory at the start.
#include <utility>

#include "store/config_columns.h"
#include "store/sqlite/engine/select.h"
#include "store/sqlite/tables/config_rows.h"

namespace shakehook::sqlite {
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
  for (auto row = groups.With(); row.Step();) config_cache.Put(std::make_shared<VenuesGroup>(ReadVenuesGroup(row)));
}

void ConfigRows::LoadVenues(ConfigCache& config_cache) {
  Select<VenueColumns> venues(connection_, "FROM venue WHERE deleted = 0");
  for (auto row = venues.With(); row.Step();) {
    auto venue = std::make_shared<Venue>(ReadVenue(row));
    venue_numbers_[venue->id] = row.Get<"number">();
    config_cache.Put(std::move(venue));
  }
}

void ConfigRows::LoadCustomFields(ConfigCache& config_cache) {
  Select<CustomFieldColumns> fields(connection_, "FROM custom_field");
  for (auto row = fields.With(); row.Step();) config_cache.Put(std::make_shared<CustomField>(ReadCustomField(row)));
}

void ConfigRows::LoadWebhooks(ConfigCache& config_cache) {
  Select<WebhookColumns> webhooks(connection_, "FROM webhook WHERE deleted = 0");
  for (auto row = webhooks.With(); row.Step();) {
    config_cache.Put(std::make_shared<Webhook>(ReadWebhook(row, secrets_)));
  }
}

void ConfigRows::LoadApiKeys(ConfigCache& config_cache) {
  Select<ApiKeyColumns> keys(connection_, "FROM api_key");
  for (auto row = keys.With(); row.Step();) config_cache.Put(std::make_shared<ApiKey>(ReadApiKey(row)));
}

void ConfigRows::LoadInboxes(ConfigCache& config_cache) {
  Select<InboxColumns> inboxes(connection_, "FROM inbox");
  for (auto row = inboxes.With(); row.Step();) config_cache.Put(std::make_shared<Inbox>(ReadInbox(row)));
}

}  // namespace shakehook::sqlite
