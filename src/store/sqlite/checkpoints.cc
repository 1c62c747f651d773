#include "store/sqlite/checkpoints.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "base/thread.h"
#include "store/sqlite/database_file.h"
#include "store/sqlite/engine/checkpoint_writes.h"

namespace shakehook::sqlite {
namespace {

// The rest that the thread leaves is usually shorter than this.
constexpr int kShortRest = 64;
// Everything is moved, but the log did not start over, because a reader is in it: it is tried again after this many
// frames more.
constexpr int kRetryStep = 100;
// part of the log: how much it grows until a checkpoint that was held up is tried again.
constexpr int kPart = 4;
// The longest time that the writer waits for the thread before it takes over.
constexpr Microseconds kPatience{500'000};
constexpr Microseconds kHeldPatience{2'000'000};

}  // namespace

Checkpoints::Checkpoints(Connection& writer, const std::string& path, int descriptor, const std::string& synchronous,
                         Mode mode, Lengths lengths, StoreMetrics& metrics)
    : writer_(writer), lengths_(lengths), metrics_(metrics), next_at_(lengths.moved) {
  sqlite3_wal_hook(writer_.get(), &Checkpoints::OnCommit, this);  // replaces SQLite's own, which checkpoints at once
  if (mode == Mode::kInline) return;
  const bool syncs = synchronous == SynchronousSetting(Switch::kOn);
  own_ = std::make_unique<Connection>(path, Access::kReadWrite, WrittenInPieces());
  if (syncs) WriteOutBy(*own_, descriptor);
  own_->Execute("PRAGMA synchronous = " + synchronous);
  own_->Integer("SELECT count(*) FROM sqlite_master");  // a connection that never read does not know of the log
  thread_ = std::thread([this] { ThreadMain(); });
}

Checkpoints::~Checkpoints() {
  sqlite3_wal_hook(writer_.get(), nullptr, nullptr);
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyOne();
  }
  if (thread_.joinable()) thread_.join();
}

int Checkpoints::OnCommit(void* self, sqlite3*, const char*, int frames) {
  auto& checkpoints = *static_cast<Checkpoints*>(self);
  const MutexLock lock(checkpoints.mutex_);
  Log& log = checkpoints.log_;
  if (frames < log.frames) {  // it was restarted
    checkpoints.next_at_ = checkpoints.lengths_.moved;
    log.in_database = 0;
    ++log.number;
  }
  log.frames = frames;
  checkpoints.metrics_.SetLog(log.frames, log.in_database);
  return SQLITE_OK;
}

LogShares::Log Checkpoints::log() {
  const MutexLock lock(mutex_);
  const bool due = log_.frames >= next_at_ && log_.in_database < log_.frames;
  return {.frames = log_.frames, .restarts = log_.number, .due = due ? log_.frames : 0};
}

void Checkpoints::AfterCommit(Microseconds held_for) {
  int in_database = 0;
  {
    const MutexLock lock(mutex_);
    if (log_.frames < next_at_) return;
    if (own_ && LeaveToThread(held_for)) return;
    in_database = log_.in_database;
  }
  const Moved moved = Move(writer_, in_database);  // meanwhile the thread rests, and nobody commits
  const MutexLock lock(mutex_);
  log_.in_database = in_database;
  metrics_.SetLog(log_.frames, log_.in_database);
  next_at_ = moved == Moved::kNearlyAll ? log_.frames + kRetryStep : AfterHoldUp();
}

// SQLite checks between two pages whether it was interrupted. The pages that the thread has moved by then are moved
// once more.
bool Checkpoints::StopThreadThatIsLate(Microseconds held_for) {
  bool stopped = false;
  const SystemClock clock;
  const SteadyTime began = clock.Steady();
  bool waited = false;
  const bool held_long = held_for >= kHeldPatience;
  while (Runs() && (held_long || log_.frames >= lengths_.most)) {
    waited = true;
    if (!held_long) changed_.WaitFor(mutex_, kPatience);
    if (!Runs()) break;
    stopped = true;
    run_ = Run::kStopped;
    sqlite3_interrupt(own_->get());
    if (held_long) changed_.WaitFor(mutex_, kPatience);
  }
  if (waited) metrics_.CountWait(clock.Steady() - began);
  return stopped;
}

bool Checkpoints::LeaveToThread(Microseconds held_for) {
  const bool stopped = StopThreadThatIsLate(held_for);
  if (run_ == Run::kUnderWay) return true;
  if (std::exchange(run_, Run::kNone) == Run::kHeldUp) {
    next_at_ = AfterHoldUp();
    return true;
  }
  if (stopped) return false;
  if (log_.frames - log_.in_database <= lengths_.moved / kPart) return false;
  run_ = Run::kUnderWay;
  changed_.NotifyOne();
  return true;
}

// In proportion to the log, because the cost of a pass over it is.
int Checkpoints::AfterHoldUp() const { return log_.frames + std::max(lengths_.moved, log_.frames) / kPart; }

void Checkpoints::ThreadMain() {
  NameThread("checkpoints");
  YieldToOtherThreads();
  for (;;) {
    {
      const MutexLock lock(mutex_);
      // A run may be stopped before the thread has seen that it began.
      while (!Runs() && !stopping_) changed_.Wait(mutex_);
      if (stopping_) return;
    }
    const Run ended = MoveOverAndOver();
    const MutexLock lock(mutex_);
    run_ = ended;
    changed_.NotifyOne();
  }
}

// The frames that come during one pass over the log are in proportion to the pass's duration, and so to the frames that
// it moved, down to the duration of a sync. Where they do not become fewer, changes come too fast: the next run
// continues, and at Lengths::most changes wait for it.
Checkpoints::Run Checkpoints::MoveOverAndOver() {
  int moved_before = std::numeric_limits<int>::max();
  for (;;) {
    Log log;
    {
      const MutexLock lock(mutex_);
      if (stopping_ || run_ == Run::kStopped) return Run::kNone;
      log = log_;
    }
    if (log.in_database >= log.frames) return Run::kNone;  // rule 2
    int in_database = log.in_database;
    const Moved result = Move(*own_, in_database);
    const int moved = in_database - log.in_database;
    const MutexLock lock(mutex_);
    if (log.number != log_.number) return Run::kNone;  // all was moved, and the writer has restarted the log
    log_.in_database = in_database;
    metrics_.SetLog(log_.frames, log_.in_database);
    if (result == Moved::kHeldUp) return Run::kHeldUp;
    if (result == Moved::kStopped) return Run::kNone;
    if (moved <= kShortRest || moved > moved_before / 2) return Run::kNone;
    moved_before = moved;
  }
}

Checkpoints::Moved Checkpoints::Move(Connection& connection, int& in_database) {
  int in_log = 0;
  int moved = 0;
  const SystemClock clock;
  const SteadyTime began = clock.Steady();
  const int code = sqlite3_wal_checkpoint_v2(connection.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
  metrics_.CountCheckpoint(clock.Steady() - began);
  // Both are -1 while another process's checkpoint runs.
  if (code == SQLITE_OK && moved >= 0) in_database = moved;
  if (code == SQLITE_OK || code == SQLITE_BUSY) {
    failing_ = false;
    const bool nearly_all = code == SQLITE_OK && in_log - in_database <= lengths_.moved / kPart;
    if (!nearly_all) metrics_.CountHoldUp();
    return nearly_all ? Moved::kNearlyAll : Moved::kHeldUp;
  }
  if (code == SQLITE_INTERRUPT) return Moved::kStopped;
  metrics_.CountHoldUp();
  if (!failing_.exchange(true)) {
    LogWarning("cannot move what was committed from the log into the database, and tries again",
               {{"reason", sqlite3_errmsg(connection.get())}});
  }
  return Moved::kHeldUp;
}

}  // namespace shakehook::sqlite
