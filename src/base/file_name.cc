#include "base/file_name.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "base/encoding.h"

namespace shakehook {
namespace {

constexpr std::size_t kNameBytesMax = NAME_MAX - 10;  // SQLite puts "-journal" behind it

// The file system does not know the call, or does not let this process ask; it says nothing about the disk.
bool IsUnknownCall(int error) {
  return error == EINVAL || error == ENOSYS || error == EOPNOTSUPP || error == EPERM || error == EACCES ||
         error == ENOTTY || error == EBADF;
}

int SyncAt(const std::string& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0) return errno;
  int error = ::fsync(descriptor) == 0 ? 0 : errno;
  // The whole file system, where one file or folder cannot be synced by itself.
  if (IsUnknownCall(error)) error = ::syncfs(descriptor) == 0 || IsUnknownCall(errno) ? 0 : errno;
  ::close(descriptor);
  return error;
}

// A folder that may be written and not read cannot be opened: then the file system is synced by way of the file.
int SyncFolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const int error = SyncAt(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY);
  if (!IsUnknownCall(error)) return error;
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) return 0;
  ::syncfs(descriptor);
  ::close(descriptor);
  return 0;
}

bool AreOneFile(const std::string& a, const std::string& b) {
  struct stat of_a{}, of_b{};
  return ::lstat(a.c_str(), &of_a) == 0 && ::lstat(b.c_str(), &of_b) == 0 && of_a.st_dev == of_b.st_dev &&
         of_a.st_ino == of_b.st_ino;
}

int ClaimAndRename(const std::string& from, const std::string& to) {
  const int claim = ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (claim < 0) return errno;
  ::close(claim);
  if (::rename(from.c_str(), to.c_str()) == 0) return 0;
  const int error = errno;
  ::unlink(to.c_str());
  return error;
}

int GiveName(const std::string& from, const std::string& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (!IsUnknownCall(errno)) return errno;
  // A server of a network file system that hears a call twice says EEXIST of its own first answer.
  if (::link(from.c_str(), to.c_str()) == 0 || (errno == EEXIST && AreOneFile(from, to))) {
    ::unlink(from.c_str());
    return 0;
  }
  if (errno == EEXIST) return EEXIST;
  return ClaimAndRename(from, to);
}

}  // namespace

std::string UnfinishedName(const std::string& path, Random& random) {
  std::array<std::uint8_t, 8> chance;
  random.Fill(chance);
  const std::string ending = "." + ToHex(chance);
  const std::filesystem::path whole(path);
  std::string name = whole.filename().string();
  if (name.size() + ending.size() <= kNameBytesMax) return path + ending;
  name.resize(kNameBytesMax - ending.size());
  return (whole.parent_path() / (name + ending)).string();
}

int SyncFile(const std::string& path) { return SyncAt(path, O_RDONLY); }

int NameNew(const std::string& from, const std::string& to) {
  if (const int error = GiveName(from, to)) return error;
  const int error = SyncFolderOf(to);
  if (error != 0) ::unlink(to.c_str());
  return error;
}

int NameInPlaceOf(const std::string& from, const std::string& to) {
  return ::rename(from.c_str(), to.c_str()) == 0 ? SyncFolderOf(to) : errno;
}

int TryNamingBeside(const std::string& path, Random& random) {
  const std::string from = UnfinishedName(path, random);
  const std::string to = UnfinishedName(path, random);
  const int descriptor = ::open(from.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (descriptor < 0) return errno;
  ::close(descriptor);
  int error = SyncFile(from);
  if (error == 0) error = NameNew(from, to);
  ::unlink(error == 0 ? to.c_str() : from.c_str());
  return error;
}

}  // namespace shakehook
