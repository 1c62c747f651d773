// The command `shakehook restore FILE`: puts a backup in the database's place, and says what comes back with it.
#pragma once

#include <expected>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "cli/settings.h"
#include "cli/stop_signals.h"
#include "model/webhook.h"

namespace shakehook {

// The error is one line for the operator.
std::expected<Done, std::string> RestoreBackup(const Settings& settings, const std::string& backup, Switch replace,
                                               Clock& clock, StopSignals& signals);

}  // namespace shakehook
