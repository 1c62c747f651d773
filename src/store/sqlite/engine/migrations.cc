#include "store/sqlite/engine/migrations.h"

#include <array>
#include <string>

namespace shakehook::sqlite {
namespace {

// Rows refer to each other by small numbers; public ids are stored once. UUIDs are 16-byte blobs, times Unix ms,
// durations microseconds, enums the numbers that model/ gives them.
constexpr const char* kFirst = R"sql(
CREATE TABLE venues_group (
  id TEXT PRIMARY KEY, name TEXT NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL
) WITHOUT ROWID;

-- A deleted venue keeps its row, because its events name it until they are purged.
CREATE TABLE venue (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, venues_group TEXT,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX venue_id ON venue (id) WHERE deleted = 0;

CREATE TABLE custom_field (
  position INTEGER PRIMARY KEY AUTOINCREMENT, uuid BLOB NOT NULL UNIQUE,
  scope_kind INTEGER NOT NULL, scope_id TEXT NOT NULL, collection INTEGER NOT NULL,
  label TEXT NOT NULL, type INTEGER NOT NULL, required INTEGER NOT NULL, options TEXT NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL
);

-- A deleted webhook keeps its row without its secrets, because its deliveries name it until they are purged.
CREATE TABLE webhook (
  number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, name TEXT NOT NULL, url TEXT NOT NULL, events INTEGER NOT NULL,
  scope_kind INTEGER NOT NULL, scope_id TEXT NOT NULL, enabled INTEGER NOT NULL, disabled_reason TEXT NOT NULL,
  ordering INTEGER NOT NULL, standard_headers INTEGER NOT NULL, max_concurrent INTEGER, max_per_second INTEGER,
  sealed BLOB NOT NULL, -- JSON {headers, current, previous}, encrypted
  overlap_ends_at INTEGER,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0
);

-- What each version of a webhook sent with: an attempt names the version it used.
CREATE TABLE webhook_version (
  webhook INTEGER NOT NULL, version INTEGER NOT NULL, url TEXT NOT NULL, standard_headers INTEGER NOT NULL,
  header_names TEXT NOT NULL, -- JSON
  PRIMARY KEY (webhook, version)
) WITHOUT ROWID;

CREATE TABLE webhook_health (
  webhook INTEGER PRIMARY KEY, consecutive_failures INTEGER NOT NULL, failing_since INTEGER,
  last_delivered_at INTEGER, last_failed_at INTEGER, pending INTEGER NOT NULL
);

CREATE TABLE api_key (
  id BLOB PRIMARY KEY, name TEXT NOT NULL, scope_kind INTEGER NOT NULL, scope_id TEXT NOT NULL, rights INTEGER NOT NULL,
  hash BLOB NOT NULL UNIQUE, prefix TEXT NOT NULL, expires_at INTEGER, created_at INTEGER NOT NULL,
  version INTEGER NOT NULL
) WITHOUT ROWID;

-- Accounts and contacts. A row without data is one that was deleted, or that events were only announced of: it keeps
-- the order of its events, and goes with the last of them.
CREATE TABLE resource (
  number INTEGER PRIMARY KEY, venue INTEGER NOT NULL, kind INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
  last_timestamp INTEGER NOT NULL, last_event INTEGER NOT NULL,
  data TEXT, email TEXT, account_id TEXT, search TEXT,
  UNIQUE (venue, kind, id)
);
CREATE INDEX resource_email ON resource (venue, kind, email) WHERE email IS NOT NULL;
CREATE INDEX resource_account ON resource (venue, account_id) WHERE account_id IS NOT NULL;

-- `previous` is the position of the event before of the same resource: a chain from resource.last_event.
CREATE TABLE event (
  position INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, type INTEGER NOT NULL, origin INTEGER NOT NULL,
  timestamp INTEGER NOT NULL, created_at INTEGER NOT NULL, venue INTEGER NOT NULL, venues_group TEXT,
  resource INTEGER NOT NULL, previous INTEGER, payload TEXT NOT NULL
);
CREATE INDEX event_venue ON event (venue, position);
-- Announced events may bear times far from that of their making; those of all others differ by less (event_list.cc).
CREATE INDEX event_astray ON event (position) WHERE abs(timestamp - created_at) > 10000;

-- What is owed. `due` is absent until the first attempt, but for tests.
CREATE TABLE pending_delivery (
  webhook INTEGER NOT NULL, position INTEGER NOT NULL, id BLOB NOT NULL, resource INTEGER NOT NULL,
  purpose INTEGER NOT NULL, attempt_trigger INTEGER NOT NULL, attempts_made INTEGER NOT NULL,
  retries_made INTEGER NOT NULL, created_at INTEGER NOT NULL, due INTEGER,
  PRIMARY KEY (webhook, position)
) WITHOUT ROWID;
CREATE INDEX pending_id ON pending_delivery (id);
CREATE INDEX pending_due ON pending_delivery (webhook, due) WHERE due IS NOT NULL;
CREATE INDEX pending_resource ON pending_delivery (webhook, resource) WHERE due IS NOT NULL;

-- What has ended, with its last attempt; `number` is absent where there was none.
CREATE TABLE ended_delivery (
  position INTEGER NOT NULL, webhook INTEGER NOT NULL, id BLOB NOT NULL, status INTEGER NOT NULL,
  attempt_count INTEGER NOT NULL, created_at INTEGER NOT NULL, ended_at INTEGER NOT NULL,
  number INTEGER, attempt_trigger INTEGER, started_at INTEGER, duration INTEGER, version INTEGER, status_code INTEGER,
  failure INTEGER, message TEXT, signature BLOB, standard_signature TEXT, response_headers TEXT, response_body BLOB,
  response_truncated INTEGER, dns INTEGER, connect INTEGER, tls INTEGER, first_byte INTEGER,
  PRIMARY KEY (position, webhook)
) WITHOUT ROWID;
CREATE INDEX ended_id ON ended_delivery (id);
CREATE INDEX ended_webhook ON ended_delivery (webhook, position);
CREATE INDEX ended_undelivered ON ended_delivery (status, position, webhook) WHERE status <> 1;
CREATE INDEX ended_undelivered_webhook ON ended_delivery (webhook, status, position) WHERE status <> 1;

-- Attempts that an ended delivery's row does not hold.
CREATE TABLE attempt (
  position INTEGER NOT NULL, webhook INTEGER NOT NULL,
  number INTEGER NOT NULL, attempt_trigger INTEGER, started_at INTEGER, duration INTEGER, version INTEGER,
  status_code INTEGER, failure INTEGER, message TEXT, signature BLOB, standard_signature TEXT, response_headers TEXT,
  response_body BLOB, response_truncated INTEGER, dns INTEGER, connect INTEGER, tls INTEGER, first_byte INTEGER,
  PRIMARY KEY (position, webhook, number)
) WITHOUT ROWID;

CREATE TABLE kept_answer (
  key BLOB PRIMARY KEY, request BLOB NOT NULL, answer BLOB NOT NULL, created_at INTEGER NOT NULL -- answer: encrypted
) WITHOUT ROWID;
CREATE INDEX kept_answer_created ON kept_answer (created_at);

-- A text encrypted with the master key: tells at the start whether it is the right one.
CREATE TABLE master_key_check (sealed BLOB NOT NULL);
)sql";

// A delivery that was sent by hand goes out even if its webhook is disabled, also after a restart. A test is due at
// once.
constexpr const char* kByHand = R"sql(
UPDATE pending_delivery SET due = created_at WHERE purpose = 1 AND due IS NULL;
CREATE INDEX pending_by_hand ON pending_delivery (webhook, due) WHERE (attempt_trigger = 1 OR purpose = 1);
)sql";

// The results of each webhook's deliveries, by the hour.
constexpr const char* kStatistics = R"sql(
CREATE TABLE webhook_statistics (
  webhook INTEGER NOT NULL, hour INTEGER NOT NULL,
  delivered INTEGER NOT NULL, failed INTEGER NOT NULL, canceled INTEGER NOT NULL,
  attempts INTEGER NOT NULL, failed_attempts INTEGER NOT NULL,
  latency BLOB NOT NULL, -- model/statistics.h
  PRIMARY KEY (webhook, hour)
) WITHOUT ROWID;
CREATE INDEX webhook_statistics_hour ON webhook_statistics (hour);
)sql";

// Replays, and the deliveries that they have made due. `looked_until` and `last_position` bound the events that are
// left.
constexpr const char* kReplays = R"sql(
CREATE TABLE replay (
  id BLOB PRIMARY KEY, webhook INTEGER NOT NULL, statuses INTEGER NOT NULL, events INTEGER NOT NULL,
  since INTEGER, until INTEGER, missing INTEGER NOT NULL, state INTEGER NOT NULL, matched INTEGER NOT NULL,
  done INTEGER NOT NULL, created_at INTEGER NOT NULL, ended_at INTEGER,
  looked_until INTEGER NOT NULL, last_position INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX replay_webhook ON replay (webhook, id);
CREATE UNIQUE INDEX replay_running ON replay (webhook) WHERE state = 0;
CREATE INDEX replay_ended ON replay (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX pending_replayed ON pending_delivery (webhook) WHERE attempt_trigger = 2;
)sql";

// Users with their sessions, and the audit log. `failed`: an entry of a failed sign-in, which are counted apart.
constexpr const char* kUsers = R"sql(
CREATE TABLE user (
  id BLOB PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, role INTEGER NOT NULL,
  scope_kind INTEGER NOT NULL, scope_id TEXT NOT NULL, language TEXT NOT NULL, password_hash TEXT NOT NULL,
  epoch INTEGER NOT NULL, created_at INTEGER NOT NULL, last_signed_in_at INTEGER, version INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE session (
  token_hash BLOB PRIMARY KEY, user BLOB NOT NULL, epoch INTEGER NOT NULL,
  created_at INTEGER NOT NULL, last_used_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_user ON session (user, created_at);
CREATE INDEX session_used ON session (last_used_at);
CREATE TABLE audit (
  position INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL, at INTEGER NOT NULL, failed INTEGER NOT NULL,
  actor_kind INTEGER NOT NULL, actor_id TEXT NOT NULL, actor_name TEXT NOT NULL, action INTEGER NOT NULL,
  subject_kind TEXT, subject_id TEXT, subject_name TEXT, detail TEXT NOT NULL
);
CREATE INDEX audit_failed ON audit (failed, position);
CREATE INDEX audit_action ON audit (action, position);
)sql";

// Receivers that the server makes itself (inboxes).
constexpr const char* kInboxes = R"sql(
CREATE TABLE inbox (
  id BLOB PRIMARY KEY, name TEXT NOT NULL, scope_kind INTEGER NOT NULL, scope_id TEXT NOT NULL,
  token TEXT NOT NULL UNIQUE, behaviour INTEGER NOT NULL, created_at INTEGER NOT NULL, version INTEGER NOT NULL
) WITHOUT ROWID;
)sql";

// Lists of a type that is rare among many events find the next one at once.
constexpr const char* kEventType = R"sql(
CREATE INDEX event_type ON event (type, position);
)sql";

// Lists of a venue's or a group's records, sorted. Columns that are absent belong to rows without data.
constexpr const char* kSorted = R"sql(
ALTER TABLE resource ADD COLUMN sort_name TEXT;
ALTER TABLE resource ADD COLUMN created_at INTEGER;
-- The names are made by search_texts.h.
UPDATE resource SET sort_name = '', created_at = json_extract(data, '$.created_at') WHERE data IS NOT NULL;
-- It carries the names, for lists by name to go through: an index in the order of the names would cost as much at each
-- change as all others together, because each new name stands on another of its pages.
CREATE INDEX resource_created ON resource (venue, kind, created_at, number, sort_name) WHERE created_at IS NOT NULL;
CREATE INDEX resource_updated ON resource (venue, kind, last_timestamp) WHERE data IS NOT NULL;
CREATE INDEX resource_no_email ON resource (venue, kind) WHERE email IS NULL AND kind = 1 AND data IS NOT NULL;
)sql";

// Imports with what is left of their files, and the rows that were refused.
constexpr const char* kImports = R"sql(
CREATE TABLE import (
  id BLOB PRIMARY KEY, venue INTEGER NOT NULL, kind INTEGER NOT NULL,
  actor_kind INTEGER NOT NULL, actor_id TEXT NOT NULL, actor_name TEXT NOT NULL,
  header TEXT NOT NULL, columns TEXT NOT NULL, -- JSON
  delimiter INTEGER NOT NULL, state INTEGER NOT NULL, row_count INTEGER NOT NULL,
  done INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL, unchanged INTEGER NOT NULL,
  refused INTEGER NOT NULL, place INTEGER NOT NULL, created_at INTEGER NOT NULL, ended_at INTEGER
) WITHOUT ROWID;
CREATE INDEX import_venue ON import (venue, id);
CREATE UNIQUE INDEX import_running ON import (venue) WHERE state = 0;
CREATE INDEX import_ended ON import (ended_at) WHERE ended_at IS NOT NULL;
CREATE TABLE import_chunk (import BLOB NOT NULL, number INTEGER NOT NULL, bytes BLOB NOT NULL,
  PRIMARY KEY (import, number));
CREATE TABLE import_refused (import BLOB NOT NULL, line INTEGER NOT NULL, errors TEXT NOT NULL, cells TEXT NOT NULL, -- JSON
  PRIMARY KEY (import, line));
)sql";

// An id that is computed (delivery_ids.h) is stored as x''; the others are found by it.
constexpr const char* kComputedIds = R"sql(
CREATE TABLE delivery_id_key (key BLOB NOT NULL);
DROP INDEX pending_id;
DROP INDEX ended_id;
CREATE INDEX pending_id ON pending_delivery (id) WHERE id <> x'';
CREATE INDEX ended_id ON ended_delivery (id) WHERE id <> x'';
)sql";

// The index has the text that is searched: a search does not look at the records, which are among those of all other
// venues.
constexpr const char* kSearched = R"sql(
DROP INDEX resource_created;
CREATE INDEX resource_created ON resource (venue, kind, created_at, number, sort_name, search)
  WHERE created_at IS NOT NULL;
)sql";

// One row (search_texts.h): the form of resource's texts; those with a number above `done` do not have it yet.
constexpr const char* kSearchForm = R"sql(
CREATE TABLE search_text_form (form INTEGER NOT NULL, done INTEGER NOT NULL);
INSERT INTO search_text_form VALUES (0, 0);
)sql";

// The kept entries of the audit log are counted by the scope of their actor, and by actor.
constexpr const char* kAuditScopes = R"sql(
ALTER TABLE audit ADD COLUMN scope_kind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE audit ADD COLUMN scope_id TEXT NOT NULL DEFAULT '';
DROP INDEX audit_failed;
CREATE INDEX audit_kept ON audit (failed, scope_kind, scope_id, actor_id, position);
)sql";

// The encoding of an import's file, and its line ends.
constexpr const char* kImportFiles = R"sql(
ALTER TABLE import ADD COLUMN encoding TEXT NOT NULL DEFAULT 'utf-8';
ALTER TABLE import ADD COLUMN line_end INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import ADD COLUMN line INTEGER NOT NULL DEFAULT 0;
)sql";

// Deliveries that were never tried are owed by lists (owed_rows.h). Rows of pending_delivery without `due` are of older
// versions, or have an id that cannot be computed.
constexpr const char* kOwedLists = R"sql(
ALTER TABLE webhook_health ADD COLUMN owed BLOB NOT NULL DEFAULT x'';
CREATE TABLE owed_block (
  webhook INTEGER NOT NULL, first INTEGER NOT NULL, positions BLOB NOT NULL, PRIMARY KEY (webhook, first)
) WITHOUT ROWID;
CREATE TABLE discard (webhook INTEGER PRIMARY KEY, until INTEGER NOT NULL, at INTEGER NOT NULL);
CREATE INDEX pending_untried ON pending_delivery (webhook, position) WHERE due IS NULL;
)sql";

// search_change: what the index of grams (search_index.h) does not know yet, an entry for each change of a text or
// name, with those from before. One row of search_index: the stamp that the index's file has too, 0 where there is no
// index, and up to which entry they were removed because the index knows them.
constexpr const char* kSearchIndex = R"sql(
CREATE TABLE search_change (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, number INTEGER NOT NULL, venue INTEGER NOT NULL, kind INTEGER NOT NULL,
  name TEXT, search TEXT
);
CREATE INDEX search_change_number ON search_change (number, sequence);
CREATE TABLE search_index (stamp INTEGER NOT NULL, forgotten INTEGER NOT NULL);
INSERT INTO search_index VALUES (0, 0);
)sql";

// A webhook's retry schedule and when it is disabled by itself; what a change changed.
constexpr const char* kPolicies = R"sql(
ALTER TABLE webhook ADD COLUMN retry_schedule INTEGER NOT NULL DEFAULT 0;
ALTER TABLE webhook ADD COLUMN disable_after_days INTEGER;
ALTER TABLE audit ADD COLUMN changes TEXT NOT NULL DEFAULT ''; -- JSON
)sql";

// Who is told by which channel, the incidents that are open, and what is told of them (incident_rows.h).
constexpr const char* kNotices = R"sql(
CREATE TABLE notice_channel (
  id BLOB PRIMARY KEY, name TEXT NOT NULL, scope_kind INTEGER NOT NULL, scope_id TEXT NOT NULL, kind INTEGER NOT NULL,
  kinds INTEGER NOT NULL, enabled INTEGER NOT NULL, after_minutes INTEGER NOT NULL,
  quiet_from INTEGER, quiet_until INTEGER, quiet_utc_offset INTEGER, -- minutes
  language INTEGER NOT NULL, sealed BLOB NOT NULL, -- JSON {target, secret, recipients}, encrypted
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE incident (
  id INTEGER PRIMARY KEY AUTOINCREMENT, webhook INTEGER NOT NULL, kind INTEGER NOT NULL, started_at INTEGER NOT NULL,
  UNIQUE (webhook, kind)
);
-- Webhooks that gave a delivery up, when first and when last.
CREATE TABLE exhausted (webhook INTEGER PRIMARY KEY, since INTEGER NOT NULL, last_at INTEGER NOT NULL);
CREATE TABLE notice (
  number INTEGER PRIMARY KEY AUTOINCREMENT, channel BLOB NOT NULL, kind INTEGER NOT NULL, state INTEGER NOT NULL,
  webhook INTEGER NOT NULL, incident INTEGER NOT NULL, facts TEXT NOT NULL, -- JSON
  attempts INTEGER NOT NULL, created_at INTEGER NOT NULL, due INTEGER NOT NULL, sent_at INTEGER, error TEXT NOT NULL
);
CREATE INDEX notice_waiting ON notice (channel, due) WHERE state = 0;
CREATE INDEX notice_of_channel ON notice (channel, number);
CREATE INDEX notice_of_incident ON notice (webhook, incident);
CREATE INDEX webhook_trouble ON webhook_health (webhook) WHERE (consecutive_failures >= 2 OR pending >= 1000);
)sql";

// Links that set a password, first passwords, second factors; where a session began.
constexpr const char* kUserLinks = R"sql(
ALTER TABLE user ADD COLUMN must_change_password INTEGER NOT NULL DEFAULT 0;
ALTER TABLE user ADD COLUMN link_kind INTEGER;
ALTER TABLE user ADD COLUMN link_hash BLOB;
ALTER TABLE user ADD COLUMN link_expires_at INTEGER;
ALTER TABLE user ADD COLUMN second_factor BLOB NOT NULL DEFAULT x''; -- JSON, encrypted; empty: none
ALTER TABLE session ADD COLUMN network TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';
)sql";

constexpr std::array kSteps = {kFirst,       kByHand,     kStatistics,  kReplays,     kUsers,
                               kInboxes,     kEventType,  kSorted,      kImports,     kComputedIds,
                               kSearched,    kSearchForm, kAuditScopes, kImportFiles, kOwedLists,
                               kSearchIndex, kPolicies,   kNotices,     kUserLinks};

}  // namespace

int SchemaVersion() { return static_cast<int>(kSteps.size()); }

void Migrate(Connection& connection) {
  for (auto version = connection.Integer("PRAGMA user_version"); version < SchemaVersion(); ++version) {
    connection.Execute("BEGIN IMMEDIATE");
    connection.Execute(kSteps[static_cast<std::size_t>(version)]);
    connection.Execute("PRAGMA application_id = " + std::to_string(kApplicationId));
    connection.Execute("PRAGMA user_version = " + std::to_string(version + 1));
    connection.Execute("COMMIT");
  }
}

}  // namespace shakehook::sqlite
