// Reads a variable of the process's environment, for the parts that no setting reaches: what other programs agree on,
// such as SSL_CERT_FILE. Settings are read by cli/settings.h.
#pragma once

#include <optional>
#include <string>

namespace shakehook {

// The variable's text; nothing where it is not set, or is empty.
std::optional<std::string> EnvironmentVariable(const char* name);

}  // namespace shakehook
