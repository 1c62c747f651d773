// The configuration's rows: venues groups, venues, custom fields, webhooks, API keys and (user_rows.h) users. They are
// read into the ConfigCache at the start; afterwards the ConfigCache has them all, so nothing is looked up here.
//
// Threads: the writer's; Load before any thread runs.
#pragma once

#include <unordered_map>

#include "base/random.h"
#include "base/secret_box.h"
#include "store/config_limits.h"
#include "store/config_texts.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/engine/write_session.h"
#include "store/sqlite/tables/health_rows.h"
#include "store/sqlite/tables/user_rows.h"
#include "store/store.h"

namespace shakehook {
class ConfigRules;
}

namespace shakehook::sqlite {

class ConfigRows {
 public:
  ConfigRows(Connection& connection, const SecretBox& box, Random& random, const ConfigLimits& limits);

  // Fills an empty directory. Throws std::runtime_error if a secret cannot be decrypted.
  void Load(ConfigCache& config_cache);

  // Runs last in its group, which contains no other change of the configuration.
  Stored<Done> Save(const ConfigChange& change, WriteSession& session);

  // Stores a new version of an existing webhook, within another verb's group.
  void SaveWebhook(const Webhook& webhook);

  UserRows& users() { return users_; }

  // Returns the venue's number; nullopt if it does not exist.
  std::optional<std::int64_t> VenueNumber(const VenueId& id) const;

 private:
  using Kind = Refusal::Kind;

  // Each puts the rows of one kind into the directory.
  void LoadVenuesGroups(ConfigCache& config_cache);
  void LoadVenues(ConfigCache& config_cache);
  void LoadCustomFields(ConfigCache& config_cache);
  void LoadWebhooks(ConfigCache& config_cache);
  void LoadApiKeys(ConfigCache& config_cache);
  void LoadInboxes(ConfigCache& config_cache);

  Stored<Done> Put(const ConfigChange::Put<VenuesGroup>& put, WriteSession& session);
  Stored<Done> Put(const ConfigChange::Put<Venue>& put, WriteSession& session);
  Stored<Done> Put(const ConfigChange::Put<CustomField>& put, WriteSession& session);
  Stored<Done> Put(const ConfigChange::Put<Webhook>& put, WriteSession& session);
  Stored<Done> Put(const ConfigChange::Put<ApiKey>& put, WriteSession& session);
  Stored<Done> Put(const ConfigChange::Put<User>& put, WriteSession& session) { return users_.Put(put, session); }
  Stored<Done> Put(const ConfigChange::Put<Inbox>& put, WriteSession& session);
  Stored<Done> Remove(const ConfigChange::Delete<VenuesGroupId>& remove, WriteSession& session);
  Stored<Done> Remove(const ConfigChange::Delete<VenueId>& remove, WriteSession& session);
  Stored<Done> Remove(const ConfigChange::Delete<ConfigChange::CustomFieldId>& remove, WriteSession& session);
  Stored<Done> Remove(const ConfigChange::Delete<WebhookId>& remove, WriteSession& session);
  Stored<Done> Remove(const ConfigChange::Delete<ApiKeyId>& remove, WriteSession& session);
  Stored<Done> Remove(const ConfigChange::Delete<InboxId>& remove, WriteSession& session);

  Stored<Done> Remove(const ConfigChange::Delete<UserId>& remove, WriteSession& session) {
    return users_.Remove(remove, session);
  }

  ConfigRules Rules(const WriteSession& session) const;

  Connection& connection_;
  ConfigSecrets secrets_;
  const ConfigLimits limits_;
  UserRows users_;
  Statement insert_webhook_version_, upsert_webhook_;
  std::unordered_map<VenueId, std::int64_t> venue_numbers_;
  std::int64_t next_venue_ = 1;
  std::int64_t next_webhook_ = 1;
};

}  // namespace shakehook::sqlite
