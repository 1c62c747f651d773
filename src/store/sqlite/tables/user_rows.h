// The rows of users and of their sessions. Users are read into the ConfigCache at the start, like the rest of the
// configuration; sessions stay in the file, where each request looks its own up.
//
// Threads: UserRows the writer's; SessionReads those of its connection.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/secret_box.h"
#include "store/config_texts.h"
#include "store/sqlite/engine/select.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/engine/write_session.h"
#include "store/store.h"

namespace shakehook::sqlite {

class UserRows {
 public:
  UserRows(Connection& connection, const SecretBox& box, Random& random);

  // Throws std::runtime_error if a second factor cannot be decrypted.
  void Load(ConfigCache& config_cache);

  // All except UseSession and EndSession run alone in their group.
  Stored<Done> Put(const ConfigChange::Put<User>& put, WriteSession& session);
  Stored<Done> Remove(const ConfigChange::Delete<UserId>& remove, WriteSession& session);
  Stored<Done> BeginSession(const Session& begun, WriteSession& session);
  void UseSession(const Digest& token_hash, Timestamp now);
  Stored<Done> EndSession(const Digest& token_hash);

 private:
  Connection& connection_;
  ConfigSecrets secrets_;
  Statement upsert_, insert_session_, use_session_, end_session_, drop_sessions_of_, drop_old_sessions_of_,
      drop_idle_sessions_;
};

class SessionReads {
 public:
  explicit SessionReads(Connection& connection);
  std::optional<Session> Find(const Digest& token_hash);
  // Returns them from the newest to the oldest, those too that are over.
  std::vector<Session> List(UserId user);

 private:
  Select<struct SessionColumns> select_, select_of_user_;
};

}  // namespace shakehook::sqlite
