// The common part of setup, sign-in and a change of one's own password: a limited check of the user, and the response
// that begins a session.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "api/api_services.h"
#include "api/http/api_request.h"
#include "api/http/problem.h"
#include "model/audit_detail.h"
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

// Counts a try of a second factor's code; call it after the right password. The problem is a 429.
std::expected<Done, Problem> CheckCodeLimit(ApiServices& services, const User& user);

// Checks the password that a signed-in user gave once more, as the field `current_password`. The problem: 422, or 429
// or 503 while it cannot be checked.
Async<std::expected<Done, Problem>> CheckOwnPassword(ApiServices& services, const User& user, std::string password);

// 401: the user was edited or deleted while the request ran.
Problem ChangedMeanwhile();

// The problem while PasswordHasher has too many waiting: a 503.
Problem PasswordsBusy();

// {user, csrf_token, expires_at}
Json SessionJson(const User& user, const Session& session, std::string_view token);

struct SessionBegin {
  int status = 201;  // the response has it
  UserId user;
  std::int64_t epoch = 1;
  AuditDetails details = {};  // for the audit log
};
// Begins a session of the user, as they are in the ConfigCache, in the browser that asks. The problem: 401 if the user
// was deleted or changed meanwhile, or 503.
Async<ApiResponse> BeginBrowserSession(ApiServices& services, const ApiRequest& request, SessionBegin begin);

}  // namespace shakehook
