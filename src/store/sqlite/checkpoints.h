// Checkpoints move committed changes from the write-ahead log into the database, in the background: some ten
// milliseconds of processor and disk that no change waits for. The thread passes over the log again and again, each
// time over the frames that came during the last pass, until almost nothing is left; the writer moves that rest itself,
// usually in less than a millisecond, so that SQLite starts the log over.
//
// https://www.sqlite.org/wal.html, sections 2.1 and 2.3: a passive checkpoint blocks neither readers nor the writer;
// the log begins again at its first frame (a restart) with the first commit that finds all of it moved and no reader in
// it. A checkpoint that meets a restart loses commits (log_restart.h), so two rules keep them apart:
//
//   1. The writer's connection restarts the log only while it holds the checkpoint lock: LockedRestarts(). This holds
//      against checkpoints of other processes too.
//   2. The thread begins no checkpoint when everything is moved. A restart needs a log of which everything is moved;
//      only checkpoints move, and there is one at a time; so while something is left, and until the thread itself has
//      moved it, there is no restart.
//
// Threads: AfterCommit on the writer's thread; the constructor before the first commit, the destructor after the last.
// Errors:  a checkpoint that fails is logged and tried again; committed changes are safe in the log.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "base/mutex.h"
#include "store/sqlite/engine/log_shares.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/store_metrics.h"

namespace shakehook::sqlite {

class Checkpoints {
 public:
  // kInline: AfterCommit() does all of it.
  enum class Mode { kThread, kInline };

  // In frames of the log, which are changed pages of 4 KiB.
  struct Lengths {
    int moved;  // the length of the log at which it is moved
    // The greatest length of the log, however fast changes come and however little time the thread gets: beyond it,
    // changes wait until everything is moved. A reader that stays in the log can make it longer. The thread only gets
    // processor time that others leave; if it is not done soon, the writer stops it and moves the rest itself.
    int most;
  };
  // In a longer log more changes of one page are moved as one, and the disk has two things to do at once less often;
  // but it takes space, and time at the start after a kill.
  // One tenant alone fills two thirds of the most (LogShares), the last third is for the others.
  static constexpr Lengths kLengths{.moved = 16'000, .most = 48'000};
  static constexpr Lengths kInlineLengths{.moved = 1'000, .most = 0};  // without a thread nothing waits for it

  // `writer` is the connection that commits; `synchronous` is its setting; `descriptor` is one of the database's file
  // (SecondDescriptor).
  Checkpoints(Connection& writer, const std::string& path, int descriptor, const std::string& synchronous, Mode mode,
              Lengths lengths, StoreMetrics& metrics);
  ~Checkpoints();
  Checkpoints(const Checkpoints&) = delete;
  Checkpoints& operator=(const Checkpoints&) = delete;

  // Does what the log's length requires. `held_for`: how long changes have waited for the log to be moved; the thread
  // is stopped if that is long.
  void AfterCommit(Microseconds held_for = Microseconds(0));

  // The log after the last commit. The writer's thread.
  LogShares::Log log();

 private:
  // The write-ahead log, as far as it is known. in_database is never less than the number that SQLite knows to be
  // moved, so that in_database < frames means that something is left to move.
  struct Log {
    int frames = 0;           // after the last commit
    int in_database = 0;      // frames that are in the database
    std::int64_t number = 0;  // the number of restarts
  };
  // The thread's run: it goes over the log until little is left.
  enum class Run : std::uint8_t {
    kNone,
    kUnderWay,
    kStopped,  // under way, and told to end: the writer takes over
    kHeldUp,   // it ended because a reader stays in the log, or the disk fails; the writer has not seen that yet
  };
  enum class Moved : std::uint8_t {
    kNearlyAll,  // readers that have just read leave a little
    kHeldUp,     // a reader stays in the log, or the disk fails
    kStopped,    // stopped by the writer
  };
  // A pass over the log has ended.
  struct Pass {
    Moved moved;
    int in_database;  // frames; as before if nothing was moved
  };

  static int OnCommit(void* self, sqlite3*, const char*, int frames);

  void ThreadMain();
  // Moves the log, with the frames that come meanwhile, until little is left. Returns how it ended.
  Run MoveOverAndOver();
  // Moves the log as it is. `in_database`: the frames that were in the database before.
  Pass Move(Connection& connection, int in_database);

  // Returns whether the thread does what is to be done; otherwise the writer does. Begins a run of the thread if there
  // is more to move than the writer should.
  bool LeaveToThread(Microseconds held_for) REQUIRES(mutex_);
  // If changes have waited long, stops the thread; if the log is as long as it may get, waits for the thread, and stops
  // it if it takes long. Returns whether it stopped it. No run is under way then.
  bool StopThreadThatIsLate(Microseconds held_for) REQUIRES(mutex_);
  // Tells whether a run has begun and not ended.
  bool Runs() const REQUIRES(mutex_) { return run_ == Run::kUnderWay || run_ == Run::kStopped; }
  void SetInDatabase(int frames) REQUIRES(mutex_);
  // The frames at which to try again.
  int AfterHoldUp() const REQUIRES(mutex_);

  Connection& writer_;
  const Lengths lengths_;
  StoreMetrics& metrics_;
  std::atomic<bool> failing_ = false;  // the last checkpoint did; said once

  Mutex mutex_;
  Condition changed_;
  Log log_ GUARDED_BY(mutex_);
  int next_at_ GUARDED_BY(mutex_);  // frames at which the writer has something to do next
  Run run_ GUARDED_BY(mutex_) = Run::kNone;
  bool stopping_ GUARDED_BY(mutex_) = false;

  std::unique_ptr<Connection> own_;  // the thread's
  std::thread thread_;
};

}  // namespace shakehook::sqlite
