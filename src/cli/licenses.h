// LicenseText is printed by `shakehook --licenses`: the licence of the program, and the notices of all that is in it.
#pragma once

#include <span>
#include <string>

#include "api/site/embedded_file.h"

namespace shakehook {

// LICENSE and THIRD_PARTY_NOTICES.txt, embedded.
std::span<const EmbeddedFile> LicenseFiles();

std::string LicenseText();

}  // namespace shakehook
