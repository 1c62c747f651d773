#include "testing/failing_disk.h"

#include "base/check.h"

namespace shakehook {
namespace {

using Call = FailingDisk::Call;

// A file as SQLite sees it; `system` is the file itself, in the memory behind this.
struct File {
  sqlite3_file base;
  sqlite3_file* system;
};

sqlite3_file* System(sqlite3_file* file) { return reinterpret_cast<File*>(file)->system; }

// Asks first, then does `operation` on the file itself.
template <class F>
int Unless(Call call, sqlite3_file* file, F operation) {
  if (const int code = FailingDisk::Instance().Ask(call); code != SQLITE_OK) return code;
  return operation(System(file));
}

int Close(sqlite3_file* file) { return System(file)->pMethods->xClose(System(file)); }
int Read(sqlite3_file* file, void* into, int count, sqlite3_int64 at) {
  return Unless(Call::kRead, file, [&](sqlite3_file* f) { return f->pMethods->xRead(f, into, count, at); });
}
int Write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
  sqlite3_file* const system = System(file);
  const int code = FailingDisk::Instance().Ask(Call::kWrite);
  if (code == SQLITE_OK) return system->pMethods->xWrite(system, bytes, count, at);
  if (code == SQLITE_FULL) system->pMethods->xWrite(system, bytes, count / 2, at);
  return code;
}
int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  return Unless(Call::kTruncate, file, [&](sqlite3_file* f) { return f->pMethods->xTruncate(f, size); });
}
int Sync(sqlite3_file* file, int flags) {
  return Unless(Call::kSync, file, [&](sqlite3_file* f) { return f->pMethods->xSync(f, flags); });
}
int FileSize(sqlite3_file* file, sqlite3_int64* size) { return System(file)->pMethods->xFileSize(System(file), size); }
int Lock(sqlite3_file* file, int level) { return System(file)->pMethods->xLock(System(file), level); }
int Unlock(sqlite3_file* file, int level) { return System(file)->pMethods->xUnlock(System(file), level); }
int CheckReservedLock(sqlite3_file* file, int* reserved) {
  return System(file)->pMethods->xCheckReservedLock(System(file), reserved);
}
int FileControl(sqlite3_file* file, int operation, void* argument) {
  return System(file)->pMethods->xFileControl(System(file), operation, argument);
}
int SectorSize(sqlite3_file* file) { return System(file)->pMethods->xSectorSize(System(file)); }
int DeviceCharacteristics(sqlite3_file* file) { return System(file)->pMethods->xDeviceCharacteristics(System(file)); }
int ShmMap(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
  return Unless(Call::kSharedMemory, file,
                [&](sqlite3_file* f) { return f->pMethods->xShmMap(f, page, size, extend, memory); });
}
int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
  return System(file)->pMethods->xShmLock(System(file), offset, count, flags);
}
void ShmBarrier(sqlite3_file* file) { System(file)->pMethods->xShmBarrier(System(file)); }
int ShmUnmap(sqlite3_file* file, int remove) { return System(file)->pMethods->xShmUnmap(System(file), remove); }

// Version 2: with the shared memory of the write-ahead log, without memory-mapped pages, so that every read is a call.
constexpr sqlite3_io_methods kMethods = {.iVersion = 2,
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
                                         .xDeviceCharacteristics = DeviceCharacteristics,
                                         .xShmMap = ShmMap,
                                         .xShmLock = ShmLock,
                                         .xShmBarrier = ShmBarrier,
                                         .xShmUnmap = ShmUnmap};

int Open(sqlite3_vfs*, const char* name, sqlite3_file* opened, int flags, int* out_flags) {
  FailingDisk& disk = FailingDisk::Instance();
  opened->pMethods = nullptr;  // nothing to close, until it is open
  if (const int code = disk.Ask(Call::kOpen); code != SQLITE_OK) return code;
  File& file = *reinterpret_cast<File*>(opened);
  file.system = reinterpret_cast<sqlite3_file*>(&file + 1);
  const int code = disk.below()->xOpen(disk.below(), name, file.system, flags, out_flags);
  if (code != SQLITE_OK) {
    if (file.system->pMethods != nullptr) file.system->pMethods->xClose(file.system);
    return code;
  }
  file.base.pMethods = &kMethods;
  return SQLITE_OK;
}

}  // namespace

FailingDisk::FailingDisk() : below_(sqlite3_vfs_find("unix")) {
  CHECK(below_ != nullptr);
  static sqlite3_vfs vfs = *below_;
  vfs.szOsFile = static_cast<int>(sizeof(File)) + vfs.szOsFile;
  vfs.pNext = nullptr;
  vfs.xOpen = Open;
  constexpr int kAsDefault = 1;
  CHECK(sqlite3_vfs_register(&vfs, kAsDefault) == SQLITE_OK);
}

FailingDisk& FailingDisk::Instance() {
  static FailingDisk disk;
  return disk;
}

void FailingDisk::Fail(Call call, int code, std::int64_t nth, std::int64_t count) {
  code_ = code;
  before_ = nth - 1;
  left_ = count;
  failed_ = 0;
  call_ = static_cast<int>(call);
}

void FailingDisk::Heal() { call_ = -1; }

int FailingDisk::Ask(Call call) {
  if (call_ != static_cast<int>(call)) return SQLITE_OK;
  if (before_ > 0) {
    --before_;
    return SQLITE_OK;
  }
  if (left_ == 0) return SQLITE_OK;
  --left_;
  ++failed_;
  return code_;
}

}  // namespace shakehook
