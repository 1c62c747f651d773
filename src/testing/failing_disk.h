// FailingDisk stands between SQLite and the file system, and makes the calls fail that a test asks for: a full disk,
// one that has become read-only, one with bad blocks.
//
// It takes the place of SQLite's own VFS under that VFS's name, for the whole process: to be made before the first
// database is opened, once, and never destroyed before the last is closed.
//
// Threads: the test's; the counters may be touched by a store's threads.
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <cstdint>

namespace shakehook {

class FailingDisk {
 public:
  enum class Call { kWrite, kSync, kTruncate, kOpen, kRead, kSharedMemory };

  // The one of the process.
  static FailingDisk& Instance();

  // From the `nth` call of this kind on (1: the next), `count` of them fail with the code (SQLITE_FULL,
  // SQLITE_IOERR_WRITE, ...). A write that fails for want of room has written half of its bytes, as disks do.
  void Fail(Call call, int code, std::int64_t nth = 1, std::int64_t count = INT64_MAX);
  void Heal();
  // How many calls have failed since the last Fail().
  std::int64_t failed() const { return failed_; }

  // What the call is to answer instead; SQLITE_OK: it may go on.
  int Ask(Call call);
  sqlite3_vfs* below() const { return below_; }

 private:
  FailingDisk();

  sqlite3_vfs* below_;
  std::atomic<int> call_ = -1;
  std::atomic<int> code_ = SQLITE_OK;
  std::atomic<std::int64_t> before_ = 0;  // calls that still work
  std::atomic<std::int64_t> left_ = 0;    // calls that still fail
  std::atomic<std::int64_t> failed_ = 0;
};

}  // namespace shakehook
