#include "store/sqlite/log_writes.h"

#include <sqlite3.h>

#include <string>

#include "base/check.h"

namespace shakehook::sqlite {
namespace {

constexpr const char* kName = "shakehook-gathered-log-writes";
// More goes out in several pieces. SQLite's own xWrite takes less than 128 KiB at a time.
constexpr std::size_t kGatheredBytesMax = 64 * 1024;

sqlite3_vfs* SystemVfs() { return sqlite3_vfs_find("unix"); }

// The log as SQLite sees it. SQLite owns the memory; `system` is the file itself, in the memory behind this.
struct LogFile {
  sqlite3_file base;
  sqlite3_file* system;
  std::string* gathered;  // what stands at `offset`
  sqlite3_int64 offset;

  static LogFile& Of(sqlite3_file* file) { return *reinterpret_cast<LogFile*>(file); }

  int WriteOut() {
    if (gathered->empty()) return SQLITE_OK;
    const int code = system->pMethods->xWrite(system, gathered->data(), static_cast<int>(gathered->size()), offset);
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

// Does `operation` on the file itself, once all that was gathered is in it.
template <class F>
int AfterWriteOut(sqlite3_file* file, F operation) {
  LogFile& log = LogFile::Of(file);
  if (const int code = log.WriteOut(); code != SQLITE_OK) return code;
  return operation(log.system);
}

int Close(sqlite3_file* file) {
  LogFile& log = LogFile::Of(file);
  const int written = log.WriteOut();
  const int closed = log.system->pMethods->xClose(log.system);
  delete log.gathered;
  return written != SQLITE_OK ? written : closed;
}
int Read(sqlite3_file* file, void* into, int count, sqlite3_int64 at) {
  return AfterWriteOut(file, [&](sqlite3_file* system) { return system->pMethods->xRead(system, into, count, at); });
}
int Write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
  return LogFile::Of(file).Write(bytes, count, at);
}
int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  return AfterWriteOut(file, [&](sqlite3_file* system) { return system->pMethods->xTruncate(system, size); });
}
int Sync(sqlite3_file* file, int flags) {
  return AfterWriteOut(file, [&](sqlite3_file* system) { return system->pMethods->xSync(system, flags); });
}
int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  return AfterWriteOut(file, [&](sqlite3_file* system) { return system->pMethods->xFileSize(system, size); });
}
int Lock(sqlite3_file* file, int level) {
  return AfterWriteOut(file, [&](sqlite3_file* system) { return system->pMethods->xLock(system, level); });
}
int Unlock(sqlite3_file* file, int level) {
  return AfterWriteOut(file, [&](sqlite3_file* system) { return system->pMethods->xUnlock(system, level); });
}
int CheckReservedLock(sqlite3_file* file, int* reserved) {
  return AfterWriteOut(file,
                       [&](sqlite3_file* system) { return system->pMethods->xCheckReservedLock(system, reserved); });
}
int FileControl(sqlite3_file* file, int operation, void* argument) {
  return AfterWriteOut(
      file, [&](sqlite3_file* system) { return system->pMethods->xFileControl(system, operation, argument); });
}
int SectorSize(sqlite3_file* file) {
  sqlite3_file* const system = LogFile::Of(file).system;
  return system->pMethods->xSectorSize(system);
}
int DeviceCharacteristics(sqlite3_file* file) {
  sqlite3_file* const system = LogFile::Of(file).system;
  return system->pMethods->xDeviceCharacteristics(system);
}

constexpr sqlite3_io_methods kLogMethods = {.iVersion = 1,
                                            .xClose = Close,
                                            .xRead = Read,
                                            .xWrite = Write,
                                            .xTruncate = Truncate,
                                            .xSync = Sync,
                                            .xFileSize = FileSize,
                                            .xLock = Lock,
                                            .xUnlock = Unlock,
                                            .xCheckReservedLock = CheckReservedLock,
                                            .xFileControl = FileControl,
                                            .xSectorSize = SectorSize,
                                            .xDeviceCharacteristics = DeviceCharacteristics};

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  sqlite3_vfs* const system_vfs = SystemVfs();
  if ((flags & SQLITE_OPEN_WAL) == 0) return system_vfs->xOpen(system_vfs, name, file, flags, out_flags);
  LogFile& log = LogFile::Of(file);
  log.base.pMethods = nullptr;  // nothing to close, until it is open
  log.system = reinterpret_cast<sqlite3_file*>(&log + 1);
  const int code = system_vfs->xOpen(system_vfs, name, log.system, flags, out_flags);
  if (code != SQLITE_OK) {
    if (log.system->pMethods != nullptr) log.system->pMethods->xClose(log.system);
    return code;
  }
  log.gathered = new std::string;
  log.offset = 0;
  log.base.pMethods = &kLogMethods;
  return SQLITE_OK;
}

int Register() {
  static sqlite3_vfs vfs = *SystemVfs();
  vfs.zName = kName;
  vfs.szOsFile = static_cast<int>(sizeof(LogFile)) + vfs.szOsFile;
  vfs.pNext = nullptr;
  vfs.xOpen = Open;
  return sqlite3_vfs_register(&vfs, 0);
}

}  // namespace

const char* GatheredLogWrites() {
  static const int registered = Register();
  CHECK(registered == SQLITE_OK);
  return kName;
}

}  // namespace shakehook::sqlite
