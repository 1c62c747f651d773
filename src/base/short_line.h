// ShortLine makes a name or a cause from elsewhere fit for one line of a message to people.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace shakehook {

// Cuts the text at a character's beginning, with "…" behind it; control characters (C0, DEL) become spaces.
std::string ShortLine(std::string_view text, std::size_t bytes_max);

}  // namespace shakehook
