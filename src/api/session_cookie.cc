#include "api/session_cookie.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/encoding.h"
#include "model/session.h"

namespace shakehook {
namespace {

constexpr std::size_t kTokenBytes = 32;

std::string_view Trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// "https://hooks.example:8443" of "https://hooks.example:8443/path".
std::string_view OriginOf(std::string_view url) {
  const std::size_t host = url.find("://");
  if (host == std::string_view::npos) return url;
  return url.substr(0, url.find('/', host + 3));
}

bool EqualIgnoringCase(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return std::ranges::equal(left, right, {}, lower, lower);
}

}  // namespace

std::string MakeSessionToken(Random& random) {
  std::array<std::uint8_t, kTokenBytes> bytes;
  random.Fill(bytes);
  return ToBase64Url(bytes);
}

std::optional<std::string> SessionTokenOf(const HttpRequest& request) {
  for (const auto& [name, value] : request.headers) {
    if (name != "cookie") continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::size_t end = rest.find(';');
      const std::string_view pair = Trimmed(rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      if (!pair.starts_with(kSessionCookie)) continue;
      const std::string_view token = pair.substr(kSessionCookie.size());
      if (token.starts_with('=') && token.size() > 1) return std::string(token.substr(1));
    }
  }
  return std::nullopt;
}

std::string CsrfTokenOf(std::string_view session_token) {
  return ToBase64Url(Sha256("csrf:" + std::string(session_token)));
}

std::string SetSessionCookie(std::string_view token, CookieSecurity security) {
  std::string cookie(kSessionCookie);
  cookie += '=';
  cookie += token;
  const auto age = token.empty() ? 0 : std::chrono::duration_cast<std::chrono::seconds>(kSessionAgeMax).count();
  cookie += "; Path=/; Max-Age=" + std::to_string(age) + "; HttpOnly; SameSite=Strict";
  if (security == CookieSecurity::kHttpsOnly) cookie += "; Secure";
  return cookie;
}

bool IsForeign(const HttpRequest& request, const std::optional<std::string>& public_url) {
  const std::string* const origin = request.Header("origin");
  if (origin == nullptr) return false;
  if (public_url && EqualIgnoringCase(*origin, OriginOf(*public_url))) return false;
  const std::string* const host = request.Header("host");
  const std::size_t at = origin->find("://");
  return host == nullptr || at == std::string::npos ||
         !EqualIgnoringCase(std::string_view(*origin).substr(at + 3), *host);
}

}  // namespace shakehook
