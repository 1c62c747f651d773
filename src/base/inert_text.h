// Text from elsewhere, made fit to be shown in a terminal or a log.
#pragma once

#include <string>
#include <string_view>

namespace shakehook {

// Invalid UTF-8 becomes U+FFFD; control characters (C0, DEL, C1) and those that turn the direction of writing become
// \uXXXX, so that a terminal shows them and obeys none. Inside a JSON string the result means the same as before.
std::string InertText(std::string_view text);

}  // namespace shakehook
