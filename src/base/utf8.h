// UTF-8, as Unicode 15, table 3-7, has it: no overlong form, no surrogate, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace shakehook {

inline constexpr std::string_view kReplacementCharacter = "\xef\xbf\xbd";  // U+FFFD

// Tells what a character's first byte determines: how many bytes follow, and the bounds of the second. Those of a third
// and fourth byte are the ones of a continuation, which are the defaults.
struct Utf8Lead {
  int following = -1;  // -1: it is no first byte
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xbf;
};
Utf8Lead ReadUtf8Lead(std::uint8_t byte);

// The character that a text begins with.
struct Utf8Character {
  char32_t code = 0;
  std::size_t bytes = 0;  // if it is no character: of the longest beginning that a character could have, 1 at least
  bool valid = false;
};
// Precondition: `text` is not empty.
Utf8Character FirstCharacter(std::string_view text);

bool IsUtf8(std::string_view text);

// Makes text from elsewhere valid: each maximal part of `bytes` that is not UTF-8 becomes one U+FFFD (Unicode 15,
// section 3.9).
std::string ToValidUtf8(std::string_view bytes);

// Returns the longest beginning that has `bytes_max` bytes at most and does not end within a character.
std::string_view CutUtf8(std::string_view text, std::size_t bytes_max);

// Precondition: `text` is UTF-8.
std::size_t CountCharacters(std::string_view text);

}  // namespace shakehook
