#include "api/access/session_cookie.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/ascii.h"
#include "base/encoding.h"
#include "base/utf8.h"
#include "model/session.h"
#include "net/web_origin.h"

namespace shakehook {
namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kPortDigitsMax = 5;

constexpr std::size_t kShownBytesMax = 300;

// Returns the start of a client's text, to be shown in a sentence.
std::string Shown(std::string_view text) { return ToValidUtf8(text.substr(0, kShownBytesMax)); }

Problem Foreign(std::string_view origin, const std::optional<std::string>& public_url, const std::string* host) {
  std::string detail = "The request comes from a page of " + Shown(origin) + ", but this server is ";
  if (public_url) detail += *public_url + " (--public-url), and was asked as ";
  detail += host == nullptr ? "a server without a name (no Host header)" : Shown(*host) + " (the Host header)";
  detail += ". If that page is the server's own, start the server with --public-url " + Shown(origin);
  detail += public_url ? " instead." : ", or let the proxy pass on the Host header.";
  return {"forbidden", Sentence::OfText(std::move(detail))};
}

// Returns the value of the request's cookie of that name; nullopt where it has none.
std::optional<std::string> CookieOf(const HttpRequest& request, std::string_view cookie) {
  for (const auto& [name, value] : request.headers) {
    if (name != "cookie") continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::size_t end = rest.find(';');
      const std::string_view pair = Trimmed(rest.substr(0, end), " ");
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      if (!pair.starts_with(cookie)) continue;
      const std::string_view token = pair.substr(cookie.size());
      if (token.starts_with('=') && token.size() > 1) return std::string(token.substr(1));
    }
  }
  return std::nullopt;
}

}  // namespace

std::string MakeSessionToken(Random& random) {
  std::array<std::uint8_t, kTokenBytes> bytes;
  random.Fill(bytes);
  return ToBase64Url(bytes);
}

std::string SessionCookieName(const HttpRequest& request) {
  std::string name(kSessionCookie);
  const std::string* const host = request.Header("host");
  if (host == nullptr) return name;
  const std::size_t colon = host->rfind(':');
  if (colon == std::string::npos || host->find(']', colon) != std::string::npos) return name;
  const std::string_view port = std::string_view(*host).substr(colon + 1);
  const bool is_number = !port.empty() && port.size() <= kPortDigitsMax &&
                         std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
  if (is_number) name.append("_").append(port);
  return name;
}

std::optional<std::string> SessionTokenOf(const HttpRequest& request) {
  if (auto token = CookieOf(request, SessionCookieName(request))) return token;
  // As it was named before names carried the port.
  return CookieOf(request, kSessionCookie);
}

std::string CsrfTokenOf(std::string_view session_token) {
  return ToBase64Url(Sha256("csrf:" + std::string(session_token)));
}

std::string SetSessionCookie(const HttpRequest& request, std::string_view token, CookieSecurity security) {
  std::string cookie = SessionCookieName(request);
  cookie += '=';
  cookie += token;
  const auto age = token.empty() ? 0 : std::chrono::duration_cast<std::chrono::seconds>(kSessionAgeMax).count();
  cookie += "; Path=/; Max-Age=" + std::to_string(age) + "; HttpOnly; SameSite=Strict";
  if (security == CookieSecurity::kHttpsOnly) cookie += "; Secure";
  return cookie;
}

std::expected<Done, Problem> CheckOrigin(const HttpRequest& request, const std::optional<std::string>& public_url) {
  const std::string* const text = request.Header("origin");
  if (text == nullptr) return Done();
  const std::string* const host = request.Header("host");
  const auto origin = WebOrigin::Parse(*text);
  if (origin) {
    if (public_url && WebOrigin::Parse(*public_url) == origin) return Done();
    if (host != nullptr && origin->AtHost(*host) == origin) return Done();
  } else if (host != nullptr &&
             (EqualIgnoringCase(*text, "http://" + *host) || EqualIgnoringCase(*text, "https://" + *host))) {
    return Done();  // names that only a private network knows
  }
  return std::unexpected(Foreign(*text, public_url, host));
}

}  // namespace shakehook
