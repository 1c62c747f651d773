// A replay as the API shows it, and the body that asks for one.
#pragma once

#include "api/http/field_reader.h"
#include "base/json.h"
#include "model/replay.h"

namespace shakehook {

// Reads `status`, `events`, `since`, `until` and `missing`; absent ones have their defaults.
ReplayFilter ReadReplayFilter(FieldReader& fields);

Json ReplayJson(const Replay& replay);

}  // namespace shakehook
