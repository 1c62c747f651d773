// RateLimit limits the requests a second of each API key (`--api-rate-limit`), with bursts of one second's worth.
//
// Threads: from any thread.
#pragma once

#include <map>
#include <optional>

#include "base/mutex.h"
#include "base/time.h"
#include "model/ids.h"

namespace shakehook {

class RateLimit {
 public:
  // Precondition: per_second > 0.
  explicit RateLimit(int per_second) : per_second_(per_second) {}

  // Counts a request. Returns nullopt if it may go on; otherwise how long to wait before the next one may.
  std::optional<Microseconds> Take(const ApiKeyId& key, SteadyTime now);

 private:
  // The time at which the key's requests so far are paid for: each costs 1/per_second of a second (a leaky bucket as a
  // meter).
  struct Bucket {
    SteadyTime paid_until;
  };

  // A bucket that is full again has no information, and is dropped.
  void Prune(SteadyTime now) REQUIRES(mutex_);

  const int per_second_;
  Mutex mutex_;
  std::map<ApiKeyId, Bucket> buckets_ GUARDED_BY(mutex_);
  std::size_t prune_at_ GUARDED_BY(mutex_) = 1024;
};

}  // namespace shakehook
