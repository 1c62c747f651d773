// /api/setup: makes the first administrator, for a caller with the token that the server printed at its start.
#include "api/access/audit.h"
#include "api/access/sign_in.h"
#include "api/access/user_fields.h"
#include "api/all_routes.h"
#include "api/http/field_reader.h"
#include "api/http/json_body.h"
#include "api/http/response.h"

namespace shakehook {
namespace {

bool IsNeeded(const ApiServices& services) { return services.config_cache().AdministratorCount() == 0; }

Async<ApiResponse> GetSetup(ApiServices& services, ApiRequest&) {
  Json json{Json::Object()};
  json.Add("needed", IsNeeded(services));
  co_return JsonResponse(200, json);
}

Async<ApiResponse> SetUp(ApiServices& services, ApiRequest& request) {
  if (auto own = CheckOwnOrigin(services, request.http); !own) co_return std::unexpected(std::move(own.error()));
  const auto body = JsonBody(request);
  if (!body) co_return std::unexpected(body.error());
  if (!IsNeeded(services)) co_return std::unexpected(Problem("already-exists", "There is an administrator already."));

  FieldReader fields(*body);
  auto use = services.setup_token.Take(fields.RequiredText("token"));
  if (!use) {
    // The token is compared before the attempt is counted, so that wrong guesses by others do not lock out its owner.
    if (auto slow = CheckSignInLimit(services, request.http, ""); !slow) co_return std::unexpected(slow.error());
    services.counters.wrong_passwords.Increment();
    co_return std::unexpected(
        Invalid("token", {"wrong_token", "is not the one that the server printed at its last start"}));
  }
  User user{.id = {services.NewUuid()}, .role = Role::kAdministrator, .created_at = services.clock.Now()};
  user.name = fields.RequiredText("name");
  ReadEmail(fields, user.email);
  if (!fields.Has("email")) fields.Refuse("email", {"required", "is required"});
  ReadLanguage(fields, user.language);
  const auto password = ReadNewPassword(fields, "password");
  if (!fields.Has("password")) fields.Refuse("password", {"required", "is required"});
  if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));

  auto hash = co_await services.passwords().Hash(*password);
  if (!hash) co_return std::unexpected(PasswordsBusy());
  user.password_hash = *std::move(hash);
  ConfigChange change{ConfigChange::Put<User>{user, 0}};
  change.audit.push_back(
      MakeAuditEntry(services, ActorOf(user), {.action = AuditAction::kUserCreated, .subject = SubjectOf(user)}));
  const auto saved = co_await services.store.SaveConfig(std::move(change), std::nullopt);
  if (!saved && saved.error().kind == Refusal::Kind::kExists) co_return std::unexpected(EmailTaken());
  if (!saved) co_return std::unexpected(FromRefusal(saved.error(), "user"));
  use->Succeeded();
  co_return co_await BeginBrowserSession(services, request, {.user = user.id, .epoch = user.epoch});
}

}  // namespace

void AddSetupRoutes(Router& router, ApiServices&) {
  router.Add({"GET", "/api/setup", Access::kOpen, GetSetup});
  router.Add({"POST", "/api/setup", Access::kOpen, SetUp});
}

}  // namespace shakehook
