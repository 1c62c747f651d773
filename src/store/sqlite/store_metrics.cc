#include "store/sqlite/store_metrics.h"

#include <string>

namespace shakehook::sqlite {
namespace {

using Boundaries = prometheus::Histogram::BucketBoundaries;

constexpr double kFrameBytes = 4096 + 24;  // a page and its head

double Seconds(Microseconds duration) { return static_cast<double>(duration.count()) / 1e6; }

prometheus::Histogram& MakeHistogram(prometheus::Registry& registry, const std::string& name, const std::string& help) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add(
      {}, Boundaries{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5});
}

prometheus::Counter& MakeCounter(prometheus::Registry& registry, const std::string& name, const std::string& help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

prometheus::Gauge& MakeGauge(prometheus::Registry& registry, const std::string& name, const std::string& help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

}  // namespace

StoreMetrics::StoreMetrics(prometheus::Registry& registry)
    : commits_(
          MakeHistogram(registry, "shakehook_commit_seconds", "How long a transaction takes, from its first row.")),
      syncs_(
          MakeHistogram(registry, "shakehook_fsync_seconds", "How long the disk takes to sync the log at a commit.")),
      changes_(
          MakeCounter(registry, "shakehook_committed_changes_total", "Changes that are on disk; a commit has many.")),
      failed_commits_(MakeCounter(registry, "shakehook_failed_commits_total", "Transactions that were rolled back.")),
      checkpoints_(MakeHistogram(registry, "shakehook_checkpoint_seconds",
                                 "How long a pass takes that moves the log into the database.")),
      hold_ups_(MakeCounter(registry, "shakehook_checkpoint_hold_ups_total",
                            "Times the log could not be moved: a reader stays in it, or the disk fails.")),
      waits_(MakeCounter(registry, "shakehook_checkpoint_wait_seconds_total",
                         "How long changes have waited because the log was as long as it may get.")),
      log_bytes_(MakeGauge(registry, "shakehook_log_bytes", "The part of the write-ahead log that is in use.")),
      log_bytes_left_(MakeGauge(registry, "shakehook_log_unmoved_bytes",
                                "The part of the write-ahead log that is not in the database yet.")) {}

void StoreMetrics::CountCommit(std::size_t verbs, Microseconds took, Microseconds synced) {
  commits_.Observe(Seconds(took));
  if (synced > Microseconds(0)) syncs_.Observe(Seconds(synced));
  changes_.Increment(static_cast<double>(verbs));
}

void StoreMetrics::CountCheckpoint(Microseconds took) { checkpoints_.Observe(Seconds(took)); }

void StoreMetrics::CountWait(Microseconds waited) { waits_.Increment(Seconds(waited)); }

void StoreMetrics::SetLog(int frames, int in_database) {
  log_bytes_.Set(frames * kFrameBytes);
  log_bytes_left_.Set((frames - in_database) * kFrameBytes);
}

}  // namespace shakehook::sqlite
