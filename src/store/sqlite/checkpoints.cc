#include "store/sqlite/checkpoints.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/log.h"
#include "base/thread.h"
#include "store/sqlite/checkpoint_writes.h"
#include "store/sqlite/database_file.h"

namespace shakehook::sqlite {
namespace {

// What the thread leaves is usually shorter than this.
constexpr int kShortRest = 64;
// It was moved, but the log did not begin anew, because a reader is in it: to be tried again after so many frames more.
constexpr int kRetryStep = 100;
// Part of Lengths::moved: what the writer moves itself at most, and what may be left without being held up. Part of the
// log: by how much it grows until what was held up is tried again.
constexpr int kPart = 4;

}  // namespace

Checkpoints::Checkpoints(Connection& writer, const std::string& path, int descriptor, const std::string& synchronous,
                         Mode mode, Lengths lengths)
    : writer_(writer), lengths_(lengths), next_at_(lengths.moved) {
  sqlite3_wal_hook(writer_.get(), &Checkpoints::OnCommit, this);  // in place of SQLite's own, which checkpoints at once
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
  if (frames < checkpoints.frames_) {  // it began anew
    checkpoints.next_at_ = checkpoints.lengths_.moved;
    const MutexLock lock(checkpoints.mutex_);
    checkpoints.in_database_ = 0;
    ++checkpoints.log_number_;
  }
  checkpoints.frames_ = frames;
  return SQLITE_OK;
}

void Checkpoints::AfterCommit() {
  if (frames_ < next_at_) return;
  if (own_ && LeaveToThread()) return;
  int in_database = 0;
  const Moved moved = Move(writer_, in_database);
  next_at_ = moved == Moved::kNearlyAll ? frames_ + kRetryStep : AfterHoldUp();
  const MutexLock lock(mutex_);
  in_database_ = in_database;
}

bool Checkpoints::LeaveToThread() {
  const MutexLock lock(mutex_);
  while (moving_ && frames_ >= lengths_.most && !held_up_) changed_.Wait(mutex_);
  if (moving_) return true;
  if (std::exchange(run_ended_, false) && held_up_) {
    next_at_ = AfterHoldUp();
    return true;
  }
  if (frames_ - in_database_ <= lengths_.moved / kPart) return false;
  moving_ = true;
  held_up_ = false;  // not known yet
  changed_.NotifyOne();
  return true;
}

// In proportion to the log, because so is what a time over it costs.
int Checkpoints::AfterHoldUp() const { return frames_ + std::max(lengths_.moved, frames_) / kPart; }

void Checkpoints::ThreadMain() {
  NameThread("checkpoints");
  YieldToOtherThreads();
  for (;;) {
    {
      const MutexLock lock(mutex_);
      while (!moving_ && !stopping_) changed_.Wait(mutex_);
      if (stopping_) return;
    }
    MoveOverAndOver();
    const MutexLock lock(mutex_);
    moving_ = false;
    run_ended_ = true;
    changed_.NotifyOne();
  }
}

// What comes during one time over the log is in proportion to how long that took, and so to what it moved, down to the
// time of a sync. Where it does not become less, changes come too fast: the next run goes on, and at Lengths::most they
// wait for it.
void Checkpoints::MoveOverAndOver() {
  int moved_before = std::numeric_limits<int>::max();
  for (int in_database = 0;;) {
    std::int64_t log_number = 0;
    {
      const MutexLock lock(mutex_);
      if (stopping_) return;
      log_number = log_number_;
    }
    const int before = in_database;
    const Moved result = Move(*own_, in_database);
    const int moved = in_database - before;
    const MutexLock lock(mutex_);
    if (log_number != log_number_) return;  // all was moved, and the writer has begun the log anew
    in_database_ = in_database;
    held_up_ = result == Moved::kHeldUp;
    if (held_up_ || moved <= kShortRest || moved > moved_before / 2) return;
    moved_before = moved;
    changed_.NotifyOne();
  }
}

Checkpoints::Moved Checkpoints::Move(Connection& connection, int& in_database) {
  int in_log = 0;
  const int code =
      sqlite3_wal_checkpoint_v2(connection.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_log, &in_database);
  in_database = std::max(in_database, 0);  // -1 where it could not be told
  if (code == SQLITE_OK || code == SQLITE_BUSY) {
    failing_ = false;
    const bool nearly_all = code == SQLITE_OK && in_log - in_database <= lengths_.moved / kPart;
    return nearly_all ? Moved::kNearlyAll : Moved::kHeldUp;
  }
  if (!failing_.exchange(true)) {
    LogWarning("cannot move what was committed from the log into the database, and tries again",
               {{"reason", sqlite3_errmsg(connection.get())}});
  }
  return Moved::kHeldUp;
}

}  // namespace shakehook::sqlite
