#include "base/utf8.h"

#include <algorithm>

namespace shakehook {
namespace {

bool IsContinuation(char c) { return (static_cast<std::uint8_t>(c) & 0xc0) == 0x80; }

}  // namespace

Utf8Lead ReadUtf8Lead(std::uint8_t byte) {
  if (byte < 0x80) return {.following = 0};
  if (byte < 0xc2 || byte > 0xf4) return {};
  if (byte < 0xe0) return {.following = 1};
  if (byte < 0xf0) {
    return {.following = 2,
            .low = static_cast<std::uint8_t>(byte == 0xe0 ? 0xa0 : 0x80),
            .high = static_cast<std::uint8_t>(byte == 0xed ? 0x9f : 0xbf)};
  }
  return {.following = 3,
          .low = static_cast<std::uint8_t>(byte == 0xf0 ? 0x90 : 0x80),
          .high = static_cast<std::uint8_t>(byte == 0xf4 ? 0x8f : 0xbf)};
}

Utf8Character FirstCharacter(std::string_view text) {
  const auto first = static_cast<std::uint8_t>(text[0]);
  Utf8Lead lead = ReadUtf8Lead(first);
  if (lead.following < 0) return {.bytes = 1};
  char32_t code = lead.following == 0 ? first : first & (0x3f >> lead.following);
  std::size_t bytes = 1;
  while (lead.following > 0 && bytes < text.size()) {
    const auto byte = static_cast<std::uint8_t>(text[bytes]);
    if (byte < lead.low || byte > lead.high) break;
    code = code << 6 | (byte & 0x3f);
    lead = {.following = lead.following - 1};
    ++bytes;
  }
  return {.code = code, .bytes = bytes, .valid = lead.following == 0};
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const Utf8Character character = FirstCharacter(text);
    if (!character.valid) return false;
    text.remove_prefix(character.bytes);
  }
  return true;
}

std::string ToValidUtf8(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const Utf8Character character = FirstCharacter(bytes);
    text += character.valid ? bytes.substr(0, character.bytes) : kReplacementCharacter;
    bytes.remove_prefix(character.bytes);
  }
  return text;
}

std::string_view CutUtf8(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && IsContinuation(text[end])) --end;
  return text.substr(0, end);
}

std::size_t CountCharacters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !IsContinuation(c); }));
}

}  // namespace shakehook
