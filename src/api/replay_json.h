// A replay as the API shows it, and the body that asks for one.
#pragma once

#include "api/field_reader.h"
#include "base/json.h"
#include "model/replay.h"

namespace shakehook {

// Takes `status`, `events`, `since`, `until` and `missing`; what is absent has its default.
ReplayFilter ReadReplayFilter(FieldReader& fields);

Json ReplayJson(const Replay& replay);

}  // namespace shakehook
