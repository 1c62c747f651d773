#include "store/sqlite/database_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "store/sqlite/engine/log_restart.h"
#include "store/sqlite/engine/migrations.h"
#include "store/sqlite/engine/select.h"
#include "store/sqlite/tables/search_texts.h"

namespace shakehook::sqlite {
namespace {

constexpr std::string_view kMasterKeyCheck = "shakehook";

std::unexpected<std::string> CannotOpen(const std::string& path, const std::string& reason) {
  return std::unexpected("cannot open the database " + path + ": " + reason);
}

std::unexpected<std::string> InUse(const std::string& path) {
  return CannotOpen(path, "another shakehook is using it");
}

std::string FolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

}  // namespace

std::expected<std::unique_ptr<FileLock>, std::string> FileLock::Acquire(const std::string& path) {
  const std::string lock_path = path + ".lock";
  const int descriptor = open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return CannotOpen(path, "cannot make " + lock_path + ": " + std::strerror(errno));
  std::unique_ptr<FileLock> lock(new FileLock(descriptor));
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) return InUse(path);
  // SQLite makes its files by the process's mask; only the owner may read these.
  lock->file_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock->file_ < 0) return CannotOpen(path, std::strerror(errno));
  if (flock(lock->file_, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK) return InUse(path);
  return CannotOpen(path, std::string("cannot lock it: ") + std::strerror(errno));
}

FileLock::~FileLock() {
  if (file_ >= 0) close(file_);
  close(beside_);
}

SecondDescriptor::SecondDescriptor(const std::string& path) : descriptor_(open(path.c_str(), O_RDWR | O_CLOEXEC)) {
  if (descriptor_ < 0) throw std::runtime_error(std::strerror(errno));
}

SecondDescriptor::~SecondDescriptor() { close(descriptor_); }

std::string SynchronousSetting(Switch durable) { return durable == Switch::kOn ? "FULL" : "OFF"; }

std::expected<std::unique_ptr<Connection>, std::string> OpenDatabase(const std::string& path, Switch durable) {
  // SQLite makes its files by the process's mask; only the owner may read these.
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return CannotOpen(path, std::strerror(errno));
  close(descriptor);
  KeepTemporaryFilesIn(FolderOf(path));
  try {
    auto connection = std::make_unique<Connection>(path, Access::kReadWrite, LockedRestarts(durable));
    const std::int64_t version = connection->Integer("PRAGMA user_version");
    const bool empty = version == 0 && connection->Integer("SELECT count(*) FROM sqlite_master") == 0;
    if (!empty && connection->Integer("PRAGMA application_id") != kApplicationId) {
      return CannotOpen(path, "it is another program's database");
    }
    if (version > SchemaVersion()) {
      return CannotOpen(path, "it was written by a newer shakehook (schema " + std::to_string(version) +
                                  ", this one knows " + std::to_string(SchemaVersion()) + ")");
    }
    connection->Execute("PRAGMA journal_mode = WAL");
    connection->Execute("PRAGMA synchronous = " + SynchronousSetting(durable));
    connection->Execute("PRAGMA cache_size = -32768");
    // Longer than checkpoints.h usually lets it become: a log that is cut has to be lengthened again, and each commit
    // that lengthens it waits for the file system's own journal too.
    connection->Execute("PRAGMA journal_size_limit = 134217728");
    // Deleted data is zeroed in pages that are written anyway.
    connection->Integer("PRAGMA secure_delete = FAST");
    Migrate(*connection);
    BringSearchTextsUpToDate(*connection);
    return connection;
  } catch (const SqliteError& error) {
    return CannotOpen(path, error.what());
  }
}

bool IsMasterKey(Connection& connection, const SecretBox& box) {
  const auto sealed = SelectOne<std::string>(connection, "SELECT sealed FROM master_key_check").First();
  return sealed && box.Open(*sealed) == kMasterKeyCheck;
}

void CheckMasterKey(Connection& connection, const SecretBox& box, Random& random) {
  if (IsMasterKey(connection, box)) return;
  if (connection.Integer("SELECT count(*) FROM master_key_check") > 0) {
    throw std::runtime_error("the master key is not the one that this database was made with");
  }
  const std::string sealed = box.Seal(kMasterKeyCheck, random);
  Statement(connection, "INSERT INTO master_key_check (sealed) VALUES (?1)").Run(Blob{sealed});
}

}  // namespace shakehook::sqlite
