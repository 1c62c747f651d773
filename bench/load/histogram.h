// Histogram keeps how often each duration came, in buckets whose width is under 1 % of what they hold, so that a run of
// any length takes the same memory.
//
// Threads: an object belongs to one thread.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>

namespace shakehook::bench {

using Nanoseconds = std::chrono::nanoseconds;

class Histogram {
 public:
  // Below zero counts as zero.
  void Add(Nanoseconds duration);
  std::uint64_t count() const { return count_; }
  // {"count":..,"p50_ms":..,"p90_ms":..,"p99_ms":..,"max_ms":..}
  std::string ToJson() const;

 private:
  static constexpr int kSubBits = 7;  // 128 buckets for each power of two
  static constexpr std::size_t kBuckets = (64 - kSubBits + 1) << kSubBits;

  static std::size_t BucketOf(std::uint64_t ns);
  static std::uint64_t UpperEndOf(std::size_t bucket);
  double AtMs(double part) const;

  std::array<std::uint64_t, kBuckets> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t max_ns_ = 0;
};

}  // namespace shakehook::bench
