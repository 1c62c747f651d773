// The condition of the index pending_by_hand, word for word: deliveries that a person sent again, and tests. Sql()
// writes the enumerators into it.
#pragma once

#include "model/delivery.h"

#define SHAKEHOOK_BY_HAND "(attempt_trigger = {} OR purpose = {})"
#define SHAKEHOOK_BY_HAND_NUMBERS AttemptTrigger::kManual, OwedDelivery::Purpose::kTest
