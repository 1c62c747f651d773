#include "api/http/percent_coding.h"

#include <algorithm>

namespace shakehook {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsControl(char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }

bool IsPlainAscii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c < '\x7f' && c != '%' && c != '+'; });
}

// Returns how many bytes follow a sequence's first one; -1: it is no first byte. `low` and `high` bound the second byte
// (Unicode 15, table 3-7).
int FollowingBytes(std::uint8_t first, std::uint8_t& low, std::uint8_t& high) {
  low = 0x80;
  high = 0xbf;
  if (first < 0x80) return 0;
  if (first >= 0xc2 && first <= 0xdf) return 1;
  if (first >= 0xe0 && first <= 0xef) {
    if (first == 0xe0) low = 0xa0;
    if (first == 0xed) high = 0x9f;
    return 2;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    if (first == 0xf0) low = 0x90;
    if (first == 0xf4) high = 0x8f;
    return 3;
  }
  return -1;
}

}  // namespace

bool IsUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    std::uint8_t low = 0;
    std::uint8_t high = 0;
    const int following = FollowingBytes(static_cast<std::uint8_t>(text[i++]), low, high);
    if (following < 0 || i + following > text.size()) return false;
    for (int n = 0; n < following; ++n, ++i) {
      const auto byte = static_cast<std::uint8_t>(text[i]);
      if (byte < low || byte > high) return false;
      low = 0x80;
      high = 0xbf;
    }
  }
  return true;
}

std::optional<std::string> PercentDecode(std::string_view text, PlusSign plus) {
  if (IsPlainAscii(text)) return std::string(text);
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus == PlusSign::kSpace) {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      if (text.size() - i < 3) return std::nullopt;
      const int high = HexDigit(text[i + 1]);
      const int low = HexDigit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  if (std::ranges::any_of(decoded, IsControl) || !IsUtf8(decoded)) return std::nullopt;
  return decoded;
}

}  // namespace shakehook
