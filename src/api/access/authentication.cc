#include "api/access/authentication.h"

#include "api/access/session_cookie.h"
#include "base/ascii.h"

namespace shakehook {
namespace {

constexpr std::string_view kScheme = "bearer ";
// A session's last use is stored with this precision; storing each use would cost a commit.
constexpr Milliseconds kUseNotedEvery{5 * 60 * 1000};

// Returns the key in the header's value; empty: the header has another scheme.
std::string_view TokenOf(std::string_view authorization) {
  if (!EqualIgnoringCase(authorization.substr(0, kScheme.size()), kScheme)) return {};
  authorization.remove_prefix(kScheme.size());
  while (authorization.starts_with(' ')) authorization.remove_prefix(1);
  return authorization;
}

Problem Unauthorized(SentenceForm<0> detail, std::string_view challenge) {
  return Problem("not-signed-in", detail)
      .With("WWW-Authenticate", "Bearer realm=\"shakehook\"" + std::string(challenge));
}

}  // namespace

std::expected<SharedPrincipal, Problem> Authenticate(const HttpRequest& request, const ConfigCache& config_cache,
                                                     Timestamp now) {
  const std::string* const authorization = request.Header("authorization");
  const std::string_view token = authorization == nullptr ? std::string_view() : TokenOf(*authorization);
  if (token.empty()) {
    return std::unexpected(Unauthorized("Send an API key (Authorization: Bearer <API key>), or sign in first.", ""));
  }
  SharedApiKey key = config_cache.FindApiKeyByHash(Sha256(token));
  if (!key || !key->IsValidAt(now)) {
    return std::unexpected(Unauthorized("The API key is not valid, or has expired.", ", error=\"invalid_token\""));
  }
  return std::make_shared<const Principal>(Principal::Of(*key));
}

bool MayGoOn(const ConfigCache& config_cache, const Principal& key, Timestamp now) {
  const SharedApiKey present = config_cache.FindApiKey({key.id});
  return present && present->IsValidAt(now) && present->scope == key.scope && present->rights.Has(Right::kRead);
}

bool HasSessionCookie(const HttpRequest& request) {
  const std::string* const authorization = request.Header("authorization");
  // Another scheme belongs to a proxy before the server: the browser sends the proxy's password with every request.
  const bool names_key = authorization != nullptr && !TokenOf(*authorization).empty();
  return request.Header("cookie") != nullptr && !names_key && SessionTokenOf(request).has_value();
}

Async<std::expected<std::optional<BrowserSession>, Problem>> FindBrowserSession(ApiServices& services,
                                                                                const HttpRequest& request) {
  const std::string token = SessionTokenOf(request).value_or("");
  const auto found = co_await services.store.FindSession(Sha256(token));
  if (!found) co_return std::unexpected(FromRefusal(found.error(), "session"));
  const Timestamp now = services.clock.Now();
  if (!*found || (*found)->EndsAt() <= now) co_return std::nullopt;
  Session session = **found;
  SharedUser user = services.config_cache().FindUser(session.user_id);
  if (!user || user->epoch != session.epoch) co_return std::nullopt;
  if (now - session.last_used_at >= kUseNotedEvery) {
    session.last_used_at = now;
    // If the store cannot write, the session ends at the time that was set before this use.
    co_await services.store.UseSession(session.token_hash, now);
  }
  auto principal = std::make_shared<const Principal>(Principal::Of(*user));
  co_return BrowserSession{
      .session = session, .token = token, .user = std::move(user), .principal = std::move(principal)};
}

Async<bool> IsStillOn(ApiServices& services, const BrowserSession& session) {
  const auto stands = [&] {
    const SharedUser user = services.config_cache().FindUser(session.user->id);
    return user && user->epoch == session.user->epoch;
  };
  if (!stands()) co_return false;
  const auto found = co_await services.store.FindSession(session.session.token_hash);
  if (!found) co_return true;
  co_return *found&& services.clock.Now() < (*found)->EndsAt() && stands();
}

std::expected<Done, Problem> CheckNotForged(const HttpRequest& request, const BrowserSession& session,
                                            const std::optional<std::string>& public_url) {
  if (request.method == "GET" || request.method == "HEAD") return Done();
  if (auto own = CheckOrigin(request, public_url); !own) return own;
  const std::string* const word = request.Header("x-csrf-token");
  if (word != nullptr && EqualInConstantTime(*word, CsrfTokenOf(session.token))) return Done();
  return std::unexpected(Problem("forbidden", "The header X-CSRF-Token must carry the session's csrf_token."));
}

std::expected<Done, Problem> CheckAccess(const Principal& principal, Access access) {
  const auto check = [&](Right right, std::string_view name) -> std::expected<Done, Problem> {
    if (principal.rights.Has(right)) return Done();
    return std::unexpected(
        Problem("forbidden", "{who} lacks the right \"{right}\".", principal.role ? "Your role" : "The API key", name));
  };
  switch (access) {
    case Access::kOpen:
    case Access::kSession:
      return Done();
    case Access::kRead:
      return check(Right::kRead, "read");
    case Access::kWrite:
      return check(Right::kWrite, "write");
    case Access::kManage:
      return check(Right::kManage, "manage");
  }
  return Done();
}

std::expected<Done, Problem> CheckAdmin(const Principal& principal) {
  if (principal.IsAdmin()) return Done();
  return std::unexpected(
      Problem("forbidden", "Only {who} may do this.", principal.role ? "an administrator" : "an admin key"));
}

}  // namespace shakehook
