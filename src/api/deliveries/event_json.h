// Events as the API shows them.
#pragma once

#include "base/json.h"
#include "model/event.h"

namespace shakehook {

// Returns id event timestamp venue_id venues_group_id resource_id payload; the payload is a string with exactly its
// bytes.
Json EventJson(const Event& event);

}  // namespace shakehook
