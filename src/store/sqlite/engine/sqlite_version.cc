#include "store/sqlite/engine/sqlite_version.h"

#include <sqlite3.h>

namespace shakehook::sqlite {

std::string SqliteVersion() { return sqlite3_libversion(); }

bool LinkedHasWalResetBug() { return HasWalResetBug(sqlite3_libversion_number()); }

}  // namespace shakehook::sqlite
