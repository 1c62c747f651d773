#include "store/sqlite/checkpoints.h"

#include <limits>
#include <utility>

#include "base/log.h"
#include "base/thread.h"
#include "store/sqlite/checkpoint_writes.h"

namespace shakehook::sqlite {
namespace {

// Frames that the writer may move itself.
constexpr int kShortRest = 64;
// A reader was in the log, so that it did not begin anew: to be tried again after so many frames more.
constexpr int kRetryStep = 100;

}  // namespace

Checkpoints::Checkpoints(Connection& writer, const std::string& path, const std::string& synchronous, Mode mode,
                         Lengths lengths)
    : writer_(writer), lengths_(lengths), next_at_(lengths.moved) {
  sqlite3_wal_hook(writer_.get(), &Checkpoints::OnCommit, this);  // in place of SQLite's own, which checkpoints at once
  if (mode == Mode::kInline) return;
  own_ = std::make_unique<Connection>(path, Access::kReadWrite, SyncedInPieces());
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
    checkpoints.finishing_ = false;
  }
  checkpoints.frames_ = frames;
  return SQLITE_OK;
}

void Checkpoints::AfterCommit() {
  if (frames_ < next_at_) return;
  {
    const MutexLock lock(mutex_);
    while (moving_ && frames_ >= lengths_.most) changed_.Wait(mutex_);
    if (moving_) return;
    if (own_ && !finishing_) {
      moving_ = finishing_ = true;
      changed_.NotifyOne();
      return;
    }
  }
  Move(writer_);
  next_at_ = frames_ + kRetryStep;
}

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
    changed_.NotifyOne();
  }
}

// What comes during one time over the log is in proportion to how long that took, and so to what it moved, down to the
// time of a sync.
void Checkpoints::MoveOverAndOver() {
  int moved_before = std::numeric_limits<int>::max();
  for (int in_database = 0;;) {
    const int now_in_database = Move(*own_);
    const int moved = now_in_database - std::exchange(in_database, now_in_database);
    if (moved <= kShortRest || moved > moved_before / 2) return;
    moved_before = moved;
  }
}

int Checkpoints::Move(Connection& connection) {
  int in_database = 0;
  const int code =
      sqlite3_wal_checkpoint_v2(connection.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, &in_database);
  if (code == SQLITE_OK || code == SQLITE_BUSY) {
    failing_ = false;
  } else if (!failing_.exchange(true)) {
    LogWarning("cannot move what was committed from the log into the database, and tries again",
               {{"reason", sqlite3_errmsg(connection.get())}});
  }
  return in_database;
}

}  // namespace shakehook::sqlite
