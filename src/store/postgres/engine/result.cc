#include "store/postgres/engine/result.h"

#include <algorithm>

#include "store/postgres/engine/postgres_error.h"

namespace shakehook::postgres {
namespace {

constexpr const char* kDatatypeMismatch = "42804";

// Integers of all sizes are read as one, and texts as bytes.
bool Fits(WireType wanted, WireType found) {
  switch (wanted) {
    case WireType::kInt8:
      return found == WireType::kInt8 || found == WireType::kInt4 || found == WireType::kInt2 ||
             found == WireType::kBool;
    case WireType::kText:
      return found == WireType::kText || found == WireType::kVarchar || found == WireType::kBytes;
    default:
      return found == wanted;
  }
}

template <class T>
T ReadBytes(std::string_view value) {
  T bytes{};
  if (value.size() != bytes.size()) throw PostgresError(kDatatypeMismatch, "a stored value has another length");
  std::ranges::copy(value, bytes.begin());
  return bytes;
}

}  // namespace

std::int64_t ReadInteger(std::string_view value) {
  std::uint64_t bits = 0;
  for (const char byte : value) bits = (bits << 8) | static_cast<std::uint8_t>(byte);
  switch (value.size()) {
    case 1:
      return static_cast<std::int8_t>(bits);
    case 2:
      return static_cast<std::int16_t>(bits);
    case 4:
      return static_cast<std::int32_t>(bits);
    default:
      return static_cast<std::int64_t>(bits);
  }
}

Uuid ReadUuid(std::string_view value) { return {ReadBytes<decltype(Uuid::bytes)>(value)}; }
Digest ReadDigest(std::string_view value) { return ReadBytes<Digest>(value); }

void CheckColumn(const PGresult* result, int column, std::string_view name, WireType type) {
  if (column >= PQnfields(result) || PQfname(result, column) != name) {
    throw PostgresError(kDatatypeMismatch, "a statement does not return the column " + std::string(name));
  }
  if (!Fits(type, WireType{PQftype(result, column)})) {
    throw PostgresError(kDatatypeMismatch, "the column " + std::string(name) + " is of type " +
                                               std::to_string(PQftype(result, column)) + ", not of " +
                                               std::to_string(static_cast<std::uint32_t>(type)));
  }
}

void ThrowNull(std::string_view column) {
  throw PostgresError(kDatatypeMismatch, "the column " + std::string(column) + " is NULL");
}

}  // namespace shakehook::postgres
