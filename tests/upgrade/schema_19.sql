-- A database as schema 19 left it: written by a server, and dumped by Python's sqlite3. Its master key is the bytes 0 to 31.
PRAGMA application_id = 1397246792;
PRAGMA user_version = 19;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE api_key (
  id BLOB PRIMARY KEY, name TEXT NOT NULL, scope_kind INTEGER NOT NULL, scope_id TEXT NOT NULL, rights INTEGER NOT NULL,
  hash BLOB NOT NULL UNIQUE, prefix TEXT NOT NULL, expires_at INTEGER, created_at INTEGER NOT NULL,
  version INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO "api_key" VALUES(X'00000000000070008000000000000000','bootstrap',0,'',4,X'C6A917E0A6E70C4BEF4CD6AACB8BBBF9F5635D5C151DC30D55D56C279E1E5299','shk_oZ5YntPf',NULL,1795850394970,1);
INSERT INTO "api_key" VALUES(X'01A221065E0E7F1A9F51DA28B85371A5','CRM key',2,'v',3,X'3904746DF3776411D3635F4ECA2B13C460ED7936F3F4C9462AB7B3AAAC5CDBBB','shk_uqSP9yVZ',NULL,1795850395150,1);
CREATE TABLE attempt (
  position INTEGER NOT NULL, webhook INTEGER NOT NULL,
  number INTEGER NOT NULL, attempt_trigger INTEGER, started_at INTEGER, duration INTEGER, version INTEGER,
  status_code INTEGER, failure INTEGER, message TEXT, signature BLOB, standard_signature TEXT, response_headers TEXT,
  response_body BLOB, response_truncated INTEGER, dns INTEGER, connect INTEGER, tls INTEGER, first_byte INTEGER,
  PRIMARY KEY (position, webhook, number)
) WITHOUT ROWID;
INSERT INTO "attempt" VALUES(2,2,1,0,1795850395080,5036,1,500,1,'The endpoint answered 500 Internal Server Error.',X'D1DF34A09F3B6384DC027CBEE82082D58A6E72C1B28107C8F8F8FA8AA4BDBAB1',NULL,'Date: Sat, 28 Nov 2026 07:19:55 GMT
Connection: keep-alive
Keep-Alive: timeout=5
Content-Length: 0
',NULL,0,NULL,83,NULL,4924);
INSERT INTO "attempt" VALUES(3,2,1,0,1795850395090,7702,1,500,1,'The endpoint answered 500 Internal Server Error.',X'8254CB174EDAC1E4F5780822C9A3D3A814441921EB5C97C82CAFCA30EC0D0813',NULL,'Date: Sat, 28 Nov 2026 07:19:55 GMT
Connection: keep-alive
Keep-Alive: timeout=5
Content-Length: 0
',NULL,0,NULL,NULL,NULL,7691);
INSERT INTO "attempt" VALUES(4,2,1,0,1795850395096,2663,1,500,1,'The endpoint answered 500 Internal Server Error.',X'141D0B33BBC6C59026057F153AF027B782C2B571C2D99373DD1E05710DB61317',NULL,'Date: Sat, 28 Nov 2026 07:19:55 GMT
Connection: keep-alive
Keep-Alive: timeout=5
Content-Length: 0
',NULL,0,NULL,61,NULL,2591);
INSERT INTO "attempt" VALUES(5,2,1,0,1795850395102,397,1,500,1,'The endpoint answered 500 Internal Server Error.',X'7A2CB38B86D8D903ED97BF38E59CFCF3677ED09E898E2A58AF81D0FC762A78DD',NULL,'Date: Sat, 28 Nov 2026 07:19:55 GMT
Connection: keep-alive
Keep-Alive: timeout=5
Content-Length: 0
',NULL,0,NULL,NULL,NULL,386);
INSERT INTO "attempt" VALUES(6,2,1,0,1795850395160,571,1,500,1,'The endpoint answered 500 Internal Server Error.',X'FEB92BC0F8B75A17AF54563F45C1D692A73869F9C3B5FEE58BEBA975B08BC8C0',NULL,'Date: Sat, 28 Nov 2026 07:19:55 GMT
Connection: keep-alive
Keep-Alive: timeout=5
Content-Length: 0
',NULL,0,NULL,NULL,NULL,544);
CREATE TABLE audit (
  position INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL, at INTEGER NOT NULL, failed INTEGER NOT NULL,
  actor_kind INTEGER NOT NULL, actor_id TEXT NOT NULL, actor_name TEXT NOT NULL, action INTEGER NOT NULL,
  subject_kind TEXT, subject_id TEXT, subject_name TEXT, detail TEXT NOT NULL
, scope_kind INTEGER NOT NULL DEFAULT 0, scope_id TEXT NOT NULL DEFAULT '', changes TEXT NOT NULL DEFAULT '');
INSERT INTO "audit" VALUES(1,X'01A221065DA976AEBF25B7EA011F412E',1795850395049,0,2,'00000000-0000-7000-8000-000000000000','bootstrap',21,'webhook','01a22106-5da9-72ee-9a05-476ccad25162','CRM','',0,'','[{"field":"name","before":"","after":"CRM"},{"field":"url","before":null,"after":"http://127.0.0.1:36707/ok"},{"field":"events","before":[],"after":["contact.created","contact.updated","contact.deleted"]},{"field":"ordering","before":"relaxed","after":"strict"},{"field":"headers","before":[],"after":["X-Token"]},{"field":"max_concurrent","before":null,"after":3},{"field":"retry_schedule","before":"standard","after":"extended"},{"field":"disable_after_days","before":null,"after":5}]');
INSERT INTO "audit" VALUES(2,X'01A221065DAF72BC968192CAC2F7C0CF',1795850395055,0,2,'00000000-0000-7000-8000-000000000000','bootstrap',21,'webhook','01a22106-5daf-7972-a24b-e90f83d1ea14','Failing','',0,'','[{"field":"name","before":"","after":"Failing"},{"field":"url","before":null,"after":"http://127.0.0.1:36707/fail"},{"field":"events","before":[],"after":["contact.created","contact.updated","contact.deleted"]}]');
INSERT INTO "audit" VALUES(3,X'01A221065DBA7BCC971E0D865472724D',1795850395066,0,2,'00000000-0000-7000-8000-000000000000','bootstrap',21,'webhook','01a22106-5dba-77f7-b0e7-41b9f35d515d','Off','',0,'','[{"field":"name","before":"","after":"Off"},{"field":"url","before":null,"after":"http://127.0.0.1:36707/ok"},{"field":"events","before":[],"after":["contact.created","contact.updated","contact.deleted"]}]');
INSERT INTO "audit" VALUES(4,X'01A221065DDF79968B9A229B1EE82029',1795850395103,0,2,'00000000-0000-7000-8000-000000000000','bootstrap',25,'notice_channel','01a22106-5ddf-72f8-855b-60e8d9b7165b','Ops','',0,'','');
INSERT INTO "audit" VALUES(5,X'01A221065E057B2A88E3DAB2F4431DBD',1795850395141,0,2,'00000000-0000-7000-8000-000000000000','bootstrap',3,'user','01a22106-5de2-7c00-bf69-cf787c52755c','Ada','administrator',0,'','');
INSERT INTO "audit" VALUES(6,X'01A221065E0973A68E3F5425D6B4BF76',1795850395145,0,2,'00000000-0000-7000-8000-000000000000','bootstrap',3,'user','01a22106-5e09-7570-b7ed-9c8d9289ab04','Max','manager, invited',0,'','');
INSERT INTO "audit" VALUES(7,X'01A221065E0E76FCA9F5DBF9F7A40FA6',1795850395150,0,2,'00000000-0000-7000-8000-000000000000','bootstrap',14,'api_key','01a22106-5e0e-7f1a-9f51-da28b85371a5','CRM key','',0,'','');
INSERT INTO "audit" VALUES(8,X'01A221065E10781F89F3DECB1CA7E92C',1795850395152,0,2,'00000000-0000-7000-8000-000000000000','bootstrap',16,'import','01a22106-5e0f-7eba-bd61-79b2d71cc5d8','','2 rows of contacts into the venue L''Orangerie',0,'','');
INSERT INTO "audit" VALUES(9,X'01A221065E117EEBB7BC1D90A394578F',1795850395153,0,2,'00000000-0000-7000-8000-000000000000','bootstrap',17,'import','01a22106-5e0f-7eba-bd61-79b2d71cc5d8','','1 created, 0 changed, 0 as they were, 1 refused, in the venue v',2,'v','');
CREATE TABLE custom_field (
  position INTEGER PRIMARY KEY AUTOINCREMENT, uuid BLOB NOT NULL UNIQUE,
  scope_kind INTEGER NOT NULL, scope_id TEXT NOT NULL, collection INTEGER NOT NULL,
  label TEXT NOT NULL, type INTEGER NOT NULL, required INTEGER NOT NULL, options TEXT NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL
);
INSERT INTO "custom_field" VALUES(1,X'01A221065DA17CB1B032E0A8C4C86486',2,'v',1,'Menu',3,0,'[{"label":"Fish","value":"fish"},{"label":"Meat","value":"meat"}]',1795850395041,1795850395041,1);
CREATE TABLE delivery_id_key (key BLOB NOT NULL);
INSERT INTO "delivery_id_key" VALUES(X'2262D1E4F8641C34BF223F7F0689D116');
CREATE TABLE discard (webhook INTEGER PRIMARY KEY, until INTEGER NOT NULL, at INTEGER NOT NULL);
CREATE TABLE ended_delivery (
  position INTEGER NOT NULL, webhook INTEGER NOT NULL, id BLOB NOT NULL, status INTEGER NOT NULL,
  attempt_count INTEGER NOT NULL, created_at INTEGER NOT NULL, ended_at INTEGER NOT NULL,
  number INTEGER, attempt_trigger INTEGER, started_at INTEGER, duration INTEGER, version INTEGER, status_code INTEGER,
  failure INTEGER, message TEXT, signature BLOB, standard_signature TEXT, response_headers TEXT, response_body BLOB,
  response_truncated INTEGER, dns INTEGER, connect INTEGER, tls INTEGER, first_byte INTEGER,
  PRIMARY KEY (position, webhook)
) WITHOUT ROWID;
INSERT INTO "ended_delivery" VALUES(2,1,X'',1,1,1795850395073,1795850395085,1,0,1795850395080,4939,1,204,0,NULL,X'A914B8C6031037208904E81B732069DB2C1CB2E02104FEF05492E91FF5AD28DC',NULL,'Date: Sat, 28 Nov 2026 07:19:55 GMT
Connection: keep-alive
Keep-Alive: timeout=5
',NULL,0,NULL,62,NULL,4852);
INSERT INTO "ended_delivery" VALUES(3,1,X'',1,1,1795850395082,1795850395097,1,0,1795850395088,8035,1,204,0,NULL,X'6AF7F30E1F71A824CC4769CC93D3731B3207565BD40A2D315998C378DD21AF9A',NULL,'Date: Sat, 28 Nov 2026 07:19:55 GMT
Connection: keep-alive
Keep-Alive: timeout=5
',NULL,0,NULL,NULL,NULL,8019);
INSERT INTO "ended_delivery" VALUES(4,1,X'',1,1,1795850395090,1795850395099,1,0,1795850395091,7385,1,204,0,NULL,X'85E1058A97FB491BE53182032B71BC04BB57B9A63AB454A4C2F26E59E2E31241',NULL,'Date: Sat, 28 Nov 2026 07:19:55 GMT
Connection: keep-alive
Keep-Alive: timeout=5
',NULL,0,NULL,68,NULL,7298);
INSERT INTO "ended_delivery" VALUES(5,1,X'',1,1,1795850395099,1795850395104,1,0,1795850395102,1651,1,204,0,NULL,X'9A904DAB58C3CE4F8082FC863EBFF125FB29181CA02E46FCF86C9F3D5CE0F3FB',NULL,'Date: Sat, 28 Nov 2026 07:19:55 GMT
Connection: keep-alive
Keep-Alive: timeout=5
',NULL,0,NULL,NULL,NULL,1642);
INSERT INTO "ended_delivery" VALUES(6,1,X'',1,1,1795850395159,1795850395161,1,0,1795850395160,767,1,204,0,NULL,X'9AB012A87EFA233032F4411C104E4BF856E64BFE97B2E91419962051E61836F8',NULL,'Date: Sat, 28 Nov 2026 07:19:55 GMT
Connection: keep-alive
Keep-Alive: timeout=5
',NULL,0,NULL,NULL,NULL,755);
CREATE TABLE event (
  position INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, type INTEGER NOT NULL, origin INTEGER NOT NULL,
  timestamp INTEGER NOT NULL, created_at INTEGER NOT NULL, venue INTEGER NOT NULL, venues_group TEXT,
  resource INTEGER NOT NULL, previous INTEGER, payload TEXT NOT NULL
);
INSERT INTO "event" VALUES(1,X'01A221065DBD77BEAB11D80A22BA4C4D',0,0,1795850395069,1795850395069,1,'g',1,NULL,'{"event":"account.created","timestamp":1795850395069,"venue_id":"v","venues_group_id":"g","data":{"id":"a1","name":"Dupont SARL","created_at":1795850395069}}');
INSERT INTO "event" VALUES(2,X'01A221065DC171418E1633F1C3BD239D',3,0,1795850395073,1795850395073,1,'g',2,NULL,'{"event":"contact.created","timestamp":1795850395073,"venue_id":"v","venues_group_id":"g","data":{"id":"c1","first_name":"Zoé","last_name":"Dupont","phone":"+33 6 12 34 56 78","account_id":"a1","created_at":1795850395073}}');
INSERT INTO "event" VALUES(3,X'01A221065DCA750687170242A935463F',4,0,1795850395082,1795850395082,1,'g',2,2,'{"event":"contact.updated","timestamp":1795850395082,"venue_id":"v","venues_group_id":"g","data":{"id":"c1","first_name":"Zoé","last_name":"Dupont","phone":"+33 6 12 34 56 78","account_id":"a1","city":"Lyon","created_at":1795850395073,"custom_01a22106-5da1-7cb1-b032-e0a8c4c86486":"fish"}}');
INSERT INTO "event" VALUES(4,X'01A221065DD2719F9BA4C351BCE33FCA',3,0,1795850395090,1795850395090,1,'g',3,NULL,'{"event":"contact.created","timestamp":1795850395090,"venue_id":"v","venues_group_id":"g","data":{"id":"c2","first_name":"Max","created_at":1795850395090}}');
INSERT INTO "event" VALUES(5,X'01A221065DDA78379D00AF4DA8DEFEB6',5,0,1795850395098,1795850395099,1,'g',3,4,'{"event":"contact.deleted","timestamp":1795850395098,"venue_id":"v","venues_group_id":"g","data":{"id":"c2"}}');
INSERT INTO "event" VALUES(6,X'01A221065E1171A4BD5C7CB377E588BA',3,0,1795850395153,1795850395159,1,'g',4,NULL,'{"event":"contact.created","timestamp":1795850395153,"venue_id":"v","venues_group_id":"g","data":{"id":"i1","first_name":"Ida","email":"ida@example.com","created_at":1795850395153}}');
CREATE TABLE exhausted (webhook INTEGER PRIMARY KEY, since INTEGER NOT NULL, last_at INTEGER NOT NULL);
CREATE TABLE import (
  id BLOB PRIMARY KEY, venue INTEGER NOT NULL, kind INTEGER NOT NULL,
  actor_kind INTEGER NOT NULL, actor_id TEXT NOT NULL, actor_name TEXT NOT NULL,
  header TEXT NOT NULL, columns TEXT NOT NULL, -- JSON
  delimiter INTEGER NOT NULL, state INTEGER NOT NULL, row_count INTEGER NOT NULL,
  done INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL, unchanged INTEGER NOT NULL,
  refused INTEGER NOT NULL, place INTEGER NOT NULL, created_at INTEGER NOT NULL, ended_at INTEGER
, encoding TEXT NOT NULL DEFAULT 'utf-8', line_end INTEGER NOT NULL DEFAULT 0, line INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
INSERT INTO "import" VALUES(X'01A221065E0F7EBABD6179B2D71CC5D8',1,1,2,'00000000-0000-7000-8000-000000000000','bootstrap','["id","first_name","email"]','["id","first_name","email"]',59,1,2,2,1,0,0,1,57,1795850395151,1795850395153,'utf-8',1,4);
CREATE TABLE import_chunk (import BLOB NOT NULL, number INTEGER NOT NULL, bytes BLOB NOT NULL,
  PRIMARY KEY (import, number));
CREATE TABLE import_refused (import BLOB NOT NULL, line INTEGER NOT NULL, errors TEXT NOT NULL, cells TEXT NOT NULL, -- JSON
  PRIMARY KEY (import, line));
INSERT INTO "import_refused" VALUES(X'01A221065E0F7EBABD6179B2D71CC5D8',2,'[{"field":"email","detail":"must be an e-mail address, with an @"}]','["i2","Uwe","nobody"]');
CREATE TABLE inbox (
  id BLOB PRIMARY KEY, name TEXT NOT NULL, scope_kind INTEGER NOT NULL, scope_id TEXT NOT NULL,
  token TEXT NOT NULL UNIQUE, behaviour INTEGER NOT NULL, created_at INTEGER NOT NULL, version INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO "inbox" VALUES(X'01A221065E0C7AFDA930AC5AD99F33B6','Try',2,'v','Cyk8mKCAkyT6i55zNcDRk1nL_K2NQEBg',0,1795850395148,1);
CREATE TABLE incident (
  id INTEGER PRIMARY KEY AUTOINCREMENT, webhook INTEGER NOT NULL, kind INTEGER NOT NULL, started_at INTEGER NOT NULL,
  UNIQUE (webhook, kind)
);
INSERT INTO "incident" VALUES(1,2,0,1795850396973);
CREATE TABLE kept_answer (
  key BLOB PRIMARY KEY, request BLOB NOT NULL, answer BLOB NOT NULL, created_at INTEGER NOT NULL -- answer: encrypted
) WITHOUT ROWID;
CREATE TABLE master_key_check (sealed BLOB NOT NULL);
INSERT INTO "master_key_check" VALUES(X'1C9F041D1F8A49DD582676F776EF556B460428BAA38F47EC4FB0BCE6885B468F9205D9577C00EA787A1003BCB54E9C9AEF');
CREATE TABLE notice (
  number INTEGER PRIMARY KEY AUTOINCREMENT, channel BLOB NOT NULL, kind INTEGER NOT NULL, state INTEGER NOT NULL,
  webhook INTEGER NOT NULL, incident INTEGER NOT NULL, facts TEXT NOT NULL, -- JSON
  attempts INTEGER NOT NULL, created_at INTEGER NOT NULL, due INTEGER NOT NULL, sent_at INTEGER, error TEXT NOT NULL
);
INSERT INTO "notice" VALUES(1,X'01A221065DDF72F8855B60E8D9B7165B',0,0,2,0,'{"webhook_id":"01a22106-5daf-7972-a24b-e90f83d1ea14","webhook_name":"Failing","scope_kind":1,"scope_id":"g","since_ms":1795850395086,"pending":5,"cause":"The endpoint answered 500 Internal Server Error.","cause_code":"server_error","cause_number":500}',0,1795850396973,1795851005086,NULL,'');
CREATE TABLE notice_channel (
  id BLOB PRIMARY KEY, name TEXT NOT NULL, scope_kind INTEGER NOT NULL, scope_id TEXT NOT NULL, kind INTEGER NOT NULL,
  kinds INTEGER NOT NULL, enabled INTEGER NOT NULL, after_minutes INTEGER NOT NULL,
  quiet_from INTEGER, quiet_until INTEGER, quiet_utc_offset INTEGER, -- minutes
  language INTEGER NOT NULL, sealed BLOB NOT NULL, -- JSON {target, secret, recipients}, encrypted
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO "notice_channel" VALUES(X'01A221065DDF72F8855B60E8D9B7165B','Ops',0,'',1,3,1,10,NULL,NULL,NULL,0,X'FD420294F1FAD1D1A3A0A3C1F00D6B1AA863E28C05CFFEA92A9E0AA146FE97874303772B96CC727166290B4149CAE2938661C81C7B2D5CB81D8A3ABC367D6FE21A4D17279225B7408729E6DD1BC7C5BAA804F7E09845DAFE6222B05B1EED633B743CBA',1795850395103,1795850395103,1);
CREATE TABLE owed_block (
  webhook INTEGER NOT NULL, first INTEGER NOT NULL, positions BLOB NOT NULL, PRIMARY KEY (webhook, first)
) WITHOUT ROWID;
CREATE TABLE pending_delivery (
  webhook INTEGER NOT NULL, position INTEGER NOT NULL, id BLOB NOT NULL, resource INTEGER NOT NULL,
  purpose INTEGER NOT NULL, attempt_trigger INTEGER NOT NULL, attempts_made INTEGER NOT NULL,
  retries_made INTEGER NOT NULL, created_at INTEGER NOT NULL, due INTEGER,
  PRIMARY KEY (webhook, position)
) WITHOUT ROWID;
INSERT INTO "pending_delivery" VALUES(2,2,X'',2,0,0,1,1,1795850395073,1795850405365);
INSERT INTO "pending_delivery" VALUES(2,3,X'',2,0,0,1,1,1795850395082,1795850406058);
INSERT INTO "pending_delivery" VALUES(2,4,X'',3,0,0,1,1,1795850395090,1795850405888);
INSERT INTO "pending_delivery" VALUES(2,5,X'',3,0,0,1,1,1795850395099,1795850405960);
INSERT INTO "pending_delivery" VALUES(2,6,X'',4,0,0,1,1,1795850395159,1795850405532);
CREATE TABLE replay (
  id BLOB PRIMARY KEY, webhook INTEGER NOT NULL, statuses INTEGER NOT NULL, events INTEGER NOT NULL,
  since INTEGER, until INTEGER, missing INTEGER NOT NULL, state INTEGER NOT NULL, matched INTEGER NOT NULL,
  done INTEGER NOT NULL, created_at INTEGER NOT NULL, ended_at INTEGER,
  looked_until INTEGER NOT NULL, last_position INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE resource (
  number INTEGER PRIMARY KEY, venue INTEGER NOT NULL, kind INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
  last_timestamp INTEGER NOT NULL, last_event INTEGER NOT NULL,
  data TEXT, email TEXT, account_id TEXT, search TEXT, sort_name TEXT, created_at INTEGER,
  UNIQUE (venue, kind, id)
);
INSERT INTO "resource" VALUES(1,1,0,'a1',1,1795850395069,1,'{"id":"a1","name":"Dupont SARL","created_at":1795850395069}',NULL,NULL,'dupont sarl a1','dupont sarl',1795850395069);
INSERT INTO "resource" VALUES(2,1,1,'c1',2,1795850395082,3,'{"id":"c1","first_name":"Zoé","last_name":"Dupont","phone":"+33 6 12 34 56 78","account_id":"a1","city":"Lyon","created_at":1795850395073,"custom_01a22106-5da1-7cb1-b032-e0a8c4c86486":"fish"}',NULL,'a1','zoe dupont +33 6 12 34 56 78 c1 33612345678 0612345678','dupont zoe',1795850395073);
INSERT INTO "resource" VALUES(3,1,1,'c2',2,1795850395098,5,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "resource" VALUES(4,1,1,'i1',1,1795850395153,6,'{"id":"i1","first_name":"Ida","email":"ida@example.com","created_at":1795850395153}','ida@example.com',NULL,'ida ida@example.com i1','ida',1795850395153);
CREATE TABLE search_change (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, number INTEGER NOT NULL, venue INTEGER NOT NULL, kind INTEGER NOT NULL,
  name TEXT, search TEXT
);
CREATE TABLE search_index (stamp INTEGER NOT NULL, forgotten INTEGER NOT NULL);
INSERT INTO "search_index" VALUES(3822973408713067609,1);
CREATE TABLE search_text_form (form INTEGER NOT NULL, done INTEGER NOT NULL);
INSERT INTO "search_text_form" VALUES(1,0);
CREATE TABLE session (
  token_hash BLOB PRIMARY KEY, user BLOB NOT NULL, epoch INTEGER NOT NULL,
  created_at INTEGER NOT NULL, last_used_at INTEGER NOT NULL
, network TEXT NOT NULL DEFAULT '', device TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
CREATE TABLE user (
  id BLOB PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, role INTEGER NOT NULL,
  scope_kind INTEGER NOT NULL, scope_id TEXT NOT NULL, language TEXT NOT NULL, password_hash TEXT NOT NULL,
  epoch INTEGER NOT NULL, created_at INTEGER NOT NULL, last_signed_in_at INTEGER, version INTEGER NOT NULL
, must_change_password INTEGER NOT NULL DEFAULT 0, link_kind INTEGER, link_hash BLOB, link_expires_at INTEGER, second_factor BLOB NOT NULL DEFAULT x'') WITHOUT ROWID;
INSERT INTO "user" VALUES(X'01A221065DE27C00BF69CF787C52755C','Ada','ada@example.com',0,0,'','','$argon2id$v=19$m=32768,t=3,p=1$5I3iKY2gqef8fIBhcpuxRA$F7qHOvnsQR/+9DBIjh2daU5NiiweyPmt3SvHjhRdFPM',1,1795850395106,NULL,1,0,NULL,NULL,NULL,X'');
INSERT INTO "user" VALUES(X'01A221065E097570B7ED9C8D9289AB04','Max','max@example.com',1,2,'v','','',1,1795850395145,NULL,1,0,0,X'8A09AF73B3D7CC0C9E44778CE701D67C4AEE575E98396BB9E3A1C7B8988A7A52',1796455195145,X'');
CREATE TABLE venue (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, venues_group TEXT,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0
);
INSERT INTO "venue" VALUES(1,'v','L''Orangerie','g',1795850395036,1795850395036,1,0);
CREATE TABLE venues_group (
  id TEXT PRIMARY KEY, name TEXT NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO "venues_group" VALUES('g','Les Halles',1795850395025,1795850395025,1);
CREATE TABLE webhook (
  number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, name TEXT NOT NULL, url TEXT NOT NULL, events INTEGER NOT NULL,
  scope_kind INTEGER NOT NULL, scope_id TEXT NOT NULL, enabled INTEGER NOT NULL, disabled_reason TEXT NOT NULL,
  ordering INTEGER NOT NULL, standard_headers INTEGER NOT NULL, max_concurrent INTEGER, max_per_second INTEGER,
  sealed BLOB NOT NULL, -- JSON {headers, current, previous}, encrypted
  overlap_ends_at INTEGER,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0
, retry_schedule INTEGER NOT NULL DEFAULT 0, disable_after_days INTEGER);
INSERT INTO "webhook" VALUES(1,X'01A221065DA972EE9A05476CCAD25162','CRM','http://127.0.0.1:36707/ok',56,2,'v',1,'',1,0,3,NULL,X'C63EE76E1EA7FA2D618662D96729291651D9E372852165A4FD726E0806CC1C2093F095AC8BC1E98C96F45E7E392E3EFF7BC2249E66E18DC7C4D3675002F7156C8D2516ABBC917A1D5E7460FF48CC0F0BC102D335D2B42703D167977AB24B646D617242F75026BE1D3FBEC5146B354C1EBF93EE435B9B7A6D685A87B92B3560EF547057A56FEF0678F4BA5474116C52661D76262DF3B1',NULL,1795850395049,1795850395049,1,0,1,5);
INSERT INTO "webhook" VALUES(2,X'01A221065DAF7972A24BE90F83D1EA14','Failing','http://127.0.0.1:36707/fail',56,1,'g',1,'',0,0,NULL,NULL,X'10095F8E979F91037ACD9F5B2CB378F14B3B137DFCA0CEB05B7FE1C67078E211B1D61973408E5D7B84905DEBC410069E70184FDB44467949BF3974A18431D7F78A07363D78C62C67BD3DD696270A962F73EB1914920B31BE418F9ECC415A67CA2E7B3B01B88F0A8BBD9474CFF3CDC5C6F76F7F9EFDAE858E221FBBFBE0227C95948777',NULL,1795850395055,1795850395055,1,0,0,NULL);
INSERT INTO "webhook" VALUES(3,X'01A221065DBA77F7B0E741B9F35D515D','Off','http://127.0.0.1:36707/ok',56,2,'v',0,'',0,0,NULL,NULL,X'D930BADD45AC666CFAFF3F785290DFA92199DB7A4EFCC8AD016B2EC06C36F4496B97A32B6C4D4BC8B220578D354D5D6729539C650D6B29F493E158DADC744C6329188085A2F787921921A173BF8C67C63D95866E2979CD122EA5485DCD662A2FCD65C359AECAD64EBD5F530766201FDF9A207E7B5F87FE3CA4203756E35BC44A9381E4',NULL,1795850395066,1795850395066,1,0,0,NULL);
CREATE TABLE webhook_health (
  webhook INTEGER PRIMARY KEY, consecutive_failures INTEGER NOT NULL, failing_since INTEGER,
  last_delivered_at INTEGER, last_failed_at INTEGER, pending INTEGER NOT NULL
, owed BLOB NOT NULL DEFAULT x'');
INSERT INTO "webhook_health" VALUES(1,0,NULL,1795850395161,NULL,0,X'');
INSERT INTO "webhook_health" VALUES(2,5,1795850395086,NULL,1795850395161,5,X'');
INSERT INTO "webhook_health" VALUES(3,0,NULL,NULL,NULL,5,X'0201010101');
CREATE TABLE webhook_statistics (
  webhook INTEGER NOT NULL, hour INTEGER NOT NULL,
  delivered INTEGER NOT NULL, failed INTEGER NOT NULL, canceled INTEGER NOT NULL,
  attempts INTEGER NOT NULL, failed_attempts INTEGER NOT NULL,
  latency BLOB NOT NULL, -- model/statistics.h
  PRIMARY KEY (webhook, hour)
) WITHOUT ROWID;
INSERT INTO "webhook_statistics" VALUES(1,1795849200000,5,0,0,5,0,X'08010401060101010001');
INSERT INTO "webhook_statistics" VALUES(2,1795849200000,0,0,0,5,5,X'03010201090103010101');
CREATE TABLE webhook_version (
  webhook INTEGER NOT NULL, version INTEGER NOT NULL, url TEXT NOT NULL, standard_headers INTEGER NOT NULL,
  header_names TEXT NOT NULL, -- JSON
  PRIMARY KEY (webhook, version)
) WITHOUT ROWID;
INSERT INTO "webhook_version" VALUES(1,1,'http://127.0.0.1:36707/ok',0,'["X-Token"]');
INSERT INTO "webhook_version" VALUES(2,1,'http://127.0.0.1:36707/fail',0,'[]');
INSERT INTO "webhook_version" VALUES(3,1,'http://127.0.0.1:36707/ok',0,'[]');
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
CREATE INDEX audit_kept ON audit (failed, scope_kind, scope_id, actor_id, position);
CREATE INDEX pending_untried ON pending_delivery (webhook, position) WHERE due IS NULL;
CREATE INDEX search_change_number ON search_change (number, sequence);
CREATE INDEX notice_waiting ON notice (channel, due) WHERE state = 0;
CREATE INDEX notice_of_channel ON notice (channel, number);
CREATE INDEX notice_of_incident ON notice (webhook, incident);
CREATE INDEX webhook_trouble ON webhook_health (webhook) WHERE (consecutive_failures >= 2 OR pending >= 1000);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('custom_field',1);
INSERT INTO "sqlite_sequence" VALUES('audit',9);
INSERT INTO "sqlite_sequence" VALUES('search_change',1);
INSERT INTO "sqlite_sequence" VALUES('incident',1);
INSERT INTO "sqlite_sequence" VALUES('notice',1);
COMMIT;
