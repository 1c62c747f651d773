// FilesInPlace tells whether the database's files are still where the server opened them. If somebody deletes or
// replaces a file, the process keeps the old one: it can be written, and all of it is gone when the process ends.
//
// Threads: any.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace shakehook::sqlite {

class FilesInPlace {
 public:
  // The database, and the files of its log that are there: once it was read. `descriptor`: of the database's file, as
  // it was opened.
  FilesInPlace(const std::string& path, int descriptor);

  // Throws SqliteError (SQLITE_READONLY_DBMOVED) that names the file, where one was deleted or replaced. Takes some
  // microseconds.
  void Check() const;

 private:
  struct File {
    std::string path;
    dev_t device;
    ino_t number;
  };
  std::vector<File> files_;
};

}  // namespace shakehook::sqlite
