#include "base/uuid.h"

#include "base/encoding.h"

namespace shakehook {
namespace {

// The layout of a version 7 UUID as two numbers of 64 bits: time and version before the head, the variant before the
// tail.
constexpr int kTimeShift = 16;
constexpr std::uint64_t kVersion7 = 0x7000;
constexpr std::uint64_t kVersionMask = 0xf000;
constexpr std::uint64_t kHeadMask = 0x0fff;
constexpr std::uint64_t kVariant = std::uint64_t{0b10} << 62;
constexpr std::uint64_t kTailMask = (std::uint64_t{1} << 62) - 1;

}  // namespace

Uuid Uuid::MakeV7(Timestamp now, Random& random) {
  Uuid uuid;
  random.Fill(std::span(uuid.bytes).subspan(6));
  const auto unix_ms = static_cast<std::uint64_t>(UnixMs(now));
  for (int i = 0; i < 6; ++i) uuid.bytes[i] = static_cast<std::uint8_t>(unix_ms >> (8 * (5 - i)));
  uuid.bytes[6] = 0x70 | (uuid.bytes[6] & 0x0f);
  uuid.bytes[8] = 0x80 | (uuid.bytes[8] & 0x3f);
  return uuid;
}

Uuid Uuid::FromV7(const V7& parts) {
  const std::uint64_t first = static_cast<std::uint64_t>(UnixMs(parts.time)) << kTimeShift | kVersion7 | parts.head;
  const std::uint64_t second = kVariant | parts.tail;
  Uuid uuid;
  for (int i = 0; i < 8; ++i) {
    uuid.bytes[i] = static_cast<std::uint8_t>(first >> (8 * (7 - i)));
    uuid.bytes[8 + i] = static_cast<std::uint8_t>(second >> (8 * (7 - i)));
  }
  return uuid;
}

std::optional<Uuid::V7> Uuid::ToV7() const {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  for (int i = 0; i < 8; ++i) {
    first = first << 8 | bytes[i];
    second = second << 8 | bytes[8 + i];
  }
  if ((first & kVersionMask) != kVersion7 || (second & ~kTailMask) != kVariant) return std::nullopt;
  return V7{.time = FromUnixMs(static_cast<std::int64_t>(first >> kTimeShift)),
            .head = first & kHeadMask,
            .tail = second & kTailMask};
}

std::optional<Uuid> Uuid::Parse(std::string_view text) {
  if (text.size() != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return std::nullopt;
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i != 8 && i != 13 && i != 18 && i != 23) digits.push_back(text[i]);
  }
  const auto bytes = FromHex(digits);
  if (!bytes || bytes->size() != 16) return std::nullopt;
  Uuid uuid;
  std::copy(bytes->begin(), bytes->end(), uuid.bytes.begin());
  return uuid;
}

std::string Uuid::ToString() const {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text(36, '-');
  std::size_t at = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) ++at;
    text[at++] = kDigits[bytes[i] >> 4];
    text[at++] = kDigits[bytes[i] & 0x0f];
  }
  return text;
}

}  // namespace shakehook
