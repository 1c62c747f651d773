#include "base/inert_text.h"

#include <cstddef>

namespace shakehook {
namespace {

struct Character {
  char32_t code = 0;
  std::size_t bytes = 0;  // 0: the text does not begin with a character
};

// Precondition: `text` is not empty.
Character First(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {};
  char32_t code = lead & (0x7f >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0) != 0x80) return {};
    code = code << 6 | (next & 0x3f);
  }
  const bool overlong = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (overlong || surrogate || code > 0x10ffff) return {};
  return {code, bytes};
}

bool IsObeyed(char32_t code) {
  const bool control = code < 0x20 || (code >= 0x7f && code <= 0x9f);
  const bool line_end = code == 0x2028 || code == 0x2029;
  const bool direction = code == 0x061c || code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) ||
                         (code >= 0x2066 && code <= 0x2069);
  return control || line_end || direction;
}

}  // namespace

std::string InertText(std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string inert;
  inert.reserve(text.size());
  while (!text.empty()) {
    const Character character = First(text);
    if (character.bytes == 0) {
      inert += "\xef\xbf\xbd";
      text.remove_prefix(1);
      continue;
    }
    if (IsObeyed(character.code)) {
      inert += "\\u";
      for (int shift = 12; shift >= 0; shift -= 4) inert.push_back(kDigits[(character.code >> shift) & 0x0f]);
    } else {
      inert += text.substr(0, character.bytes);
    }
    text.remove_prefix(character.bytes);
  }
  return inert;
}

}  // namespace shakehook
