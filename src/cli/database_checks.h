// The checks of `shakehook doctor` that concern the database: its folder and disk, its file, its keys.
#pragma once

#include "cli/finding.h"
#include "cli/settings.h"

namespace shakehook {

Findings CheckDatabase(const Settings& settings);

}  // namespace shakehook
