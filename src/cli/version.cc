#include "cli/version.h"

#include "store/sqlite/engine/sqlite_version.h"
#include "version_generated.h"

namespace shakehook {

std::string Version() { return SHAKEHOOK_VERSION; }

std::string SourceCommit() { return SHAKEHOOK_COMMIT; }

std::string VersionLine() { return "shakehook " SHAKEHOOK_VERSION " (" SHAKEHOOK_COMMIT ")"; }

std::string VersionText() {
  return "shakehook " SHAKEHOOK_VERSION " (" SHAKEHOOK_COMMIT ", SQLite " + sqlite::SqliteVersion() + ")\n";
}

}  // namespace shakehook
