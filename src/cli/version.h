// The version of this build.
#pragma once

#include <string>

namespace shakehook {

// "0.1.0"
std::string Version();
// "a1b2c3d4e5f6"
std::string SourceCommit();
// "shakehook 0.1.0 (a1b2c3d4e5f6)"
std::string VersionLine();
// Returns the line that --version prints: "shakehook 0.1.0 (a1b2c3d4e5f6, SQLite 3.53.4)\n"
std::string VersionText();

}  // namespace shakehook
