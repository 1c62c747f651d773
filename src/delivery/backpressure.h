// Backpressure says how long the API must hold a change back while a lane cannot keep up: while its loop is late and
// deliveries pile up in its memory. Changes that are accepted faster than their deliveries are sent must be read back
// from the store later, which costs most exactly when the machine is busiest.
//
// A slow or dead endpoint alone never makes the API wait: its deliveries pile up too, but the loop is on time. No
// change is refused either: the longest wait is kDelayMax.
//
// Threads: Hear on the lane's loop, Delay from any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <unordered_map>

#include "base/mutex.h"
#include "base/time.h"

namespace shakehook {

class Backpressure {
 public:
  static constexpr Microseconds kDelayMax{25'000};
  static constexpr Microseconds kLateMin{5'000};
  using Tenant = std::uint64_t;  // FairScheduler's
  using Waiting = std::unordered_map<Tenant, std::size_t>;

  // Deliveries of a tenant in memory from which on there is a delay, and for which it is the longest.
  static constexpr std::size_t kWaitingMin = 512;
  static constexpr std::size_t kWaitingFull = 4096;
  // News counts for this long: without newer news there is no load.
  static constexpr Microseconds kHeardFor{100'000};

  // The lane hears news of a commit, which was posted to its loop at `posted`; `waiting` deliveries are in its memory.
  void OnCommit(SteadyTime posted, SteadyTime now, const Waiting& waiting);
  // Absent: whoever asks may change things of all tenants, and gets the longest of their delays.
  Microseconds Delay(SteadyTime now, std::optional<Tenant> tenant) const;

 private:
  // Nearly always there is no delay, and nobody takes the lock.
  std::atomic<std::int64_t> until_us_ = 0;
  mutable Mutex mutex_;
  std::unordered_map<Tenant, Microseconds> delays_ GUARDED_BY(mutex_);
};

}  // namespace shakehook
