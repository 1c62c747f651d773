#include "store/sqlite/tables/user_rows.h"

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "base/check.h"
#include "base/encoding.h"
#include "base/json.h"
#include "store/sqlite/tables/config_checks.h"

namespace shakehook::sqlite {
namespace {

struct UserColumns
    : Columns<Column<"id", UserId>, Column<"name", std::string>, Column<"email", std::string>, Column<"role", Role>,
              Column<"scope_kind", Scope::Kind>, Column<"scope_id", std::string>, Column<"language", std::string>,
              Column<"password_hash", std::string>, Column<"epoch", std::int64_t>, Column<"created_at", Timestamp>,
              Column<"last_signed_in_at", std::optional<Timestamp>>, Column<"version", std::int64_t>,
              Column<"must_change_password", Switch>, Column<"link_kind", std::optional<UserLink::Kind>>,
              Column<"link_hash", std::optional<Digest>>, Column<"link_expires_at", std::optional<Timestamp>>,
              Column<"second_factor", std::string>> {};

Digest DigestOf(std::string_view bytes) {
  Digest digest;
  CHECK(bytes.size() == digest.size());
  std::ranges::copy(bytes, digest.begin());
  return digest;
}

std::string_view TextOf(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

struct SessionColumns : Columns<Column<"token_hash", Digest>, Column<"user", UserId>, Column<"epoch", std::int64_t>,
                                Column<"created_at", Timestamp>, Column<"last_used_at", Timestamp>,
                                Column<"network", std::string>, Column<"device", std::string>> {};

UserRows::UserRows(Connection& connection, const SecretBox& box, Random& random)
    : connection_(connection),
      box_(box),
      random_(random),
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
  for (auto row = users.With(); row.Step();) {
    std::optional<UserLink> link;
    if (const auto kind = row.Get<"link_kind">()) {
      link = {.kind = *kind, .token_hash = *row.Get<"link_hash">(), .expires_at = *row.Get<"link_expires_at">()};
    }
    config_cache.Put(std::make_shared<User>(User{.id = row.Get<"id">(),
                                                 .name = row.Get<"name">(),
                                                 .email = row.Get<"email">(),
                                                 .role = row.Get<"role">(),
                                                 .scope = ReadScope(row),
                                                 .language = row.Get<"language">(),
                                                 .password_hash = row.Get<"password_hash">(),
                                                 .epoch = row.Get<"epoch">(),
                                                 .created_at = row.Get<"created_at">(),
                                                 .last_signed_in_at = row.Get<"last_signed_in_at">(),
                                                 .version = row.Get<"version">(),
                                                 .must_change_password = row.Get<"must_change_password">(),
                                                 .link = link,
                                                 .second_factor = Unseal(row.Get<"second_factor">())}));
  }
}

// --- The second factor ---

std::string UserRows::Seal(const std::optional<SecondFactor>& factor) {
  if (!factor) return {};
  Json::Array recovery;
  for (const Digest& hash : factor->recovery_hashes) recovery.push_back(Json(ToHex(hash)));
  Json json;
  json.Add("secret", Json(ToBase64(AsBytes(factor->secret))))
      .Add("confirmed", factor->confirmed == Switch::kOn)
      .Add("used_step", factor->used_step)
      .Add("recovery", Json(std::move(recovery)));
  return box_.Seal(ToString(json), random_);
}

std::optional<SecondFactor> UserRows::Unseal(std::string_view sealed) const {
  if (sealed.empty()) return std::nullopt;
  const auto opened = box_.Open(sealed);
  if (!opened) {
    throw std::runtime_error("a user's second factor cannot be decrypted: the master key is not this database's");
  }
  const auto json = ParseJson(*opened);
  CHECK(json);
  SecondFactor factor{.secret = std::string(TextOf(*FromBase64(*json->Find("secret")->text()))),
                      .confirmed = *json->Find("confirmed")->boolean() ? Switch::kOn : Switch::kOff,
                      .used_step = *json->Find("used_step")->integer(),
                      .recovery_hashes = {}};
  for (const Json& hash : *json->Find("recovery")->array()) {
    factor.recovery_hashes.push_back(DigestOf(TextOf(*FromHex(*hash.text()))));
  }
  return factor;
}

// --- Users ---

Stored<Done> UserRows::Put(const ConfigChange::Put<User>& put, WriteSession& session) {
  const ConfigCache& config_cache = session.config_cache();
  const auto existing = config_cache.FindUser(put.value.id);
  if (const auto checked = CheckVersion(existing, put.expected_version, "a user with this id"); !checked) {
    return checked;
  }
  const auto same_email = config_cache.FindUserByEmail(put.value.email);
  if (same_email && same_email->id != put.value.id) {
    return Refuse(Refusal::Kind::kExists, "a user with this e-mail address exists already");
  }
  if (!ScopeExists(config_cache, put.value.scope)) {
    return Refuse(Refusal::Kind::kMissing, "the venue or venues group does not exist");
  }
  if (existing && existing->role == Role::kAdministrator && put.value.role != Role::kAdministrator &&
      config_cache.AdministratorCount() == 1) {
    return Refuse(Refusal::Kind::kLast, "it is the last administrator");
  }
  auto user = std::make_shared<User>(put.value);
  user->version = put.expected_version + 1;
  if (existing) user->last_signed_in_at = existing->last_signed_in_at;
  const std::string sealed = Seal(user->second_factor);
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
  const auto existing = session.config_cache().FindUser(remove.id);
  if (const auto checked = CheckRemoval(existing, remove.expected_version); !checked) return checked;
  if (existing->role == Role::kAdministrator && session.config_cache().AdministratorCount() == 1) {
    return Refuse(Refusal::Kind::kLast, "it is the last administrator");
  }
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

namespace {

Session SessionOf(const Rows<SessionColumns>& row) {
  return {.token_hash = row.Get<"token_hash">(),
          .user_id = row.Get<"user">(),
          .epoch = row.Get<"epoch">(),
          .created_at = row.Get<"created_at">(),
          .last_used_at = row.Get<"last_used_at">(),
          .network = row.Get<"network">(),
          .device = row.Get<"device">()};
}

}  // namespace

std::optional<Session> SessionReads::Find(const Digest& token_hash) {
  auto row = select_.With(token_hash);
  if (!row.Step()) return std::nullopt;
  return SessionOf(row);
}

std::vector<Session> SessionReads::List(UserId user) {
  std::vector<Session> sessions;
  for (auto row = select_of_user_.With(user); row.Step();) sessions.push_back(SessionOf(row));
  return sessions;
}

}  // namespace shakehook::sqlite
