// Checkpoints move what was committed from the write-ahead log into the database, in the background: several
// milliseconds of disk that no change waits for. The writer itself only moves the short rest that came meanwhile, now
// and then, so that SQLite can begin the log anew.
//
// https://www.sqlite.org/wal.html, sections 2.1 and 2.3: a passive checkpoint blocks neither readers nor the writer;
// the log begins anew with the first commit that finds all of it moved and no reader in it.
//
// Threads: AfterCommit on the writer's thread; the constructor before the first commit, the destructor after the last.
// Errors:  a checkpoint that fails is logged and tried again; what was committed is safe in the log.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "base/mutex.h"
#include "store/sqlite/sqlite.h"

namespace shakehook::sqlite {

class Checkpoints {
 public:
  // kInline: all of it in AfterCommit().
  enum class Mode { kThread, kInline };

  // `writer` is the connection that commits; `synchronous` is its setting.
  Checkpoints(Connection& writer, const std::string& path, const std::string& synchronous, Mode mode);
  ~Checkpoints();
  Checkpoints(const Checkpoints&) = delete;
  Checkpoints& operator=(const Checkpoints&) = delete;

  // Sees to what is due by the log's length.
  void AfterCommit();

 private:
  static int OnCommit(void* self, sqlite3*, const char*, int frames);

  void ThreadMain();
  // Moves what there is, as far as readers allow.
  void Move(Connection& connection);

  Connection& writer_;
  const int log_long_;  // frames at which the log is moved
  int frames_ = 0;      // in the log, after the last commit
  int next_at_;         // frames at which the next checkpoint is due
  // The log is long enough: once the thread has moved what there was, the writer moves the rest.
  bool finishing_ = false;
  std::atomic<bool> failing_ = false;  // the last one did; said once

  std::unique_ptr<Connection> own_;  // the thread's
  Mutex mutex_;
  Condition changed_;
  bool moving_ GUARDED_BY(mutex_) = false;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace shakehook::sqlite
