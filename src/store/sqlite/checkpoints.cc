#include "store/sqlite/checkpoints.h"

#include "base/log.h"

namespace shakehook::sqlite {
namespace {

// Frames (pages of 4 KiB) in the log at which it is moved. The longer it grows, the more changes of one page are moved
// as one.
constexpr int kLogLong = 4'000;
constexpr int kLogLongInline = 1'000;  // as SQLite has it: all of it is waited for
// A reader was in the log, so that it did not begin anew: to be tried again after so many more.
constexpr int kRetryStep = 100;

}  // namespace

Checkpoints::Checkpoints(Connection& writer, const std::string& path, const std::string& synchronous, Mode mode)
    : writer_(writer), log_long_(mode == Mode::kInline ? kLogLongInline : kLogLong), next_at_(log_long_) {
  sqlite3_wal_hook(writer_.get(), &Checkpoints::OnCommit, this);  // in place of SQLite's own, which checkpoints at once
  if (mode == Mode::kInline) return;
  own_ = std::make_unique<Connection>(path, Access::kReadWrite);
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
    checkpoints.next_at_ = checkpoints.log_long_;
    checkpoints.finishing_ = false;
  }
  checkpoints.frames_ = frames;
  return SQLITE_OK;
}

void Checkpoints::AfterCommit() {
  if (frames_ < next_at_) return;
  {
    const MutexLock lock(mutex_);
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
  for (;;) {
    {
      const MutexLock lock(mutex_);
      while (!moving_ && !stopping_) changed_.Wait(mutex_);
      if (stopping_) return;
    }
    Move(*own_);
    const MutexLock lock(mutex_);
    moving_ = false;
  }
}

void Checkpoints::Move(Connection& connection) {
  const int code = sqlite3_wal_checkpoint_v2(connection.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (code == SQLITE_OK || code == SQLITE_BUSY) {
    failing_ = false;
    return;
  }
  if (failing_.exchange(true)) return;
  LogWarning("cannot move what was committed from the log into the database, and tries again",
             {{"reason", sqlite3_errmsg(connection.get())}});
}

}  // namespace shakehook::sqlite
