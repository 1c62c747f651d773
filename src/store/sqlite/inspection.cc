#include "store/sqlite/inspection.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>

#include "store/sqlite/database_file.h"
#include "store/sqlite/engine/migrations.h"
#include "store/sqlite/engine/sqlite.h"

namespace shakehook {
namespace {

// Tells whether another process holds the lock of FileLock, by trying to hold it for a moment.
bool IsInUse(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool in_use = ::flock(file, LOCK_SH | LOCK_NB) != 0;
  ::close(file);
  return in_use;
}

std::int64_t BytesOf(const std::string& path) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path, error);
  return error ? 0 : static_cast<std::int64_t>(bytes);
}

}  // namespace

std::expected<DatabaseFacts, std::string> InspectDatabase(const std::string& path, const SecretBox* box) {
  // Called before the connection is open: closing a descriptor of the file drops SQLite's locks on it.
  DatabaseFacts facts{.schema_known = sqlite::SchemaVersion(),
                      .bytes = BytesOf(path),
                      .log_bytes = BytesOf(path + "-wal"),
                      .in_use = IsInUse(path)};
  try {
    sqlite::Connection connection(path, sqlite::Access::kReadOnly);
    facts.schema = connection.Integer("PRAGMA user_version");
    if (box != nullptr && facts.schema == facts.schema_known)
      facts.key_is_right = sqlite::IsMasterKey(connection, *box);
  } catch (const sqlite::SqliteError& error) {
    return std::unexpected("cannot read " + path + ": " + error.what());
  }
  return facts;
}

}  // namespace shakehook
