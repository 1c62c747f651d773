// The rows that a statement returned, read by the names of their columns (store/columns.h):
//
//   struct SessionColumns : Columns<Column<"user_id", UserId>, Column<"epoch", std::int64_t>> {};
//   for (const auto row : rows) Use(row.Get<"user_id">(), row.Get<"epoch">());
//
// A column that may be NULL has the type std::optional<T>. A NULL in another column, and a column of another type than
// its C++ type is bound as, is thrown as a PostgresError: the schema is not the one that the program was made for.
//
// Ownership: Rows own libpq's result; a Row, and a string_view read from it, live as long as its Rows.
// Threads:   any, one at a time.
#pragma once

#include <libpq-fe.h>

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/digest.h"
#include "base/time.h"
#include "base/uuid.h"
#include "model/ids.h"
#include "store/columns.h"
#include "store/postgres/engine/parameters.h"

namespace shakehook::postgres {

struct ResultDeleter {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ResultDeleter>;

// A value that is not NULL.
std::int64_t ReadInteger(std::string_view value);
Uuid ReadUuid(std::string_view value);
Digest ReadDigest(std::string_view value);

// Reads a value of a row.
template <class T>
struct ValueReader;

template <class T>
  requires(std::integral<T> || std::is_enum_v<T>)
struct ValueReader<T> {
  static T Read(std::string_view value) { return static_cast<T>(ReadInteger(value)); }
};
template <>
struct ValueReader<std::string_view> {
  static std::string_view Read(std::string_view value) { return value; }
};
template <>
struct ValueReader<std::string> {
  static std::string Read(std::string_view value) { return std::string(value); }
};
template <>
struct ValueReader<Uuid> {
  static Uuid Read(std::string_view value) { return ReadUuid(value); }
};
template <>
struct ValueReader<Digest> {
  static Digest Read(std::string_view value) { return ReadDigest(value); }
};
template <>
struct ValueReader<Timestamp> {
  static Timestamp Read(std::string_view value) { return FromUnixMs(ReadInteger(value)); }
};
template <>
struct ValueReader<Microseconds> {
  static Microseconds Read(std::string_view value) { return Microseconds(ReadInteger(value)); }
};
template <class Tag>
struct ValueReader<Id<Tag>> {
  static Id<Tag> Read(std::string_view value) { return {ReadUuid(value)}; }
};
template <class Tag>
struct ValueReader<TextId<Tag>> {
  static TextId<Tag> Read(std::string_view value) { return {std::string(value)}; }
};
template <class Tag>
struct ValueReader<Number<Tag>> {
  static Number<Tag> Read(std::string_view value) { return {ReadInteger(value)}; }
};

// Throws if the column is not of the type, or not called so.
void CheckColumn(const PGresult* result, int column, std::string_view name, WireType type);
[[noreturn]] void ThrowNull(std::string_view column);

template <class RowColumns>
class Row {
 public:
  Row(const PGresult* result, int row) : result_(result), row_(row) {}

  template <ColumnText kName>
  auto Get() const {
    constexpr int kIndex = RowColumns::IndexOf(kName.view());
    static_assert(kIndex >= 0, "the columns have no such name");
    return Read<kIndex>(static_cast<typename RowColumns::template TypeAt<kIndex>*>(nullptr), kName.view());
  }

 private:
  template <int kIndex>
  std::string_view Bytes() const {
    return {PQgetvalue(result_, row_, kIndex), static_cast<std::size_t>(PQgetlength(result_, row_, kIndex))};
  }
  template <int kIndex, class T>
  T Read(const T*, std::string_view name) const {
    if (PQgetisnull(result_, row_, kIndex)) ThrowNull(name);
    return ValueReader<T>::Read(Bytes<kIndex>());
  }
  template <int kIndex, class T>
  std::optional<T> Read(const std::optional<T>*, std::string_view) const {
    if (PQgetisnull(result_, row_, kIndex)) return std::nullopt;
    return ValueReader<T>::Read(Bytes<kIndex>());
  }

  const PGresult* result_;
  int row_;
};

template <class RowColumns>
class Rows {
 public:
  explicit Rows(Result result) : result_(std::move(result)) {
    CheckAll(std::make_integer_sequence<int, RowColumns::kCount>());
  }

  class Iterator {
   public:
    Iterator(const PGresult* result, int row) : result_(result), row_(row) {}
    Row<RowColumns> operator*() const { return {result_, row_}; }
    Iterator& operator++() {
      ++row_;
      return *this;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const PGresult* result_;
    int row_;
  };
  Iterator begin() const { return {result_.get(), 0}; }
  Iterator end() const { return {result_.get(), PQntuples(result_.get())}; }
  bool empty() const { return size() == 0; }
  std::size_t size() const { return static_cast<std::size_t>(PQntuples(result_.get())); }
  // Precondition: there is such a row.
  Row<RowColumns> operator[](std::size_t row) const { return {result_.get(), static_cast<int>(row)}; }

 private:
  template <int... kIndexes>
  void CheckAll(std::integer_sequence<int, kIndexes...>) const {
    constexpr auto kNames = RowColumns::Names();
    (CheckColumn(result_.get(), kIndexes, kNames[static_cast<std::size_t>(kIndexes)],
                 WireTypeOf<typename RowColumns::template TypeAt<kIndexes>>()),
     ...);
  }

  Result result_;
};

}  // namespace shakehook::postgres
