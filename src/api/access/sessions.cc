// /api/sessions and /api/users/{id}/sessions: where a user is signed in, and the end of it. One's own, or, for
// administrators and admin keys, another's.
#include <algorithm>

#include "api/access/audit.h"
#include "api/access/requested_user.h"
#include "api/all_routes.h"
#include "api/http/response.h"
#include "base/encoding.h"

namespace shakehook {
namespace {

// The start of its token's hash names a session: enough to tell it apart, and no help to who wants to use it.
constexpr std::size_t kIdBytes = 16;

std::string IdOf(const Session& session) { return ToHex(std::span(session.token_hash).first(kIdBytes)); }

// Says which session it was, for the audit log.
AuditDetails DetailsOf(const Session& session) {
  AuditDetails details;
  if (!session.device.empty()) details.Add("device", "{device}", session.device);
  return details.Add("from_network", "from {network}", session.network);
}

Json SessionEntryJson(const Session& session, const std::optional<BrowserSession>& browser) {
  const auto text = [](const std::string& value) { return value.empty() ? Json() : Json(value); };
  Json json{Json::Object()};
  json.Add("id", IdOf(session));
  json.Add("device", text(session.device));
  json.Add("network", text(session.network));
  json.Add("created_at", UnixMs(session.created_at));
  json.Add("last_used_at", UnixMs(session.last_used_at));
  json.Add("expires_at", UnixMs(session.EndsAt()));
  json.Add("current", browser && browser->session.token_hash == session.token_hash);
  return json;
}

// Returns the sessions that are not over.
Async<Stored<std::vector<Session>>> Load(ApiServices& services, const ApiRequest& request, const User& user) {
  auto sessions = co_await services.store.ListSessions(user.id, request.asker());
  if (!sessions) co_return sessions;
  std::erase_if(*sessions, [&, now = services.clock.Now()](const Session& session) {
    return session.EndsAt() <= now || session.epoch != user.epoch;
  });
  co_return sessions;
}

Async<ApiResponse> List(ApiServices& services, ApiRequest& request, SharedUser user) {
  const auto sessions = co_await Load(services, request, *user);
  if (!sessions) co_return std::unexpected(FromRefusal(sessions.error(), "session"));
  Json::Array data;
  for (const Session& session : *sessions) data.push_back(SessionEntryJson(session, request.browser));
  Json json{Json::Object()};
  json.Add("data", Json(std::move(data)));
  co_return JsonResponse(200, json);
}

Async<ApiResponse> End(ApiServices& services, ApiRequest& request, SharedUser user, std::string id) {
  const auto sessions = co_await Load(services, request, *user);
  if (!sessions) co_return std::unexpected(FromRefusal(sessions.error(), "session"));
  const auto found = std::ranges::find(*sessions, id, IdOf);
  if (found == sessions->end()) co_return std::unexpected(NotFound("session"));
  const auto ended = co_await services.store.EndSession(
      found->token_hash,
      MakeAuditEntry(
          services, ActorOf(request),
          {.action = AuditAction::kSessionEnded, .subject = SubjectOf(*user), .details = DetailsOf(*found)}));
  if (!ended) co_return std::unexpected(FromRefusal(ended.error(), "session"));
  co_return NoContent();
}

Async<ApiResponse> ListOwn(ApiServices& services, ApiRequest& request) {
  co_return co_await List(services, request, request.browser->user);
}

Async<ApiResponse> EndOwn(ApiServices& services, ApiRequest& request) {
  co_return co_await End(services, request, request.browser->user, request.Path("id"));
}

Async<ApiResponse> ListOfUser(ApiServices& services, ApiRequest& request) {
  const auto user = FindRequestedUser(services, request);
  if (!user) co_return std::unexpected(user.error());
  co_return co_await List(services, request, *user);
}

Async<ApiResponse> EndOfUser(ApiServices& services, ApiRequest& request) {
  const auto user = FindRequestedUser(services, request);
  if (!user) co_return std::unexpected(user.error());
  co_return co_await End(services, request, *user, request.Path("session_id"));
}

}  // namespace

void AddSessionListRoutes(Router& router, ApiServices&) {
  router.Add({"GET", "/api/sessions", Access::kSession, ListOwn});
  router.Add({"DELETE", "/api/sessions/{id}", Access::kSession, EndOwn});
  router.Add({"GET", "/api/users/{id}/sessions", Access::kManage, ListOfUser});
  router.Add({"DELETE", "/api/users/{id}/sessions/{session_id}", Access::kManage, EndOfUser});
}

}  // namespace shakehook
