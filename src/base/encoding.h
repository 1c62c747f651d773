// Hexadecimal (lowercase) and base64 (RFC 4648, with padding), by libsodium.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace shakehook {

std::string ToHex(std::span<const std::uint8_t> bytes);
std::string ToBase64(std::span<const std::uint8_t> bytes);
// The URL-safe alphabet, without padding.
std::string ToBase64Url(std::span<const std::uint8_t> bytes);

// Each returns nullopt for text that is not exactly one encoding: a wrong alphabet, missing padding, or more text after
// it.
std::optional<std::vector<std::uint8_t>> FromHex(std::string_view text);
std::optional<std::vector<std::uint8_t>> FromBase64(std::string_view text);
std::optional<std::vector<std::uint8_t>> FromBase64Url(std::string_view text);

inline std::span<const std::uint8_t> AsBytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace shakehook
