// /api/session: signing in and out, and one's own password.
#include "api/access/audit.h"
#include "api/access/second_factor.h"
#include "api/access/session_cookie.h"
#include "api/access/sign_in.h"
#include "api/access/user_fields.h"
#include "api/all_routes.h"
#include "api/http/field_reader.h"
#include "api/http/json_body.h"
#include "api/http/response.h"
#include "base/password.h"
#include "records/version_conflict.h"

namespace shakehook {
namespace {

// The user is not known for sure; the entry has the address that was tried, and the network it came from.
Async<> RecordFailure(ApiServices& services, const HttpRequest& request, const SharedUser& user,
                      const std::string& email, std::optional<CodeUse> code = std::nullopt) {
  AuditEntry::Actor actor{.kind = AuditActorKind::kUser, .id = user ? user->id.ToString() : "", .name = email};
  AuditDetails details("from_network", "from {network}", ClientNetwork(services, request));
  if (code == CodeUse::kWrong) details.Add("with_wrong_code", "wrong code");
  // If the store cannot write, nobody can sign in either.
  co_await services.store.WriteAudit(MakeAuditEntry(
      services, std::move(actor), {.action = AuditAction::kSessionFailed, .details = std::move(details)}));
}

// Uses the code up, and begins the session. The password was right for this state of the user.
Async<ApiResponse> SignInWithCode(ApiServices& services, ApiRequest& request, SharedUser checked, std::string code) {
  if (auto slow = CheckCodeLimit(services, *checked); !slow) co_return std::unexpected(slow.error());
  CodeUse use = CodeUse::kWrong;
  const auto attempt = [&](int) -> Async<std::optional<Stored<Done>>> {
    const SharedUser now = services.config_cache().FindUser(checked->id);
    use = CodeUse::kWrong;
    if (!now || now->epoch != checked->epoch || !now->HasSecondFactor()) co_return Done();
    User user = *now;
    use = UseCode(*user.second_factor, code, services.clock.Now());
    if (use == CodeUse::kWrong) co_return Done();
    const auto saved = co_await services.store.SaveConfig({ConfigChange::Put<User>{user, user.version}}, std::nullopt);
    if (!saved && saved.error().kind == Refusal::Kind::kVersionConflict) co_return std::nullopt;
    co_return saved;
  };
  const auto saved = co_await RetryOnVersionConflict(attempt);
  if (!saved) co_return std::unexpected(ChangedMeanwhile());
  if (!*saved) co_return std::unexpected(FromRefusal(saved->error(), "user"));
  if (use == CodeUse::kWrong) {
    services.counters.wrong_passwords.Increment();
    co_await RecordFailure(services, request.http, checked, checked->email, CodeUse::kWrong);
    co_return std::unexpected(Problem("wrong-code", "The code is wrong, or was used before."));
  }
  services.sign_in_limit.SucceededCode(checked->id.ToString());
  co_return co_await BeginBrowserSession(
      services, request,
      {.user = checked->id,
       .epoch = checked->epoch,
       .details = use == CodeUse::kRecovery ? AuditDetails("with_recovery_code", "with a recovery code")
                                            : AuditDetails("with_code", "with a code")});
}

Async<ApiResponse> SignIn(ApiServices& services, ApiRequest& request) {
  if (auto own = CheckOwnOrigin(services, request.http); !own) co_return std::unexpected(std::move(own.error()));
  const auto body = JsonBody(request);
  if (!body) co_return std::unexpected(body.error());
  FieldReader fields(*body);
  const std::string email = fields.RequiredText("email", kEmailBytesMax);
  const std::string password = fields.RequiredText("password", kPasswordBytesMax);
  const std::string code = fields.Text("code", kCodeBytesMax).value_or("");
  if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));
  if (auto slow = CheckSignInLimit(services, request.http, email); !slow) co_return std::unexpected(slow.error());

  const SharedUser user = services.config_cache().FindUserByEmail(email);
  const bool has_password = user && !user->IsInvited();
  const auto right =
      co_await services.passwords().Check(password, has_password ? user->password_hash : NobodysPasswordHash());
  if (!right) {
    services.sign_in_limit.NotTried(EmailKey(email), ClientNetwork(services, request.http));
    services.counters.busy_sign_ins.Increment();
    co_return std::unexpected(PasswordsBusy());
  }
  if (!has_password || !*right) {
    services.counters.wrong_passwords.Increment();
    co_await RecordFailure(services, request.http, user, email);
    co_return std::unexpected(Problem("wrong-credentials", "The e-mail address or the password is wrong."));
  }
  if (user->HasSecondFactor() && code.empty()) {
    // Neither a success, which would forget earlier failures, nor a failure.
    services.sign_in_limit.NotTried(EmailKey(email), ClientNetwork(services, request.http));
    co_return std::unexpected(Problem("second-factor-needed", "A code of the second factor is needed too."));
  }
  ApiResponse response = user->HasSecondFactor() ? co_await SignInWithCode(services, request, user, code)
                                                 : co_await BeginBrowserSession(
                                                       services, request, {.user = user->id, .epoch = user->epoch});
  if (response) {
    services.sign_in_limit.Succeeded(EmailKey(email), ClientNetwork(services, request.http), services.clock.Steady());
  }
  co_return response;
}

Async<ApiResponse> GetSession(ApiServices&, ApiRequest& request) {
  const BrowserSession& browser = *request.browser;
  co_return JsonResponse(200, SessionJson(*browser.user, browser.session, browser.token));
}

Async<ApiResponse> SignOut(ApiServices& services, ApiRequest& request) {
  const auto ended = co_await services.store.EndSession(
      request.browser->session.token_hash,
      MakeAuditEntry(services, ActorOf(request), {.action = AuditAction::kSessionEnded}));
  if (!ended && ended.error().kind != Refusal::Kind::kMissing) {
    co_return std::unexpected(FromRefusal(ended.error(), "session"));
  }
  HttpResponse response = NoContent();
  response.headers.emplace_back("Set-Cookie", SetSessionCookie(request.http, "", CookieSecurity::kAny));
  co_return response;
}

// Ends all sessions of the user, and begins a new one here.
Async<ApiResponse> ChangePassword(ApiServices& services, ApiRequest& request) {
  const auto body = JsonBody(request);
  if (!body) co_return std::unexpected(body.error());
  FieldReader fields(*body);
  const std::string current = fields.RequiredText("current_password", kPasswordBytesMax);
  const auto password = ReadNewPassword(fields, "password");
  if (!fields.Has("password")) fields.Refuse("password", {"required", "is required"});
  if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));
  const SharedUser before = request.browser->user;
  if (auto right = co_await CheckOwnPassword(services, *before, current); !right) {
    co_return std::unexpected(right.error());
  }
  // Somebody else knows the one that they were given.
  if (before->must_change_password == Switch::kOn && *password == current) {
    co_return std::unexpected(Invalid("password", {"same_password", "must differ from the current password"}));
  }
  auto hash = co_await services.passwords().Hash(*password);
  if (!hash) co_return std::unexpected(PasswordsBusy());

  const auto attempt = [&](int) -> Async<std::optional<ApiResponse>> {
    const SharedUser now = services.config_cache().FindUser(before->id);
    // If the epoch has changed, this session is over, and the password that was checked is no longer the user's.
    if (!now || now->epoch != before->epoch) co_return std::unexpected(ChangedMeanwhile());
    User user = *now;
    user.password_hash = *hash;
    user.must_change_password = Switch::kOff;
    user.link.reset();
    ++user.epoch;
    ConfigChange change{ConfigChange::Put<User>{user, user.version}};
    change.audit.push_back(MakeAuditEntry(services, ActorOf(request),
                                          {.action = AuditAction::kUserChanged,
                                           .subject = SubjectOf(user),
                                           .details = {"field", "{field}", "password"}}));
    const auto saved = co_await services.store.SaveConfig(std::move(change), std::nullopt);
    if (saved)
      co_return co_await BeginBrowserSession(services, request, {.status = 200, .user = user.id, .epoch = user.epoch});
    if (saved.error().kind == Refusal::Kind::kVersionConflict) co_return std::nullopt;
    co_return std::unexpected(FromRefusal(saved.error(), "user"));
  };
  auto response = co_await RetryOnVersionConflict(attempt);
  if (!response) co_return std::unexpected(ChangedMeanwhile());
  co_return *std::move(response);
}

}  // namespace

void AddSessionRoutes(Router& router, ApiServices&) {
  router.Add({.method = "GET",
              .path = "/api/session",
              .access = Access::kSession,
              .handler = GetSession,
              .compression = Compression::kNever});
  router.Add({"POST", "/api/session", Access::kOpen, SignIn});
  router.Add({"PATCH", "/api/session", Access::kSession, ChangePassword});
  router.Add({"DELETE", "/api/session", Access::kSession, SignOut});
}

}  // namespace shakehook
