#include "store/sqlite/engine/checkpoint_writes.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "base/check.h"
#include "store/sqlite/engine/wrapped_file.h"

namespace shakehook::sqlite {
namespace {

constexpr const char* kName = "shakehook-written-in-pieces";
constexpr int kPieceWrites = 8;  // pages
constexpr int kNone = -1;
// The number of an operation of xFileControl, from those that SQLite leaves to others.
constexpr int kWriteOutBy = 7'301;

// If the file system does not support it, SQLite's sync writes the pages out.
bool Failed(int error) { return error != ENOSYS && error != ESPIPE && error != EINVAL; }

struct DatabaseFile : WrappedFile {
  int descriptor;
  int writes;  // the number of writes in the piece
  // The bounds of the piece, with the gaps between its pages. SQLite goes through the file upwards.
  sqlite3_int64 begin;
  sqlite3_int64 end;

  static DatabaseFile& Of(sqlite3_file* file) { return static_cast<DatabaseFile&>(WrappedFile::Of(file)); }

  void Add(sqlite3_int64 at, int count) {
    begin = writes == 0 ? at : std::min(begin, at);
    end = writes == 0 ? at + count : std::max(end, at + count);
    ++writes;
  }
  int WriteOut() {
    writes = 0;
    const int result =
        sync_file_range(descriptor, begin, end - begin, SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
    return result != 0 && Failed(errno) ? SQLITE_IOERR_WRITE : SQLITE_OK;
  }
};

int Write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
  DatabaseFile& database = DatabaseFile::Of(file);
  const int code = database.behind->pMethods->xWrite(database.behind, bytes, count, at);
  if (code != SQLITE_OK || database.descriptor == kNone) return code;
  database.Add(at, count);
  return database.writes < kPieceWrites ? SQLITE_OK : database.WriteOut();
}

int FileControl(sqlite3_file* file, int operation, void* argument) {
  DatabaseFile& database = DatabaseFile::Of(file);
  if (operation != kWriteOutBy) return database.behind->pMethods->xFileControl(database.behind, operation, argument);
  database.descriptor = *static_cast<int*>(argument);
  return SQLITE_OK;
}

constexpr sqlite3_io_methods DatabaseMethods() {
  sqlite3_io_methods methods = PassedMethods();
  methods.xWrite = Write;
  methods.xFileControl = FileControl;
  return methods;
}
constexpr sqlite3_io_methods kDatabaseMethods = DatabaseMethods();

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  sqlite3_vfs* const system_vfs = SystemVfs();
  if ((flags & SQLITE_OPEN_MAIN_DB) == 0) return system_vfs->xOpen(system_vfs, name, file, flags, out_flags);
  DatabaseFile& database = DatabaseFile::Of(file);
  if (const int code = OpenBehind(system_vfs, name, database, flags, out_flags); code != SQLITE_OK) return code;
  database.descriptor = kNone;
  database.writes = 0;
  database.base.pMethods = &kDatabaseMethods;
  return SQLITE_OK;
}

int Register() {
  static sqlite3_vfs vfs = VfsInFrontOf<DatabaseFile>(*SystemVfs(), kName, Open);
  return sqlite3_vfs_register(&vfs, 0);
}

}  // namespace

const char* WrittenInPieces() {
  static const int registered = Register();
  CHECK(registered == SQLITE_OK);
  return kName;
}

void WriteOutBy(Connection& connection, int descriptor) {
  CHECK(sqlite3_file_control(connection.get(), "main", kWriteOutBy, &descriptor) == SQLITE_OK);
}

}  // namespace shakehook::sqlite
