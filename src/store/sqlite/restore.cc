#include "store/sqlite/restore.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>
#include <utility>

#include "base/file_name.h"
#include "store/sqlite/database_file.h"
#include "store/sqlite/engine/backup.h"
#include "store/sqlite/engine/migrations.h"
#include "store/sqlite/engine/select.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/tables/search_index.h"

namespace shakehook {
namespace sqlite {
namespace {

using Names = std::vector<std::string>;

// An Entry is compared by the name that a person gave and by its secret.
struct Entry {
  std::string name;
  std::string secret;
};
using Entries = std::map<std::string, Entry>;

struct KeyColumns : Columns<Column<"id", std::string>, Column<"name || ' (' || prefix || '...)' AS name", std::string>,
                            Column<"hash AS secret", std::string>> {};
struct UserColumns : Columns<Column<"id", std::string>, Column<"email AS name", std::string>,
                             Column<"password_hash AS secret", std::string>> {};
struct SessionColumns : Columns<Column<"token_hash AS id", std::string>, Column<"'' AS name", std::string>,
                                Column<"'' AS secret", std::string>> {};

std::unexpected<std::string> CannotRestore(const std::string& file, const std::string& reason) {
  return std::unexpected("cannot restore " + file + ": " + reason);
}

// A schema that is older than the table has none.
template <class RowColumns>
Entries Read(Connection& connection, const std::string& table) {
  Entries entries;
  if (connection.Integer("SELECT count(*) FROM sqlite_master WHERE name = '" + table + "'") == 0) return {};
  Select<RowColumns> select(connection, "FROM " + table);
  for (auto row = select.With(); row.Step();) {
    entries[row.template Get<"id">()] = {.name = row.template Get<"name">(), .secret = row.template Get<"secret">()};
  }
  return entries;
}

struct Entrance {
  Entries keys, users, sessions;
};

Entrance ReadEntrance(Connection& connection) {
  return {.keys = Read<KeyColumns>(connection, "api_key"),
          .users = Read<UserColumns>(connection, "user"),
          .sessions = Read<SessionColumns>(connection, "session")};
}

Names NamesOnlyIn(const Entries& entries, const Entries& others) {
  Names names;
  for (const auto& [id, entry] : entries) {
    if (!others.contains(id)) names.push_back(entry.name);
  }
  return names;
}

RestoredAccess Compare(const Entrance& before, const Entrance& restored) {
  RestoredAccess access{.keys_back = NamesOnlyIn(restored.keys, before.keys),
                        .keys_gone = NamesOnlyIn(before.keys, restored.keys),
                        .users_back = NamesOnlyIn(restored.users, before.users),
                        .users_gone = NamesOnlyIn(before.users, restored.users)};
  for (const auto& [id, user] : restored.users) {
    const auto now = before.users.find(id);
    if (now != before.users.end() && now->second.secret != user.secret) access.passwords_back.push_back(user.name);
  }
  access.sessions_back = static_cast<std::int64_t>(NamesOnlyIn(restored.sessions, before.sessions).size());
  return access;
}

// Reads it from the database that is replaced; nullopt if it cannot be read, which may be why it is replaced.
std::optional<Entrance> ReadEntranceOf(const std::string& database) {
  try {
    Connection connection(database, Access::kReadOnly);
    if (connection.Integer("PRAGMA application_id") != kApplicationId) return std::nullopt;
    return ReadEntrance(connection);
  } catch (const SqliteError&) {
    return std::nullopt;
  }
}

// The copy, before it gets the database's name. The error says why it cannot be used.
std::optional<std::string> Examine(Connection& copy) {
  const std::string check = copy.Text("PRAGMA integrity_check(1)");
  if (check != "ok") return "it is damaged (" + check + ")";
  const std::int64_t version = copy.Integer("PRAGMA user_version");
  if (version <= SchemaVersion()) return std::nullopt;
  return "it was written by a newer shakehook (schema " + std::to_string(version) + ", this one knows " +
         std::to_string(SchemaVersion()) + ")";
}

bool IsThere(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(std::filesystem::symlink_status(path, ignored));
}

bool IsEmpty(const std::string& path) {
  std::error_code failed;
  return std::filesystem::file_size(path, failed) == 0 && !failed;
}

// Returns a name for the database that is moved aside, free for it and for its log.
std::string NameAside(const std::string& database, Timestamp now) {
  const std::string name = database + ".before-restore-" + std::to_string(UnixMs(now) / 1000);
  for (int i = 1;; ++i) {
    std::string free = i == 1 ? name : name + "-" + std::to_string(i);
    if (!IsThere(free) && !IsThere(free + "-wal")) return free;
  }
}

// The log is moved first: a database without its log is complete, if older; a log that meets another database ruins
// that.
std::expected<std::string, std::string> MoveAside(const std::string& database, Timestamp now) {
  std::string aside;
  for (const std::string ending : {"-wal", ""}) {
    const std::string from = database + ending;
    if (!IsThere(from)) continue;
    if (IsEmpty(from)) {
      ::unlink(from.c_str());
      continue;
    }
    if (aside.empty()) aside = NameAside(database, now);
    if (std::rename(from.c_str(), (aside + ending).c_str()) != 0) {
      return CannotRestore(from, std::string("it cannot be moved aside: ") + std::strerror(errno));
    }
  }
  ::unlink((database + "-shm").c_str());
  return aside;
}

// After a restore as root, the database belongs to the owner of the old one, or of its folder.
void KeepOwner(const std::string& database, const std::string& copy) {
  struct stat owner{};
  const std::string folder = std::filesystem::path(database).parent_path().string();
  if (::stat(database.c_str(), &owner) != 0 && ::stat(folder.empty() ? "." : folder.c_str(), &owner) != 0) return;
  // Users other than root cannot do this, and need not.
  [[maybe_unused]] const int changed = ::chown(copy.c_str(), owner.st_uid, owner.st_gid);
}

// Removes the copy, unless it got its name.
class Copy {
 public:
  explicit Copy(std::string path) : path_(std::move(path)) {}
  ~Copy() { ::unlink(path_.c_str()); }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  const std::string& path() const { return path_; }

 private:
  const std::string path_;
};

std::expected<Restored, std::string> Run(const RestoreRequest& request, Random& random) {
  const bool there = IsThere(request.database) && !IsEmpty(request.database);
  if (there && request.replace == Switch::kOff) {
    return std::unexpected("cannot restore to " + request.database +
                           ": it exists already; --force replaces it, and keeps it beside");
  }
  const Copy copy(UnfinishedName(request.database, random));
  const auto bytes = BackUp(
      {.database = request.backup, .target = copy.path(), .replace = Switch::kOff, .stop = request.stop}, random);
  if (!bytes) {
    const std::string prefix = "cannot back up " + request.backup + ": ";
    const bool about_backup = bytes.error().starts_with(prefix);
    return CannotRestore(request.backup, about_backup ? bytes.error().substr(prefix.size()) : bytes.error());
  }
  KeepOwner(request.database, copy.path());
  Restored restored{.bytes = *bytes};
  Entrance entrance;
  {
    Connection connection(copy.path(), Access::kReadOnly);
    if (const auto reason = Examine(connection)) return CannotRestore(request.backup, *reason);
    entrance = ReadEntrance(connection);
  }
  restored.keys = static_cast<std::int64_t>(entrance.keys.size());
  restored.users = static_cast<std::int64_t>(entrance.users.size());
  restored.sessions = static_cast<std::int64_t>(entrance.sessions.size());
  if (there) {
    if (const auto before = ReadEntranceOf(request.database)) restored.access = Compare(*before, entrance);
  }
  auto aside = MoveAside(request.database, request.now);
  if (!aside) return std::unexpected(aside.error());
  restored.kept = *std::move(aside);
  if (const int error = NameInPlaceOf(copy.path(), request.database)) {
    return CannotRestore(request.backup, std::string("it cannot be named ") + request.database + ": " +
                                             std::strerror(error) +
                                             (restored.kept.empty() ? "" : "; what was there is " + restored.kept));
  }
  RemoveSearchIndex(request.database);  // it was of the other one
  return restored;
}

}  // namespace
}  // namespace sqlite

std::expected<Restored, std::string> Restore(const RestoreRequest& asked, Random& random) {
  std::error_code ignored;
  RestoreRequest request = asked;
  // If a link leads to it, the file itself is replaced; its log is beside that.
  const auto file = std::filesystem::weakly_canonical(asked.database, ignored);
  if (!ignored) request.database = file.string();
  if (std::filesystem::equivalent(request.backup, request.database, ignored)) {
    return std::unexpected("cannot restore " + request.backup + ": it is the database itself");
  }
  const bool was_there = sqlite::IsThere(request.database);
  auto lock = sqlite::FileLock::Acquire(request.database);
  if (!lock) return std::unexpected(lock.error() + "; a restore needs the server to be stopped");
  try {
    auto restored = sqlite::Run(request, random);
    // Taking the lock has made it.
    if (!restored && !was_there && sqlite::IsEmpty(request.database)) ::unlink(request.database.c_str());
    return restored;
  } catch (const sqlite::SqliteError& error) {
    return std::unexpected("cannot restore " + request.backup + ": " + error.what());
  }
}

}  // namespace shakehook
