#include "base/file_name.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <string_view>
#include <thread>

#include "base/encoding.h"

namespace shakehook {
namespace {

constexpr std::size_t kNameBytesMax = NAME_MAX - 10;  // SQLite puts "-journal" behind it
constexpr std::string_view kTurnEnding = ".naming";
constexpr std::chrono::milliseconds kTurnWait{20};
constexpr int kTurnWaitsMax = 100;  // two seconds

// Tells whether the file system does not know the call, or does not allow it to this process; neither is a fault of the
// disk.
bool IsUnknownCall(int error) {
  return error == EINVAL || error == ENOSYS || error == EOPNOTSUPP || error == EPERM || error == EACCES ||
         error == ENOTTY || error == EBADF;
}

int SyncAt(const std::string& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0) return errno;
  int error = ::fsync(descriptor) == 0 ? 0 : errno;
  // Syncs the whole file system if one file or folder cannot be synced by itself.
  if (IsUnknownCall(error)) error = ::syncfs(descriptor) == 0 || IsUnknownCall(errno) ? 0 : errno;
  ::close(descriptor);
  return error;
}

// A folder that may be written but not read cannot be opened: then the file system is synced by way of the file.
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

// Returns the name of the file that a process holds while it gives the name `to`.
std::string TurnName(const std::string& to) {
  const std::filesystem::path whole(to);
  std::string name = whole.filename().string();
  name.resize(std::min(name.size(), kNameBytesMax - kTurnEnding.size()));
  return (whole.parent_path() / (name + std::string(kTurnEnding))).string();
}

// Makes the file of that name as soon as no other process has it. A file that stays after kTurnWaitsMax looks was left
// by a process that was killed, and is replaced. A turn takes two calls.
int TakeTurn(const std::string& turn) {
  struct stat seen{};
  for (int waits = 0; waits < kTurnWaitsMax;) {
    const int descriptor = ::open(turn.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor >= 0) {
      ::close(descriptor);
      return 0;
    }
    if (errno != EEXIST) return errno;
    struct stat now{};
    if (::lstat(turn.c_str(), &now) != 0) continue;
    waits = now.st_ino == seen.st_ino && now.st_ctime == seen.st_ctime ? waits + 1 : 0;
    seen = now;
    std::this_thread::sleep_for(kTurnWait);
  }
  if (::unlink(turn.c_str()) != 0 && errno != ENOENT) return errno;
  const int descriptor = ::open(turn.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (descriptor < 0) return errno;
  ::close(descriptor);
  return 0;
}

// The name itself is never claimed: if the process is killed here, nothing is under it.
int LookAndRename(const std::string& from, const std::string& to) {
  const std::string turn = TurnName(to);
  if (const int error = TakeTurn(turn)) return error;
  struct stat there{};
  int error = ::lstat(to.c_str(), &there) == 0 ? EEXIST : errno == ENOENT ? 0 : errno;
  if (error == 0 && ::rename(from.c_str(), to.c_str()) != 0) error = errno;
  ::unlink(turn.c_str());
  return error;
}

int GiveName(const std::string& from, const std::string& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (!IsUnknownCall(errno)) return errno;
  // If the server of a network file system gets a call twice, it says EEXIST because of the first.
  if (::link(from.c_str(), to.c_str()) == 0 || (errno == EEXIST && AreOneFile(from, to))) {
    ::unlink(from.c_str());
    return 0;
  }
  if (errno == EEXIST) return EEXIST;
  return LookAndRename(from, to);
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
