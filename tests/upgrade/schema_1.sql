-- A database as the first schema left it: written by a server, and dumped by sqlite3. Its master key is the bytes 0 to 31.
PRAGMA application_id = 1397246792;
PRAGMA user_version = 1;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE venues_group (
  id TEXT PRIMARY KEY, name TEXT NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO venues_group VALUES('g','Les Maisons',1795474378874,1795474378874,1);
CREATE TABLE venue (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, venues_group TEXT,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0
);
INSERT INTO venue VALUES(1,'v','Maison Belleville','g',1795474378910,1795474378910,1,0);
INSERT INTO venue VALUES(2,'w','Alone',NULL,1795474378930,1795474378930,1,0);
CREATE TABLE custom_field (
  position INTEGER PRIMARY KEY AUTOINCREMENT, uuid BLOB NOT NULL UNIQUE,
  scope_kind INTEGER NOT NULL, scope_id TEXT NOT NULL, collection INTEGER NOT NULL,
  label TEXT NOT NULL, type INTEGER NOT NULL, required INTEGER NOT NULL, options TEXT NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL
);
INSERT INTO custom_field VALUES(1,X'01a20a9cd0c07f929f6033d8fcb314c4',2,'v',1,'Régime',3,0,'[{"label":"Végétarien","value":"veg"}]',1795474378944,1795474378944,1);
CREATE TABLE webhook (
  number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, name TEXT NOT NULL, url TEXT NOT NULL, events INTEGER NOT NULL,
  scope_kind INTEGER NOT NULL, scope_id TEXT NOT NULL, enabled INTEGER NOT NULL, disabled_reason TEXT NOT NULL,
  ordering INTEGER NOT NULL, standard_headers INTEGER NOT NULL, max_concurrent INTEGER, max_per_second INTEGER,
  sealed BLOB NOT NULL, -- JSON {headers, current, previous}, encrypted
  overlap_ends_at INTEGER,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0
);
INSERT INTO webhook VALUES(1,X'01a20a9cd2ea754da84ecdbc5126ffaf','CRM','http://127.0.0.1:19555/ok',63,1,'g',1,'',1,1,4,NULL,X'944489ddfba031b121fe90c81f276d7216138671fa6670dda6c30bcdc6c1d483cc364595d92b2b1ec7c14dad3cb44e682c11c5f31ff1db10009c00c094cfc64c31425456aef1c64f2de8b5c65e585e17420ec9d245b3c77c138ec73ef115aba6ed4b680b626dcc88005082831317ec7c8b12fd28e089d0da027d236f269d2ce739cbb9c9e4889390f4ad088ebba0d2adf8abb5fa620e2f87db11481490462d0b6e9cebdcbc128a8f519cf10e604195c9044d977b14a039f67a654ffaf241ae0e4d5bc727ba96905b',1795560780002,1795474379498,1795474380002,2,0);
INSERT INTO webhook VALUES(2,X'01a20a9cd30073c9bdb5ef80b5405144','Failing','http://127.0.0.1:19555/bad',8,2,'v',1,'',0,0,NULL,NULL,X'6029390781fa93af5f830a665e245e90f2889ef49007fc307e62c36bd846fc97a8536ad4c7c539343e80685ef01535e390506dcd2a538a593bd3561565968e65fa5dcdda78fc2ac118c7bf896228c2a1b2494becb54d87baa7ce7826e56a3d834958f613af6c070c74e1e0da62f993a45c2cd1696da38e7d7ffb48b28cec41b88d7ff0',NULL,1795474379520,1795474379520,1,0);
INSERT INTO webhook VALUES(3,X'01a20a9cd3507ca18dbd10785e16cb88','Off','http://127.0.0.1:19555/ok',40,2,'v',0,'',0,0,NULL,NULL,X'6196160c11fb4099d54fb81e58af02c7d7fc89d0999e640c51ac51d6b9b553bc38931502e62f3a9420647d75ea6938c8476e210c34a8f9ec0dcaa6fc5cec2dafdc2e0bd559d00eea18e286b2c690ce3d1f2646842b71d09fb93baf382756225455c543b70ac4eaf531dd738d1c7b0bfdc5a86931e434638c96e3f4d85d24705a35a994',NULL,1795474379600,1795474379600,1,0);
CREATE TABLE webhook_version (
  webhook INTEGER NOT NULL, version INTEGER NOT NULL, url TEXT NOT NULL, standard_headers INTEGER NOT NULL,
  header_names TEXT NOT NULL, -- JSON
  PRIMARY KEY (webhook, version)
) WITHOUT ROWID;
INSERT INTO webhook_version VALUES(1,1,'http://127.0.0.1:19555/ok',1,'["X-Token"]');
INSERT INTO webhook_version VALUES(1,2,'http://127.0.0.1:19555/ok',1,'["X-Token"]');
INSERT INTO webhook_version VALUES(2,1,'http://127.0.0.1:19555/bad',0,'[]');
INSERT INTO webhook_version VALUES(3,1,'http://127.0.0.1:19555/ok',0,'[]');
CREATE TABLE webhook_health (
  webhook INTEGER PRIMARY KEY, consecutive_failures INTEGER NOT NULL, failing_since INTEGER,
  last_delivered_at INTEGER, last_failed_at INTEGER, pending INTEGER NOT NULL
);
INSERT INTO webhook_health VALUES(1,0,NULL,1795474379790,NULL,0);
INSERT INTO webhook_health VALUES(2,6,1795474379703,NULL,1795474380745,0);
INSERT INTO webhook_health VALUES(3,0,NULL,NULL,NULL,3);
CREATE TABLE api_key (
  id BLOB PRIMARY KEY, name TEXT NOT NULL, scope_kind INTEGER NOT NULL, scope_id TEXT NOT NULL, rights INTEGER NOT NULL,
  hash BLOB NOT NULL UNIQUE, prefix TEXT NOT NULL, expires_at INTEGER, created_at INTEGER NOT NULL,
  version INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO api_key VALUES(X'00000000000070008000000000000000','bootstrap',0,'',4,X'28068055676f738c662702f496d2498f8770dce69417676536a11ececc85e2b2','',NULL,1795474377784,1);
INSERT INTO api_key VALUES(X'01a20a9cd35970bf93d1310f7fbf8f21','Integration',2,'v',1,X'556e6f91b719771ea721c8edf82693f41afe624124392b2e07ec0009399f1567','shk_inBwZYNy',NULL,1795474379609,1);
CREATE TABLE resource (
  number INTEGER PRIMARY KEY, venue INTEGER NOT NULL, kind INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
  last_timestamp INTEGER NOT NULL, last_event INTEGER NOT NULL,
  data TEXT, email TEXT, account_id TEXT, search TEXT,
  UNIQUE (venue, kind, id)
);
INSERT INTO resource VALUES(1,1,0,'a1',1,1795474379650,1,'{"id":"a1","name":"Dupont SARL","city":"Paris","created_at":1795474379650}',NULL,NULL,'dupont sarl a1');
INSERT INTO resource VALUES(2,1,1,'c1',2,1795474379709,3,'{"id":"c1","first_name":"Zoé","last_name":"Dupont","email":"zoe@example.com","account_id":"a1","city":"Lyon","created_at":1795474379692,"custom_01a20a9c-d0c0-7f92-9f60-33d8fcb314c4":"veg"}','zoe@example.com','a1','zoé dupont zoe@example.com c1');
INSERT INTO resource VALUES(3,1,1,'c2',2,1795474379765,5,NULL,NULL,NULL,NULL);
INSERT INTO resource VALUES(4,-1,1,'test-contact',1,1795474380052,6,NULL,NULL,NULL,NULL);
CREATE TABLE event (
  position INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, type INTEGER NOT NULL, origin INTEGER NOT NULL,
  timestamp INTEGER NOT NULL, created_at INTEGER NOT NULL, venue INTEGER NOT NULL, venues_group TEXT,
  resource INTEGER NOT NULL, previous INTEGER, payload TEXT NOT NULL
);
INSERT INTO event VALUES(1,X'01a20a9cd3827d7dbb9e895c35f3477c',0,0,1795474379650,1795474379650,1,'g',1,NULL,'{"event":"account.created","timestamp":1795474379650,"venue_id":"v","venues_group_id":"g","data":{"id":"a1","name":"Dupont SARL","city":"Paris","created_at":1795474379650}}');
INSERT INTO event VALUES(2,X'01a20a9cd3ac7185890c6dbeab6a4ccf',3,0,1795474379692,1795474379692,1,'g',2,NULL,'{"event":"contact.created","timestamp":1795474379692,"venue_id":"v","venues_group_id":"g","data":{"id":"c1","first_name":"Zoé","last_name":"Dupont","email":"zoe@example.com","account_id":"a1","created_at":1795474379692,"custom_01a20a9c-d0c0-7f92-9f60-33d8fcb314c4":"veg"}}');
INSERT INTO event VALUES(3,X'01a20a9cd3bd79e5935968dc81e5cf92',4,0,1795474379709,1795474379718,1,'g',2,2,'{"event":"contact.updated","timestamp":1795474379709,"venue_id":"v","venues_group_id":"g","data":{"id":"c1","first_name":"Zoé","last_name":"Dupont","email":"zoe@example.com","account_id":"a1","city":"Lyon","created_at":1795474379692,"custom_01a20a9c-d0c0-7f92-9f60-33d8fcb314c4":"veg"}}');
INSERT INTO event VALUES(4,X'01a20a9cd3d17a30b0285702cb9c39a8',3,0,1795474379729,1795474379729,1,'g',3,NULL,'{"event":"contact.created","timestamp":1795474379729,"venue_id":"v","venues_group_id":"g","data":{"id":"c2","first_name":"Max","last_name":"Meyer","created_at":1795474379729}}');
INSERT INTO event VALUES(5,X'01a20a9cd3f57671b0093bbc63d95f57',5,0,1795474379765,1795474379771,1,'g',3,4,'{"event":"contact.deleted","timestamp":1795474379765,"venue_id":"v","venues_group_id":"g","data":{"id":"c2"}}');
INSERT INTO event VALUES(6,X'01a20a9cd5147897967608f3c9a70604',3,2,1795474380052,1795474380052,1,'g',4,NULL,'{"event":"contact.created","timestamp":1795474380052,"venue_id":"v","venues_group_id":"g","data":{"id":"test-contact","first_name":"Test","last_name":"Contact","email":"test.contact@shakehook.example","phone":"+33612345678","landline_phone":"+33145678901","title":"CEO","account_id":"test-account","optin_marketing":true,"address_line_1":"10 rue Example","postal_code":"75001","city":"Paris","country":"France","created_at":1795474380052}}');
CREATE TABLE pending_delivery (
  webhook INTEGER NOT NULL, position INTEGER NOT NULL, id BLOB NOT NULL, resource INTEGER NOT NULL,
  purpose INTEGER NOT NULL, attempt_trigger INTEGER NOT NULL, attempts_made INTEGER NOT NULL,
  retries_made INTEGER NOT NULL, created_at INTEGER NOT NULL, due INTEGER,
  PRIMARY KEY (webhook, position)
) WITHOUT ROWID;
INSERT INTO pending_delivery VALUES(3,2,X'01a20a9cd3ac792098b6aff2fbdf5221',2,0,0,0,0,1795474379692,NULL);
INSERT INTO pending_delivery VALUES(3,4,X'01a20a9cd3d173c5a0e6754f1b713ba0',3,0,0,0,0,1795474379729,NULL);
INSERT INTO pending_delivery VALUES(3,5,X'01a20a9cd3fb7d19b7e10a5493d75dc0',3,0,0,0,0,1795474379771,NULL);
CREATE TABLE ended_delivery (
  position INTEGER NOT NULL, webhook INTEGER NOT NULL, id BLOB NOT NULL, status INTEGER NOT NULL,
  attempt_count INTEGER NOT NULL, created_at INTEGER NOT NULL, ended_at INTEGER NOT NULL,
  number INTEGER, attempt_trigger INTEGER, started_at INTEGER, duration INTEGER, version INTEGER, status_code INTEGER,
  failure INTEGER, message TEXT, signature BLOB, standard_signature TEXT, response_headers TEXT, response_body BLOB,
  response_truncated INTEGER, dns INTEGER, connect INTEGER, tls INTEGER, first_byte INTEGER,
  PRIMARY KEY (position, webhook)
) WITHOUT ROWID;
INSERT INTO ended_delivery VALUES(1,1,X'01a20a9cd38278e09d89d7f488c6db72',1,1,1795474379650,1795474379674,1,0,1795474379658,15825,1,204,0,NULL,X'25d971bdf5999393ac58e2921ffd44fe425ceec76fbed131df84fdb05ffd47c4','v1,lmv+5ibxNCHDRkygKgaqSpcbMlo8mrSSassqVYHMXII=',replace(replace('Server: BaseHTTP/0.6 Python/3.11.7\r\nDate: Mon, 23 Nov 2026 22:52:59 GMT\r\nContent-Length: 0\r\n','\r',char(13)),'\n',char(10)),NULL,0,NULL,124,NULL,15625);
INSERT INTO ended_delivery VALUES(2,1,X'01a20a9cd3ac7739989d2b371c47defb',1,1,1795474379692,1795474379698,1,0,1795474379696,1162,1,204,0,NULL,X'84e35d4cf66bc3a26c55044b8107f33f3d6ad19eaa430a7d8c56ab4d81b56eb1','v1,HC09xOpboHIXnR4S/RMyIMN4g/8Smb+t/nb9jkuC0YI=',replace(replace('Server: BaseHTTP/0.6 Python/3.11.7\r\nDate: Mon, 23 Nov 2026 22:52:59 GMT\r\nContent-Length: 0\r\n','\r',char(13)),'\n',char(10)),NULL,0,NULL,370,NULL,734);
INSERT INTO ended_delivery VALUES(2,2,X'01a20a9cd3ac7f28a7e46c9bfa6d1ee8',2,3,1795474379692,1795474380685,3,0,1795474380684,882,1,500,1,'The endpoint answered 500 Internal Server Error.',X'4b2526fdba3d1779287c31a2a9878a3de6146f581af83ab3dd53d6bd49becc9e',NULL,replace(replace('Server: BaseHTTP/0.6 Python/3.11.7\r\nDate: Mon, 23 Nov 2026 22:53:00 GMT\r\nContent-Length: 0\r\n','\r',char(13)),'\n',char(10)),NULL,0,NULL,155,NULL,608);
INSERT INTO ended_delivery VALUES(3,1,X'01a20a9cd3c67d63b12874a2d4eb7f82',1,1,1795474379718,1795474379739,1,0,1795474379720,18493,1,204,0,NULL,X'524de520746034dd74de8af5f3f4c2e14a21a5a13550b446b29621051d2be3f0','v1,1bFcuNNITQPKOXT8HPKWP7gyN61DKMxMmxLacmQMols=',replace(replace('Server: BaseHTTP/0.6 Python/3.11.7\r\nDate: Mon, 23 Nov 2026 22:52:59 GMT\r\nContent-Length: 0\r\n','\r',char(13)),'\n',char(10)),NULL,0,NULL,135,NULL,18238);
INSERT INTO ended_delivery VALUES(4,1,X'01a20a9cd3d17c3b8d5928c30708fccd',1,1,1795474379729,1795474379752,1,0,1795474379750,1092,1,204,0,NULL,X'351e3b7fa91d254a2924e801d0427427107dd80ad572136b594f0a2a8ce2a520','v1,eJ0g0guXOgvksjvX7fyqYKyMWQ24BBOs2+vHAPnUEQ4=',replace(replace('Server: BaseHTTP/0.6 Python/3.11.7\r\nDate: Mon, 23 Nov 2026 22:52:59 GMT\r\nContent-Length: 0\r\n','\r',char(13)),'\n',char(10)),NULL,0,NULL,65,NULL,982);
INSERT INTO ended_delivery VALUES(4,2,X'01a20a9cd3d173319d508a77fe05b8d9',2,3,1795474379729,1795474380745,3,0,1795474380738,6293,1,500,1,'The endpoint answered 500 Internal Server Error.',X'eb570c35bf21779ec72e5dd5a586d29b62e2d672e234728b5978f289f1478066',NULL,replace(replace('Server: BaseHTTP/0.6 Python/3.11.7\r\nDate: Mon, 23 Nov 2026 22:53:00 GMT\r\nContent-Length: 0\r\n','\r',char(13)),'\n',char(10)),NULL,0,NULL,120,NULL,6105);
INSERT INTO ended_delivery VALUES(5,1,X'01a20a9cd3fb709eb190b31bb185bcf5',1,1,1795474379771,1795474379790,1,0,1795474379782,7555,1,204,0,NULL,X'116c7185e05a4f9c778b5343fa699352d05ce82a8da01eb910cd1eeb94d7b554','v1,V+XI/7OS2P6o5QQ087ooCoLhPNUqC+mkub8N351jgrs=',replace(replace('Server: BaseHTTP/0.6 Python/3.11.7\r\nDate: Mon, 23 Nov 2026 22:52:59 GMT\r\nContent-Length: 0\r\n','\r',char(13)),'\n',char(10)),NULL,0,NULL,116,NULL,7356);
INSERT INTO ended_delivery VALUES(6,1,X'01a20a9cd51478a8ba053685aed4894c',1,1,1795474380052,1795474380067,1,0,1795474380054,12584,2,204,0,NULL,X'a75e6a2952a67926bf071f211aec6e0025811d4aafffdb692951033a243f121e','v1,4Nd2WnZOQ0hXiN6sazIUixFymGH+SD6cC6iWDP7yoaw= v1,E0ddQDAipAemeWKmbTEtLPPv002MMsjOgmhxP/hHj3E=',replace(replace('Server: BaseHTTP/0.6 Python/3.11.7\r\nDate: Mon, 23 Nov 2026 22:53:00 GMT\r\nContent-Length: 0\r\n','\r',char(13)),'\n',char(10)),NULL,0,NULL,343,NULL,12168);
CREATE TABLE attempt (
  position INTEGER NOT NULL, webhook INTEGER NOT NULL,
  number INTEGER NOT NULL, attempt_trigger INTEGER, started_at INTEGER, duration INTEGER, version INTEGER,
  status_code INTEGER, failure INTEGER, message TEXT, signature BLOB, standard_signature TEXT, response_headers TEXT,
  response_body BLOB, response_truncated INTEGER, dns INTEGER, connect INTEGER, tls INTEGER, first_byte INTEGER,
  PRIMARY KEY (position, webhook, number)
) WITHOUT ROWID;
INSERT INTO attempt VALUES(2,2,1,0,1795474379698,4350,1,500,1,'The endpoint answered 500 Internal Server Error.',X'4b2526fdba3d1779287c31a2a9878a3de6146f581af83ab3dd53d6bd49becc9e',NULL,replace(replace('Server: BaseHTTP/0.6 Python/3.11.7\r\nDate: Mon, 23 Nov 2026 22:52:59 GMT\r\nContent-Length: 0\r\n','\r',char(13)),'\n',char(10)),NULL,0,NULL,185,NULL,4124);
INSERT INTO attempt VALUES(2,2,2,0,1795474380017,4233,1,500,1,'The endpoint answered 500 Internal Server Error.',X'4b2526fdba3d1779287c31a2a9878a3de6146f581af83ab3dd53d6bd49becc9e',NULL,replace(replace('Server: BaseHTTP/0.6 Python/3.11.7\r\nDate: Mon, 23 Nov 2026 22:53:00 GMT\r\nContent-Length: 0\r\n','\r',char(13)),'\n',char(10)),NULL,0,NULL,106,NULL,4045);
INSERT INTO attempt VALUES(4,2,1,0,1795474379745,5999,1,500,1,'The endpoint answered 500 Internal Server Error.',X'eb570c35bf21779ec72e5dd5a586d29b62e2d672e234728b5978f289f1478066',NULL,replace(replace('Server: BaseHTTP/0.6 Python/3.11.7\r\nDate: Mon, 23 Nov 2026 22:52:59 GMT\r\nContent-Length: 0\r\n','\r',char(13)),'\n',char(10)),NULL,0,NULL,4779,NULL,1172);
INSERT INTO attempt VALUES(4,2,2,0,1795474380078,804,1,500,1,'The endpoint answered 500 Internal Server Error.',X'eb570c35bf21779ec72e5dd5a586d29b62e2d672e234728b5978f289f1478066',NULL,replace(replace('Server: BaseHTTP/0.6 Python/3.11.7\r\nDate: Mon, 23 Nov 2026 22:53:00 GMT\r\nContent-Length: 0\r\n','\r',char(13)),'\n',char(10)),NULL,0,NULL,114,NULL,613);
CREATE TABLE kept_answer (
  key BLOB PRIMARY KEY, request BLOB NOT NULL, answer BLOB NOT NULL, created_at INTEGER NOT NULL -- answer: encrypted
) WITHOUT ROWID;
INSERT INTO kept_answer VALUES(X'c7289edfc04881a5a7b51947b09dd2369b6d99560d7e0b8ca32798ba1ab9ea8a',X'6c1f88266e5639e9c40a5c910b88dc2df22f9649cc839ee2497704a3b541c92e',X'a9f202238a6483cb2982008cf0e99e28fd02ff099ac9d689a624109c367f55048ce117935b773e7f8e4cc207e3e01842fd12ae0106613a20e081a5ac56bf6b46919f96b44684c03338bd90d97c0e0abb90ca149cebe11d4a820cce6ce15e2cdd36e3173827a48ab6e7a95647da05ad52bb689ccbb7da01f4d37707bf322a22cf4b1da5bb7da24fa906658d531f492af06ad88af6cf38ead0b122a59c1dedfbb5ca1179eaf59cc9636d67330b65059475354f2084104eee3f40d10754d00f933391df9222be05ee635a9165273675b492fe85a514757cc149da0840e38548f5349fe3635b38f822243fbff6d9c0377d0ecefba17d335e45858a0900ca5205ac7e7b260e70ed4f32d0a11f55279bb4b7d727fbc1eb485fddd7a022f3f162906d2fea769580c3462802fc',1795474379692);
CREATE TABLE master_key_check (sealed BLOB NOT NULL);
INSERT INTO master_key_check VALUES(X'c18297b09056cbea627c8428b67ad340325d9731e8f027f754fd5cc0516425fc6aefcb7ad8eee31413c389c4c2adc9f43c');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('custom_field',1);
CREATE UNIQUE INDEX venue_id ON venue (id) WHERE deleted = 0;
CREATE INDEX resource_email ON resource (venue, kind, email) WHERE email IS NOT NULL;
CREATE INDEX resource_account ON resource (venue, account_id) WHERE account_id IS NOT NULL;
CREATE INDEX event_venue ON event (venue, position);
CREATE INDEX event_astray ON event (position) WHERE abs(timestamp - created_at) > 10000;
CREATE INDEX pending_id ON pending_delivery (id);
CREATE INDEX pending_due ON pending_delivery (webhook, due) WHERE due IS NOT NULL;
CREATE INDEX pending_resource ON pending_delivery (webhook, resource) WHERE due IS NOT NULL;
CREATE INDEX ended_id ON ended_delivery (id);
CREATE INDEX ended_webhook ON ended_delivery (webhook, position);
CREATE INDEX ended_undelivered ON ended_delivery (status, position, webhook) WHERE status <> 1;
CREATE INDEX ended_undelivered_webhook ON ended_delivery (webhook, status, position) WHERE status <> 1;
CREATE INDEX kept_answer_created ON kept_answer (created_at);
COMMIT;
