// A browser's part of a session: a cookie that scripts cannot read and other sites' requests do not carry, and a token
// that each changing request must repeat in a header, which other sites cannot set (against forged requests).
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "api/http/problem.h"
#include "base/digest.h"
#include "base/random.h"
#include "net/http_server.h"

namespace shakehook {

inline constexpr std::string_view kSessionCookie = "shakehook_session";

std::string MakeSessionToken(Random& random);

// Returns nullopt if the request has no such cookie.
std::optional<std::string> SessionTokenOf(const HttpRequest& request);

// Returns the value of X-CSRF-Token. It is computed from the token, and does not reveal it.
std::string CsrfTokenOf(std::string_view session_token);

enum class CookieSecurity : std::uint8_t { kAny, kHttpsOnly };
// Returns the name of the request's session cookie. It carries the port that the request was sent to: browsers keep one
// jar of cookies for all ports of a host, and two servers on one host must not take each other's session away.
std::string SessionCookieName(const HttpRequest& request);
// The value of Set-Cookie in the response to the request; an empty token takes the cookie away.
std::string SetSessionCookie(const HttpRequest& request, std::string_view token, CookieSecurity security);

// Refuses with a 403 a request that may come from a page of another origin: it has an Origin that is neither that of
// `public_url` nor of the host that it was sent to. The problem names both, and the setting, since behind a proxy that
// passes on another Host the server's own pages look foreign. Requests without an Origin come from no page, or from one
// of the server's own.
std::expected<Done, Problem> CheckOrigin(const HttpRequest& request, const std::optional<std::string>& public_url);

}  // namespace shakehook
