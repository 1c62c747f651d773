// `shakehook serve`: builds every part of the server by hand, in order, runs it until a signal comes, and takes it down
// so that nothing that was answered is lost.
#pragma once

#include <expected>
#include <functional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "cli/settings.h"
#include "cli/stop_signals.h"
#include "cli/supervisor.h"

namespace shakehook {

// Runs until the first signal, then until the requests and attempts in flight have ended, at most 10 s. A second signal
// ends the process at once. `supervisor` is told when the server is ready, that it runs, and when it stops. The error
// is one line for the operator.
// Gives the settings as they are now; the error is one line.
using ReadSettingsAgain = std::function<std::expected<Settings, std::string>()>;

std::expected<Done, std::string> Serve(Settings settings, Clock& clock, StopSignals& signals, Supervisor& supervisor,
                                       const ReadSettingsAgain& read_again);

}  // namespace shakehook
