// PurgeJob drops the data that is older than the retention. It starts an hour after the last purge and runs until there
// is nothing left to drop.
//
// Purged data is gone for good, so the time is taken from two clocks: the wall clock, and the newest time that was
// recorded before the start plus the steady clock's time since then. A wall clock that is far ahead of the other is
// believed once it has been so for a day, in one run or by records that span a day.
//
// Ownership: what it calls outlives its loop.
// Threads:   lives on its loop; Start from any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/job_runner.h"
#include "store/store.h"

namespace shakehook {

class PurgeJob final : public JobKind {
 public:
  struct Calls {
    // Makes one step (Store::Purge); returns how many rows went, 0 where nothing is left to drop.
    std::function<Async<Stored<std::int64_t>>(Timestamp before, Timestamp idempotency_records_before,
                                              std::size_t limit)>
        purge;
    // Returns the newest time at which something was recorded, or the newest before a time; nullopt: there is none.
    std::function<Async<Stored<std::optional<Timestamp>>>(std::optional<Timestamp> before)> newest;
    std::function<bool()> can_write;
    // Hears of each step: how many rows went, and whether nothing older than `before` is left. Empty: nobody asks.
    std::function<void(std::int64_t rows, Timestamp before, bool ended)> told = {};
  };
  // Calls a store.
  static Calls CallsOf(Store& store);

  PurgeJob(Loop& loop, Calls calls, Milliseconds keep)
      : loop_(loop),
        calls_(std::move(calls)),
        keep_(keep),
        believed_(loop.clock().Now()),
        read_(loop.clock().Steady()) {}

  // Purges a minute after the start, and then each hour. The object must live as long as the loop runs.
  void Start() {
    loop_.Post([this] { loop_.Spawn(WakeInTime()); });
  }

  std::string_view name() const override { return "the purge"; }
  bool CanWrite() const override { return calls_.can_write(); }
  Async<Stored<std::vector<Uuid>>> ListRunning() override;
  Async<std::expected<JobStep, std::string>> Step(Uuid job) override;
  // Goes on in an hour.
  Async<bool> GiveUp(Uuid job, std::string reason) override;

 private:
  Async<> WakeInTime();
  // Reads the second clock. Returns false if the store cannot be read.
  Async<bool> ReadRecordedTime();
  // Returns the wall clock's time, unless it is far ahead of the second clock.
  Timestamp Now();

  Loop& loop_;
  const Calls calls_;
  const Milliseconds keep_;
  JobRunner runner_{*this, loop_};

  Timestamp believed_;
  SteadyTime read_;  // the time of that reading
  std::optional<SteadyTime> doubted_since_;

  std::optional<Timestamp> running_;  // the time that the running purge uses
  std::size_t rows_ = 0;              // the limit of its next step
  std::int64_t purged_ = 0;           // rows purged so far
};

// Returns the newest time of the events and of the audit log.
Async<Stored<std::optional<Timestamp>>> NewestRecorded(Store& store, std::optional<Timestamp> before);

}  // namespace shakehook
