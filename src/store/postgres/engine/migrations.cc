#include "store/postgres/engine/migrations.h"

#include <array>

namespace shakehook::postgres {
namespace {

// Rows refer to each other by small numbers; public ids are stored once. Times are Unix ms, durations microseconds,
// enums the numbers that model/ gives them. Each key is led by the tenant, who is 1 for now. Texts sort by their bytes,
// whatever the database's locale is.
//
// A plan that was made while a table was empty may take any index that begins with the tenant, and read the whole table
// by it. So the further indexes of tables that grow are partial, under a predicate that only a lookup by their own
// column implies: the column is not null.
//
// configuration has one row a tenant: `version` grows with each change, and each row of the configuration says in
// `changed_in` which version wrote it. What was removed is named by configuration_removal, so that a removed row keeps
// nothing.
constexpr const char* kConfiguration = R"sql(
CREATE TABLE configuration (
  tenant int4 PRIMARY KEY, version int8 NOT NULL, next_venue int8 NOT NULL, next_webhook int8 NOT NULL,
  next_field int8 NOT NULL,
  master_key_check bytea NOT NULL, -- a text encrypted with the master key: tells whether it is the right one
  delivery_id_key bytea NOT NULL -- store/delivery_ids.h
);
CREATE TABLE configuration_removal (
  tenant int4 NOT NULL, changed_in int8 NOT NULL, kind int2 NOT NULL, id text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, changed_in, kind, id)
);

CREATE TABLE venues_group (
  tenant int4 NOT NULL, id text COLLATE "C" NOT NULL, name text NOT NULL, created_at int8 NOT NULL,
  updated_at int8 NOT NULL, version int8 NOT NULL, changed_in int8 NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX venues_group_changed ON venues_group (tenant, changed_in);

-- A deleted venue keeps its row, because its events name it until they are purged.
CREATE TABLE venue (
  tenant int4 NOT NULL, number int8 NOT NULL, id text COLLATE "C" NOT NULL, name text NOT NULL,
  venues_group text COLLATE "C", created_at int8 NOT NULL, updated_at int8 NOT NULL, version int8 NOT NULL,
  changed_in int8 NOT NULL, deleted int2 NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, number)
);
CREATE UNIQUE INDEX venue_id ON venue (tenant, id) WHERE deleted = 0;
CREATE INDEX venue_changed ON venue (tenant, changed_in);

CREATE TABLE custom_field (
  tenant int4 NOT NULL, position int8 NOT NULL, uuid uuid NOT NULL, scope_kind int2 NOT NULL,
  scope_id text COLLATE "C" NOT NULL, collection int2 NOT NULL, label text NOT NULL, type int2 NOT NULL,
  required int2 NOT NULL, options text NOT NULL, -- JSON
  created_at int8 NOT NULL, updated_at int8 NOT NULL, version int8 NOT NULL, changed_in int8 NOT NULL,
  PRIMARY KEY (tenant, position)
);
CREATE UNIQUE INDEX custom_field_uuid ON custom_field (tenant, uuid);
CREATE INDEX custom_field_changed ON custom_field (tenant, changed_in);

-- A deleted webhook keeps its row without its secrets, because its deliveries name it until they are purged.
CREATE TABLE webhook (
  tenant int4 NOT NULL, number int8 NOT NULL, id uuid NOT NULL, name text NOT NULL, url text NOT NULL,
  events int2 NOT NULL, scope_kind int2 NOT NULL, scope_id text COLLATE "C" NOT NULL, enabled int2 NOT NULL,
  disabled_reason text NOT NULL, ordering int2 NOT NULL, standard_headers int2 NOT NULL, max_concurrent int4,
  max_per_second int4, retry_schedule int2 NOT NULL, disable_after_days int4,
  sealed bytea NOT NULL, -- config_texts.h
  overlap_ends_at int8, created_at int8 NOT NULL, updated_at int8 NOT NULL, version int8 NOT NULL,
  changed_in int8 NOT NULL, deleted int2 NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, number)
);
CREATE UNIQUE INDEX webhook_id ON webhook (tenant, id);
CREATE INDEX webhook_changed ON webhook (tenant, changed_in);

-- What each version of a webhook sent with: an attempt names the version it used.
CREATE TABLE webhook_version (
  tenant int4 NOT NULL, webhook int8 NOT NULL, version int8 NOT NULL, url text NOT NULL, standard_headers int2 NOT NULL,
  header_names text NOT NULL, -- JSON
  PRIMARY KEY (tenant, webhook, version)
);

CREATE TABLE api_key (
  tenant int4 NOT NULL, id uuid NOT NULL, name text NOT NULL, scope_kind int2 NOT NULL,
  scope_id text COLLATE "C" NOT NULL, rights int2 NOT NULL, hash bytea NOT NULL, prefix text NOT NULL, expires_at int8,
  created_at int8 NOT NULL, version int8 NOT NULL, changed_in int8 NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX api_key_hash ON api_key (tenant, hash);
CREATE INDEX api_key_changed ON api_key (tenant, changed_in);

CREATE TABLE app_user (
  tenant int4 NOT NULL, id uuid NOT NULL, name text NOT NULL, email text NOT NULL, role int2 NOT NULL,
  scope_kind int2 NOT NULL, scope_id text COLLATE "C" NOT NULL, language text NOT NULL, password_hash text NOT NULL,
  epoch int8 NOT NULL, created_at int8 NOT NULL, last_signed_in_at int8, version int8 NOT NULL,
  must_change_password int2 NOT NULL, link_kind int2, link_hash bytea, link_expires_at int8,
  second_factor bytea NOT NULL, -- config_texts.h
  changed_in int8 NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX app_user_changed ON app_user (tenant, changed_in);

-- Receivers that the server makes itself.
CREATE TABLE inbox (
  tenant int4 NOT NULL, id uuid NOT NULL, name text NOT NULL, scope_kind int2 NOT NULL,
  scope_id text COLLATE "C" NOT NULL, token text COLLATE "C" NOT NULL, behaviour int2 NOT NULL,
  created_at int8 NOT NULL, version int8 NOT NULL, changed_in int8 NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX inbox_token ON inbox (tenant, token);
CREATE INDEX inbox_changed ON inbox (tenant, changed_in);

CREATE TABLE session (
  tenant int4 NOT NULL, token_hash bytea NOT NULL, user_id uuid NOT NULL, epoch int8 NOT NULL,
  created_at int8 NOT NULL, last_used_at int8 NOT NULL, network text NOT NULL, device text NOT NULL,
  PRIMARY KEY (tenant, token_hash)
);
CREATE INDEX session_of_user ON session (tenant, user_id, created_at) WHERE user_id IS NOT NULL;
CREATE INDEX session_used ON session (tenant, last_used_at) WHERE last_used_at IS NOT NULL;

-- The kept entries are counted by the scope of their actor, and by actor. `failed`: of a failed sign-in.
CREATE SEQUENCE audit_position;
CREATE TABLE audit (
  tenant int4 NOT NULL, position int8 NOT NULL DEFAULT nextval('audit_position'), id uuid NOT NULL, at int8 NOT NULL,
  failed int2 NOT NULL, actor_kind int2 NOT NULL, actor_id text COLLATE "C" NOT NULL, actor_name text NOT NULL,
  action int2 NOT NULL, subject_kind text, subject_id text, subject_name text, detail text NOT NULL,
  scope_kind int2 NOT NULL, scope_id text COLLATE "C" NOT NULL,
  changes text NOT NULL, -- JSON
  PRIMARY KEY (tenant, position)
);
CREATE INDEX audit_kept ON audit (tenant, failed, scope_kind, scope_id, actor_id, position);
CREATE INDEX audit_action ON audit (tenant, action, position);

-- response: encrypted
CREATE TABLE idempotency_record (
  tenant int4 NOT NULL, key bytea NOT NULL, request bytea NOT NULL, response bytea NOT NULL, created_at int8 NOT NULL,
  PRIMARY KEY (tenant, key)
);
CREATE INDEX idempotency_record_created ON idempotency_record (tenant, created_at) WHERE created_at IS NOT NULL;

-- Each connection that changes something has a row, which it changes first in each transaction: who holds an older
-- epoch is refused, and after a connection that broke at a COMMIT the number tells whether that was done.
CREATE TABLE writer (
  node int4 NOT NULL, slot int4 NOT NULL, epoch int8 NOT NULL, group_number int8 NOT NULL, backend_pid int4 NOT NULL,
  PRIMARY KEY (node, slot)
) WITH (fillfactor = 30);
)sql";

// Accounts and contacts with their events, and the deliveries that are pending. A resource without data was deleted, or
// events were only announced of it: it keeps their order. `previous` is the position of the event before of the same
// resource: a chain from resource.last_event. Numbers are handed out in blocks (event_rows.h).
constexpr const char* kRecords = R"sql(
CREATE SEQUENCE event_position INCREMENT 64;
CREATE SEQUENCE resource_number INCREMENT 64;

CREATE TABLE resource (
  tenant int4 NOT NULL, venue int8 NOT NULL, kind int2 NOT NULL, id text COLLATE "C" NOT NULL, number int8 NOT NULL,
  version int8 NOT NULL, last_timestamp int8 NOT NULL, last_event int8 NOT NULL, data text,
  email text COLLATE "C", account_id text COLLATE "C", search text, sort_name text COLLATE "C", created_at int8,
  PRIMARY KEY (tenant, venue, kind, id)
);
CREATE UNIQUE INDEX resource_of_number ON resource (tenant, number) WHERE number IS NOT NULL;
CREATE INDEX resource_email ON resource (tenant, venue, kind, email, id) WHERE email IS NOT NULL;
CREATE INDEX resource_account ON resource (tenant, venue, account_id, id) WHERE account_id IS NOT NULL;

CREATE TABLE event (
  tenant int4 NOT NULL, position int8 NOT NULL, id uuid NOT NULL, type int2 NOT NULL, origin int2 NOT NULL,
  timestamp int8 NOT NULL, created_at int8 NOT NULL, venue int8 NOT NULL, venues_group text COLLATE "C",
  resource int8 NOT NULL, previous int8, payload text NOT NULL,
  PRIMARY KEY (tenant, position)
);
CREATE UNIQUE INDEX event_id ON event (tenant, id) WHERE id IS NOT NULL;
CREATE INDEX event_venue ON event (tenant, venue, position) WHERE venue IS NOT NULL;
CREATE INDEX event_type ON event (tenant, type, position) WHERE type IS NOT NULL;
CREATE INDEX event_resource ON event (tenant, resource, position) WHERE origin IS NOT NULL;
-- Announced events may bear times far from that of their making; those of all others differ by less (event_list.cc).
CREATE INDEX event_astray ON event (tenant, position) WHERE abs(timestamp - created_at) > 10000;

-- `due` is absent until the first attempt, but for tests. `id` is absent where it is computed.
CREATE TABLE pending_delivery (
  tenant int4 NOT NULL, webhook int8 NOT NULL, position int8 NOT NULL, resource int8 NOT NULL, created_at int8 NOT NULL,
  due int8, purpose int2 NOT NULL, attempt_trigger int2 NOT NULL, attempts_made int4 NOT NULL,
  retries_made int4 NOT NULL, id uuid,
  PRIMARY KEY (tenant, webhook, position)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX pending_due ON pending_delivery (tenant, webhook, due, position) WHERE due IS NOT NULL;
CREATE INDEX pending_by_hand ON pending_delivery (tenant, webhook, due, position)
  WHERE attempt_trigger = 1 OR purpose = 1;
CREATE INDEX pending_retried ON pending_delivery (tenant, webhook, position) WHERE due IS NOT NULL;
CREATE INDEX pending_position ON pending_delivery (tenant, position, webhook) WHERE created_at IS NOT NULL;
CREATE INDEX pending_id ON pending_delivery (tenant, id) WHERE id IS NOT NULL;
CREATE INDEX pending_resource ON pending_delivery (tenant, webhook, resource) WHERE due IS NOT NULL;

CREATE TABLE webhook_health (
  tenant int4 NOT NULL, webhook int8 NOT NULL, consecutive_failures int8 NOT NULL, failing_since int8,
  last_delivered_at int8, last_failed_at int8,
  PRIMARY KEY (tenant, webhook)
);
-- Each writer counts in rows of its own, so that nobody waits for another's commit; the sum is what is pending.
CREATE TABLE webhook_counter (
  tenant int4 NOT NULL, webhook int8 NOT NULL, writer int4 NOT NULL, pending int8 NOT NULL,
  PRIMARY KEY (tenant, webhook, writer)
) WITH (fillfactor = 30);
)sql";

// Deliveries that have ended, with the attempt that ended each; `number` is absent where there was none. `attempt` has
// all others. The texts of receivers are bytes. discard: all that a webhook is owed up to a position is canceled
// (tables/discard_rows.h).
constexpr const char* kResults = R"sql(
CREATE TABLE ended_delivery (
  tenant int4 NOT NULL, position int8 NOT NULL, webhook int8 NOT NULL, status int2 NOT NULL, attempt_count int4 NOT NULL,
  created_at int8 NOT NULL, ended_at int8 NOT NULL, id uuid,
  number int4, attempt_trigger int2, started_at int8, duration int8, version int8, status_code int4, failure int2,
  message bytea, signature bytea, standard_signature text, response_headers bytea, response_body bytea,
  response_truncated int2, dns int8, connect int8, tls int8, first_byte int8,
  PRIMARY KEY (tenant, position, webhook)
);
CREATE INDEX ended_webhook ON ended_delivery (tenant, webhook, position) WHERE created_at IS NOT NULL;
CREATE INDEX ended_id ON ended_delivery (tenant, id) WHERE id IS NOT NULL;
CREATE INDEX ended_undelivered ON ended_delivery (tenant, status, position, webhook) WHERE status <> 1;
CREATE INDEX ended_undelivered_webhook ON ended_delivery (tenant, webhook, status, position) WHERE status <> 1;

CREATE TABLE attempt (
  tenant int4 NOT NULL, position int8 NOT NULL, webhook int8 NOT NULL, number int4 NOT NULL, attempt_trigger int2,
  started_at int8, duration int8, version int8, status_code int4, failure int2, message bytea, signature bytea,
  standard_signature text, response_headers bytea, response_body bytea, response_truncated int2, dns int8, connect int8,
  tls int8, first_byte int8,
  PRIMARY KEY (tenant, position, webhook, number)
);

CREATE TABLE webhook_statistics (
  tenant int4 NOT NULL, webhook int8 NOT NULL, hour int8 NOT NULL, writer int4 NOT NULL,
  delivered int8 NOT NULL, failed int8 NOT NULL, canceled int8 NOT NULL, attempts int8 NOT NULL,
  failed_attempts int8 NOT NULL,
  latency bytea NOT NULL, -- model/statistics.h
  PRIMARY KEY (tenant, webhook, hour, writer)
) WITH (fillfactor = 50);
CREATE INDEX webhook_statistics_hour ON webhook_statistics (tenant, hour) WHERE delivered IS NOT NULL;

CREATE TABLE discard (
  tenant int4 NOT NULL, webhook int8 NOT NULL, until int8 NOT NULL, at int8 NOT NULL, PRIMARY KEY (tenant, webhook)
);
)sql";

// Jobs. An import runs until it has ended. `place`: the next row's offset in its file, of which import_chunk has what
// is left; `node` takes the file in (tables/import_rows.h).
constexpr const char* kJobs = R"sql(
CREATE TABLE import (
  tenant int4 NOT NULL, id uuid NOT NULL, venue int8 NOT NULL, kind int2 NOT NULL, actor_kind int2 NOT NULL,
  actor_id text NOT NULL, actor_name text NOT NULL, header text NOT NULL, columns text NOT NULL, -- JSON
  delimiter int2 NOT NULL, encoding text NOT NULL, line_end int2 NOT NULL, state int2 NOT NULL, row_count int8 NOT NULL,
  done int8 NOT NULL DEFAULT 0, created int8 NOT NULL DEFAULT 0, updated int8 NOT NULL DEFAULT 0,
  unchanged int8 NOT NULL DEFAULT 0, refused int8 NOT NULL DEFAULT 0, place int8 NOT NULL, line int8 NOT NULL,
  created_at int8 NOT NULL, ended_at int8,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX import_venue ON import (tenant, venue, id) WHERE venue IS NOT NULL;
CREATE UNIQUE INDEX import_running ON import (tenant, venue) WHERE ended_at IS NULL;
CREATE INDEX import_ended ON import (tenant, ended_at) WHERE ended_at IS NOT NULL;
CREATE TABLE import_chunk (
  tenant int4 NOT NULL, import uuid NOT NULL, number int8 NOT NULL, bytes bytea NOT NULL, created_at int8 NOT NULL,
  node int4 NOT NULL,
  PRIMARY KEY (tenant, import, number)
);
CREATE TABLE import_refused (
  tenant int4 NOT NULL, import uuid NOT NULL, line int8 NOT NULL, errors text NOT NULL, cells text NOT NULL, -- JSON
  PRIMARY KEY (tenant, import, line)
);

CREATE TABLE replay (
  tenant int4 NOT NULL, id uuid NOT NULL, webhook int8 NOT NULL, statuses int2 NOT NULL, events int2 NOT NULL,
  since int8, until int8, missing int2 NOT NULL, state int2 NOT NULL, matched int8 NOT NULL,
  done int8 NOT NULL DEFAULT 0, created_at int8 NOT NULL, ended_at int8, looked_until int8 NOT NULL,
  last_position int8 NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX replay_webhook ON replay (tenant, webhook, id) WHERE webhook IS NOT NULL;
CREATE UNIQUE INDEX replay_running ON replay (tenant, webhook) WHERE ended_at IS NULL;
CREATE INDEX replay_ended ON replay (tenant, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX pending_replayed ON pending_delivery (tenant, webhook) WHERE attempt_trigger = 2;
)sql";

// The orders of lists of many venues (tables/sorted_resources.h).
constexpr const char* kSortedLists = R"sql(
CREATE INDEX resource_created ON resource (tenant, venue, kind, created_at, number) WHERE created_at IS NOT NULL;
CREATE INDEX resource_updated ON resource (tenant, venue, kind, last_timestamp, number) WHERE data IS NOT NULL;
CREATE INDEX resource_named ON resource (tenant, venue, kind, sort_name, number) WHERE sort_name IS NOT NULL;
CREATE INDEX resource_by_email ON resource (tenant, venue, kind, email, number) WHERE email IS NOT NULL;
CREATE INDEX resource_no_email ON resource (tenant, venue, kind, number)
  WHERE email IS NULL AND kind = 1 AND data IS NOT NULL;
)sql";

constexpr std::array kSteps = {kConfiguration, kRecords, kResults, kJobs, kSortedLists};

struct VersionColumns : Columns<Column<"version", int>> {};

// Nodes of any version that start at the same time come to this one lock.
constexpr const char* kLock = "SELECT pg_advisory_lock(21320, 0)";
constexpr const char* kUnlock = "SELECT pg_advisory_unlock(21320, 0)";
constexpr const char* kMakeVersion =
    "CREATE TABLE IF NOT EXISTS schema_version (version int4 NOT NULL, oldest_reader int4 NOT NULL);"
    "INSERT INTO schema_version (version, oldest_reader)"
    " SELECT 0, 0 WHERE NOT EXISTS (SELECT 1 FROM schema_version)";

}  // namespace

int SchemaVersion() { return static_cast<int>(kSteps.size()); }

Async<std::string> Migrate(Connection& connection) {
  co_await connection.Run(Statement(kLock).With());
  co_await connection.Execute(kMakeVersion);
  const auto rows = co_await connection.Run(Select<VersionColumns>("FROM schema_version").With());
  const int found = rows[0].Get<"version">();
  for (int version = found; version < SchemaVersion(); ++version) {
    co_await connection.Execute("BEGIN;" + std::string(kSteps[static_cast<std::size_t>(version)]) +
                                "UPDATE schema_version SET version = " + std::to_string(version + 1) + "; COMMIT");
  }
  co_await connection.Run(Statement(kUnlock).With());
  if (found <= SchemaVersion()) co_return "";
  co_return "the database has schema " + std::to_string(found) +
      ", and this version of the program knows schemas up to " + std::to_string(SchemaVersion());
}

}  // namespace shakehook::postgres
