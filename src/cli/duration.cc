#include "cli/duration.h"

#include <array>
#include <charconv>
#include <cmath>

namespace shakehook {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t ms;
};
constexpr std::array<Unit, 5> kUnits = {{{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

}  // namespace

std::optional<Milliseconds> ParseDuration(std::string_view text) {
  const std::size_t number_bytes = std::min(text.find_first_not_of("0123456789."), text.size());
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + number_bytes, number, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + number_bytes) return std::nullopt;
  for (const Unit& unit : kUnits) {
    if (text.substr(number_bytes) != unit.name) continue;
    const double ms = number * static_cast<double>(unit.ms);
    if (ms > static_cast<double>(kDurationMax.count()) || std::abs(ms - std::round(ms)) > 1e-6) return std::nullopt;
    return Milliseconds(std::llround(ms));
  }
  return std::nullopt;
}

std::string FormatDuration(Milliseconds duration) {
  if (duration.count() == 0) return "0s";
  for (const Unit& unit : kUnits) {
    if (duration.count() % unit.ms == 0) return std::to_string(duration.count() / unit.ms) + std::string(unit.name);
  }
  return {};  // not reached: every duration is a multiple of one millisecond
}

}  // namespace shakehook
