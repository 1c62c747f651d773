// FilledText puts a value into a text for people, in whichever language it is.
#pragma once

#include <string>
#include <string_view>

namespace shakehook {

// Returns the words with the value in the place of their first "{}". Precondition: there is one.
std::string FilledText(std::string_view words, std::string_view value);

}  // namespace shakehook
