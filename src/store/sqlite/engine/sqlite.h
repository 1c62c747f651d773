// SQLite's connection and statements, as objects. An error of SQLite is thrown as SqliteError: everything that can be
// refused is checked before, so an error here means that the file cannot be read or written now, and ends the whole
// transaction. It never leaves store/sqlite.
//
// Statement is one without results, or of which only matters whether there is one; what others return is read through
// select.h. A statement names its columns. An enumerator is bound, or written into the text by Sql(). The key of a
// delivery is bound as one value, as webhook and position in all statements. scripts/style.sh checks the texts.
//
// Threads: a connection and its statements belong to one thread at a time.
#pragma once

#include <sqlite3.h>

#include <array>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/digest.h"
#include "base/time.h"
#include "base/uuid.h"
#include "model/delivery.h"
#include "model/ids.h"
#include "store/columns.h"

namespace shakehook::sqlite {

class SqliteError : public std::runtime_error {
 public:
  SqliteError(int sqlite_code, const std::string& message) : std::runtime_error(message), code_(sqlite_code) {}
  int code() const { return code_; }

 private:
  int code_;
};

// Must be called before any other use of SQLite, because it sets options that can only be set before SQLite's first
// use. Connections call it. Any thread.
void InitializeSqlite();

// Sets the folder for SQLite's temporary files, which have no name: the part of sorts, of indexes being built, and of
// the statement journal that does not fit in memory. For the whole process. Any thread.
void KeepTemporaryFilesIn(const std::string& folder);

enum class Access { kReadWrite, kReadOnly };

class Connection {
 public:
  // `vfs`: the name of a VFS other than SQLite's own.
  Connection(const std::string& path, Access access, const char* vfs = nullptr);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Runs statements without parameters or results.
  void Execute(const std::string& sql);
  // Returns the first column of the first row; 0 or an empty text if there is none.
  std::int64_t Integer(const std::string& sql);
  std::string Text(const std::string& sql);
  // Returns how many rows the last statement changed.
  std::int64_t changes() const { return sqlite3_changes64(database_); }
  sqlite3* get() const { return database_; }
  [[noreturn]] void Throw(int code) const;

 private:
  sqlite3* database_ = nullptr;
};

// Writes the stored numbers of enumerators into a statement, in place of each "{}": where an index needs its condition
// word for word, and where the statement has no other value for it.
// Precondition: `text` has as many "{}" as there are numbers.
std::string SqlWithNumbers(std::string_view text, std::span<const std::int64_t> numbers);
template <class... Enums>
  requires(std::is_enum_v<Enums> && ...)
std::string Sql(std::string_view text, Enums... enumerators) {
  const std::array numbers = {static_cast<std::int64_t>(enumerators)...};
  return SqlWithNumbers(text, numbers);
}

// Bytes to be bound as a BLOB.
struct Blob {
  std::string_view bytes;
};

class Statement;

// One execution of a statement: bound, stepped, and reset at the end of its life. Text and blobs are bound without a
// copy, so they must live as long.
class Execution {
 public:
  ~Execution();
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;

  // Returns whether there is a (next) row.
  bool Step();
  // For statements without rows.
  void Run();

 protected:
  Execution(Connection& connection, sqlite3_stmt* statement) : connection_(connection), statement_(statement) {}
  sqlite3_stmt* statement() const { return statement_; }

 private:
  friend class Statement;

  Connection& connection_;
  sqlite3_stmt* statement_;
};

class Statement {
 public:
  Statement(Connection& connection, std::string_view sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Connection& connection() const { return connection_; }

  // Binds the values to ?1, ?2, ...; a DeliveryKey takes two of them, its webhook and its position.
  template <class... Values>
  Execution With(const Values&... values) {
    return Execution(connection_, BindAll(values...));
  }
  template <class... Values>
  void Run(const Values&... values) {
    With(values...).Run();
  }

 protected:
  template <class... Values>
  sqlite3_stmt* BindAll(const Values&... values) {
    static_assert(AreInKeyOrder<Values...>(), "the webhook is bound before the position");
    int index = 0;
    (BindNext(index, values), ...);
    return statement_;
  }
  void CheckHasOneColumn() const;
  void CheckColumnNames(std::span<const std::string_view> names) const;

 private:
  template <class Value>
  void BindNext(int& index, const Value& value) {
    Bind(++index, value);
  }
  void BindNext(int& index, const DeliveryKey& key) {
    Bind(++index, key.webhook);
    Bind(++index, key.position);
  }
  void Bind(int index, std::int64_t value) { Check(sqlite3_bind_int64(statement_, index, value)); }
  void Bind(int index, int value) { Bind(index, static_cast<std::int64_t>(value)); }
  void Bind(int index, std::size_t value) { Bind(index, static_cast<std::int64_t>(value)); }
  void Bind(int index, std::uint8_t value) { Bind(index, static_cast<std::int64_t>(value)); }
  void Bind(int index, std::nullptr_t) { Check(sqlite3_bind_null(statement_, index)); }
  void Bind(int index, std::string_view text) {
    Check(sqlite3_bind_text64(statement_, index, text.data() ? text.data() : "", text.size(), SQLITE_STATIC,
                              SQLITE_UTF8));
  }
  void Bind(int index, const std::string& text) { Bind(index, std::string_view(text)); }
  void Bind(int index, const char* text) { Bind(index, std::string_view(text)); }
  void Bind(int index, Blob blob) {
    Check(sqlite3_bind_blob64(statement_, index, blob.bytes.data() ? blob.bytes.data() : "", blob.bytes.size(),
                              SQLITE_STATIC));
  }
  void Bind(int index, const Uuid& uuid) {
    Check(sqlite3_bind_blob64(statement_, index, uuid.bytes.data(), uuid.bytes.size(), SQLITE_STATIC));
  }
  void Bind(int index, const Digest& digest) {
    Check(sqlite3_bind_blob64(statement_, index, digest.data(), digest.size(), SQLITE_STATIC));
  }
  void Bind(int index, Timestamp time) { Bind(index, UnixMs(time)); }
  void Bind(int index, Microseconds duration) { Bind(index, static_cast<std::int64_t>(duration.count())); }
  template <class Tag>
  void Bind(int index, const Id<Tag>& id) {
    Bind(index, id.uuid);
  }
  template <class Tag>
  void Bind(int index, const Number<Tag>& number) {
    Bind(index, number.value);
  }
  template <class Tag>
  void Bind(int index, const TextId<Tag>& id) {
    Bind(index, id.text);
  }
  template <class Enum>
    requires std::is_enum_v<Enum>
  void Bind(int index, Enum value) {
    Bind(index, static_cast<std::int64_t>(value));
  }
  template <class T>
  void Bind(int index, const std::optional<T>& value) {
    if (value) {
      Bind(index, *value);
    } else {
      Bind(index, nullptr);
    }
  }
  void Check(int code) const {
    if (code != SQLITE_OK) [[unlikely]]
      connection_.Throw(code);
  }

  Connection& connection_;
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace shakehook::sqlite
