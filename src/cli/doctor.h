// `shakehook doctor`: looks at the machine, the database and the network with the settings of `serve`, and says what is
// wrong with each and what to do. It changes nothing, and may run beside the server.
#pragma once

#include <expected>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "cli/finding.h"
#include "cli/settings.h"

namespace shakehook {

// Writes the findings to standard output, one or two lines each. The error says how many are bad.
std::expected<Done, std::string> Diagnose(const Settings& settings, Clock& clock);

// The lines of the findings.
std::string FindingsText(const Findings& findings);

}  // namespace shakehook
