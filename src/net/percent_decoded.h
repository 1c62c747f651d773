// Decoding of the user's part of a URL, in which any byte may be written as %XX (RFC 3986, section 2.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace shakehook {

// Returns nullopt where a '%' has no two hexadecimal digits behind it.
std::optional<std::string> PercentDecoded(std::string_view text);

}  // namespace shakehook
