// Moments and durations as the API writes them: Unix ms, and milliseconds with a fraction if there is one.
#pragma once

#include <optional>

#include "base/json.h"
#include "base/time.h"

namespace shakehook {

inline Json TimeJson(const std::optional<Timestamp>& time) { return time ? Json(UnixMs(*time)) : Json(); }

// Whole milliseconds have no decimal point.
inline Json MillisecondsJson(Microseconds duration) {
  constexpr std::int64_t kPerMillisecond = 1000;
  const std::int64_t count = duration.count();
  if (count % kPerMillisecond == 0) return count / kPerMillisecond;
  return static_cast<double>(count) / kPerMillisecond;
}
inline Json MillisecondsJson(const std::optional<Microseconds>& duration) {
  return duration ? MillisecondsJson(*duration) : Json();
}

}  // namespace shakehook
