// /api/users/{id}/link and /api/user-links: links with which invited users, and those who forgot their password, choose
// one. Looking at a link changes nothing, so that scanners of mail may do it: only the POST with a password uses it.
#include "api/access/audit.h"
#include "api/access/authentication.h"
#include "api/access/requested_user.h"
#include "api/access/sign_in.h"
#include "api/access/user_fields.h"
#include "api/access/user_link.h"
#include "api/all_routes.h"
#include "api/edit_config.h"
#include "api/http/field_reader.h"
#include "api/http/json_body.h"
#include "api/http/response.h"

namespace shakehook {
namespace {

constexpr std::string_view kNoun = "user";

AuditDetails KindDetails(UserLink::Kind kind) {
  if (kind == UserLink::Kind::kInvitation) return {"invitation", "invitation"};
  return {"reset", "reset"};
}

Async<ApiResponse> MakeLink(ApiServices& services, ApiRequest& request) {
  if (auto admin = CheckAdmin(*request.principal); !admin) co_return std::unexpected(std::move(admin.error()));
  if (auto problem = CheckNoFields(request)) co_return std::unexpected(*std::move(problem));
  User user;
  NewUserLink made;
  const auto attempt = [&](int) -> Async<std::optional<ApiResponse>> {
    const auto found = FindRequestedUser(services, request);
    if (!found) co_return std::unexpected(found.error());
    user = **found;
    made = MakeUserLink(services, user);
    user.link = made.link;
    const HttpResponse response = JsonResponse(201, NewUserLinkJson(made));
    ConfigChange change{ConfigChange::Put<User>{user, user.version}};
    change.audit.push_back(MakeAuditEntry(
        services, ActorOf(request),
        {.action = AuditAction::kUserLinkMade, .subject = SubjectOf(user), .details = KindDetails(made.link.kind)}));
    const auto saved = co_await services.store.SaveConfig(std::move(change), request.Keep(response));
    co_return AfterSave(saved, response, kNoun);
  };
  auto response = co_await EditConfig(services, request, {kNoun, request.Path("id")}, attempt);
  if (!response) co_return response;
  // The response that is kept for an Idempotency-Key is the one of before: "sending".
  co_await MailUserLink(services, request.loop, user, made);
  co_return JsonResponse(201, NewUserLinkJson(made));
}

// Takes a link back before it is used.
Async<ApiResponse> DeleteLink(ApiServices& services, ApiRequest& request) {
  if (auto admin = CheckAdmin(*request.principal); !admin) co_return std::unexpected(std::move(admin.error()));
  const auto attempt = [&](int) -> Async<std::optional<ApiResponse>> {
    const auto found = FindRequestedUser(services, request);
    if (!found) co_return std::unexpected(found.error());
    User user = **found;
    if (!user.link) co_return NoContent();
    user.link.reset();
    ConfigChange change{ConfigChange::Put<User>{user, user.version}};
    change.audit.push_back(MakeAuditEntry(services, ActorOf(request),
                                          {.action = AuditAction::kUserChanged,
                                           .subject = SubjectOf(user),
                                           .details = {"link_taken_back", "link taken back"}}));
    const auto saved = co_await services.store.SaveConfig(std::move(change), std::nullopt);
    co_return AfterSave(saved, NoContent(), kNoun);
  };
  co_return co_await EditConfig(services, request, {kNoun, request.Path("id")}, attempt);
}

// The token is compared before anything is counted, so that strangers who try tokens lock out nobody who has one.
std::expected<FoundUserLink, Problem> Find(ApiServices& services, const ApiRequest& request, const std::string& token) {
  if (auto found = FindUserLink(services, token)) return *std::move(found);
  if (auto slow = CheckSignInLimit(services, request.http, ""); !slow) return std::unexpected(slow.error());
  services.counters.wrong_passwords.Increment();
  return std::unexpected(NoSuchLink());
}

Async<ApiResponse> CheckLink(ApiServices& services, ApiRequest& request) {
  if (auto own = CheckOwnOrigin(services, request.http); !own) co_return std::unexpected(std::move(own.error()));
  const auto body = JsonBody(request);
  if (!body) co_return std::unexpected(body.error());
  FieldReader fields(*body);
  const std::string token = fields.RequiredText("token", kLinkTokenBytesMax);
  if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));
  const auto found = Find(services, request, token);
  if (!found) co_return std::unexpected(found.error());
  Json json = UserLinkJson({.kind = found->kind, .expires_at = found->expires_at});
  json.Add("name", found->user->name);
  json.Add("email", found->user->email);
  co_return JsonResponse(200, json);
}

User WithPassword(const FoundUserLink& found, const std::string& hash) {
  User user = *found.user;
  user.password_hash = hash;
  user.must_change_password = Switch::kOff;
  user.link.reset();
  if (found.second_factor_off == Switch::kOn) user.second_factor.reset();
  ++user.epoch;
  return user;
}

Async<ApiResponse> UseLink(ApiServices& services, ApiRequest& request) {
  if (auto own = CheckOwnOrigin(services, request.http); !own) co_return std::unexpected(std::move(own.error()));
  const auto body = JsonBody(request);
  if (!body) co_return std::unexpected(body.error());
  FieldReader fields(*body);
  const std::string token = fields.RequiredText("token", kLinkTokenBytesMax);
  const auto password = ReadNewPassword(fields, "password");
  if (!fields.Has("password")) fields.Refuse("password", {"required", "is required"});
  if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));
  // Only who has a link gets the hasher's time.
  if (auto found = Find(services, request, token); !found) co_return std::unexpected(found.error());
  const auto hash = co_await services.passwords().Hash(*password);
  if (!hash) co_return std::unexpected(PasswordsBusy());

  const auto attempt = [&](int) -> Async<std::optional<ApiResponse>> {
    const auto found = FindUserLink(services, token);
    if (!found) co_return std::unexpected(NoSuchLink());
    const User user = WithPassword(*found, *hash);
    AuditDetails details = KindDetails(found->kind);
    if (found->by_operator == Switch::kOn) details.Add("by_operator", "by shakehook user reset");
    if (found->second_factor_off == Switch::kOn) details.Add("without_second_factor", "second factor off");
    details.Add("from_network", "from {network}", ClientNetwork(services, request.http));
    ConfigChange change{ConfigChange::Put<User>{user, user.version}};
    change.audit.push_back(MakeAuditEntry(
        services, ActorOf(user),
        {.action = AuditAction::kUserLinkUsed, .subject = SubjectOf(user), .details = std::move(details)}));
    const auto saved = co_await services.store.SaveConfig(std::move(change), std::nullopt);
    co_return AfterSave(saved, NoContent(), kNoun);
  };
  auto response = co_await RetryOnVersionConflict(attempt);
  if (!response) co_return std::unexpected(NoSuchLink());
  co_return *std::move(response);
}

}  // namespace

void AddUserLinkRoutes(Router& router, ApiServices&) {
  router.Add({"POST", "/api/users/{id}/link", Access::kManage, MakeLink});
  router.Add({"DELETE", "/api/users/{id}/link", Access::kManage, DeleteLink});
  router.Add({"POST", "/api/user-links/check", Access::kOpen, CheckLink});
  router.Add({"POST", "/api/user-links", Access::kOpen, UseLink});
}

}  // namespace shakehook
