#include "api/rate_limit.h"

#include <algorithm>

namespace shakehook {
namespace {

constexpr Microseconds kBurst{1'000'000};

}  // namespace

std::optional<Microseconds> RateLimit::Take(const ApiKeyId& key, SteadyTime now) {
  const Microseconds cost(1'000'000 / per_second_);
  const MutexLock lock(mutex_);
  if (buckets_.size() >= prune_at_) Prune(now);
  Bucket& bucket = buckets_.try_emplace(key, Bucket{now}).first->second;
  const SteadyTime paid_until = std::max(bucket.paid_until, now) + cost;
  if (paid_until > now + std::max(kBurst, cost)) return paid_until - (now + std::max(kBurst, cost));
  bucket.paid_until = paid_until;
  return std::nullopt;
}

void RateLimit::Prune(SteadyTime now) {
  std::erase_if(buckets_, [now](const auto& entry) { return entry.second.paid_until <= now; });
  prune_at_ = std::max<std::size_t>(1024, buckets_.size() * 2);
}

}  // namespace shakehook
