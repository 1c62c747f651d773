#include "store/sqlite/checkpoint_writes.h"

#include "base/check.h"
#include "store/sqlite/wrapped_file.h"

namespace shakehook::sqlite {
namespace {

constexpr const char* kName = "shakehook-synced-in-pieces";
constexpr int kPieceWrites = 64;  // pages

struct DatabaseFile : WrappedFile {
  int unsynced;  // writes since the last sync

  static DatabaseFile& Of(sqlite3_file* file) { return static_cast<DatabaseFile&>(WrappedFile::Of(file)); }
};

int Sync(sqlite3_file* file, int flags) {
  DatabaseFile& database = DatabaseFile::Of(file);
  database.unsynced = 0;
  return database.behind->pMethods->xSync(database.behind, flags);
}

int Write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
  DatabaseFile& database = DatabaseFile::Of(file);
  const sqlite3_io_methods& methods = *database.behind->pMethods;
  const int written = methods.xWrite(database.behind, bytes, count, at);
  if (written != SQLITE_OK || ++database.unsynced < kPieceWrites) return written;
  return Sync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
}

constexpr sqlite3_io_methods DatabaseMethods() {
  sqlite3_io_methods methods = PassedMethods();
  methods.xWrite = Write;
  methods.xSync = Sync;
  return methods;
}
constexpr sqlite3_io_methods kDatabaseMethods = DatabaseMethods();

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  sqlite3_vfs* const system_vfs = SystemVfs();
  if ((flags & SQLITE_OPEN_MAIN_DB) == 0) return system_vfs->xOpen(system_vfs, name, file, flags, out_flags);
  DatabaseFile& database = DatabaseFile::Of(file);
  if (const int code = OpenBehind(system_vfs, name, database, flags, out_flags); code != SQLITE_OK) return code;
  database.unsynced = 0;
  database.base.pMethods = &kDatabaseMethods;
  return SQLITE_OK;
}

int Register() {
  static sqlite3_vfs vfs = VfsInFrontOf<DatabaseFile>(*SystemVfs(), kName, Open);
  return sqlite3_vfs_register(&vfs, 0);
}

}  // namespace

const char* SyncedInPieces() {
  static const int registered = Register();
  CHECK(registered == SQLITE_OK);
  return kName;
}

}  // namespace shakehook::sqlite
