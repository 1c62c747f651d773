// The counters of the SQLite store, as /metrics shows them: how long commits take and how much of that is the disk's,
// and how the log is moved into the database.
//
// Ownership: the registry outlives it.
// Threads:   counting from any thread.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "base/time.h"

namespace shakehook::sqlite {

class StoreMetrics {
 public:
  explicit StoreMetrics(prometheus::Registry& registry);

  // A transaction that is on disk, with its `verbs` together; `synced`: the time that syncing the log took of it.
  void CountCommit(std::size_t verbs, Microseconds took, Microseconds synced);
  void CountFailedCommit() { failed_commits_.Increment(); }
  // A pass of a checkpoint over the log, by the thread or the writer.
  void CountCheckpoint(Microseconds took);
  // The log could not be moved: a reader stays in it, or the disk fails.
  void CountHoldUp() { hold_ups_.Increment(); }
  // Changes waited for a checkpoint, because the log was as long as it may get.
  void CountWait(Microseconds waited);
  // Frames of the log, and those of them that are in the database.
  void SetLog(int frames, int in_database);

 private:
  prometheus::Histogram& commits_;
  prometheus::Histogram& syncs_;
  prometheus::Counter& changes_;
  prometheus::Counter& failed_commits_;
  prometheus::Histogram& checkpoints_;
  prometheus::Counter& hold_ups_;
  prometheus::Counter& waits_;
  prometheus::Gauge& log_bytes_;
  prometheus::Gauge& log_bytes_left_;
};

}  // namespace shakehook::sqlite
