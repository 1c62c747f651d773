// `shakehook backup FILE`: a copy of the database while a server uses it.
#pragma once

#include <expected>
#include <string>

#include "base/result.h"
#include "cli/settings.h"
#include "cli/stop_signals.h"

namespace shakehook {

// Says on standard output what was done, and what else must be kept. The error is one line for the operator.
std::expected<Done, std::string> MakeBackup(const Settings& settings, const std::string& target, Switch replace,
                                            StopSignals& signals);

}  // namespace shakehook
