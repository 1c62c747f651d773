// `shakehook healthcheck`: asks the server that runs with these settings whether it is ready. For containers, whose
// image holds no other program that could ask.
#pragma once

#include <expected>
#include <string>

#include "base/result.h"
#include "cli/settings.h"

namespace shakehook {

// Asks /readyz of the listening address, and waits at most 5 s for the response. The error says what came instead.
std::expected<Done, std::string> CheckHealth(const Settings& settings);

}  // namespace shakehook
