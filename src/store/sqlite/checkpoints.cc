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
  const Pass pass = Move(writer_, in_database);  // meanwhile the thread rests, and nobody commits
  const MutexLock lock(mutex_);
  SetInDatabase(pass.in_database);
  next_at_ = pass.moved == Moved::kNearlyAll ? log_.frames + kRetryStep : AfterHoldUp();
}

bool Checkpoints::LeaveToThread(Microseconds held_for) {
  const bool stopped = StopThreadThatIsLate(held_for);
  switch (run_) {
    case Run::kUnderWay:
    case Run::kStopped:
      return true;
    case Run::kHeldUp:
      run_ = Run::kNone;
      next_at_ = AfterHoldUp();
      return true;
    case Run::kNone:
      break;
  }
  const bool little = log_.frames - log_.in_database <= lengths_.moved / kPart;
  if (stopped || little) return false;
  run_ = Run::kUnderWay;
  changed_.NotifyOne();
  return true;
}

// SQLite looks between two pages whether it was interrupted, and only then: an interruption that comes just before the
// thread begins a pass is lost, so it is made again. The pages that the thread has moved by then are moved once more.
bool Checkpoints::StopThreadThatIsLate(Microseconds held_for) {
  const bool others_wait = held_for >= kHeldPatience;
  const bool full = log_.frames >= lengths_.most;
  if (!Runs() || (!others_wait && !full)) return false;
  const SystemClock clock;
  const SteadyTime began = clock.Steady();
  if (!others_wait) changed_.WaitFor(mutex_, kPatience);
  const bool late = Runs();
  while (Runs()) {
    run_ = Run::kStopped;
    sqlite3_interrupt(own_->get());
    changed_.WaitFor(mutex_, kPatience);
  }
  metrics_.CountWait(clock.Steady() - began);
  return late;
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
    const Pass pass = Move(*own_, log.in_database);
    const int moved = pass.in_database - log.in_database;
    const MutexLock lock(mutex_);
    if (log.number != log_.number) return Run::kNone;  // all was moved, and the writer has restarted the log
    SetInDatabase(pass.in_database);
    if (pass.moved == Moved::kHeldUp) return Run::kHeldUp;
    if (pass.moved == Moved::kStopped) return Run::kNone;
    if (moved <= kShortRest || moved > moved_before / 2) return Run::kNone;
    moved_before = moved;
  }
}

void Checkpoints::SetInDatabase(int frames) {
  log_.in_database = frames;
  metrics_.SetLog(log_.frames, log_.in_database);
}

Checkpoints::Pass Checkpoints::Move(Connection& connection, int in_database) {
  int in_log = 0;
  int moved = 0;
  const SystemClock clock;
  const SteadyTime began = clock.Steady();
  const int code = sqlite3_wal_checkpoint_v2(connection.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
  metrics_.CountCheckpoint(clock.Steady() - began);
  // Both are -1 while another process's checkpoint runs.
  if (code == SQLITE_OK && moved >= 0) in_database = moved;
  if (code == SQLITE_INTERRUPT) return {Moved::kStopped, in_database};
  if (code == SQLITE_OK || code == SQLITE_BUSY) {
    failing_ = false;
  } else if (!failing_.exchange(true)) {
    LogWarning("cannot move commits from the log into the database; trying again",
               {{"reason", sqlite3_errmsg(connection.get())}});
  }
  if (code == SQLITE_OK && in_log - in_database <= lengths_.moved / kPart) return {Moved::kNearlyAll, in_database};
  metrics_.CountHoldUp();
  return {Moved::kHeldUp, in_database};
}

}  // namespace shakehook::sqlite
