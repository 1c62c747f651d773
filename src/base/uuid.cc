#include "base/uuid.h"

#include "base/encoding.h"

namespace shakehook {

Uuid Uuid::MakeV7(Timestamp now, Random& random) {
  Uuid uuid;
  random.Fill(std::span(uuid.bytes).subspan(6));
  const auto unix_ms = static_cast<std::uint64_t>(UnixMs(now));
  for (int i = 0; i < 6; ++i) uuid.bytes[i] = static_cast<std::uint8_t>(unix_ms >> (8 * (5 - i)));
  uuid.bytes[6] = 0x70 | (uuid.bytes[6] & 0x0f);
  uuid.bytes[8] = 0x80 | (uuid.bytes[8] & 0x3f);
  return uuid;
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
