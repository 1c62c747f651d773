#include "store/sqlite/engine/files_in_place.h"

#include <sys/stat.h>

#include <filesystem>

#include "store/sqlite/engine/sqlite.h"

namespace shakehook::sqlite {

FilesInPlace::FilesInPlace(const std::string& path, int descriptor) {
  struct stat found{};
  if (::fstat(descriptor, &found) == 0) files_.push_back({path, found.st_dev, found.st_ino});
  // The log is beside the file itself, not beside a link to it.
  std::error_code ignored;
  const std::string beside = std::filesystem::weakly_canonical(path, ignored).string();
  for (const char* const ending : {"-wal", "-shm"}) {
    const std::string name = beside + ending;
    if (::stat(name.c_str(), &found) == 0) files_.push_back({name, found.st_dev, found.st_ino});
  }
}

void FilesInPlace::Check() const {
  for (const File& file : files_) {
    struct stat found{};
    const bool there = ::stat(file.path.c_str(), &found) == 0;
    if (there && found.st_dev == file.device && found.st_ino == file.number) continue;
    const std::string name =
        std::filesystem::path(file.path).filename();  // clients see this error, and need not know the folder
    throw SqliteError(SQLITE_READONLY_DBMOVED, name + (there ? " was replaced" : " was moved or deleted") +
                                                   " while the server uses it; put it back, or stop the server");
  }
}

}  // namespace shakehook::sqlite
