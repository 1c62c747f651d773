-- A database as schema 11 left it: written by a server, and dumped by sqlite3. Its master key is the bytes 0 to 31.
PRAGMA application_id = 1397246792;
PRAGMA user_version = 11;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE venues_group (
  id TEXT PRIMARY KEY, name TEXT NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO venues_group VALUES('g','Les Maisons',1795778516331,1795778516331,1);
CREATE TABLE venue (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, venues_group TEXT,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0
);
INSERT INTO venue VALUES(1,'v','Maison','g',1795778516384,1795778516384,1,0);
CREATE TABLE custom_field (
  position INTEGER PRIMARY KEY AUTOINCREMENT, uuid BLOB NOT NULL UNIQUE,
  scope_kind INTEGER NOT NULL, scope_id TEXT NOT NULL, collection INTEGER NOT NULL,
  label TEXT NOT NULL, type INTEGER NOT NULL, required INTEGER NOT NULL, options TEXT NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL
);
CREATE TABLE webhook (
  number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, name TEXT NOT NULL, url TEXT NOT NULL, events INTEGER NOT NULL,
  scope_kind INTEGER NOT NULL, scope_id TEXT NOT NULL, enabled INTEGER NOT NULL, disabled_reason TEXT NOT NULL,
  ordering INTEGER NOT NULL, standard_headers INTEGER NOT NULL, max_concurrent INTEGER, max_per_second INTEGER,
  sealed BLOB NOT NULL, -- JSON {headers, current, previous}, encrypted
  overlap_ends_at INTEGER,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0
);
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
INSERT INTO api_key VALUES(X'00000000000070008000000000000000','bootstrap',0,'',4,X'3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9','',NULL,1795778514996,1);
CREATE TABLE resource (
  number INTEGER PRIMARY KEY, venue INTEGER NOT NULL, kind INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
  last_timestamp INTEGER NOT NULL, last_event INTEGER NOT NULL,
  data TEXT, email TEXT, account_id TEXT, search TEXT, sort_name TEXT, created_at INTEGER,
  UNIQUE (venue, kind, id)
);
INSERT INTO resource VALUES(1,1,1,'c1',1,1795778516444,1,'{"id":"c1","first_name":"François","last_name":"Élie","phone":"+33 6 12 34 56 78","created_at":1795778516444}',NULL,NULL,'françois élie +33 6 12 34 56 78 c1','elie francois',1795778516444);
INSERT INTO resource VALUES(2,1,1,'c2',1,1795778517257,2,'{"id":"c2","first_name":"Loïc","last_name":"Nguyễn","landline_phone":"01.45.67.89.01","created_at":1795778517257}',NULL,NULL,'loïc nguyễn 01.45.67.89.01 c2','nguyễn loïc',1795778517257);
INSERT INTO resource VALUES(3,1,1,'c3',1,1795778517268,3,'{"id":"c3","first_name":"Ann","last_name":"O’Neil","created_at":1795778517268}',NULL,NULL,'ann o’neil c3','o’neil ann',1795778517268);
INSERT INTO resource VALUES(4,1,1,'c4',2,1795778517480,6,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO resource VALUES(5,1,0,'a1',1,1795778517316,5,'{"id":"a1","name":"Łódź Cœur","created_at":1795778517316}',NULL,NULL,'łódź cœur a1','lodz coeur',1795778517316);
CREATE TABLE event (
  position INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, type INTEGER NOT NULL, origin INTEGER NOT NULL,
  timestamp INTEGER NOT NULL, created_at INTEGER NOT NULL, venue INTEGER NOT NULL, venues_group TEXT,
  resource INTEGER NOT NULL, previous INTEGER, payload TEXT NOT NULL
);
INSERT INTO event VALUES(1,X'01a21cbd95dc76b4822b06ad1a5fbcb3',3,0,1795778516444,1795778516444,1,'g',1,NULL,'{"event":"contact.created","timestamp":1795778516444,"venue_id":"v","venues_group_id":"g","data":{"id":"c1","first_name":"François","last_name":"Élie","phone":"+33 6 12 34 56 78","created_at":1795778516444}}');
INSERT INTO event VALUES(2,X'01a21cbd990977c98a12441a1d349da0',3,0,1795778517257,1795778517257,1,'g',2,NULL,'{"event":"contact.created","timestamp":1795778517257,"venue_id":"v","venues_group_id":"g","data":{"id":"c2","first_name":"Loïc","last_name":"Nguyễn","landline_phone":"01.45.67.89.01","created_at":1795778517257}}');
INSERT INTO event VALUES(3,X'01a21cbd99147ce186ebec02ab2a55cd',3,0,1795778517268,1795778517272,1,'g',3,NULL,'{"event":"contact.created","timestamp":1795778517268,"venue_id":"v","venues_group_id":"g","data":{"id":"c3","first_name":"Ann","last_name":"O’Neil","created_at":1795778517268}}');
INSERT INTO event VALUES(4,X'01a21cbd99357f0b85ee0199ad7ac4f4',3,0,1795778517301,1795778517308,1,'g',4,NULL,'{"event":"contact.created","timestamp":1795778517301,"venue_id":"v","venues_group_id":"g","data":{"id":"c4","first_name":"Old","last_name":"One","created_at":1795778517301}}');
INSERT INTO event VALUES(5,X'01a21cbd994470a6a302d0fd1d1379eb',0,0,1795778517316,1795778517321,1,'g',5,NULL,'{"event":"account.created","timestamp":1795778517316,"venue_id":"v","venues_group_id":"g","data":{"id":"a1","name":"Łódź Cœur","created_at":1795778517316}}');
INSERT INTO event VALUES(6,X'01a21cbd99e87370b91ff633a26e7713',5,0,1795778517480,1795778517484,1,'g',4,4,'{"event":"contact.deleted","timestamp":1795778517480,"venue_id":"v","venues_group_id":"g","data":{"id":"c4"}}');
CREATE TABLE pending_delivery (
  webhook INTEGER NOT NULL, position INTEGER NOT NULL, id BLOB NOT NULL, resource INTEGER NOT NULL,
  purpose INTEGER NOT NULL, attempt_trigger INTEGER NOT NULL, attempts_made INTEGER NOT NULL,
  retries_made INTEGER NOT NULL, created_at INTEGER NOT NULL, due INTEGER,
  PRIMARY KEY (webhook, position)
) WITHOUT ROWID;
CREATE TABLE ended_delivery (
  position INTEGER NOT NULL, webhook INTEGER NOT NULL, id BLOB NOT NULL, status INTEGER NOT NULL,
  attempt_count INTEGER NOT NULL, created_at INTEGER NOT NULL, ended_at INTEGER NOT NULL,
  number INTEGER, attempt_trigger INTEGER, started_at INTEGER, duration INTEGER, version INTEGER, status_code INTEGER,
  failure INTEGER, message TEXT, signature BLOB, standard_signature TEXT, response_headers TEXT, response_body BLOB,
  response_truncated INTEGER, dns INTEGER, connect INTEGER, tls INTEGER, first_byte INTEGER,
  PRIMARY KEY (position, webhook)
) WITHOUT ROWID;
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
CREATE TABLE master_key_check (sealed BLOB NOT NULL);
INSERT INTO master_key_check VALUES(X'cbc812bea7b7daadb6a50280678f784db5b977ab53b5ffcbad18e597ccf351b35d4eadba53b2d25e1b8f5f0eeeb9a32535');
CREATE TABLE webhook_statistics (
  webhook INTEGER NOT NULL, hour INTEGER NOT NULL,
  delivered INTEGER NOT NULL, failed INTEGER NOT NULL, canceled INTEGER NOT NULL,
  attempts INTEGER NOT NULL, failed_attempts INTEGER NOT NULL,
  latency BLOB NOT NULL, -- model/statistics.h
  PRIMARY KEY (webhook, hour)
) WITHOUT ROWID;
CREATE TABLE replay (
  id BLOB PRIMARY KEY, webhook INTEGER NOT NULL, statuses INTEGER NOT NULL, events INTEGER NOT NULL,
  since INTEGER, until INTEGER, missing INTEGER NOT NULL, state INTEGER NOT NULL, matched INTEGER NOT NULL,
  done INTEGER NOT NULL, created_at INTEGER NOT NULL, ended_at INTEGER,
  looked_until INTEGER NOT NULL, last_position INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE user (
  id BLOB PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, role INTEGER NOT NULL,
  scope_kind INTEGER NOT NULL, scope_id TEXT NOT NULL, language TEXT NOT NULL, password_hash TEXT NOT NULL,
  epoch INTEGER NOT NULL, created_at INTEGER NOT NULL, last_signed_in_at INTEGER, version INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE session (
  token_hash BLOB PRIMARY KEY, user BLOB NOT NULL, epoch INTEGER NOT NULL,
  created_at INTEGER NOT NULL, last_used_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE audit (
  position INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL, at INTEGER NOT NULL, failed INTEGER NOT NULL,
  actor_kind INTEGER NOT NULL, actor_id TEXT NOT NULL, actor_name TEXT NOT NULL, action INTEGER NOT NULL,
  subject_kind TEXT, subject_id TEXT, subject_name TEXT, detail TEXT NOT NULL
);
CREATE TABLE inbox (
  id BLOB PRIMARY KEY, name TEXT NOT NULL, scope_kind INTEGER NOT NULL, scope_id TEXT NOT NULL,
  token TEXT NOT NULL UNIQUE, behaviour INTEGER NOT NULL, created_at INTEGER NOT NULL, version INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE import (
  id BLOB PRIMARY KEY, venue INTEGER NOT NULL, kind INTEGER NOT NULL,
  actor_kind INTEGER NOT NULL, actor_id TEXT NOT NULL, actor_name TEXT NOT NULL,
  header TEXT NOT NULL, columns TEXT NOT NULL, -- JSON
  delimiter INTEGER NOT NULL, state INTEGER NOT NULL, row_count INTEGER NOT NULL,
  done INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL, unchanged INTEGER NOT NULL,
  refused INTEGER NOT NULL, place INTEGER NOT NULL, created_at INTEGER NOT NULL, ended_at INTEGER
) WITHOUT ROWID;
CREATE TABLE import_chunk (import BLOB NOT NULL, number INTEGER NOT NULL, bytes BLOB NOT NULL,
  PRIMARY KEY (import, number));
CREATE TABLE import_refused (import BLOB NOT NULL, line INTEGER NOT NULL, errors TEXT NOT NULL, cells TEXT NOT NULL, -- JSON
  PRIMARY KEY (import, line));
CREATE TABLE delivery_id_key (key BLOB NOT NULL);
INSERT INTO delivery_id_key VALUES(X'51b678dad782fd4c9cbf9a8eeb6949e0');
DELETE FROM sqlite_sequence;
CREATE UNIQUE INDEX venue_id ON venue (id) WHERE deleted = 0;
CREATE INDEX resource_email ON resource (venue, kind, email) WHERE email IS NOT NULL;
CREATE INDEX resource_account ON resource (venue, account_id) WHERE account_id IS NOT NULL;
CREATE INDEX event_venue ON event (venue, position);
CREATE INDEX event_astray ON event (position) WHERE abs(timestamp - created_at) > 10000;
CREATE INDEX pending_due ON pending_delivery (webhook, due) WHERE due IS NOT NULL;
CREATE INDEX pending_resource ON pending_delivery (webhook, resource) WHERE due IS NOT NULL;
CREATE INDEX ended_webhook ON ended_delivery (webhook, position);
CREATE INDEX ended_undelivered ON ended_delivery (status, position, webhook) WHERE status <> 1;
CREATE INDEX ended_undelivered_webhook ON ended_delivery (webhook, status, position) WHERE status <> 1;
CREATE INDEX kept_answer_created ON kept_answer (created_at);
CREATE INDEX pending_by_hand ON pending_delivery (webhook, due) WHERE (attempt_trigger = 1 OR purpose = 1);
CREATE INDEX webhook_statistics_hour ON webhook_statistics (hour);
CREATE INDEX replay_webhook ON replay (webhook, id);
CREATE UNIQUE INDEX replay_running ON replay (webhook) WHERE state = 0;
CREATE INDEX replay_ended ON replay (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX pending_replayed ON pending_delivery (webhook) WHERE attempt_trigger = 2;
CREATE INDEX session_user ON session (user, created_at);
CREATE INDEX session_used ON session (last_used_at);
CREATE INDEX audit_failed ON audit (failed, position);
CREATE INDEX audit_action ON audit (action, position);
CREATE INDEX event_type ON event (type, position);
CREATE INDEX resource_updated ON resource (venue, kind, last_timestamp) WHERE data IS NOT NULL;
CREATE INDEX resource_no_email ON resource (venue, kind) WHERE email IS NULL AND kind = 1 AND data IS NOT NULL;
CREATE INDEX import_venue ON import (venue, id);
CREATE UNIQUE INDEX import_running ON import (venue) WHERE state = 0;
CREATE INDEX import_ended ON import (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX pending_id ON pending_delivery (id) WHERE id <> x'';
CREATE INDEX ended_id ON ended_delivery (id) WHERE id <> x'';
CREATE INDEX resource_created ON resource (venue, kind, created_at, number, sort_name, search)
  WHERE created_at IS NOT NULL;
COMMIT;
