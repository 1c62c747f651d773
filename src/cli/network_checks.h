// The checks of `shakehook doctor` that concern the network: where the server listens, how names are looked up, whom
// it trusts.
#pragma once

#include "base/clock.h"
#include "cli/finding.h"
#include "cli/settings.h"

namespace shakehook {

// Asks the machine's name servers for a name; takes some seconds where they are silent.
Findings CheckNetwork(const Settings& settings, Clock& clock);

}  // namespace shakehook
