// The version of SQLite that the program is linked with, and whether it has the WAL-reset bug (log_restart.h).
#pragma once

#include <string>

namespace shakehook::sqlite {

// As 3.53.4.
std::string SqliteVersion();

// `number` as SQLITE_VERSION_NUMBER: 3053004 is 3.53.4. Source: https://www.sqlite.org/wal.html#walresetbug.
constexpr bool HasWalResetBug(int number) {
  const bool backported = (number >= 3'044'006 && number < 3'045'000) || (number >= 3'050'007 && number < 3'051'000);
  return number >= 3'007'000 && number < 3'051'003 && !backported;
}
bool LinkedHasWalResetBug();

}  // namespace shakehook::sqlite
