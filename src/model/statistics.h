// Statistics of a webhook's deliveries, counted by the hour as attempts are recorded: counts, and a histogram of the
// endpoint's response times. Values only; the store keeps them, and the sum of several hours is made by adding.
//
// Tests are outside (CONTRACT §3), as they are outside health.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace shakehook {

// Counts durations in buckets whose bounds grow by 17 %, so that a percentile is off by less than that, from a quarter
// of a millisecond to five seconds.
class LatencyHistogram {
 public:
  static constexpr std::size_t kBuckets = 64;

  void Add(Microseconds duration);
  void Add(const LatencyHistogram& other);
  // Returns the duration that this share of all (0..1) does not exceed; nullopt if nothing was counted.
  std::optional<Microseconds> Percentile(double share) const;
  std::int64_t total() const;

  // Returns a few bytes: the buckets that are not empty, as varints.
  std::string Encode() const;
  // Returns nullopt if the bytes are no encoding of a histogram.
  static std::optional<LatencyHistogram> Decode(std::string_view bytes);

  bool operator==(const LatencyHistogram&) const = default;

 private:
  std::array<std::uint32_t, kBuckets> counts_{};
};

struct DeliveryCounts {
  std::int64_t delivered = 0;  // deliveries that ended so
  std::int64_t failed = 0;
  std::int64_t canceled = 0;
  std::int64_t attempts = 0;         // attempts that ended, of any delivery
  std::int64_t failed_attempts = 0;  // attempts that failed

  DeliveryCounts& operator+=(const DeliveryCounts& other);
  // Returns the share of attempts that succeeded; nullopt without attempts.
  std::optional<double> SuccessRate() const;
  bool operator==(const DeliveryCounts&) const = default;
};

struct WebhookStatistics {
  DeliveryCounts counts;
  LatencyHistogram latency;

  WebhookStatistics& operator+=(const WebhookStatistics& other);
  bool operator==(const WebhookStatistics&) const = default;
};

inline constexpr Milliseconds kStatisticsHour{3'600'000};
// Returns the start of the hour that contains the moment.
Timestamp HourOf(Timestamp at);

struct HourlyStatistics {
  Timestamp hour;
  WebhookStatistics statistics;
};

}  // namespace shakehook
