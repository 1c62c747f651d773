#include "jobs/purge_job.h"

#include <algorithm>
#include <string>

#include "base/log.h"
#include "store/idempotency_record.h"

namespace shakehook {
namespace {

// Changes wait for a step: half a millisecond for 100 rows. Where a step takes long anyway, on a slow disk, it is
// larger, or the purge would not keep up.
constexpr std::size_t kRowsPerStepMin = 100;
constexpr std::size_t kRowsPerStepMax = 1'000;
constexpr Microseconds kTimePerRow{10};
constexpr Milliseconds kFirstAfter{60'000};  // the start has more urgent things to read
constexpr Milliseconds kInterval{3'600'000};
constexpr Milliseconds kIntervalMin{1'000};
constexpr int kIntervalsPerKeep =
    10;  // an interval is a tenth of the retention at most, so that a short one is kept as well
// A wall clock that has jumped further ahead than this is not believed before it has stayed there for a day: data
// purged by mistake is gone for good.
constexpr Milliseconds kJumpMax{3'600'000};
constexpr Milliseconds kDoubted = std::chrono::hours(24);

}  // namespace

PurgeJob::Calls PurgeJob::CallsOf(Store& store) {
  return {.purge = [&store](Timestamp before, Timestamp idempotency_records_before,
                            std::size_t limit) { return store.Purge(before, idempotency_records_before, limit); },
          .newest = [&store](std::optional<Timestamp> before) { return NewestRecorded(store, before); },
          .can_write = [&store] { return store.writable(); }};
}

Async<> PurgeJob::WakeInTime() {
  SetLoopWork({"purging", "what is past its retention"});
  const Milliseconds interval = std::clamp(keep_ / kIntervalsPerKeep, kIntervalMin, kInterval);
  while (!co_await ReadRecordedTime()) co_await SleepUntil(loop_, loop_.clock().Steady() + kIntervalMin);
  co_await SleepUntil(loop_, loop_.clock().Steady() + std::min(kFirstAfter, interval));
  for (;;) {
    if (!running_) {
      running_ = Now();
      rows_ = kRowsPerStepMin;
      purged_ = 0;
      runner_.Wake();
    }
    co_await SleepUntil(loop_, loop_.clock().Steady() + interval);
  }
}

Async<bool> PurgeJob::ReadRecordedTime() {
  const auto newest = co_await calls_.newest(std::nullopt);
  if (!newest) co_return false;
  if (!*newest) co_return true;
  Timestamp recorded = **newest;
  // The last run may have had a wrong clock, and written the records of the last day by it, unless another record was
  // made just before that day.
  const auto older = co_await calls_.newest(recorded - kDoubted);
  if (!older) co_return false;
  if (*older && **older < recorded - kDoubted - kJumpMax) recorded = **older;
  believed_ = std::min(believed_, recorded);
  co_return true;
}

Timestamp PurgeJob::Now() {
  const Timestamp wall = loop_.clock().Now();
  const SteadyTime steady = loop_.clock().Steady();
  const Timestamp expected = believed_ + std::chrono::floor<Milliseconds>(steady - read_);
  const bool jumped = wall > expected + kJumpMax;
  if (jumped && !doubted_since_) {
    doubted_since_ = steady;
    LogWarning("the clock is far ahead of the last recorded time; the purge trusts it if it stays there for a day");
  }
  if (jumped && steady - *doubted_since_ < kDoubted) return expected;
  doubted_since_.reset();
  believed_ = wall;
  read_ = steady;
  return wall;
}

Async<Stored<std::vector<Uuid>>> PurgeJob::ListRunning() {
  std::vector<Uuid> jobs;
  if (running_) jobs.emplace_back();  // there is one purge at a time: it needs no id
  co_return jobs;
}

Async<std::expected<JobStep, std::string>> PurgeJob::Step(Uuid) {
  const SteadyTime started = loop_.clock().Steady();
  const auto gone = co_await calls_.purge(*running_ - keep_, *running_ - kIdempotencyRecordsKept, rows_);
  if (!gone) co_return std::unexpected(gone.error().detail);
  purged_ += *gone;
  if (calls_.told) calls_.told(*gone, *running_ - keep_, *gone == 0);
  if (*gone == 0) {
    running_.reset();
    if (purged_ > 0) LogInfo("purged data older than the retention", {{"rows", std::to_string(purged_)}});
  }
  const SteadyTime ended = loop_.clock().Steady();
  rows_ = std::clamp(static_cast<std::size_t>((ended - started) / kTimePerRow), kRowsPerStepMin, kRowsPerStepMax);
  co_return JobStep::kMoved;
}

Async<bool> PurgeJob::GiveUp(Uuid, std::string) {
  running_.reset();
  co_return true;
}

Async<Stored<std::optional<Timestamp>>> NewestRecorded(Store& store, std::optional<Timestamp> before) {
  std::optional<Timestamp> newest;
  const auto events = co_await store.ListEvents({.until = before, .limit = 1});
  if (!events) co_return std::unexpected(events.error());
  // An event's own time may be any that its maker gave; its id says when it was made.
  if (!events->empty()) {
    if (const auto made = events->front().event->id.uuid.ToV7()) newest = made->time;
  }
  const auto audit = co_await store.ListAudit({.until = before, .limit = 1});
  if (!audit) co_return std::unexpected(audit.error());
  if (!audit->empty()) newest = std::max(newest, std::optional(audit->front().entry.at));
  co_return newest;
}

}  // namespace shakehook
