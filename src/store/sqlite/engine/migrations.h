// The database's schema, in numbered steps. A file's PRAGMA user_version says how many steps it has seen; the rest are
// run at the start, each in a transaction. A step that was released never changes.
#pragma once

#include "store/sqlite/engine/sqlite.h"

namespace shakehook::sqlite {

// Marks the file as one of ours: "SHKH".
inline constexpr std::int64_t kApplicationId = 0x53484b48;

// Returns how many steps this program knows.
int SchemaVersion();

// Brings the file to SchemaVersion(). Precondition: it has no newer version.
void Migrate(Connection& connection);

}  // namespace shakehook::sqlite
