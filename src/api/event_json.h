// Events as the API shows them.
#pragma once

#include "base/json.h"
#include "model/event.h"

namespace shakehook {

// id event timestamp venue_id venues_group_id resource_id payload; the payload as a string of its very bytes.
Json EventJson(const Event& event);

}  // namespace shakehook
