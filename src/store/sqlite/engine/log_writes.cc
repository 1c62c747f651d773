#include "store/sqlite/engine/log_writes.h"

#include <string>

#include "base/check.h"
#include "base/clock.h"
#include "store/sqlite/engine/wrapped_file.h"

namespace shakehook::sqlite {
namespace {

constexpr const char* kName = "shakehook-gathered-log-writes";
// A larger amount goes out in several pieces. SQLite's own xWrite takes less than 128 KiB at a time.
constexpr std::size_t kGatheredBytesMax = 64 * 1024;

// The log as SQLite sees it.
struct LogFile : WrappedFile {
  std::string* gathered;  // the bytes at `offset`
  sqlite3_int64 offset;
  std::int64_t synced_us;  // how long all syncs took together

  static LogFile& Of(sqlite3_file* file) { return static_cast<LogFile&>(WrappedFile::Of(file)); }

  int WriteOut() {
    if (gathered->empty()) return SQLITE_OK;
    const int code = behind->pMethods->xWrite(behind, gathered->data(), static_cast<int>(gathered->size()), offset);
    gathered->clear();
    return code;
  }

  int Write(const void* bytes, int count, sqlite3_int64 at) {
    const bool follows = at == offset + static_cast<sqlite3_int64>(gathered->size());
    const auto bytes_more = static_cast<std::size_t>(count);
    if (!follows || gathered->size() + bytes_more > kGatheredBytesMax) {
      if (const int code = WriteOut(); code != SQLITE_OK) return code;
    }
    if (gathered->empty()) offset = at;
    gathered->append(static_cast<const char*>(bytes), bytes_more);
    return SQLITE_OK;
  }
};

int WriteOut(sqlite3_file* file) { return LogFile::Of(file).WriteOut(); }

int Write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
  return LogFile::Of(file).Write(bytes, count, at);
}

int Sync(sqlite3_file* file, int flags) {
  LogFile& log = LogFile::Of(file);
  if (const int code = log.WriteOut(); code != SQLITE_OK) return code;
  const SystemClock clock;
  const SteadyTime began = clock.Steady();
  const int code = log.behind->pMethods->xSync(log.behind, flags);
  log.synced_us += (clock.Steady() - began).count();
  return code;
}

int Close(sqlite3_file* file) {
  LogFile& log = LogFile::Of(file);
  const int written = log.WriteOut();
  const int closed = log.behind->pMethods->xClose(log.behind);
  delete log.gathered;
  return written != SQLITE_OK ? written : closed;
}

constexpr sqlite3_io_methods LogMethods() {
  sqlite3_io_methods methods = PassedMethods<WriteOut>();
  methods.xWrite = Write;
  methods.xSync = Sync;
  methods.xClose = Close;
  return methods;
}
constexpr sqlite3_io_methods kLogMethods = LogMethods();

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  sqlite3_vfs* const system_vfs = SystemVfs();
  if ((flags & SQLITE_OPEN_WAL) == 0) return system_vfs->xOpen(system_vfs, name, file, flags, out_flags);
  LogFile& log = LogFile::Of(file);
  if (const int code = OpenBehind(system_vfs, name, log, flags, out_flags); code != SQLITE_OK) return code;
  log.gathered = new std::string;
  log.offset = 0;
  log.synced_us = 0;
  log.base.pMethods = &kLogMethods;
  return SQLITE_OK;
}

int Register() {
  static sqlite3_vfs vfs = VfsInFrontOf<LogFile>(*SystemVfs(), kName, Open);
  return sqlite3_vfs_register(&vfs, 0);
}

}  // namespace

const char* GatheredLogWrites() {
  static const int registered = Register();
  CHECK(registered == SQLITE_OK);
  return kName;
}

Microseconds LogSyncTime(Connection& connection) {
  sqlite3_file* log = nullptr;
  const int found = sqlite3_file_control(connection.get(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (found != SQLITE_OK || log == nullptr || log->pMethods != &kLogMethods) return Microseconds(0);
  return Microseconds(LogFile::Of(log).synced_us);
}

}  // namespace shakehook::sqlite
