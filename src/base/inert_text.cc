#include "base/inert_text.h"

#include <cstddef>

#include "base/utf8.h"

namespace shakehook {
namespace {

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
    const Utf8Character character = FirstCharacter(text);
    if (!character.valid) {
      inert += kReplacementCharacter;
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
