// How far the purge is, as /metrics shows it.
//
// Threads: counting from any thread.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include "base/time.h"

namespace shakehook {

class PurgeMetrics {
 public:
  explicit PurgeMetrics(prometheus::Registry& registry)
      : rows_(prometheus::BuildCounter()
                  .Name("shakehook_purged_rows_total")
                  .Help("Rows that were dropped because they are older than the retention.")
                  .Register(registry)
                  .Add({})),
        running_(prometheus::BuildGauge()
                     .Name("shakehook_purge_running")
                     .Help("1 while the purge has something to drop.")
                     .Register(registry)
                     .Add({})),
        purged_before_(prometheus::BuildGauge()
                           .Name("shakehook_purged_before_timestamp_seconds")
                           .Help("What ended before this time is gone; 0 until the first purge since the start.")
                           .Register(registry)
                           .Add({})) {}

  // See PurgeJob::Calls::told.
  void Count(std::int64_t rows, Timestamp before, bool ended) {
    rows_.Increment(static_cast<double>(rows));
    running_.Set(ended ? 0 : 1);
    if (ended) purged_before_.Set(static_cast<double>(UnixMs(before)) / 1e3);
  }

 private:
  prometheus::Counter& rows_;
  prometheus::Gauge& running_;
  prometheus::Gauge& purged_before_;
};

}  // namespace shakehook
