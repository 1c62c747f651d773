// WrappedFile is the file of a VFS in front of another one: its calls go to the file behind it, except for those that
// the VFS answers itself. https://www.sqlite.org/vfs.html
//
// Ownership: SQLite owns the memory of both, the file behind in the memory behind this one.
// Threads:   those of its connection.
#pragma once

#include <sqlite3.h>

#include "store/sqlite/engine/sqlite.h"

namespace shakehook::sqlite {

inline sqlite3_vfs* SystemVfs() {
  InitializeSqlite();
  return sqlite3_vfs_find("unix");
}

// A VFS's own file begins with this: `struct LogFile : WrappedFile`. SQLite makes neither constructor nor destructor
// run.
struct WrappedFile {
  sqlite3_file base;
  sqlite3_file* behind;

  static WrappedFile& Of(sqlite3_file* file) { return *reinterpret_cast<WrappedFile*>(file); }
};

inline int NothingFirst(sqlite3_file*) { return SQLITE_OK; }

// The call `kMethod`, passed to the file behind once `kFirst` has succeeded.
template <auto kMethod, int (*kFirst)(sqlite3_file*) = NothingFirst>
struct Passed;
template <class... Args, int (*sqlite3_io_methods::*kMethod)(sqlite3_file*, Args...), int (*kFirst)(sqlite3_file*)>
struct Passed<kMethod, kFirst> {
  static int Call(sqlite3_file* file, Args... args) {
    if (const int code = kFirst(file); code != SQLITE_OK) return code;
    sqlite3_file* const behind = WrappedFile::Of(file).behind;
    return (behind->pMethods->*kMethod)(behind, args...);
  }
};

// All calls passed on. Version 2: with the shared memory of the write-ahead log, without memory-mapped pages.
template <int (*kFirst)(sqlite3_file*) = NothingFirst>
constexpr sqlite3_io_methods PassedMethods() {
  using Methods = sqlite3_io_methods;
  return {.iVersion = 2,
          .xClose = Passed<&Methods::xClose, kFirst>::Call,
          .xRead = Passed<&Methods::xRead, kFirst>::Call,
          .xWrite = Passed<&Methods::xWrite, kFirst>::Call,
          .xTruncate = Passed<&Methods::xTruncate, kFirst>::Call,
          .xSync = Passed<&Methods::xSync, kFirst>::Call,
          .xFileSize = Passed<&Methods::xFileSize, kFirst>::Call,
          .xLock = Passed<&Methods::xLock, kFirst>::Call,
          .xUnlock = Passed<&Methods::xUnlock, kFirst>::Call,
          .xCheckReservedLock = Passed<&Methods::xCheckReservedLock, kFirst>::Call,
          .xFileControl = Passed<&Methods::xFileControl, kFirst>::Call,
          .xSectorSize = Passed<&Methods::xSectorSize>::Call,
          .xDeviceCharacteristics = Passed<&Methods::xDeviceCharacteristics>::Call,
          .xShmMap = Passed<&Methods::xShmMap>::Call,
          .xShmLock = Passed<&Methods::xShmLock>::Call,
          .xShmBarrier =
              [](sqlite3_file* file) {
                sqlite3_file* const behind = WrappedFile::Of(file).behind;
                behind->pMethods->xShmBarrier(behind);
              },
          .xShmUnmap = Passed<&Methods::xShmUnmap>::Call};
}

// Opens the file behind, by the VFS that it belongs to. The methods of `file` itself are the caller's to set, once this
// has succeeded.
template <class File>
int OpenBehind(sqlite3_vfs* below, const char* name, File& file, int flags, int* out_flags) {
  file.base.pMethods = nullptr;  // there is nothing to close until it is open
  file.behind = reinterpret_cast<sqlite3_file*>(&file + 1);
  const int code = below->xOpen(below, name, file.behind, flags, out_flags);
  if (code != SQLITE_OK && file.behind->pMethods != nullptr) file.behind->pMethods->xClose(file.behind);
  return code;
}

// A VFS in front of `below`: `open` opens a File, or lets `below` open its own.
template <class File>
sqlite3_vfs VfsInFrontOf(const sqlite3_vfs& below, const char* name, decltype(sqlite3_vfs::xOpen) open) {
  sqlite3_vfs vfs = below;
  vfs.zName = name;
  vfs.szOsFile = static_cast<int>(sizeof(File)) + below.szOsFile;
  vfs.pNext = nullptr;
  vfs.xOpen = open;
  return vfs;
}

}  // namespace shakehook::sqlite
