// Text from elsewhere, made fit to be shown in a terminal or a log.
#pragma once

#include <string>
#include <string_view>

namespace shakehook {

// Replaces invalid UTF-8 by U+FFFD, and control characters (C0, DEL, C1) and characters that change the direction of
// writing by \uXXXX, so that a terminal shows them and obeys none. Inside a JSON string the result has the same
// meaning.
std::string InertText(std::string_view text);

}  // namespace shakehook
