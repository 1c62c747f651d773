// The configuration's rows: venues groups, venues, custom fields, webhooks, API keys, users and inboxes. A change waits
// at a gate that all nodes share, brings the directory up to date, is checked against it (store/config_rules.h), and
// gives its rows the configuration's next version.
//
// Threads: the store's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/config_limits.h"
#include "store/config_rules.h"
#include "store/config_texts.h"
#include "store/delivery_ids.h"
#include "store/postgres/engine/transaction.h"
#include "store/postgres/tables/audit_rows.h"
#include "store/postgres/tables/directory.h"

namespace shakehook::postgres {

class ConfigRows {
 public:
  ConfigRows(Directory& directory, AuditRows& audit, const SecretBox& box, Random& random, const ConfigLimits& limits)
      : directory_(directory), audit_(audit), box_(box), random_(random), secrets_(box, random), limits_(limits) {}

  // For a group of changes: holds the configuration as it is until the transaction ends, and brings the directory up to
  // date.
  Async<> Share(Connection& connection);

  // Reads the whole configuration. Returns why the database cannot be used; empty: it can.
  Async<std::string> Open(Connection& connection);
  // Precondition: Open() returned an empty text.
  const DeliveryIds& delivery_ids() const { return *delivery_ids_; }

  // `writer`: the number that the transaction's counters have.
  Async<Stored<Done>> Save(ConfigChange change, Timestamp now, int writer, Transaction& transaction);
  // Returns the webhook whose pending deliveries the change cancels.
  std::optional<WebhookNumber> WebhookToCancel(const ConfigChange& change) const;

  // A sign-in changes its user.
  Async<Stored<Done>> BeginSession(Session begun, AuditEntry audit, Transaction& transaction);

  // --- For a change that is made by the way ---

  // The row of configuration as a change found it, and then as it leaves it.
  struct Counters {
    std::int64_t version = 0;
    std::int64_t next_venue = 1;
    std::int64_t next_webhook = 1;
    std::int64_t next_field = 1;
  };
  // Waits for the gate, which is held until the transaction ends, and counts one version more.
  Async<Counters> Enter(Connection& connection);
  // Writes a webhook whose version is counted already.
  void WriteWebhook(SharedWebhook webhook, const Counters& counters, Transaction& transaction);
  // Writes the version; a transaction that changed nothing leaves it out.
  void Leave(const Counters& counters, Transaction& transaction);
  // For a verb that needs that none becomes owed meanwhile.
  Async<> Hold(Connection& connection);

 private:
  Async<RecordCounts> CountRecords(VenueId venue, Connection& connection);

  Stored<Done> Put(const ConfigPut<VenuesGroup>& put, Counters& counters, Transaction& transaction);
  Stored<Done> Put(const ConfigPut<Venue>& put, Counters& counters, Transaction& transaction);
  Stored<Done> Put(const ConfigPut<CustomField>& put, Counters& counters, Transaction& transaction);
  Stored<Done> Put(const ConfigPut<Webhook>& put, Counters& counters, Transaction& transaction);
  Stored<Done> Put(const ConfigPut<ApiKey>& put, Counters& counters, Transaction& transaction);
  Stored<Done> Put(const ConfigPut<User>& put, Counters& counters, Transaction& transaction);
  Stored<Done> Put(const ConfigPut<Inbox>& put, Counters& counters, Transaction& transaction);
  Stored<Done> Remove(const ConfigDelete<VenuesGroupId>& remove, Counters& counters, Transaction& transaction);
  Stored<Done> Remove(const ConfigDelete<VenueId>& remove, const RecordCounts& records, Counters& counters,
                      Transaction& transaction);
  Stored<Done> Remove(const ConfigDelete<ConfigChange::CustomFieldId>& remove, Counters& counters,
                      Transaction& transaction);
  Stored<Done> Remove(const ConfigDelete<WebhookId>& remove, Counters& counters, Transaction& transaction);
  Stored<Done> Remove(const ConfigDelete<ApiKeyId>& remove, Counters& counters, Transaction& transaction);
  Stored<Done> Remove(const ConfigDelete<UserId>& remove, Counters& counters, Transaction& transaction);
  Stored<Done> Remove(const ConfigDelete<InboxId>& remove, Counters& counters, Transaction& transaction);

  void WriteUser(const User& user, std::int64_t version, Transaction& transaction);
  void NameRemoved(RemovedKind kind, std::string_view id, const Counters& counters, Transaction& transaction);
  // Puts the value into the directory after the commit.
  template <class Value>
  void PutAfterCommit(std::shared_ptr<Value> value, Transaction& transaction);

  ConfigRules Rules() const { return {directory_.config_cache(), limits_}; }

  Directory& directory_;
  AuditRows& audit_;
  const SecretBox& box_;
  Random& random_;
  ConfigSecrets secrets_;
  const ConfigLimits limits_;
  std::optional<DeliveryIds> delivery_ids_;  // under the database's key
};

}  // namespace shakehook::postgres
