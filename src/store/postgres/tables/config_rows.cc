#include "store/postgres/tables/config_rows.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

#include "store/postgres/tables/discard_rows.h"
#include "store/postgres/tables/health_rows.h"
#include "store/postgres/tables/import_rows.h"
#include "store/postgres/tables/replay_rows.h"
#include "store/postgres/tables/statistics_rows.h"
#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

struct CounterColumns : Columns<Column<"version", std::int64_t>, Column<"next_venue", std::int64_t>,
                                Column<"next_webhook", std::int64_t>, Column<"next_field", std::int64_t>> {};
struct OpenColumns : Columns<Column<"version", std::int64_t>, Column<"master_key_check", std::string>,
                             Column<"delivery_id_key", std::string>> {};
struct VersionColumns : Columns<Column<"version", std::int64_t>> {};

// Groups of changes take the same lock, shared.
constexpr std::string_view kGate = "SELECT pg_advisory_xact_lock(21321, $1::int4)";
constexpr std::string_view kSharedGate = "SELECT pg_advisory_xact_lock_shared(21321, $1::int4)";

constexpr std::string_view kMasterKeyCheck = "shakehook";

}  // namespace

// --- The gate ---

Async<std::string> ConfigRows::Open(Connection& connection) {
  const std::string sealed = box_.Seal(kMasterKeyCheck, random_);
  DeliveryIds::Key key;
  random_.Fill(key);
  co_await connection.Run(
      Statement("INSERT INTO configuration (tenant, version, next_venue, next_webhook, next_field, master_key_check,"
                " delivery_id_key) VALUES ($1, 0, 1, 1, 1, $2, $3) ON CONFLICT (tenant) DO NOTHING")
          .With(kTenant, Blob{sealed}, Blob{{reinterpret_cast<const char*>(key.data()), key.size()}}));
  co_await connection.Run(Statement("BEGIN ISOLATION LEVEL REPEATABLE READ").With());
  const auto rows = co_await connection.Run(Select<OpenColumns>("FROM configuration WHERE tenant = $1").With(kTenant));
  if (!box_.Open(rows[0].Get<"master_key_check">())) {
    co_return "the master key is not the one that this database was made with";
  }
  const std::string stored_key = rows[0].Get<"delivery_id_key">();
  if (stored_key.size() != key.size()) co_return "the key of the deliveries' ids has another length";
  std::ranges::copy(stored_key, key.begin());
  delivery_ids_.emplace(key);
  co_await directory_.Refresh(connection, rows[0].Get<"version">());
  co_await connection.Run(Statement("COMMIT").With());
  co_return "";
}

Async<> ConfigRows::Share(Connection& connection) {
  Pipeline pipeline;
  pipeline.Add(Statement(kSharedGate).With(kTenant));
  const auto row = pipeline.Add(Select<VersionColumns>("FROM configuration WHERE tenant = $1").With(kTenant));
  Results results = co_await connection.Run(std::move(pipeline));
  const auto version = results.Take(row)[0].Get<"version">();
  if (version > directory_.version()) co_await directory_.Refresh(connection, version);
}

Async<> ConfigRows::Hold(Connection& connection) { static_cast<void>(co_await Enter(connection)); }

Async<ConfigRows::Counters> ConfigRows::Enter(Connection& connection) {
  Pipeline pipeline;
  pipeline.Add(Statement(kGate).With(kTenant));
  const auto row = pipeline.Add(Select<CounterColumns>("FROM configuration WHERE tenant = $1").With(kTenant));
  Results results = co_await connection.Run(std::move(pipeline));
  const auto rows = results.Take(row);
  Counters counters{.version = rows[0].Get<"version">(),
                    .next_venue = rows[0].Get<"next_venue">(),
                    .next_webhook = rows[0].Get<"next_webhook">(),
                    .next_field = rows[0].Get<"next_field">()};
  if (counters.version > directory_.version()) co_await directory_.Refresh(connection, counters.version);
  ++counters.version;
  co_return counters;
}

void ConfigRows::Leave(const Counters& counters, Transaction& transaction) {
  transaction.writes.Add(
      Statement("UPDATE configuration SET version = $2, next_venue = $3, next_webhook = $4, next_field = $5"
                " WHERE tenant = $1")
          .With(kTenant, counters.version, counters.next_venue, counters.next_webhook, counters.next_field));
  transaction.AfterCommit([this, version = counters.version] { directory_.SetVersion(version); });
}

std::optional<WebhookNumber> ConfigRows::WebhookToCancel(const ConfigChange& change) const {
  const auto* const deleted = std::get_if<ConfigDelete<WebhookId>>(&change.change);
  const auto* const edited = std::get_if<ConfigPut<Webhook>>(&change.change);
  const bool discards = edited && change.discard == Switch::kOn;
  const SharedWebhook webhook = deleted    ? directory_.config_cache().FindWebhook(deleted->id)
                                : discards ? directory_.config_cache().FindWebhook(edited->value.id)
                                           : nullptr;
  return webhook ? std::optional(webhook->number) : std::nullopt;
}

Async<Stored<Done>> ConfigRows::Save(ConfigChange change, Timestamp now, int writer, Transaction& transaction) {
  Counters counters = co_await Enter(transaction.connection());
  const auto webhook = WebhookToCancel(change);
  RecordCounts records;
  const auto* const venue = std::get_if<ConfigDelete<VenueId>>(&change.change);
  if (venue) records = co_await CountRecords(venue->id, transaction.connection());
  const auto saved = std::visit(
      [&](const auto& one) {
        if constexpr (requires { one.value; }) {
          return Put(one, counters, transaction);
        } else if constexpr (std::is_same_v<decltype(one), const ConfigDelete<VenueId>&>) {
          return Remove(one, records, counters, transaction);
        } else {
          return Remove(one, counters, transaction);
        }
      },
      change.change);
  if (!saved) co_return saved;
  if (venue) CancelImportsOf(*directory_.VenueNumber(venue->id), now, transaction);
  if (webhook) co_await CancelPending(*webhook, now, writer, transaction);
  if (webhook && std::holds_alternative<ConfigDelete<WebhookId>>(change.change)) {
    CancelReplaysOf(*webhook, now, transaction);
    DeleteHealth(*webhook, transaction);
    DeleteStatistics(*webhook, transaction);
  }
  Leave(counters, transaction);
  for (const AuditEntry& entry : change.audit) co_await audit_.Add(entry, transaction);
  co_return saved;
}

template <class Value>
void ConfigRows::PutAfterCommit(std::shared_ptr<Value> value, Transaction& transaction) {
  transaction.AfterCommit([this, value = std::shared_ptr<const Value>(std::move(value))] {
    directory_.config_cache_to_change().Put(value);
  });
}

// --- What is made or edited ---

Stored<Done> ConfigRows::Put(const ConfigPut<VenuesGroup>& put, Counters& counters, Transaction& transaction) {
  if (const auto checked = Rules().Check(put); !checked) return checked;
  auto group = std::make_shared<VenuesGroup>(put.value);
  group->version = put.expected_version + 1;
  transaction.writes.Add(
      Statement("INSERT INTO venues_group (tenant, id, name, created_at, updated_at, version, changed_in)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name,"
                " created_at = excluded.created_at, updated_at = excluded.updated_at, version = excluded.version,"
                " changed_in = excluded.changed_in")
          .With(kTenant, group->id, group->name, group->created_at, group->updated_at, group->version,
                counters.version));
  PutAfterCommit(std::move(group), transaction);
  return Done();
}

Stored<Done> ConfigRows::Put(const ConfigPut<Venue>& put, Counters& counters, Transaction& transaction) {
  if (const auto checked = Rules().Check(put); !checked) return checked;
  auto venue = std::make_shared<Venue>(put.value);
  venue->version = put.expected_version + 1;
  const auto existing = directory_.VenueNumber(venue->id);
  const std::int64_t number = existing ? *existing : counters.next_venue++;
  transaction.writes.Add(
      Statement(
          "INSERT INTO venue (tenant, number, id, name, venues_group, created_at, updated_at, version, changed_in)"
          " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (tenant, number) DO UPDATE"
          " SET name = excluded.name, venues_group = excluded.venues_group, created_at = excluded.created_at,"
          " updated_at = excluded.updated_at, version = excluded.version, changed_in = excluded.changed_in")
          .With(kTenant, number, venue->id, venue->name, venue->venues_group_id, venue->created_at, venue->updated_at,
                venue->version, counters.version));
  transaction.AfterCommit([this, id = venue->id, number] { directory_.SetVenueNumber(id, number); });
  PutAfterCommit(std::move(venue), transaction);
  return Done();
}

Stored<Done> ConfigRows::Put(const ConfigPut<CustomField>& put, Counters& counters, Transaction& transaction) {
  if (const auto checked = Rules().Check(put); !checked) return checked;
  const auto existing = directory_.config_cache().FindCustomField(put.value.uuid);
  auto field = std::make_shared<CustomField>(put.value);
  field->version = put.expected_version + 1;
  field->position = existing ? existing->position : counters.next_field++;
  transaction.writes.Add(
      Statement("INSERT INTO custom_field (tenant, position, uuid, scope_kind, scope_id, collection, label, type,"
                " required, options, created_at, updated_at, version, changed_in)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (tenant, position)"
                " DO UPDATE SET label = excluded.label, required = excluded.required, options = excluded.options,"
                " updated_at = excluded.updated_at, version = excluded.version, changed_in = excluded.changed_in")
          .With(kTenant, field->position, field->uuid, field->scope.kind, field->scope.id, field->collection,
                field->label, field->type, field->required, OptionsText(field->options), field->created_at,
                field->updated_at, field->version, counters.version));
  PutAfterCommit(std::move(field), transaction);
  return Done();
}

Stored<Done> ConfigRows::Put(const ConfigPut<Webhook>& put, Counters& counters, Transaction& transaction) {
  const auto existing = directory_.config_cache().FindWebhook(put.value.id);
  if (const auto checked = Rules().Check(put, existing); !checked) return checked;
  auto webhook = std::make_shared<Webhook>(put.value);
  webhook->version = put.expected_version + 1;
  webhook->number = existing ? existing->number : WebhookNumber{counters.next_webhook++};
  WriteWebhook(std::move(webhook), counters, transaction);
  return Done();
}

void ConfigRows::WriteWebhook(SharedWebhook webhook, const Counters& counters, Transaction& transaction) {
  const std::string sealed = secrets_.Seal(*webhook);
  transaction.writes.Add(
      Statement(
          "INSERT INTO webhook (tenant, number, id, name, url, events, scope_kind, scope_id, enabled, disabled_reason,"
          " ordering, standard_headers, max_concurrent, max_per_second, retry_schedule, disable_after_days, sealed,"
          " overlap_ends_at, created_at, updated_at, version, changed_in)"
          " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, "
          "$22)"
          " ON CONFLICT (tenant, number) DO UPDATE SET name = excluded.name, url = excluded.url,"
          " events = excluded.events, scope_kind = excluded.scope_kind, scope_id = excluded.scope_id,"
          " enabled = excluded.enabled, disabled_reason = excluded.disabled_reason, ordering = excluded.ordering,"
          " standard_headers = excluded.standard_headers, max_concurrent = excluded.max_concurrent,"
          " max_per_second = excluded.max_per_second, retry_schedule = excluded.retry_schedule,"
          " disable_after_days = excluded.disable_after_days, sealed = excluded.sealed,"
          " overlap_ends_at = excluded.overlap_ends_at, created_at = excluded.created_at,"
          " updated_at = excluded.updated_at, version = excluded.version, changed_in = excluded.changed_in")
          .With(kTenant, webhook->number, webhook->id, webhook->name, webhook->url, webhook->events.bits,
                webhook->scope.kind, webhook->scope.id, webhook->enabled, webhook->disabled_reason, webhook->ordering,
                webhook->standard_headers, webhook->max_concurrent, webhook->max_per_second, webhook->retry_schedule,
                webhook->disable_after_days, Blob{sealed}, webhook->secrets.overlap_ends_at, webhook->created_at,
                webhook->updated_at, webhook->version, counters.version));
  transaction.writes.Add(
      Statement("INSERT INTO webhook_version (tenant, webhook, version, url, standard_headers, header_names)"
                " VALUES ($1, $2, $3, $4, $5, $6)")
          .With(kTenant, webhook->number, webhook->version, webhook->url, webhook->standard_headers,
                HeaderNamesText(*webhook)));
  transaction.commit.changed.push_back({webhook->number, webhook});
  PutAfterCommit(std::move(webhook), transaction);
}

Stored<Done> ConfigRows::Put(const ConfigPut<ApiKey>& put, Counters& counters, Transaction& transaction) {
  if (const auto checked = Rules().Check(put); !checked) return checked;
  auto key = std::make_shared<ApiKey>(put.value);
  key->version = put.expected_version + 1;
  transaction.writes.Add(
      Statement("INSERT INTO api_key (tenant, id, name, scope_kind, scope_id, rights, hash, prefix, expires_at,"
                " created_at, version, changed_in) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
                " ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name, scope_kind = excluded.scope_kind,"
                " scope_id = excluded.scope_id, rights = excluded.rights, hash = excluded.hash,"
                " prefix = excluded.prefix, expires_at = excluded.expires_at, version = excluded.version,"
                " changed_in = excluded.changed_in")
          .With(kTenant, key->id, key->name, key->scope.kind, key->scope.id, key->rights.bits, key->hash, key->prefix,
                key->expires_at, key->created_at, key->version, counters.version));
  PutAfterCommit(std::move(key), transaction);
  return Done();
}

Stored<Done> ConfigRows::Put(const ConfigPut<User>& put, Counters& counters, Transaction& transaction) {
  if (const auto checked = Rules().Check(put); !checked) return checked;
  const auto existing = directory_.config_cache().FindUser(put.value.id);
  auto user = std::make_shared<User>(put.value);
  user->version = put.expected_version + 1;
  if (existing) user->last_signed_in_at = existing->last_signed_in_at;
  WriteUser(*user, counters.version, transaction);
  if (existing && existing->epoch != user->epoch) {
    transaction.writes.Add(Statement("DELETE FROM session WHERE tenant = $1 AND user_id = $2").With(kTenant, user->id));
  }
  PutAfterCommit(std::move(user), transaction);
  return Done();
}

void ConfigRows::WriteUser(const User& user, std::int64_t version, Transaction& transaction) {
  const std::string sealed = secrets_.Seal(user.second_factor);
  std::optional<UserLink::Kind> link_kind;
  std::optional<Digest> link_hash;
  std::optional<Timestamp> link_expires_at;
  if (user.link) {
    link_kind = user.link->kind;
    link_hash = user.link->token_hash;
    link_expires_at = user.link->expires_at;
  }
  transaction.writes.Add(
      Statement("INSERT INTO app_user (tenant, id, name, email, role, scope_kind, scope_id, language, password_hash,"
                " epoch, created_at, last_signed_in_at, version, must_change_password, link_kind, link_hash,"
                " link_expires_at, second_factor, changed_in)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)"
                " ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name, email = excluded.email,"
                " role = excluded.role, scope_kind = excluded.scope_kind, scope_id = excluded.scope_id,"
                " language = excluded.language, password_hash = excluded.password_hash, epoch = excluded.epoch,"
                " last_signed_in_at = excluded.last_signed_in_at, version = excluded.version,"
                " must_change_password = excluded.must_change_password, link_kind = excluded.link_kind,"
                " link_hash = excluded.link_hash, link_expires_at = excluded.link_expires_at,"
                " second_factor = excluded.second_factor, changed_in = excluded.changed_in")
          .With(kTenant, user.id, user.name, user.email, user.role, user.scope.kind, user.scope.id, user.language,
                user.password_hash, user.epoch, user.created_at, user.last_signed_in_at, user.version,
                user.must_change_password, link_kind, link_hash, link_expires_at, Blob{sealed}, version));
}

Stored<Done> ConfigRows::Put(const ConfigPut<Inbox>& put, Counters& counters, Transaction& transaction) {
  if (const auto checked = Rules().Check(put); !checked) return checked;
  auto inbox = std::make_shared<Inbox>(put.value);
  inbox->version = put.expected_version + 1;
  transaction.writes.Add(
      Statement("INSERT INTO inbox (tenant, id, name, scope_kind, scope_id, token, behaviour, created_at, version,"
                " changed_in) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (tenant, id) DO UPDATE"
                " SET name = excluded.name, scope_kind = excluded.scope_kind, scope_id = excluded.scope_id,"
                " token = excluded.token, behaviour = excluded.behaviour, version = excluded.version,"
                " changed_in = excluded.changed_in")
          .With(kTenant, inbox->id, inbox->name, inbox->scope.kind, inbox->scope.id, inbox->token, inbox->behaviour,
                inbox->created_at, inbox->version, counters.version));
  PutAfterCommit(std::move(inbox), transaction);
  return Done();
}

// --- Sessions ---

Async<Stored<Done>> ConfigRows::BeginSession(Session begun, AuditEntry audit, Transaction& transaction) {
  const Counters counters = co_await Enter(transaction.connection());
  const auto user = directory_.config_cache().FindUser(begun.user_id);
  if (!user || user->epoch != begun.epoch) co_return Refuse(Refusal::Kind::kMissing, "the user does not exist");
  auto signed_in = std::make_shared<User>(*user);
  signed_in->last_signed_in_at = begun.created_at;
  Pipeline& writes = transaction.writes;
  writes.Add(Statement("DELETE FROM session WHERE tenant = $1 AND last_used_at < $2")
                 .With(kTenant, begun.created_at - kSessionIdleMax));
  writes.Add(Statement("INSERT INTO session (tenant, token_hash, user_id, epoch, created_at, last_used_at, network,"
                       " device) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
                 .With(kTenant, begun.token_hash, begun.user_id, begun.epoch, begun.created_at, begun.last_used_at,
                       begun.network, begun.device));
  writes.Add(Statement("DELETE FROM session WHERE tenant = $1 AND token_hash IN (SELECT token_hash FROM session"
                       " WHERE tenant = $1 AND user_id = $2 ORDER BY created_at DESC OFFSET $3)")
                 .With(kTenant, begun.user_id, kSessionsPerUserMax));
  WriteUser(*signed_in, counters.version, transaction);
  Leave(counters, transaction);
  PutAfterCommit(std::move(signed_in), transaction);
  co_await audit_.Add(std::move(audit), transaction);
  co_return Done();
}

}  // namespace shakehook::postgres
