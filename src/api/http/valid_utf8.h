// Makes text from receivers valid for JSON.
#pragma once

#include <string>
#include <string_view>

namespace shakehook {

// Each maximal part of `bytes` that is not UTF-8 becomes one U+FFFD (Unicode 15, section 3.9).
std::string ToValidUtf8(std::string_view bytes);

}  // namespace shakehook
