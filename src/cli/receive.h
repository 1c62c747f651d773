// `shakehook receive`: a small receiver on this machine, to try webhooks out. It answers every request, and says on
// standard output what came and whether it is signed right.
#pragma once

#include <expected>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "cli/receive_options.h"
#include "cli/stop_signals.h"

namespace shakehook {

// Runs until a signal comes. The error is one line for the operator.
std::expected<Done, std::string> Receive(ReceiveOptions options, Clock& clock, StopSignals& signals);

}  // namespace shakehook
