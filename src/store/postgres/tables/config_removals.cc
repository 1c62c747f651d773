// How ConfigRows removes things of the configuration.
#include <string>
#include <utility>

#include "store/postgres/tables/config_rows.h"
#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

struct CountColumns : Columns<Column<"kind", ResourceKind>, Column<"count(*) AS records", std::int64_t>> {};

}  // namespace

// A venue that does not exist has none.
Async<RecordCounts> ConfigRows::CountRecords(VenueId venue, Connection& connection) {
  RecordCounts records;
  const auto number = directory_.VenueNumber(venue);
  if (!number) co_return records;
  const auto rows = co_await connection.Run(
      Select<CountColumns>("FROM resource WHERE tenant = $1 AND venue = $2 AND data IS NOT NULL GROUP BY kind")
          .With(kTenant, *number));
  for (const auto row : rows) {
    (row.Get<"kind">() == ResourceKind::kAccount ? records.accounts : records.contacts) = row.Get<"records">();
  }
  co_return records;
}

void ConfigRows::NameRemoved(RemovedKind kind, std::string_view id, const Counters& counters,
                             Transaction& transaction) {
  transaction.writes.Add(
      Statement("INSERT INTO configuration_removal (tenant, changed_in, kind, id) VALUES ($1, $2, $3, $4)")
          .With(kTenant, counters.version, kind, id));
}

Stored<Done> ConfigRows::Remove(const ConfigDelete<VenuesGroupId>& remove, Counters& counters,
                                Transaction& transaction) {
  if (const auto checked = Rules().Check(remove); !checked) return checked;
  transaction.writes.Add(Statement("DELETE FROM venues_group WHERE tenant = $1 AND id = $2").With(kTenant, remove.id));
  NameRemoved(RemovedKind::kVenuesGroup, remove.id.text, counters, transaction);
  transaction.AfterCommit([this, id = remove.id] { directory_.config_cache_to_change().Remove(id); });
  return Done();
}

Stored<Done> ConfigRows::Remove(const ConfigDelete<VenueId>& remove, const RecordCounts& records, Counters& counters,
                                Transaction& transaction) {
  if (const auto checked = Rules().Check(remove, records); !checked) return checked;
  transaction.writes.Add(Statement("UPDATE venue SET deleted = 1, changed_in = $3 WHERE tenant = $1 AND number = $2")
                             .With(kTenant, *directory_.VenueNumber(remove.id), counters.version));
  NameRemoved(RemovedKind::kVenue, remove.id.text, counters, transaction);
  transaction.AfterCommit([this, id = remove.id] { directory_.RemoveVenue(id); });
  return Done();
}

Stored<Done> ConfigRows::Remove(const ConfigDelete<ConfigChange::CustomFieldId>& remove, Counters& counters,
                                Transaction& transaction) {
  if (const auto checked = Rules().Check(remove); !checked) return checked;
  const Uuid uuid = remove.id.uuid;
  transaction.writes.Add(Statement("DELETE FROM custom_field WHERE tenant = $1 AND uuid = $2").With(kTenant, uuid));
  NameRemoved(RemovedKind::kCustomField, uuid.ToString(), counters, transaction);
  transaction.AfterCommit([this, uuid] { directory_.config_cache_to_change().RemoveCustomField(uuid); });
  return Done();
}

Stored<Done> ConfigRows::Remove(const ConfigDelete<WebhookId>& remove, Counters& counters, Transaction& transaction) {
  const auto existing = directory_.config_cache().FindWebhook(remove.id);
  if (const auto checked = Rules().Check(remove, existing); !checked) return checked;
  transaction.writes.Add(
      Statement("UPDATE webhook SET deleted = 1, sealed = $3, changed_in = $4 WHERE tenant = $1 AND number = $2")
          .With(kTenant, existing->number, Blob{}, counters.version));
  NameRemoved(RemovedKind::kWebhook, remove.id.ToString(), counters, transaction);
  transaction.commit.changed.push_back({existing->number, nullptr});
  transaction.AfterCommit([this, id = remove.id] { directory_.config_cache_to_change().Remove(id); });
  return Done();
}

Stored<Done> ConfigRows::Remove(const ConfigDelete<ApiKeyId>& remove, Counters& counters, Transaction& transaction) {
  if (const auto checked = Rules().Check(remove); !checked) return checked;
  transaction.writes.Add(Statement("DELETE FROM api_key WHERE tenant = $1 AND id = $2").With(kTenant, remove.id));
  NameRemoved(RemovedKind::kApiKey, remove.id.ToString(), counters, transaction);
  transaction.AfterCommit([this, id = remove.id] { directory_.config_cache_to_change().Remove(id); });
  return Done();
}

Stored<Done> ConfigRows::Remove(const ConfigDelete<UserId>& remove, Counters& counters, Transaction& transaction) {
  if (const auto checked = Rules().Check(remove); !checked) return checked;
  transaction.writes.Add(Statement("DELETE FROM session WHERE tenant = $1 AND user_id = $2").With(kTenant, remove.id));
  transaction.writes.Add(Statement("DELETE FROM app_user WHERE tenant = $1 AND id = $2").With(kTenant, remove.id));
  NameRemoved(RemovedKind::kUser, remove.id.ToString(), counters, transaction);
  transaction.AfterCommit([this, id = remove.id] { directory_.config_cache_to_change().Remove(id); });
  return Done();
}

Stored<Done> ConfigRows::Remove(const ConfigDelete<InboxId>& remove, Counters& counters, Transaction& transaction) {
  if (const auto checked = Rules().Check(remove); !checked) return checked;
  transaction.writes.Add(Statement("DELETE FROM inbox WHERE tenant = $1 AND id = $2").With(kTenant, remove.id));
  NameRemoved(RemovedKind::kInbox, remove.id.ToString(), counters, transaction);
  transaction.AfterCommit([this, id = remove.id] { directory_.config_cache_to_change().Remove(id); });
  return Done();
}

}  // namespace shakehook::postgres
