// The JSON body of a request.
#pragma once

#include <expected>

#include "api/api_request.h"
#include "base/json.h"

namespace shakehook {

// Any JSON value. The problem: 415 for a body that is not said to be JSON (a PATCH may also say
// application/merge-patch+json), 400 for bytes that are not JSON in UTF-8.
std::expected<Json, Problem> JsonBody(const ApiRequest& request);

// As JsonBody, but an empty body is an empty object.
std::expected<Json, Problem> OptionalJsonBody(const ApiRequest& request);

}  // namespace shakehook
