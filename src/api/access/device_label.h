// DeviceLabelOf names a browser for the list of sessions, from the header User-Agent. The words are its own: nothing
// that a client wrote is kept.
#pragma once

#include <string>
#include <string_view>

namespace shakehook {

// Returns "Firefox on Linux", or as much of it as is known; empty: nothing is.
std::string DeviceLabelOf(std::string_view user_agent);

}  // namespace shakehook
