// /api/session/second-factor: one's own second factor, made, confirmed with a code and switched off. An administrator
// switches off another's, who has lost the phone and the recovery codes: /api/users/{id}/second-factor.
#include "api/access/audit.h"
#include "api/access/requested_user.h"
#include "api/access/second_factor.h"
#include "api/access/sign_in.h"
#include "api/access/user_fields.h"
#include "api/all_routes.h"
#include "api/edit_config.h"
#include "api/http/field_reader.h"
#include "api/http/json_body.h"
#include "api/http/response.h"
#include "base/totp.h"

namespace shakehook {
namespace {

constexpr std::string_view kNoun = "user";

Problem IsOn() { return {"conflict", "The second factor is on already."}; }
Problem IsNotBegun() { return {"conflict", "No second factor was begun."}; }
Problem WrongCode() { return Invalid("code", {"wrong_code", "is no code that is good now"}); }

// The user as they are now; the problem is a 401 if the session has ended meanwhile.
std::expected<User, Problem> UserOf(const ApiServices& services, const ApiRequest& request) {
  const SharedUser now = services.config_cache().FindUser(request.browser->user->id);
  if (!now || now->epoch != request.browser->user->epoch) return std::unexpected(ChangedMeanwhile());
  return *now;
}

// Saves what `edit` makes of the user; it returns the response, or the problem.
template <class Edit>
Async<ApiResponse> EditOwn(ApiServices& services, ApiRequest& request, std::optional<AuditAction> action, Edit edit) {
  const auto attempt = [&](int) -> Async<std::optional<ApiResponse>> {
    auto user = UserOf(services, request);
    if (!user) co_return std::unexpected(user.error());
    std::expected<HttpResponse, Problem> response = edit(*user);
    if (!response) co_return std::unexpected(response.error());
    ConfigChange change{ConfigChange::Put<User>{*user, user->version}};
    if (action) {
      change.audit.push_back(
          MakeAuditEntry(services, ActorOf(request), {.action = *action, .subject = SubjectOf(*user)}));
    }
    const auto saved = co_await services.store.SaveConfig(std::move(change), request.Keep(*response));
    co_return AfterSave(saved, *response, kNoun);
  };
  co_return co_await EditConfig(services, request, {kNoun, request.browser->user->id.ToString()}, attempt);
}

Async<ApiResponse> Begin(ApiServices& services, ApiRequest& request) {
  const auto body = JsonBody(request);
  if (!body) co_return std::unexpected(body.error());
  FieldReader fields(*body);
  const std::string password = fields.RequiredText("current_password", kPasswordBytesMax);
  if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));
  if (request.browser->user->HasSecondFactor()) co_return std::unexpected(IsOn());
  if (auto right = co_await CheckOwnPassword(services, *request.browser->user, password); !right) {
    co_return std::unexpected(right.error());
  }
  const SecondFactor factor = MakeSecondFactor(services.records.random);
  const auto edit = [&](User& user) -> std::expected<HttpResponse, Problem> {
    if (user.HasSecondFactor()) return std::unexpected(IsOn());
    user.second_factor = factor;
    Json json{Json::Object()};
    json.Add("secret", ToBase32(factor.secret));
    json.Add("uri", OtpauthUri(factor.secret, user.email));
    return JsonResponse(201, json);
  };
  co_return co_await EditOwn(services, request, std::nullopt, edit);
}

Async<ApiResponse> Confirm(ApiServices& services, ApiRequest& request) {
  const auto body = JsonBody(request);
  if (!body) co_return std::unexpected(body.error());
  FieldReader fields(*body);
  const std::string code = fields.RequiredText("code", kCodeBytesMax);
  if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));
  if (auto slow = CheckSignedInLimit(services, *request.browser->user); !slow) co_return std::unexpected(slow.error());
  const std::vector<std::string> recovery = MakeRecoveryCodes(services.records.random);
  const auto edit = [&](User& user) -> std::expected<HttpResponse, Problem> {
    if (user.HasSecondFactor()) return std::unexpected(IsOn());
    if (!user.second_factor) return std::unexpected(IsNotBegun());
    if (UseAppCode(*user.second_factor, code, services.clock.Now()) == CodeUse::kWrong) {
      return std::unexpected(WrongCode());
    }
    user.second_factor->confirmed = Switch::kOn;
    Json::Array shown;
    for (const std::string& each : recovery) {
      user.second_factor->recovery_hashes.push_back(RecoveryHashOf(each));
      shown.push_back(Json(each));
    }
    Json json{Json::Object()};
    json.Add("recovery_codes", Json(std::move(shown)));
    return JsonResponse(201, json);
  };
  auto response = co_await EditOwn(services, request, AuditAction::kSecondFactorOn, edit);
  if (response) services.sign_in_limit.SucceededSignedIn(request.browser->user->id.ToString());
  co_return response;
}

Async<ApiResponse> SwitchOff(ApiServices& services, ApiRequest& request) {
  const auto body = JsonBody(request);
  if (!body) co_return std::unexpected(body.error());
  FieldReader fields(*body);
  const std::string password = fields.RequiredText("current_password", kPasswordBytesMax);
  const std::string code = fields.RequiredText("code", kCodeBytesMax);
  if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));
  if (!request.browser->user->HasSecondFactor()) co_return std::unexpected(IsNotBegun());
  if (auto right = co_await CheckOwnPassword(services, *request.browser->user, password); !right) {
    co_return std::unexpected(right.error());
  }
  if (auto slow = CheckCodeLimit(services, *request.browser->user); !slow) co_return std::unexpected(slow.error());
  const auto edit = [&](User& user) -> std::expected<HttpResponse, Problem> {
    if (!user.HasSecondFactor()) return std::unexpected(IsNotBegun());
    if (UseCode(*user.second_factor, code, services.clock.Now()) == CodeUse::kWrong) {
      return std::unexpected(WrongCode());
    }
    user.second_factor.reset();
    return NoContent();
  };
  auto response = co_await EditOwn(services, request, AuditAction::kSecondFactorOff, edit);
  if (response) services.sign_in_limit.SucceededCode(request.browser->user->id.ToString());
  co_return response;
}

Async<ApiResponse> SwitchOffOfUser(ApiServices& services, ApiRequest& request) {
  const auto attempt = [&](int) -> Async<std::optional<ApiResponse>> {
    const auto found = FindRequestedUser(services, request);
    if (!found) co_return std::unexpected(found.error());
    User user = **found;
    if (!user.second_factor) co_return NoContent();
    // Otherwise who has got hold of a browser that is signed in would need no code.
    if (request.browser && request.browser->user->id == user.id && user.HasSecondFactor()) {
      co_return std::unexpected(Problem("forbidden",
                                        "Switch your own second factor off with your password and a code (POST "
                                        "/api/session/second-factor/off)."));
    }
    user.second_factor.reset();
    ConfigChange change{ConfigChange::Put<User>{user, user.version}};
    change.audit.push_back(MakeAuditEntry(services, ActorOf(request),
                                          {.action = AuditAction::kSecondFactorOff, .subject = SubjectOf(user)}));
    const auto saved = co_await services.store.SaveConfig(std::move(change), std::nullopt);
    co_return AfterSave(saved, NoContent(), kNoun);
  };
  co_return co_await EditConfig(services, request, {kNoun, request.Path("id")}, attempt);
}

}  // namespace

void AddSecondFactorRoutes(Router& router, ApiServices&) {
  router.Add({"POST", "/api/session/second-factor", Access::kSession, Begin});
  router.Add({"POST", "/api/session/second-factor/confirm", Access::kSession, Confirm});
  router.Add({"POST", "/api/session/second-factor/off", Access::kSession, SwitchOff});
  router.Add({"DELETE", "/api/users/{id}/second-factor", Access::kManage, SwitchOffOfUser});
}

}  // namespace shakehook
