#include "store/sqlite/group_commit.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "store/sqlite/engine/log_writes.h"
#include "store/sqlite/engine/store_verb.h"
#include "store/sqlite/engine/write_session.h"

namespace shakehook::sqlite {
namespace {

// Enough to find some failing verbs among a thousand; a group with more of them fails as a whole.
constexpr int kPartsMax = 64;

}  // namespace

GroupCommit::GroupCommit(Connection& connection, ConfigCache& config_cache, const Rows& rows, CheckDisk check_disk,
                         StoreMetrics& metrics)
    : connection_(connection),
      config_cache_(config_cache),
      rows_(rows),
      check_disk_(std::move(check_disk)),
      metrics_(metrics),
      begin_(connection, "BEGIN IMMEDIATE"),
      commit_(connection, "COMMIT"),
      // SQLite writes no page for a row that gets the bytes that it already has.
      probe_(connection, "INSERT INTO master_key_check (sealed) VALUES (x'')"),
      take_probe_back_(connection, "DELETE FROM master_key_check WHERE sealed = x''") {}

bool GroupCommit::Run(Group& group) {
  // A group without writes proves nothing about the disk.
  const bool can_write = writable_ ? true : Probe();
  parts_left_ = can_write ? kPartsMax : 0;
  RunInParts(group);
  return writable_;
}

void GroupCommit::RunInParts(Verbs verbs) {
  if (verbs.empty()) return;
  if (parts_left_ <= 0) return Fail(verbs);
  --parts_left_;
  const auto failure = Try(verbs);
  if (!failure) return;
  why_ = failure->error.what();
  if (IsMachinesFault(failure->error.code()) && !Probe()) parts_left_ = 0;
  if (parts_left_ <= 0) return Fail(verbs);
  if (verbs.size() == 1) {
    if (std::exchange(told_, why_) != why_)
      LogWarning("one change cannot be committed; the others can", {{"reason", why_}});
    return Fail(verbs);
  }
  // In the order in which they came. The failed verb is tried by itself: it may have failed because of the others.
  const bool names_one = failure->verb < verbs.size();
  const std::size_t first = names_one ? failure->verb : verbs.size() / 2;
  const std::size_t rest = names_one ? first + 1 : first;
  RunInParts(verbs.first(first));
  RunInParts(verbs.subspan(first, rest - first));
  RunInParts(verbs.subspan(rest));
}

void GroupCommit::Fail(Verbs verbs) const {
  for (const std::unique_ptr<WriteVerb>& verb : verbs) verb->Fail(why_);
}

bool GroupCommit::Probe() {
  try {
    begin_.Run();
    probe_.Run();
    take_probe_back_.Run();
    if (check_disk_) check_disk_();
    commit_.Run();
  } catch (const SqliteError& error) {
    RollBack();
    why_ = error.what();
    if (writable_.exchange(false)) LogError("the store cannot write", {{"reason", why_}});
    return false;
  }
  if (!writable_.exchange(true)) LogInfo("the store can write again");
  return true;
}

void GroupCommit::RollBack() {
  if (!sqlite3_get_autocommit(connection_.get())) {
    sqlite3_exec(connection_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

std::optional<GroupCommit::Failure> GroupCommit::Try(Verbs verbs) {
  WriteSession session(config_cache_, std::ranges::any_of(listeners_, &CommitListener::WantsAttempts));
  std::size_t running = verbs.size();
  const SystemClock clock;
  const SteadyTime began = clock.Steady();
  const Microseconds synced_before = LogSyncTime(connection_);
  try {
    begin_.Run();
    for (running = 0; running < verbs.size(); ++running) verbs[running]->Run(session);
    rows_.owed.Flush();
    rows_.health.Flush();
    rows_.statistics.Flush();
    if (check_disk_) check_disk_();
    commit_.Run();
  } catch (const SqliteError& error) {
    RollBack();
    metrics_.CountFailedCommit();
    rows_.owed.RolledBack();
    rows_.health.RolledBack();
    rows_.statistics.RolledBack();
    rows_.cancelations.RolledBack();
    return Failure{error, running};
  }
  metrics_.CountCommit(verbs.size(), clock.Steady() - began, LogSyncTime(connection_) - synced_before);
  rows_.owed.Committed();
  rows_.health.Committed();
  rows_.statistics.Committed();
  session.RunAfterCommit();
  session.SettleCommit();
  if (!session.commit.empty()) {
    for (CommitListener* const listener : listeners_) listener->OnCommit(session.commit);
  }
  return std::nullopt;
}

}  // namespace shakehook::sqlite
