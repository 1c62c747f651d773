#include "store/sqlite/engine/log_restart.h"

#include "base/check.h"
#include "store/sqlite/engine/log_writes.h"
#include "store/sqlite/engine/wrapped_file.h"

namespace shakehook::sqlite {
namespace {

// Locks of the shared memory, by their numbers in the file format.
constexpr int kCheckpointLock = 1;
constexpr int kFirstReadMark = 4;  // the first mark of readers in the log; mark 3 is for readers of the database alone
constexpr int kReadMarks = 4;

struct WriterFile : WrappedFile {
  bool checkpoints;  // the connection holds the checkpoint lock for a checkpoint or a recovery of its own
  bool restarts;     // it holds it for a restart

  static WriterFile& Of(sqlite3_file* file) { return static_cast<WriterFile&>(WrappedFile::Of(file)); }

  int Lock(int first, int count, int flags) { return behind->pMethods->xShmLock(behind, first, count, flags); }

  int BeginRestart() {
    if (!checkpoints) {
      // SQLITE_BUSY makes SQLite append to the log instead.
      const int code = Lock(kCheckpointLock, 1, SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE);
      if (code != SQLITE_OK) return code;
      restarts = true;
    }
    const int code = Lock(kFirstReadMark, kReadMarks, SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE);
    if (code != SQLITE_OK) LetCheckpoints();
    return code;
  }
  int EndRestart() {
    const int code = Lock(kFirstReadMark, kReadMarks, SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE);
    LetCheckpoints();
    return code;
  }
  void LetCheckpoints() {
    if (restarts) Lock(kCheckpointLock, 1, SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE);
    restarts = false;
  }
};

int ShmLock(sqlite3_file* opened, int first, int count, int flags) {
  WriterFile& file = WriterFile::Of(opened);
  const bool locks = (flags & SQLITE_SHM_LOCK) != 0;
  if ((flags & SQLITE_SHM_EXCLUSIVE) != 0 && first == kFirstReadMark && count == kReadMarks) {
    return locks ? file.BeginRestart() : file.EndRestart();
  }
  const int code = file.Lock(first, count, flags);
  if (code == SQLITE_OK && first <= kCheckpointLock && kCheckpointLock < first + count) file.checkpoints = locks;
  return code;
}

constexpr sqlite3_io_methods WriterMethods() {
  sqlite3_io_methods methods = PassedMethods();
  methods.xShmLock = ShmLock;
  return methods;
}
constexpr sqlite3_io_methods kWriterMethods = WriterMethods();

int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* opened, int flags, int* out_flags) {
  auto* const below = static_cast<sqlite3_vfs*>(vfs->pAppData);
  if ((flags & SQLITE_OPEN_MAIN_DB) == 0) return below->xOpen(below, name, opened, flags, out_flags);
  WriterFile& file = WriterFile::Of(opened);
  if (const int code = OpenBehind(below, name, file, flags, out_flags); code != SQLITE_OK) return code;
  file.checkpoints = false;
  file.restarts = false;
  file.base.pMethods = &kWriterMethods;
  return SQLITE_OK;
}

sqlite3_vfs InFrontOf(sqlite3_vfs* below, const char* name) {
  sqlite3_vfs vfs = VfsInFrontOf<WriterFile>(*below, name, Open);
  vfs.pAppData = below;
  CHECK(vfs.pAppData != nullptr);
  return vfs;
}

const char* RegisterPlain() {
  static sqlite3_vfs vfs = InFrontOf(SystemVfs(), "shakehook-locked-restarts");
  CHECK(sqlite3_vfs_register(&vfs, 0) == SQLITE_OK);
  return vfs.zName;
}

const char* RegisterGathering() {
  static sqlite3_vfs vfs = InFrontOf(sqlite3_vfs_find(GatheredLogWrites()), "shakehook-locked-restarts-gathered");
  CHECK(sqlite3_vfs_register(&vfs, 0) == SQLITE_OK);
  return vfs.zName;
}

}  // namespace

const char* LockedRestarts(Switch gathers_log_writes) {
  static const char* const plain = RegisterPlain();
  static const char* const gathering = RegisterGathering();
  return gathers_log_writes == Switch::kOn ? gathering : plain;
}

}  // namespace shakehook::sqlite
