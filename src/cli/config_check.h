// `shakehook config check`: reads the settings as `serve` does (flags, variables, the file) and says every fault, each
// with the file and line, the variable or the flag. It starts nothing and changes nothing.
#pragma once

#include "cli/flag.h"
#include "cli/settings.h"

namespace shakehook {

// The exit code: 0 no fault, 1 some, 2 the settings file cannot be read.
int CheckConfig(const FlagTexts& flags, const Environment& environment);

}  // namespace shakehook
