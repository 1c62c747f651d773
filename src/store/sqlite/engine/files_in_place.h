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
  // Called once the database was read, so that the files of its log exist. `descriptor`: the database's file, as it was
  // opened.
  FilesInPlace(const std::string& path, int descriptor);

  // Throws SqliteError (SQLITE_READONLY_DBMOVED) that names the file, if one was deleted or replaced. Takes some
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
