#include "model/statistics.h"

#include <algorithm>
#include <cmath>

namespace shakehook {
namespace {

constexpr double kFirstBoundUs = 250;
constexpr double kGrowth = 1.17;

// The upper bounds of the buckets but the last, which has none.
const std::array<double, LatencyHistogram::kBuckets - 1>& Bounds() {
  static const auto bounds = [] {
    std::array<double, LatencyHistogram::kBuckets - 1> made{};
    double bound = kFirstBoundUs;
    for (double& each : made) {
      each = bound;
      bound *= kGrowth;
    }
    return made;
  }();
  return bounds;
}

void AppendVarint(std::string& bytes, std::uint32_t value) {
  for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<char>(value | 0x80));
  bytes.push_back(static_cast<char>(value));
}

std::optional<std::uint32_t> TakeVarint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 35 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<std::uint8_t>(bytes.front());
    bytes.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value <= 0xffffffff ? std::optional(static_cast<std::uint32_t>(value)) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

void LatencyHistogram::Add(Microseconds duration) {
  const auto bound = std::ranges::lower_bound(Bounds(), static_cast<double>(duration.count()));
  ++counts_[static_cast<std::size_t>(bound - Bounds().begin())];
}

void LatencyHistogram::Add(const LatencyHistogram& other) {
  for (std::size_t i = 0; i < kBuckets; ++i) counts_[i] += other.counts_[i];
}

std::int64_t LatencyHistogram::total() const {
  std::int64_t total = 0;
  for (const std::uint32_t count : counts_) total += count;
  return total;
}

std::optional<Microseconds> LatencyHistogram::Percentile(double share) const {
  const std::int64_t all = total();
  if (all == 0) return std::nullopt;
  const double wanted = std::max(1.0, share * static_cast<double>(all));
  double below = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    const double here = counts_[i];
    if (below + here < wanted) {
      below += here;
      continue;
    }
    // As if the bucket's durations were spread evenly over it.
    const double low = i == 0 ? 0 : Bounds()[i - 1];
    const double high = i + 1 < kBuckets ? Bounds()[i] : low * kGrowth;
    return Microseconds(static_cast<std::int64_t>(std::llround(low + (high - low) * (wanted - below) / here)));
  }
  return std::nullopt;
}

std::string LatencyHistogram::Encode() const {
  std::string bytes;
  std::uint32_t skipped = 0;
  for (const std::uint32_t count : counts_) {
    if (count == 0) {
      ++skipped;
      continue;
    }
    AppendVarint(bytes, skipped);
    AppendVarint(bytes, count);
    skipped = 0;
  }
  return bytes;
}

std::optional<LatencyHistogram> LatencyHistogram::Decode(std::string_view bytes) {
  LatencyHistogram histogram;
  std::uint64_t bucket = 0;
  while (!bytes.empty()) {
    const auto skipped = TakeVarint(bytes);
    const auto count = TakeVarint(bytes);
    if (!skipped || !count || *count == 0 || bucket + *skipped >= kBuckets) return std::nullopt;
    bucket += *skipped;
    histogram.counts_[bucket++] = *count;
  }
  return histogram;
}

DeliveryCounts& DeliveryCounts::operator+=(const DeliveryCounts& other) {
  delivered += other.delivered;
  failed += other.failed;
  canceled += other.canceled;
  attempts += other.attempts;
  failed_attempts += other.failed_attempts;
  return *this;
}

std::optional<double> DeliveryCounts::SuccessRate() const {
  if (attempts == 0) return std::nullopt;
  return static_cast<double>(attempts - failed_attempts) / static_cast<double>(attempts);
}

WebhookStatistics& WebhookStatistics::operator+=(const WebhookStatistics& other) {
  counts += other.counts;
  latency.Add(other.latency);
  return *this;
}

Timestamp HourOf(Timestamp at) { return at - at.time_since_epoch() % kStatisticsHour; }

}  // namespace shakehook
