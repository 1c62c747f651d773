#include "store/sqlite/tables/user_rows.h"

#include <memory>

#include "store/config_columns.h"
#include "store/config_rules.h"
#include "store/session_columns.h"

namespace shakehook::sqlite {
struct SessionColumns : ColumnsOfSession<"user AS user_id"> {};

UserRows::UserRows(Connection& connection, const SecretBox& box, Random& random)
    : connection_(connection),
      secrets_(box, random),
      upsert_(
          connection,
          "INSERT OR REPLACE INTO user (id, name, email, role, scope_kind, scope_id, language, password_hash, epoch,"
          " created_at, last_signed_in_at, version, must_change_password, link_kind, link_hash, link_expires_at,"
          " second_factor)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)"),
      insert_session_(connection,
                      "INSERT INTO session (token_hash, user, epoch, created_at, last_used_at, network, device)"
                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
      use_session_(connection, "UPDATE session SET last_used_at = max(last_used_at, ?2) WHERE token_hash = ?1"),
      end_session_(connection, "DELETE FROM session WHERE token_hash = ?1"),
      drop_sessions_of_(connection, "DELETE FROM session WHERE user = ?1"),
      drop_old_sessions_of_(connection,
                            "DELETE FROM session WHERE token_hash IN (SELECT token_hash FROM session WHERE user = ?1"
                            " ORDER BY created_at DESC LIMIT -1 OFFSET ?2)"),
      drop_idle_sessions_(connection, "DELETE FROM session WHERE last_used_at < ?1") {}

void UserRows::Load(ConfigCache& config_cache) {
  Select<UserColumns> users(connection_, "FROM user");
  for (auto row = users.With(); row.Step();) config_cache.Put(std::make_shared<User>(ReadUser(row, secrets_)));
}

// --- Users ---

Stored<Done> UserRows::Put(const ConfigChange::Put<User>& put, WriteSession& session) {
  const ConfigCache& config_cache = session.config_cache();
  const auto existing = config_cache.FindUser(put.value.id);
  if (const auto checked = ConfigRules(config_cache, {}).Check(put); !checked) return checked;
  auto user = std::make_shared<User>(put.value);
  user->version = put.expected_version + 1;
  if (existing) user->last_signed_in_at = existing->last_signed_in_at;
  const std::string sealed = secrets_.Seal(user->second_factor);
  std::optional<UserLink::Kind> link_kind;
  std::optional<Digest> link_hash;
  std::optional<Timestamp> link_expires_at;
  if (user->link) {
    link_kind = user->link->kind;
    link_hash = user->link->token_hash;
    link_expires_at = user->link->expires_at;
  }
  upsert_.Run(user->id, user->name, user->email, user->role, user->scope.kind, user->scope.id, user->language,
              user->password_hash, user->epoch, user->created_at, user->last_signed_in_at, user->version,
              user->must_change_password, link_kind, link_hash, link_expires_at, Blob{sealed});
  if (existing && existing->epoch != user->epoch) drop_sessions_of_.Run(user->id);
  session.AfterCommit([&config_cache = session.config_cache_to_change(), user] { config_cache.Put(SharedUser(user)); });
  return Done();
}

Stored<Done> UserRows::Remove(const ConfigChange::Delete<UserId>& remove, WriteSession& session) {
  if (const auto checked = ConfigRules(session.config_cache(), {}).Check(remove); !checked) return checked;
  drop_sessions_of_.Run(remove.id);
  Statement(connection_, "DELETE FROM user WHERE id = ?1").Run(remove.id);
  session.AfterCommit([&config_cache = session.config_cache_to_change(), id = remove.id] { config_cache.Remove(id); });
  return Done();
}

// --- Sessions ---

Stored<Done> UserRows::BeginSession(const Session& begun, WriteSession& session) {
  const auto user = session.config_cache().FindUser(begun.user_id);
  if (!user || user->epoch != begun.epoch) return Refuse(Refusal::Kind::kMissing, "the user does not exist");
  drop_idle_sessions_.Run(begun.created_at - kSessionIdleMax);
  insert_session_.Run(begun.token_hash, begun.user_id, begun.epoch, begun.created_at, begun.last_used_at, begun.network,
                      begun.device);
  drop_old_sessions_of_.Run(begun.user_id, kSessionsPerUserMax);
  Statement(connection_, "UPDATE user SET last_signed_in_at = ?2 WHERE id = ?1").Run(begun.user_id, begun.created_at);
  auto signed_in = std::make_shared<User>(*user);
  signed_in->last_signed_in_at = begun.created_at;
  session.AfterCommit(
      [&config_cache = session.config_cache_to_change(), signed_in] { config_cache.Put(SharedUser(signed_in)); });
  return Done();
}

void UserRows::UseSession(const Digest& token_hash, Timestamp now) { use_session_.Run(token_hash, now); }

Stored<Done> UserRows::EndSession(const Digest& token_hash) {
  end_session_.Run(token_hash);
  if (connection_.changes() == 0) return Refuse(Refusal::Kind::kMissing, "the session has ended");
  return Done();
}

SessionReads::SessionReads(Connection& connection)
    : select_(connection, "FROM session WHERE token_hash = ?1"),
      select_of_user_(connection, "FROM session WHERE user = ?1 ORDER BY created_at DESC") {}

std::optional<Session> SessionReads::Find(const Digest& token_hash) {
  auto row = select_.With(token_hash);
  if (!row.Step()) return std::nullopt;
  return ReadSession(row);
}

std::vector<Session> SessionReads::List(UserId user) {
  std::vector<Session> sessions;
  for (auto row = select_of_user_.With(user); row.Step();) sessions.push_back(ReadSession(row));
  return sessions;
}

}  // namespace shakehook::sqlite
