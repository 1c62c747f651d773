// GroupCommit runs the verbs that wait, together, in one transaction, and tells the listeners what was committed. A
// verb that trips over itself does not take the others down with it.
//
// Ownership: refers to what the constructor takes, which outlives it.
// Threads:   the writer's; writable() from any thread, AddListener() before the first verb.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "store/commit_listener.h"
#include "store/directory.h"
#include "store/sqlite/health_rows.h"
#include "store/sqlite/sqlite.h"
#include "store/sqlite/statistics_rows.h"
#include "store/sqlite/writer.h"

namespace shakehook::sqlite {

class GroupCommit {
 public:
  using Group = std::vector<std::unique_ptr<WriteVerb>>;

  // `fail_commit`: see SqliteOptions.
  GroupCommit(Connection& connection, Directory& directory, HealthRows& health, StatisticsRows& statistics,
              std::function<bool()> fail_commit);

  void AddListener(CommitListener& listener) { listeners_.push_back(&listener); }
  // Whether the last transaction could be committed.
  bool writable() const { return writable_; }

  // Each verb has its result afterwards. Answers whether the file can be written; where it could not before, an empty
  // group finds out.
  bool Run(Group& group);

 private:
  // One transaction. The error says why nothing of it was committed.
  std::optional<SqliteError> Try(Group& group);

  Connection& connection_;
  Directory& directory_;
  HealthRows& health_;
  StatisticsRows& statistics_;
  const std::function<bool()> fail_commit_;
  Statement begin_, commit_, probe_;
  std::vector<CommitListener*> listeners_;
  std::atomic<bool> writable_ = true;
};

}  // namespace shakehook::sqlite
