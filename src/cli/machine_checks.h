// The checks of `shakehook doctor` that concern the machine: its clock, limits and memory, and the linked SQLite.
#pragma once

#include "base/clock.h"
#include "cli/finding.h"

namespace shakehook {

Findings CheckMachine(Clock& clock);

}  // namespace shakehook
