#include "store/sqlite/engine/sqlite.h"

#include "base/check.h"
#include "store/sqlite/engine/select.h"

namespace shakehook::sqlite {

namespace {

// SQLite's statement journal, which takes a statement or a savepoint back, stays in memory up to this size; beyond, it
// goes to a temporary file (KeepTemporaryFilesIn). Only the writer's connection has one. SQLite writes it to that file
// in one piece, and its file layer reports SQLITE_FULL for a piece of 128 KiB or more (os_unix.c masks the length with
// 0x1ffff), so this is less.
constexpr int kJournalBytesInMemory = 120 * 1024;

bool Configure() {
  // SQLite's memory statistics, which nobody uses, take a mutex for each allocation: 0.6 us a delivery.
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, kJournalBytesInMemory);
  return true;
}

}  // namespace

// If another library of the process has used SQLite before, it is too late, and SQLite's defaults stay.
void InitializeSqlite() { [[maybe_unused]] static const bool configured = Configure(); }

void KeepTemporaryFilesIn(const std::string& folder) {
  InitializeSqlite();
  sqlite3_initialize();
  // SQLite holds this lock while it reads the folder's name.
  sqlite3_mutex* const lock = sqlite3_mutex_alloc(SQLITE_MUTEX_STATIC_VFS1);
  sqlite3_mutex_enter(lock);
  sqlite3_free(sqlite3_temp_directory);
  sqlite3_temp_directory = sqlite3_mprintf("%s", folder.c_str());
  sqlite3_mutex_leave(lock);
}

Connection::Connection(const std::string& path, Access access, const char* vfs) {
  InitializeSqlite();
  const int flags = SQLITE_OPEN_NOMUTEX |
                    (access == Access::kReadWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
  const int code = sqlite3_open_v2(path.c_str(), &database_, flags, vfs);
  if (code != SQLITE_OK) {
    const SqliteError error(code, database_ != nullptr ? sqlite3_errmsg(database_) : sqlite3_errstr(code));
    sqlite3_close_v2(database_);
    throw error;
  }
  sqlite3_extended_result_codes(database_, 1);
  constexpr int kBusyMs = 5'000;  // a checkpoint may hold the file for a moment
  sqlite3_busy_timeout(database_, kBusyMs);
  // A connection that only reads leaves the log as it is, for the server to use.
  if (access == Access::kReadOnly) sqlite3_db_config(database_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

Connection::~Connection() { sqlite3_close_v2(database_); }

void Connection::Throw(int code) const { throw SqliteError(code, sqlite3_errmsg(database_)); }

void Connection::Execute(const std::string& sql) {
  const int code = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) Throw(code);
}

std::int64_t Connection::Integer(const std::string& sql) {
  return SelectOne<std::int64_t>(*this, sql).First().value_or(0);
}

std::string Connection::Text(const std::string& sql) { return SelectOne<std::string>(*this, sql).First().value_or(""); }

std::string SqlWithNumbers(std::string_view text, std::span<const std::int64_t> numbers) {
  constexpr std::string_view kPlace = "{}";
  std::string sql;
  for (const std::int64_t number : numbers) {
    const std::size_t place = text.find(kPlace);
    CHECK(place != std::string_view::npos);
    sql += text.substr(0, place);
    sql += std::to_string(number);
    text.remove_prefix(place + kPlace.size());
  }
  CHECK(!text.contains(kPlace));
  return sql.append(text);
}

Statement::Statement(Connection& connection, std::string_view sql) : connection_(connection) {
  Check(sqlite3_prepare_v3(connection.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                           &statement_, nullptr));
}

void Statement::CheckHasOneColumn() const { CHECK(sqlite3_column_count(statement_) == 1); }

void Statement::CheckColumnNames(std::span<const std::string_view> names) const {
  CHECK(sqlite3_column_count(statement_) == static_cast<int>(names.size()));
  for (std::size_t i = 0; i < names.size(); ++i) {
    CHECK(sqlite3_column_name(statement_, static_cast<int>(i)) == names[i]);
  }
}

Statement::~Statement() { sqlite3_finalize(statement_); }

Execution::~Execution() { sqlite3_reset(statement_); }

bool Execution::Step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  connection_.Throw(code);
}

void Execution::Run() { CHECK(!Step()); }

}  // namespace shakehook::sqlite
