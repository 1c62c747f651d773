#include "store/sqlite/engine/backup.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/file_name.h"
#include "store/sqlite/engine/migrations.h"
#include "store/sqlite/engine/sqlite.h"

namespace shakehook {
namespace sqlite {
namespace {

constexpr int kPagesAStep = 4'096;
constexpr const char* kStopped = "stopped by a signal; nothing was left there";
constexpr int kInstructionsBetweenAsking = 100'000;

// Says why a backup cannot be made, as the text after the file's name.
struct Failure {
  const std::string& file;
  std::string reason;
};

[[noreturn]] void FailWith(const std::string& file, int error) {
  throw Failure{file, std::generic_category().message(error)};
}

// A file that is deleted with this object, unless it got its name.
class Unfinished {
 public:
  Unfinished(const std::string& target, Random& random) : target_(target), path_(UnfinishedName(target, random)) {
    const int descriptor = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0) FailWith(target_, errno);
    ::close(descriptor);
  }
  ~Unfinished() { ::unlink(path_.c_str()); }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

  const std::string& path() const { return path_; }
  void Name(Switch replace) {
    if (const int error = SyncFile(path_)) FailWith(target_, error);
    const int error = replace == Switch::kOn ? NameInPlaceOf(path_, target_) : NameNew(path_, target_);
    if (error != 0) FailWith(target_, error);
  }

 private:
  const std::string& target_;
  const std::string path_;
};

void CopyPages(Connection& from, Connection& to, const BackupRequest& request) {
  sqlite3_backup* const copy = sqlite3_backup_init(to.get(), "main", from.get(), "main");
  if (copy == nullptr) to.Throw(sqlite3_errcode(to.get()));
  int code = SQLITE_OK;
  bool stopped = false;
  while (code == SQLITE_OK && !stopped) {
    code = sqlite3_backup_step(copy, kPagesAStep);
    stopped = code == SQLITE_OK && request.stop();
  }
  sqlite3_backup_finish(copy);
  if (stopped) throw Failure{request.target, kStopped};
  if (code != SQLITE_DONE) throw Failure{request.target, sqlite3_errstr(code)};
}

void Check(Connection& copy, const BackupRequest& request) {
  // This takes minutes if the database is large.
  const auto ask = [](void* asked) { return static_cast<const BackupRequest*>(asked)->stop() ? 1 : 0; };
  sqlite3_progress_handler(copy.get(), kInstructionsBetweenAsking, ask, const_cast<BackupRequest*>(&request));
  const std::string check = copy.Text("PRAGMA quick_check(1)");
  if (check != "ok") throw Failure{request.database, "it is damaged (" + check + "); no backup was made of it"};
}

// Refuses a bad target before an hour is spent on copying.
void CheckTarget(const BackupRequest& request, Random& random) {
  std::error_code ignored;
  const auto status = std::filesystem::symlink_status(request.target, ignored);
  if (std::filesystem::is_directory(status)) throw Failure{request.target, "it is a folder"};
  for (const char* part : {"", "-wal", "-shm", ".lock", ".search", ".search-wal", ".search-shm"}) {
    if (std::filesystem::equivalent(request.target, request.database + part, ignored)) {
      throw Failure{request.target, "it is the database itself"};
    }
  }
  if (request.replace == Switch::kOff && std::filesystem::exists(status)) {
    throw Failure{request.target, "it exists already; --force replaces it"};
  }
  if (const int error = TryNamingBeside(request.target, random)) FailWith(request.target, error);
}

std::int64_t Make(const BackupRequest& request, Random& random) {
  // SQLite would make a database that is missing.
  if (::access(request.database.c_str(), R_OK) != 0) FailWith(request.database, errno);
  CheckTarget(request, random);
  Unfinished file(request.target, random);
  try {
    Connection source(request.database, Access::kReadOnly);
    if (source.Integer("PRAGMA application_id") != kApplicationId) {
      throw Failure{request.database, "it is no database of shakehook"};
    }
    // One snapshot for all steps: without it the copy would start over with each change by the server.
    source.Execute("BEGIN");
    source.Integer("SELECT count(*) FROM sqlite_master");
    // No other process knows its name: it needs no locks, which network shares may lack.
    Connection copy(file.path(), Access::kReadWrite, "unix-none");
    copy.Execute("PRAGMA locking_mode = EXCLUSIVE");
    copy.Execute("PRAGMA synchronous = OFF");  // it is synced as a whole
    CopyPages(source, copy, request);
    source.Execute("COMMIT");
    copy.Execute("PRAGMA journal_mode = DELETE");  // no log beside it
    Check(copy, request);
  } catch (const SqliteError& error) {
    if (error.code() == SQLITE_INTERRUPT) throw Failure{request.target, kStopped};
    throw Failure{request.database, error.what()};
  }
  file.Name(request.replace);
  return static_cast<std::int64_t>(std::filesystem::file_size(request.target));
}

}  // namespace
}  // namespace sqlite

std::expected<std::int64_t, std::string> BackUp(const BackupRequest& request, Random& random) {
  try {
    return sqlite::Make(request, random);
  } catch (const sqlite::Failure& failure) {
    const bool reading = &failure.file == &request.database;
    return std::unexpected((reading ? "cannot back up " : "cannot write the backup ") + failure.file + ": " +
                           failure.reason);
  }
}

}  // namespace shakehook
