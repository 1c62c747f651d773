#include "api/access/sign_in.h"

#include <algorithm>

#include "api/access/audit.h"
#include "api/access/device_label.h"
#include "api/access/session_cookie.h"
#include "api/access/user_fields.h"
#include "api/http/client_address.h"
#include "api/http/response.h"

namespace shakehook {
namespace {

std::expected<Done, Problem> Slowed(std::optional<Microseconds> wait) {
  if (!wait) return Done();
  const auto seconds = std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(*wait).count());
  return std::unexpected(Problem("too-many-requests", "Too many attempts failed; try again later.")
                             .With("Retry-After", std::to_string(seconds)));
}

}  // namespace

std::expected<Done, Problem> CheckOwnOrigin(const ApiServices& services, const HttpRequest& request) {
  return CheckOrigin(request, services.options.public_url);
}

std::string ClientNetwork(const ApiServices& services, const HttpRequest& request) {
  return ClientNetworkOf(request, services.options.trusted_proxies);
}

std::expected<Done, Problem> CheckSignInLimit(ApiServices& services, const HttpRequest& request,
                                              const std::string& email) {
  auto slowed =
      Slowed(services.sign_in_limit.Begin(EmailKey(email), ClientNetwork(services, request), services.clock.Steady()));
  if (!slowed) services.counters.slowed_sign_ins.Increment();
  return slowed;
}

std::expected<Done, Problem> CheckSignedInLimit(ApiServices& services, const User& user) {
  return Slowed(services.sign_in_limit.BeginSignedIn(user.id.ToString(), services.clock.Steady()));
}

std::expected<Done, Problem> CheckCodeLimit(ApiServices& services, const User& user) {
  auto slowed = Slowed(services.sign_in_limit.BeginCode(user.id.ToString(), services.clock.Steady()));
  if (!slowed) services.counters.slowed_sign_ins.Increment();
  return slowed;
}

Async<std::expected<Done, Problem>> CheckOwnPassword(ApiServices& services, const User& user, std::string password) {
  const std::string id = user.id.ToString();
  if (auto slow = CheckSignedInLimit(services, user); !slow) co_return slow;
  const auto right = co_await services.passwords().Check(std::move(password), user.password_hash);
  if (!right) {
    services.sign_in_limit.NotTriedSignedIn(id);
    co_return std::unexpected(PasswordsBusy());
  }
  if (!*right) co_return std::unexpected(Invalid("current_password", {"wrong_password", "is wrong"}));
  services.sign_in_limit.SucceededSignedIn(id);
  co_return Done();
}

Problem ChangedMeanwhile() { return {"not-signed-in", "The user was changed meanwhile. Sign in again."}; }

Problem PasswordsBusy() { return Unavailable("Too many people are signing in at the moment. Try again."); }

Json SessionJson(const User& user, const Session& session, std::string_view token) {
  Json json{Json::Object()};
  json.Add("user", UserJson(user));
  json.Add("csrf_token", CsrfTokenOf(token));
  json.Add("expires_at", UnixMs(session.EndsAt()));
  return json;
}

Async<ApiResponse> BeginBrowserSession(ApiServices& services, const ApiRequest& request, SessionBegin begin) {
  const std::string token = MakeSessionToken(services.records.random);
  const Timestamp now = services.clock.Now();
  const std::string* const agent = request.http.Header("user-agent");
  const Session session{.token_hash = Sha256(token),
                        .user_id = begin.user,
                        .epoch = begin.epoch,
                        .created_at = now,
                        .last_used_at = now,
                        .network = ClientNetwork(services, request.http),
                        .device = agent == nullptr ? "" : DeviceLabelOf(*agent)};
  SharedUser user = services.config_cache().FindUser(begin.user);
  const auto begun =
      !user ? std::unexpected(Refusal{.kind = Refusal::Kind::kMissing})
            : co_await services.store.BeginSession(
                  session, MakeAuditEntry(services, ActorOf(*user),
                                          {.action = AuditAction::kSessionCreated, .details = begin.details}));
  if (begun) user = services.config_cache().FindUser(begin.user);
  if (!user || (!begun && begun.error().kind == Refusal::Kind::kMissing)) co_return std::unexpected(ChangedMeanwhile());
  if (!begun) co_return std::unexpected(FromRefusal(begun.error(), "session"));
  HttpResponse response = JsonResponse(begin.status, SessionJson(*user, session, token));
  const bool https = request.http.channel == Channel::kTls ||
                     (services.options.public_url && services.options.public_url->starts_with("https://"));
  response.headers.emplace_back(
      "Set-Cookie", SetSessionCookie(request.http, token, https ? CookieSecurity::kHttpsOnly : CookieSecurity::kAny));
  co_return response;
}

}  // namespace shakehook
