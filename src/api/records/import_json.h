// The JSON of imports and of the rows that they refused.
#pragma once

#include "base/json.h"
#include "model/import.h"

namespace shakehook {

Json ImportJson(const Import& import);
// {row, errors: [{field, detail}]}
Json RefusedRowJson(const RefusedRow& row);

}  // namespace shakehook
