// FailingDisk is a layer between SQLite and the file system. It makes the calls fail that a test names: a full disk, a
// disk that has become read-only, a disk with bad blocks.
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

  // The process's only instance.
  static FailingDisk& Instance();

  // Makes `count` calls of this kind fail with the code (SQLITE_FULL, SQLITE_IOERR_WRITE, ...), from the `nth` on (1:
  // the next). A write that fails because the disk is full has written half of its bytes, as disks do.
  void Fail(Call call, int code, std::int64_t nth = 1, std::int64_t count = INT64_MAX);
  void Heal();
  // Returns how many calls have failed since the last Fail().
  std::int64_t failed() const { return failed_; }

  // Returns the code that the call must return; SQLITE_OK: it goes on.
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
