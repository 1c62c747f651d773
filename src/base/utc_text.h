// UtcText writes a time for people who may be anywhere.
#pragma once

#include <string>

#include "base/time.h"

namespace shakehook {

// Returns "2026-11-28 20:15", in UTC. The reader must be told that it is UTC.
std::string UtcText(Timestamp at);

}  // namespace shakehook
