#include "cli/database_checks.h"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>

#include "base/file_name.h"
#include "base/random.h"
#include "base/secret_box.h"
#include "cli/key_file.h"
#include "store/sqlite/inspection.h"

namespace shakehook {
namespace {

using Grade = Finding::Grade;

constexpr std::uint64_t kMiB = 1024ULL * 1024;
constexpr std::uint64_t kSpaceBad = 100 * kMiB;
constexpr std::uint64_t kSpaceLittle = 2'048 * kMiB;
constexpr std::uint64_t kFilesLeftFew = 1'000;
constexpr std::int64_t kLogLong = 1'024LL * 1'024 * 1'024;
constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

std::string MiB(std::uint64_t bytes) { return std::to_string(bytes / kMiB) + " MiB"; }

std::string FolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

// The folder itself, or the nearest above it that exists.
std::string NearestFolder(std::string folder) {
  std::error_code error;
  while (!std::filesystem::exists(folder, error)) {
    const std::string above = FolderOf(folder);
    if (above == folder) break;
    folder = above;
  }
  return folder;
}

Finding CheckFolder(const std::string& path) {
  const std::string folder = FolderOf(path);
  const std::string nearest = NearestFolder(folder);
  if (::access(nearest.c_str(), W_OK | X_OK) != 0) {
    return {Grade::kBad, "database folder", nearest + " is not writable: " + std::strerror(errno),
            "Let the user that runs the server own the folder, or name another with --database."};
  }
  if (nearest != folder) return {Grade::kGood, "database folder", folder + " is made at the first start"};
  SecureRandom random;
  if (const int error = TryNamingBeside(path, random); error != 0) {
    return {Grade::kBad, "database folder", "no file can be made and synced in " + folder + ": " + std::strerror(error),
            "The database needs a local disk that it may write to."};
  }
  struct stat status{};
  if (::stat(folder.c_str(), &status) == 0 && (status.st_mode & S_IWOTH) != 0) {
    return {Grade::kWarning, "database folder", "every user of this machine may write in " + folder,
            "chmod 700 " + folder};
  }
  return {Grade::kGood, "database folder", folder};
}

Finding CheckFileSystem(const std::string& folder) {
  constexpr unsigned kCifs = 0xFF534D42, kSmb2 = 0xFE534D42, kFuse = 0x65735546;
  struct statfs status{};
  if (::statfs(folder.c_str(), &status) != 0) return {Grade::kWarning, "file system", std::strerror(errno)};
  const std::string local = "Use a local disk (ext4, xfs): the database, its log and its locks belong together.";
  switch (static_cast<unsigned>(status.f_type)) {
    case NFS_SUPER_MAGIC:
      return {Grade::kBad, "file system", "the folder is on NFS", local};
    case kCifs:
    case kSmb2:
      return {Grade::kBad, "file system", "the folder is on a Windows share (SMB)", local};
    case kFuse:
      return {Grade::kWarning, "file system", "the folder is on FUSE", local};
    case TMPFS_MAGIC:
      return {Grade::kBad, "file system", "the folder is in memory (tmpfs): all is lost when the machine restarts",
              local};
    case OVERLAYFS_SUPER_MAGIC:
      return {Grade::kWarning, "file system", "the folder is the container's own: all is lost when it is removed",
              "Mount a volume where the database is."};
    default:
      return {Grade::kGood, "file system", "local"};
  }
}

Finding CheckSpace(const std::string& folder) {
  struct statvfs status{};
  if (::statvfs(folder.c_str(), &status) != 0) return {Grade::kWarning, "disk space", std::strerror(errno)};
  const std::uint64_t bytes = static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
  const std::string advice =
      "Free some, or use a larger disk. While it is full, changes are answered with 503; nothing is lost.";
  if (bytes < kSpaceBad) return {Grade::kBad, "disk space", MiB(bytes) + " are free", advice};
  if (bytes < kSpaceLittle) return {Grade::kWarning, "disk space", MiB(bytes) + " are free", advice};
  if (status.f_files > 0 && status.f_favail < kFilesLeftFew) {
    return {Grade::kWarning, "disk space", "the disk has room for " + std::to_string(status.f_favail) + " more files",
            "Delete files that are not needed: each takes an inode."};
  }
  return {Grade::kGood, "disk space", MiB(bytes) + " are free"};
}

// Checks a file that only its owner, the server's user, is to read.
Finding CheckSecretFile(const std::string& subject, const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    return {Grade::kBad, subject, path + ": " + std::strerror(errno), "Put the file back; see docs/operations.md."};
  }
  if (::access(path.c_str(), R_OK) != 0) {
    return {Grade::kBad, subject, path + " cannot be read by this user",
            "Let the server's user own it: chown USER " + path};
  }
  if ((status.st_mode & kOthers) != 0) {
    return {Grade::kWarning, subject, "others than its owner may open " + path, "chmod 600 " + path};
  }
  return {Grade::kGood, subject, path};
}

Finding CheckFile(const std::string& path, const DatabaseFacts& facts) {
  const std::string text = path + ", " + MiB(static_cast<std::uint64_t>(facts.bytes)) +
                           (facts.in_use ? ", a server is running on it" : ", no server is running on it");
  if (facts.schema > facts.schema_known) {
    return {Grade::kBad, "database", text + ", last opened by a newer version",
            "Start that version, or restore a backup that was made before the upgrade."};
  }
  if (facts.key_is_right == false) {
    return {Grade::kBad, "database", text + ", made with another master key",
            "Put the master key back that the database was made with: no other can read its secrets."};
  }
  if (facts.log_bytes > kLogLong) {
    return {Grade::kWarning, "database",
            text + ", with a log of " + MiB(static_cast<std::uint64_t>(facts.log_bytes)) + " beside it",
            "Something has been reading the database for a very long time (a copy, a query by hand). End it; then the "
            "log can shrink."};
  }
  if (facts.schema < facts.schema_known && facts.schema > 0) {
    return {Grade::kGood, "database", text + ", to be upgraded at the next start"};
  }
  return {Grade::kGood, "database", text};
}

Findings CheckFileAndKey(const Settings& settings) {
  const std::string& path = settings.database_path;
  const std::string key_path = MasterKeyPath(settings);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    Findings findings = {{Grade::kGood, "database", path + " is made at the first start"}};
    if (settings.master_key_file) findings.push_back(CheckSecretFile("master key", key_path));
    return findings;
  }
  Findings findings;
  Finding file = CheckSecretFile("database", path);
  Finding key_file = CheckSecretFile("master key", key_path);
  std::optional<SecretBox> box;
  if (key_file.grade != Grade::kBad) {
    if (const auto key = ReadMasterKey(key_path)) {
      box.emplace(*key);
    } else {
      key_file = {Grade::kBad, "master key", key.error(), "Put the right file there; see docs/operations.md."};
    }
  }
  if (file.grade == Grade::kGood) {
    const auto facts = InspectDatabase(path, box ? &*box : nullptr);
    file = facts ? CheckFile(path, *facts)
                 : Finding{Grade::kBad, "database", facts.error(), "Restore a backup: shakehook restore FILE."};
  }
  findings.push_back(std::move(file));
  findings.push_back(std::move(key_file));
  return findings;
}

}  // namespace

Findings CheckDatabase(const Settings& settings) {
  const std::string folder = NearestFolder(FolderOf(settings.database_path));
  Findings findings = {CheckFolder(settings.database_path), CheckFileSystem(folder), CheckSpace(folder)};
  for (Finding& finding : CheckFileAndKey(settings)) findings.push_back(std::move(finding));
  if (settings.admin_key_file) findings.push_back(CheckSecretFile("admin key", *settings.admin_key_file));
  return findings;
}

}  // namespace shakehook
