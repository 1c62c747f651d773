#include "trace/trace_context.h"

#include <algorithm>
#include <span>

#include "base/encoding.h"

namespace shakehook {
namespace {

// "00-" + 32 digits + "-" + 16 digits + "-" + 2 digits
constexpr std::size_t kTraceAt = 3;
constexpr std::size_t kSpanAt = 36;
constexpr std::size_t kFlagsAt = 53;
constexpr std::size_t kBytes = 55;
constexpr std::uint8_t kSampledFlag = 1;
constexpr std::uint8_t kForbiddenVersion = 0xff;

int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// Reads lowercase digits, two for each byte.
bool ReadHex(std::string_view digits, std::span<std::uint8_t> bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int high = DigitOf(digits[2 * i]);
    const int low = DigitOf(digits[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return true;
}

bool IsZero(std::span<const std::uint8_t> bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

std::optional<TraceContext> ParseTraceparent(std::string_view text) {
  if (text.size() < kBytes || text[kTraceAt - 1] != '-' || text[kSpanAt - 1] != '-' || text[kFlagsAt - 1] != '-') {
    return std::nullopt;
  }
  std::array<std::uint8_t, 1> version{};
  std::array<std::uint8_t, 1> flags{};
  TraceContext context;
  const bool read = ReadHex(text, version) && ReadHex(text.substr(kTraceAt), context.trace.bytes) &&
                    ReadHex(text.substr(kSpanAt), context.span.bytes) && ReadHex(text.substr(kFlagsAt), flags);
  if (!read || version[0] == kForbiddenVersion) return std::nullopt;
  // Later versions may say more, behind a dash.
  if (text.size() > kBytes && (version[0] == 0 || text[kBytes] != '-')) return std::nullopt;
  if (IsZero(context.trace.bytes) || IsZero(context.span.bytes)) return std::nullopt;
  context.sampled = (flags[0] & kSampledFlag) != 0 ? Switch::kOn : Switch::kOff;
  return context;
}

std::string ToTraceparent(const TraceContext& context) {
  return "00-" + ToHex(context.trace.bytes) + "-" + ToHex(context.span.bytes) +
         (context.sampled == Switch::kOn ? "-01" : "-00");
}

}  // namespace shakehook
