// The common part of setup, sign-in and a change of one's own password: a limited check of the user, and the response
// that begins a session.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "api/api_services.h"
#include "api/http/api_request.h"
#include "api/http/problem.h"
#include "model/user.h"

namespace shakehook {

// The problem: 403 for a page of another origin, which must not sign anybody in.
std::expected<Done, Problem> CheckOwnOrigin(const ApiServices& services, const HttpRequest& request);

// Returns the client's network, by which attempts are counted (ClientNetworkOf).
std::string ClientNetwork(const ApiServices& services, const HttpRequest& request);

// Counts an attempt. The problem is a 429.
std::expected<Done, Problem> CheckSignInLimit(ApiServices& services, const HttpRequest& request,
                                              const std::string& email);
// The same for a signed-in user.
std::expected<Done, Problem> CheckSignedInLimit(ApiServices& services, const User& user);

// The problem while PasswordHasher has too many waiting: a 503.
Problem PasswordsBusy();

// {user, csrf_token, expires_at}
Json SessionJson(const User& user, const Session& session, std::string_view token);

// Begins a session of the user, as they are in the ConfigCache, in the browser that asks. The problem: 401 if the user
// was deleted or changed meanwhile, or 503.
Async<ApiResponse> BeginBrowserSession(ApiServices& services, const ApiRequest& request, int status, UserId id,
                                       std::int64_t epoch);

}  // namespace shakehook
