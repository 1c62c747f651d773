// Percent-encoding in paths and queries (RFC 3986, section 2.1), read strictly.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shakehook {

// The meaning of a '+': itself in a path, a space in a query (as HTML forms write it).
enum class PlusSign : std::uint8_t { kItself, kSpace };

// Returns nullopt for text with a broken escape, or whose bytes are not UTF-8 or contain a control character.
std::optional<std::string> PercentDecode(std::string_view text, PlusSign plus);

}  // namespace shakehook
