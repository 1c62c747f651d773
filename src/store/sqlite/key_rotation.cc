#include "store/sqlite/key_rotation.h"

#include "store/sqlite/database_file.h"

namespace shakehook {
namespace sqlite {
namespace {

struct Resealing {
  const SecretBox& from;
  const SecretBox& to;
  Random& random;
};

// reseal(BLOB) for SQL: what was sealed with the one key, sealed with the other.
void Reseal(sqlite3_context* context, int, sqlite3_value** arguments) {
  const auto& resealing = *static_cast<Resealing*>(sqlite3_user_data(context));
  const auto* const bytes = static_cast<const char*>(sqlite3_value_blob(arguments[0]));
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(arguments[0]));
  const auto opened = resealing.from.Open({bytes, bytes == nullptr ? 0 : size});
  if (!opened) {
    sqlite3_result_error(context, "something in it cannot be read with its master key", -1);
    return;
  }
  const std::string sealed = resealing.to.Seal(*opened, resealing.random);
  sqlite3_result_blob64(context, sealed.data(), sealed.size(), SQLITE_TRANSIENT);
}

RotatedSecrets Rotate(Connection& connection, Resealing resealing) {
  if (IsMasterKey(connection, resealing.to)) return {.before = true};
  CheckMasterKey(connection, resealing.from, resealing.random);
  const int code = sqlite3_create_function_v2(connection.get(), "reseal", 1, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                                              &resealing, &Reseal, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) connection.Throw(code);
  RotatedSecrets rotated;
  connection.Execute("PRAGMA secure_delete = ON");  // nothing under the old key stays behind in the file
  connection.Execute("BEGIN IMMEDIATE");
  connection.Execute("UPDATE webhook SET sealed = reseal(sealed) WHERE sealed <> x''");  // empty: a deleted one's
  rotated.webhooks = connection.changes();
  connection.Execute("UPDATE kept_answer SET answer = reseal(answer)");
  rotated.kept_answers = connection.changes();
  connection.Execute("UPDATE master_key_check SET sealed = reseal(sealed)");
  connection.Execute("COMMIT");
  connection.Integer("PRAGMA wal_checkpoint(TRUNCATE)");
  return rotated;
}

}  // namespace
}  // namespace sqlite

std::expected<RotatedSecrets, std::string> RotateMasterKey(const std::string& database, const SecretBox& from,
                                                           const SecretBox& to, Random& random) {
  const auto lock = sqlite::FileLock::Acquire(database);
  if (!lock) return std::unexpected(lock.error());
  const auto connection = sqlite::OpenDatabase(database, Switch::kOn);
  if (!connection) return std::unexpected(connection.error());
  try {
    return sqlite::Rotate(**connection, {from, to, random});
  } catch (const std::runtime_error& error) {
    return std::unexpected("cannot rotate the master key of " + database + ": " + error.what());
  }
}

}  // namespace shakehook
