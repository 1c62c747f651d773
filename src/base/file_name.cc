#include "base/file_name.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "base/encoding.h"

namespace shakehook {
namespace {

int SyncAt(const std::string& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0) return errno;
  const int error = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  return error;
}

int SyncFolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return SyncAt(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY);
}

}  // namespace

std::string UnfinishedName(const std::string& path, Random& random) {
  std::array<std::uint8_t, 8> chance;
  random.Fill(chance);
  return path + "." + ToHex(chance);
}

int SyncFile(const std::string& path) { return SyncAt(path, O_RDONLY); }

int NameNew(const std::string& from, const std::string& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return SyncFolderOf(to);
  if (errno != EINVAL && errno != ENOSYS) return errno;
  if (::link(from.c_str(), to.c_str()) != 0) return errno;
  ::unlink(from.c_str());
  return SyncFolderOf(to);
}

int NameInPlaceOf(const std::string& from, const std::string& to) {
  return ::rename(from.c_str(), to.c_str()) == 0 ? SyncFolderOf(to) : errno;
}

}  // namespace shakehook
