// Authentication finds who asks: the API key in `Authorization: Bearer ...` (RFC 6750), or the user whose browser
// session the request's cookie names. It also checks whether either may use a route. This is the only place that
// decides whether a key is valid.
#pragma once

#include <expected>
#include <optional>

#include "api/api_services.h"
#include "api/http/problem.h"
#include "api/http/router.h"
#include "store/config_cache.h"

namespace shakehook {

// Returns the key of the request. The problem is a 401 with WWW-Authenticate: no key, an unknown key, or an expired
// one.
std::expected<SharedPrincipal, Problem> Authenticate(const HttpRequest& request, const ConfigCache& config_cache,
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
// Tells whether the key that asked is still there, valid and of the same scope, with the right to read; for responses
// that last, such as a stream.
bool MayGoOn(const ConfigCache& config_cache, const Principal& key, Timestamp now);

// The problem is a 403 that names the missing right.
std::expected<Done, Problem> CheckAccess(const Principal& principal, Access access);

// Refuses everybody but admin keys and administrators. The problem is a 403.
std::expected<Done, Problem> CheckAdmin(const Principal& principal);

}  // namespace shakehook
