#include "store/sqlite/key_rotation.h"

#include <utility>

#include "store/sqlite/database_file.h"

namespace shakehook {
namespace sqlite {
namespace {

struct Resealing {
  const SecretBox& from;
  const SecretBox& to;
  Random& random;
};

// The SQL function reseal(BLOB): opens with the one key and seals with the other.
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

class Rotation final : public KeyRotation {
 public:
  Rotation(std::string path, std::unique_ptr<FileLock> lock, std::unique_ptr<Connection> connection)
      : path_(std::move(path)), lock_(std::move(lock)), connection_(std::move(connection)) {}

  bool IsUnder(const SecretBox& box) override { return IsMasterKey(*connection_, box); }

  std::expected<RotatedSecrets, std::string> Run(const SecretBox& from, const SecretBox& to, Random& random) override {
    try {
      Resealing resealing{from, to, random};
      const int code = sqlite3_create_function_v2(connection_->get(), "reseal", 1, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                                                  &resealing, &Reseal, nullptr, nullptr, nullptr);
      if (code != SQLITE_OK) connection_->Throw(code);
      return ResealAll();
    } catch (const SqliteError& error) {
      if (!sqlite3_get_autocommit(connection_->get())) {
        sqlite3_exec(connection_->get(), "ROLLBACK", nullptr, nullptr, nullptr);
      }
      return std::unexpected("cannot rotate the master key of " + path_ + ": " + error.what());
    }
  }

 private:
  RotatedSecrets ResealAll() {
    RotatedSecrets rotated;
    connection_->Execute("PRAGMA secure_delete = ON");  // the file keeps nothing that was sealed with the old key
    connection_->Execute("BEGIN IMMEDIATE");
    connection_->Execute("UPDATE webhook SET sealed = reseal(sealed) WHERE sealed <> x''");  // empty: a deleted one's
    rotated.webhooks = connection_->changes();
    connection_->Execute("UPDATE notice_channel SET sealed = reseal(sealed)");
    connection_->Execute("UPDATE user SET second_factor = reseal(second_factor) WHERE second_factor <> x''");
    connection_->Execute("UPDATE kept_answer SET answer = reseal(answer)");
    rotated.idempotency_records = connection_->changes();
    connection_->Execute("UPDATE master_key_check SET sealed = reseal(sealed)");
    connection_->Execute("COMMIT");
    // The log must be emptied too; if that fails, the rotation has succeeded all the same.
    sqlite3_wal_checkpoint_v2(connection_->get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    return rotated;
  }

  const std::string path_;
  const std::unique_ptr<FileLock> lock_;
  const std::unique_ptr<Connection> connection_;
};

}  // namespace
}  // namespace sqlite

std::expected<std::unique_ptr<KeyRotation>, std::string> KeyRotation::Open(const std::string& database) {
  auto lock = sqlite::FileLock::Acquire(database);
  if (!lock) return std::unexpected(lock.error());
  auto connection = sqlite::OpenDatabase(database, Switch::kOn);
  if (!connection) return std::unexpected(connection.error());
  return std::make_unique<sqlite::Rotation>(database, *std::move(lock), *std::move(connection));
}

}  // namespace shakehook
