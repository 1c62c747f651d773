#include "histogram.h"

#include <algorithm>
#include <bit>
#include <cstdio>

namespace shakehook::bench {
namespace {

constexpr double kNsPerMs = 1e6;

}  // namespace

std::size_t Histogram::BucketOf(std::uint64_t ns) {
  constexpr std::uint64_t kExact = 1ULL << kSubBits;
  if (ns < kExact) return ns;
  const int shift = std::bit_width(ns) - kSubBits - 1;
  return (static_cast<std::size_t>(shift + 1) << kSubBits) + static_cast<std::size_t>((ns >> shift) - kExact);
}

std::uint64_t Histogram::UpperEndOf(std::size_t bucket) {
  constexpr std::uint64_t kExact = 1ULL << kSubBits;
  if (bucket < kExact) return bucket;
  const int shift = static_cast<int>(bucket >> kSubBits) - 1;
  return (((bucket & (kExact - 1)) + kExact + 1) << shift) - 1;
}

void Histogram::Add(Nanoseconds duration) {
  const auto ns = static_cast<std::uint64_t>(std::max<std::int64_t>(0, duration.count()));
  ++buckets_[BucketOf(ns)];
  ++count_;
  max_ns_ = std::max(max_ns_, ns);
}

double Histogram::AtMs(double part) const {
  const auto wanted = static_cast<std::uint64_t>(part * static_cast<double>(count_));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    seen += buckets_[i];
    if (seen > wanted) return static_cast<double>(std::min(UpperEndOf(i), max_ns_)) / kNsPerMs;
  }
  return static_cast<double>(max_ns_) / kNsPerMs;
}

std::string Histogram::ToJson() const {
  std::array<char, 256> text{};
  std::snprintf(text.data(), text.size(), R"({"count":%llu,"p50_ms":%.3f,"p90_ms":%.3f,"p99_ms":%.3f,"max_ms":%.3f})",
                static_cast<unsigned long long>(count_), AtMs(0.5), AtMs(0.9), AtMs(0.99),
                static_cast<double>(max_ns_) / kNsPerMs);
  return text.data();
}

}  // namespace shakehook::bench
