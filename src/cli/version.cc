#include "cli/version.h"

#include "version_generated.h"

namespace shakehook {

std::string Version() { return SHAKEHOOK_VERSION; }

std::string VersionLine() { return "shakehook " SHAKEHOOK_VERSION " (" SHAKEHOOK_COMMIT ")"; }

}  // namespace shakehook
