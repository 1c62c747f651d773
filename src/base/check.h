// CHECK states what must be true if the program has no bug. It stays in the release binary: a server whose state is
// wrong must stop before it writes that state down; everything it promised is on disk and is sent after the restart.
#pragma once

namespace shakehook {

[[noreturn]] void CheckFailed(const char* condition, const char* file, int line);

// From now on an uncaught exception ends the program like a CHECK: with one line, and without waiting for its reader.
void EndOnUncaughtExceptions();

}  // namespace shakehook

#define CHECK(condition)                                        \
  do {                                                          \
    if (!(condition)) [[unlikely]]                              \
      ::shakehook::CheckFailed(#condition, __FILE__, __LINE__); \
  } while (false)
