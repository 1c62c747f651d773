// LogShares shares the write-ahead log between tenants while it is being moved into the database. The log has a
// greatest length, at which all changes wait for the move. A tenant may fill twice as much of it as is left (a dynamic
// threshold, as in delivery/fair_scheduler.h), so that a tenant that writes faster than the disk takes it waits for
// itself, at two thirds of the length, and the others write on in what is left.
//
// Threads: the writer's.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/fair_queue.h"
#include "store/sqlite/engine/writer.h"

namespace shakehook::sqlite {

class LogShares {
 public:
  // The log, in frames.
  struct Log {
    int frames = 0;
    std::int64_t restarts = 0;
    // The frames while they are due to be moved; 0: the log is short, or cannot be moved now, and nobody need wait.
    int due = 0;
  };

  explicit LogShares(int frames_max) : frames_max_(frames_max) {}

  bool MayWrite(TenantKey tenant, const Log& log) const;
  // Counts what a group has added to the log for its tenants, in proportion to their rows.
  void Count(const std::vector<std::unique_ptr<WriteVerb>>& group, const Log& log);

 private:
  const int frames_max_;
  int frames_ = 0;
  std::int64_t restarts_ = 0;
  std::unordered_map<std::uint64_t, double> frames_of_;  // by tenant, since the log was restarted
};

}  // namespace shakehook::sqlite
