// Who asks: the API key in `Authorization: Bearer ...` (RFC 6750), and whether it may do what a route does.
#pragma once

#include <expected>

#include "api/problem.h"
#include "api/router.h"
#include "store/directory.h"

namespace shakehook {

// The problem is a 401 with WWW-Authenticate: no key, a key that nobody has, one that has expired.
std::expected<SharedApiKey, Problem> Authenticate(const HttpRequest& request, const Directory& directory,
                                                  Timestamp now);

// The problem is a 403 that names the right which the key lacks.
std::expected<Done, Problem> CheckAccess(const ApiKey& key, Access access);

// For what only an admin key may do: one whose scope is everything. The problem is a 403.
std::expected<Done, Problem> CheckAdmin(const ApiKey& key);

}  // namespace shakehook
