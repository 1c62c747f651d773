#include "store/sqlite/group_commit.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "store/sqlite/store_verb.h"
#include "store/sqlite/write_session.h"

namespace shakehook::sqlite {

GroupCommit::GroupCommit(Connection& connection, Directory& directory, HealthRows& health, StatisticsRows& statistics,
                         std::function<bool()> fail_commit)
    : connection_(connection),
      directory_(directory),
      health_(health),
      statistics_(statistics),
      fail_commit_(std::move(fail_commit)),
      begin_(connection, "BEGIN IMMEDIATE"),
      commit_(connection, "COMMIT"),
      probe_(connection, "UPDATE master_key_check SET sealed = sealed") {}

bool GroupCommit::Run(Group& group) {
  const auto failed = Try(group);
  if (!failed) return true;
  if (group.size() > 1 && !IsMachinesFault(failed->code())) {
    // One verb trips over itself; it must not take the others down with it.
    for (std::unique_ptr<WriteVerb>& verb : group) {
      Group alone;
      alone.push_back(std::move(verb));
      if (const auto again = Try(alone)) alone[0]->Fail(again->what());
      verb = std::move(alone[0]);
    }
    return writable_;
  }
  for (const std::unique_ptr<WriteVerb>& verb : group) verb->Fail(failed->what());
  return false;
}

std::optional<SqliteError> GroupCommit::Try(Group& group) {
  WriteSession session(directory_, std::ranges::any_of(listeners_, &CommitListener::WantsAttempts));
  try {
    begin_.Run();
    // A transaction that changes nothing writes nothing, and would prove nothing.
    if (!writable_) probe_.Run();
    for (const std::unique_ptr<WriteVerb>& verb : group) verb->Run(session);
    health_.Flush();
    statistics_.Flush();
    if (fail_commit_ && fail_commit_()) throw SqliteError(SQLITE_FULL, "database or disk is full");
    commit_.Run();
  } catch (const SqliteError& error) {
    if (!sqlite3_get_autocommit(connection_.get())) {
      sqlite3_exec(connection_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
    health_.RolledBack();
    statistics_.RolledBack();
    if (writable_.exchange(false)) LogError("the store cannot write", {{"reason", error.what()}});
    return error;
  }
  if (!writable_.exchange(true)) LogInfo("the store can write again");
  health_.Committed();
  statistics_.Committed();
  session.RunAfterCommit();
  session.SettleCommit();
  if (!session.commit.empty()) {
    for (CommitListener* const listener : listeners_) listener->OnCommit(session.commit);
  }
  return std::nullopt;
}

}  // namespace shakehook::sqlite
