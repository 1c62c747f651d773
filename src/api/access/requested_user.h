// The user whom a request's path names.
#pragma once

#include <expected>

#include "api/api_services.h"
#include "api/http/api_request.h"
#include "api/http/problem.h"

namespace shakehook {

// Precondition: the route has a parameter `id`. The problem: 403 for all but administrators and admin keys, or 404.
std::expected<SharedUser, Problem> FindRequestedUser(const ApiServices& services, const ApiRequest& request);

}  // namespace shakehook
