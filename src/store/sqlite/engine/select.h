// Statements whose results are read by the names of their columns. The columns and their types are declared once: the
// text of the SELECT is made of them, and reading a column that is not among them does not compile.
//
//   struct SessionColumns : Columns<Column<"user", UserId>, Column<"max(epoch) AS newest", std::int64_t>> {};
//   Select<SessionColumns> select(connection, "FROM session WHERE token_hash = ?1");
//   if (auto row = select.With(token_hash); row.Step()) Use(row.Get<"user">(), row.Get<"newest">());
//
// A column that may be NULL has the type std::optional<T>; of the others, NULL is read as 0 or as an empty text.
//
// Threads: those of the connection.
#pragma once

#include <sqlite3.h>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/digest.h"
#include "base/time.h"
#include "base/uuid.h"
#include "model/ids.h"
#include "store/columns.h"
#include "store/sqlite/engine/sqlite.h"

namespace shakehook::sqlite {

// Reads a value of the current row.
template <class T>
struct ColumnReader;

template <class T>
  requires std::integral<T> || std::is_enum_v<T>
struct ColumnReader<T> {
  static T Read(sqlite3_stmt* row, int column) { return static_cast<T>(sqlite3_column_int64(row, column)); }
};
template <class T>
struct ColumnReader<std::optional<T>> {
  static std::optional<T> Read(sqlite3_stmt* row, int column) {
    if (sqlite3_column_type(row, column) == SQLITE_NULL) return std::nullopt;
    return ColumnReader<T>::Read(row, column);
  }
};
// Valid until the next step.
template <>
struct ColumnReader<std::string_view> {
  static std::string_view Read(sqlite3_stmt* row, int column) {
    const void* const bytes = sqlite3_column_blob(row, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, column));
    return {static_cast<const char*>(bytes), bytes == nullptr ? 0 : size};
  }
};
template <>
struct ColumnReader<std::string> {
  static std::string Read(sqlite3_stmt* row, int column) {
    return std::string(ColumnReader<std::string_view>::Read(row, column));
  }
};
// Precondition of these two: the value has exactly the type's number of bytes.
template <>
struct ColumnReader<Uuid> {
  static Uuid Read(sqlite3_stmt* row, int column);
};
template <>
struct ColumnReader<Digest> {
  static Digest Read(sqlite3_stmt* row, int column);
};
template <>
struct ColumnReader<Timestamp> {
  static Timestamp Read(sqlite3_stmt* row, int column) { return FromUnixMs(sqlite3_column_int64(row, column)); }
};
template <>
struct ColumnReader<Microseconds> {
  static Microseconds Read(sqlite3_stmt* row, int column) { return Microseconds(sqlite3_column_int64(row, column)); }
};
template <class Tag>
struct ColumnReader<Id<Tag>> {
  static Id<Tag> Read(sqlite3_stmt* row, int column) { return {ColumnReader<Uuid>::Read(row, column)}; }
};
template <class Tag>
struct ColumnReader<TextId<Tag>> {
  static TextId<Tag> Read(sqlite3_stmt* row, int column) { return {ColumnReader<std::string>::Read(row, column)}; }
};
template <class Tag>
struct ColumnReader<Number<Tag>> {
  static Number<Tag> Read(sqlite3_stmt* row, int column) { return {sqlite3_column_int64(row, column)}; }
};

// The rows of one execution of a Select.
template <class RowColumns>
class Rows : public Execution {
 public:
  Rows(Connection& connection, sqlite3_stmt* statement) : Execution(connection, statement) {}

  template <ColumnText kName>
  auto Get() const {
    constexpr int kIndex = RowColumns::IndexOf(kName.view());
    static_assert(kIndex >= 0, "the columns have no such name");
    return ColumnReader<typename RowColumns::template TypeAt<kIndex>>::Read(statement(), kIndex);
  }
};

struct WholeStatement {
  std::string sql;
};

// The columns may be declared in the header and defined where they are read.
template <class RowColumns>
class Select : private Statement {
 public:
  // `rest`: what follows the columns, from FROM on.
  Select(Connection& connection, std::string_view rest) : Statement(connection, TextOf(rest)) {}
  // For a statement that is put together at run time. Precondition: its columns have the same names in the same order.
  Select(Connection& connection, const WholeStatement& whole) : Statement(connection, whole.sql) {
    CheckColumnNames(RowColumns::Names());
  }

  // Binds as Statement does.
  template <class... Values>
  Rows<RowColumns> With(const Values&... values) {
    return {connection(), BindAll(values...)};
  }
  static std::string TextOf(std::string_view rest) { return "SELECT " + RowColumns::Text() + " " + std::string(rest); }
};

// The rows of one execution of a SelectOne.
template <class T>
class OneColumnRows : public Execution {
 public:
  OneColumnRows(Connection& connection, sqlite3_stmt* statement) : Execution(connection, statement) {}

  T Value() const { return ColumnReader<T>::Read(statement(), 0); }
};

// A statement with one column, which needs no name.
template <class T>
class SelectOne : private Statement {
 public:
  // Precondition: the result has one column.
  SelectOne(Connection& connection, std::string_view sql) : Statement(connection, sql) { CheckHasOneColumn(); }

  template <class... Values>
  OneColumnRows<T> With(const Values&... values) {
    return {connection(), BindAll(values...)};
  }
  // Returns the value of the first row; nullopt if there is none.
  template <class... Values>
  std::optional<T> First(const Values&... values) {
    static_assert(!std::same_as<T, std::string_view>, "the text would end with the row");
    auto row = With(values...);
    if (!row.Step()) return std::nullopt;
    return row.Value();
  }
};

}  // namespace shakehook::sqlite
