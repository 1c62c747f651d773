#include "store/sqlite/engine/select.h"

#include <cstring>

#include "base/check.h"

namespace shakehook::sqlite {
namespace {

template <class Array>
Array ReadBytes(sqlite3_stmt* row, int column) {
  const std::string_view bytes = ColumnReader<std::string_view>::Read(row, column);
  Array array;
  CHECK(bytes.size() == array.size());
  std::memcpy(array.data(), bytes.data(), bytes.size());
  return array;
}

}  // namespace

Uuid ColumnReader<Uuid>::Read(sqlite3_stmt* row, int column) { return {ReadBytes<decltype(Uuid::bytes)>(row, column)}; }

Digest ColumnReader<Digest>::Read(sqlite3_stmt* row, int column) { return ReadBytes<Digest>(row, column); }

}  // namespace shakehook::sqlite
