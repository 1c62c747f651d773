// Authentication: the API key in `Authorization: Bearer ...` (RFC 6750), or the user whose browser session the
// request's cookie names; and the check whether either may use a route. Beyond this both are the same: an ApiKey holds
// the caller's rights.
#pragma once

#include <expected>
#include <optional>

#include "api/api_services.h"
#include "api/problem.h"
#include "api/router.h"
#include "store/directory.h"

namespace shakehook {

// Returns the key of the request. The problem is a 401 with WWW-Authenticate: no key, an unknown key, or an expired
// one.
std::expected<SharedApiKey, Problem> Authenticate(const HttpRequest& request, const Directory& directory,
                                                  Timestamp now);

// Tells whether the request belongs to a browser session: it has the cookie and names no API key.
bool HasSessionCookie(const HttpRequest& request);
// Returns the session, and notes its use; nullopt: there is none, or it has ended. The problem is a 503.
Async<std::expected<std::optional<BrowserSession>, Problem>> FindBrowserSession(ApiServices& services,
                                                                                const HttpRequest& request);
// Tells whether the session, which was found earlier, is still valid. It is if the store cannot be read.
Async<bool> IsStillOn(ApiServices& services, const BrowserSession& session);
// Checks a changing request of a session: the problem is a 403 if another site's page may have forged it.
std::expected<Done, Problem> CheckNotForged(const HttpRequest& request, const BrowserSession& session,
                                            const std::optional<std::string>& public_url);
// Returns the user's rights in the form of an API key.
ApiKey AuthorityOf(const User& user);

// The problem is a 403 that names the missing right.
std::expected<Done, Problem> CheckAccess(const ApiKey& key, Access access);

// Refuses everybody but admin keys and administrators. The problem is a 403.
std::expected<Done, Problem> CheckAdmin(const ApiKey& key);

}  // namespace shakehook
