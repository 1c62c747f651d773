#include "api/http/valid_utf8.h"

#include <cstdint>

namespace shakehook {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

// Tells what a character's first byte determines: how many bytes follow, and the bounds of the second (Unicode 15,
// table 3-7). `following` -1: it is no first byte.
struct Lead {
  int following = -1;
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xbf;
};

Lead ReadLead(std::uint8_t byte) {
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

// Returns the longest beginning of `bytes` that a character could begin with, at least one byte; `whole`: it is a
// character.
std::size_t TakeCharacter(std::string_view bytes, bool& whole) {
  Lead lead = ReadLead(static_cast<std::uint8_t>(bytes[0]));
  std::size_t taken = 1;
  while (lead.following > 0 && taken < bytes.size()) {
    const auto byte = static_cast<std::uint8_t>(bytes[taken]);
    if (byte < lead.low || byte > lead.high) break;
    lead = {.following = lead.following - 1};
    ++taken;
  }
  whole = lead.following == 0;
  return taken;
}

}  // namespace

std::string ToValidUtf8(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    bool whole = false;
    const std::size_t taken = TakeCharacter(bytes, whole);
    text += whole ? bytes.substr(0, taken) : kReplacement;
    bytes.remove_prefix(taken);
  }
  return text;
}

}  // namespace shakehook
