// GroupCommit runs the waiting verbs together, in one transaction, and tells the listeners what was committed.
//
// If a verb cannot be committed, because of an error of its own or of its needs (too large for the free space, a
// temporary file), it does not take the others down with it: the group is run in parts until the others are committed.
// A transaction that writes next to nothing shows whether the machine fails for all; only then does the store stop
// being writable.
//
// Ownership: everything that the constructor takes outlives it.
// Threads:   the writer's; writable() from any thread, AddListener() before the first verb.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/commit_listener.h"
#include "store/config_cache.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/engine/writer.h"
#include "store/sqlite/store_metrics.h"
#include "store/sqlite/tables/cancelations.h"
#include "store/sqlite/tables/health_rows.h"
#include "store/sqlite/tables/owed_rows.h"
#include "store/sqlite/tables/statistics_rows.h"

namespace shakehook::sqlite {

class GroupCommit {
 public:
  using Group = std::vector<std::unique_ptr<WriteVerb>>;

  // Called before each commit; throws SqliteError if a commit would be lost now, or to test that.
  using CheckDisk = std::function<void()>;

  // A part that keeps in memory what a transaction changes.
  struct Rows {
    HealthRows& health;
    StatisticsRows& statistics;
    OwedRows& owed;
    Cancelations& cancelations;
  };

  GroupCommit(Connection& connection, ConfigCache& config_cache, const Rows& rows, CheckDisk check_disk,
              StoreMetrics& metrics);

  void AddListener(CommitListener& listener) { listeners_.push_back(&listener); }
  // Tells whether the database could be written by the last group.
  bool writable() const { return writable_; }

  // Each verb has its result afterwards. Returns whether the file can be written; if it could not before, an empty
  // group finds out.
  bool Run(Group& group);

 private:
  using Verbs = std::span<std::unique_ptr<WriteVerb>>;

  struct Failure {
    SqliteError error;
    std::size_t verb;  // the index of the verb that failed; the number of verbs if the transaction failed
  };

  // Runs these in one transaction or, if that fails, in several.
  void RunInParts(Verbs verbs);
  // Runs one transaction. A Failure says why nothing of it was committed.
  std::optional<Failure> Try(Verbs verbs);
  // Tells whether a transaction that writes next to nothing can be committed. If not, the store is not writable.
  bool Probe();
  void RollBack();
  void Fail(Verbs verbs) const;

  Connection& connection_;
  ConfigCache& config_cache_;
  const Rows rows_;
  const CheckDisk check_disk_;
  StoreMetrics& metrics_;
  Statement begin_, commit_, probe_, take_probe_back_;
  std::vector<CommitListener*> listeners_;
  std::atomic<bool> writable_ = true;
  int parts_left_ = 0;  // how many more parts the group may be run in
  std::string why_;     // the last transaction failed
  std::string told_;    // the last reason that was logged of a verb that failed alone
};

}  // namespace shakehook::sqlite
