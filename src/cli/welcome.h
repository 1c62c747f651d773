// The lines that `shakehook serve` prints when it is ready: the address and how to get in.
#pragma once

#include <string>

#include "cli/bootstrap_key.h"
#include "cli/settings.h"

namespace shakehook {

// `listening` is the address in use, its port resolved. `setup_token` makes the first administrator; empty: there is
// one.
std::string WelcomeText(const Settings& settings, const ListenAddress& listening, const BootstrapKey& key,
                        const std::string& setup_token);

// Returns the origin at which a person reaches the dashboard: --public-url, or where the server listens.
std::string DashboardUrl(const Settings& settings, const ListenAddress& listening);

}  // namespace shakehook
