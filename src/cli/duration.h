// Durations as people write them in settings: a number and ms, s, m, h or d (CONTRACT §5).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace shakehook {

// "250ms", "5s", "1.5h", "30d". Nothing for any other text, for what is no whole number of milliseconds and for more
// than kDurationMax.
std::optional<Milliseconds> ParseDuration(std::string_view text);

// In the largest unit that needs no fraction: "90s", "30d". ParseDuration reads it back.
std::string FormatDuration(Milliseconds duration);

inline constexpr Milliseconds kDurationMax = std::chrono::days(36'500);

}  // namespace shakehook
