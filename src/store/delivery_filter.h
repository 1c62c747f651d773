// The rules of the filters of deliveries that belong to no database.
//
// Threads: any.
#pragma once

#include "store/delivery_pages.h"

namespace shakehook {

// Returns the statuses that are looked for at all: a response says something of the status, and spares a look at what
// was delivered.
DeliveryStatuses AskedStatuses(const DeliveryQuery& query);

}  // namespace shakehook
