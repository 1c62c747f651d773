// Transaction is what a verb works with that changes something: the connection within BEGIN and COMMIT, statements to
// be sent together before the COMMIT, and what is to happen once it is committed. What a refused verb, or one that is
// run again, has noted is gone with the Transaction.
//
// Threads: the store's.
#pragma once

#include <utility>
#include <vector>

#include "store/commit_listener.h"
#include "store/postgres/engine/connection.h"

namespace shakehook::postgres {

class Transaction {
 public:
  explicit Transaction(Connection& connection) : connection_(connection) {}

  Connection& connection() { return connection_; }

  // Sent together with the COMMIT; their results are not looked at.
  Pipeline writes;
  // The commit as the listeners will be told.
  Commit commit;

  // Runs after the commit, before the listeners are told.
  void AfterCommit(Task task) { after_commit_.push_back(std::move(task)); }
  void RunAfterCommit() {
    for (Task& task : after_commit_) task();
  }

 private:
  Connection& connection_;
  std::vector<Task> after_commit_;
};

}  // namespace shakehook::postgres
