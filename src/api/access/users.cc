// /api/users: the users that may sign in to the dashboard, and their roles. For administrators and admin keys.
#include <array>

#include "api/access/audit.h"
#include "api/access/authentication.h"
#include "api/access/place_filter.h"
#include "api/access/requested_user.h"
#include "api/access/sign_in.h"
#include "api/access/user_fields.h"
#include "api/access/user_link.h"
#include "api/access/visible.h"
#include "api/all_routes.h"
#include "api/edit_config.h"
#include "api/http/etag.h"
#include "api/http/field_reader.h"
#include "api/http/json_body.h"
#include "api/http/response.h"
#include "api/http/sorted_page.h"
#include "model/fold_case.h"
#include "model/search_text.h"

namespace shakehook {
namespace {

constexpr std::string_view kNoun = "user";
constexpr std::string_view kList = "users";
constexpr std::array<std::string_view, 4> kSorts = {"name", "email", "created_at", "last_signed_in_at"};

// The scope stays as it is if the body does not name it; an administrator's is everything.
void ReadUserScope(FieldReader& fields, const ApiServices& services, const ApiRequest& request, User& user) {
  if (const Json* const scope = fields.Object("scope")) {
    FieldReader reader(*scope, "scope");
    if (const auto read = ReadScope(reader, services.config_cache(), *request.principal, Switch::kOn))
      user.scope = *read;
    fields.Take(reader.Errors());
  } else if (fields.IsNull("scope")) {
    fields.Refuse("scope", {"not_clearable", "cannot be cleared"});
  }
  if (fields.ok() && user.role == Role::kAdministrator && user.scope.kind != Scope::Kind::kAll) {
    fields.Refuse("scope", {"scope_of_administrator", "must be {} for an administrator"});
  }
}

Problem FromUserRefusal(const Refusal& refusal) {
  if (refusal.kind == Refusal::Kind::kExists) return EmailTaken();
  // Deleted since it was looked up.
  if (refusal.kind == Refusal::Kind::kMissing)
    return Invalid("scope", {"names_no_scope", "there is no venue or venues group with this id"});
  return FromRefusal(refusal, kNoun);
}

// --- GET ---

std::string SortKeyOf(const User& user, std::string_view by) {
  if (by == "name") return FoldText(user.name);
  if (by == "email") return FoldText(user.email);
  if (by == "created_at") return SortableNumber(UnixMs(user.created_at));
  if (by == "last_signed_in_at") return SortableNumber(user.last_signed_in_at ? UnixMs(*user.last_signed_in_at) : 0);
  return "";
}

Async<ApiResponse> ListUsers(ApiServices& services, ApiRequest& request) {
  if (auto admin = CheckAdmin(*request.principal); !admin) co_return std::unexpected(std::move(admin.error()));
  ParameterReader parameters(request);
  const SortOrder order = ReadSort(parameters, kSorts);
  const PageRequest page = ReadPage(
      parameters, kList, [&](std::string_view key) { return !order.by.empty() || UserId::Parse(key).has_value(); });
  const SearchQuery search(parameters.Text("q"));
  const std::string* const role = parameters.Any("role");
  const auto wanted = role == nullptr ? std::nullopt : ParseRole(*role);
  if (role != nullptr && !wanted)
    parameters.Refuse("role", {"not_one_of", "must be {choices}", "administrator, manager or viewer"});
  const auto place = ReadPlace(parameters, services.config_cache(), *request.principal);
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  SortedPage<SharedUser> sorted(page, order);
  const auto all = services.config_cache().ListUsers(std::nullopt, kUsersMax, [](const User&) { return true; });
  for (const SharedUser& user : all) {
    if (wanted && user->role != *wanted) continue;
    if (place && !IsOfPlace(services.config_cache(), user->scope, *place)) continue;
    if (!search.empty() && !search.Finds(FoldText(user->name + ' ' + user->email))) continue;
    sorted.Add(SortKeyOf(*user, order.by), user->id.ToString(), user);
  }
  co_return co_await sorted.Respond(request.loop, [](const SharedUser& user) { return UserJson(*user); });
}

Async<ApiResponse> GetUser(ApiServices& services, ApiRequest& request) {
  const auto user = FindRequestedUser(services, request);
  if (!user) co_return std::unexpected(user.error());
  co_return WithEtag(JsonResponse(200, UserJson(**user)), (*user)->version);
}

// --- Changes ---

Async<ApiResponse> CreateUser(ApiServices& services, ApiRequest& request) {
  if (auto admin = CheckAdmin(*request.principal); !admin) co_return std::unexpected(std::move(admin.error()));
  const auto body = JsonBody(request);
  if (!body) co_return std::unexpected(body.error());
  FieldReader fields(*body);
  User user{.id = {services.NewUuid()}, .created_at = services.clock.Now()};
  user.name = fields.RequiredText("name");
  ReadEmail(fields, user.email);
  ReadRole(fields, user.role);
  ReadUserScope(fields, services, request, user);
  ReadLanguage(fields, user.language);
  const auto password = ReadNewPassword(fields, "password");
  ReadSwitch(fields, "must_change_password", user.must_change_password);
  const bool invited = fields.Boolean("invite").value_or(false);
  for (const std::string_view required : {"email", "role", "scope", "password"}) {
    if (!fields.Has(required) && !(invited && required == "password"))
      fields.Refuse(required, {"required", "is required"});
  }
  if (invited && fields.Has("password"))
    fields.Refuse("invite", {"invite_with_password", "is not allowed together with a password"});
  if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));
  if (services.config_cache().UserCount() >= kUsersMax) {
    co_return std::unexpected(Problem("limit-reached", "There may be {max} users at most.", kUsersMax));
  }
  if (services.config_cache().FindUserByEmail(user.email)) co_return std::unexpected(EmailTaken());

  std::optional<NewUserLink> made;
  if (invited) {
    made = MakeUserLink(services, user);
    user.link = made->link;
  } else {
    auto hash = co_await services.passwords().Hash(*password);
    if (!hash) co_return std::unexpected(PasswordsBusy());
    user.password_hash = *std::move(hash);
  }
  const auto response = [&] {
    return WithLocation(WithEtag(JsonResponse(201, UserJson(user, made)), 1), "/api/users/" + user.id.ToString());
  };
  AuditDetails details("role", "{role}", ToString(user.role));
  if (invited) details.Add("invited", "invited");
  ConfigChange change{ConfigChange::Put<User>{user, 0}};
  change.audit.push_back(
      MakeAuditEntry(services, ActorOf(request),
                     {.action = AuditAction::kUserCreated, .subject = SubjectOf(user), .details = std::move(details)}));
  const auto saved = co_await services.store.SaveConfig(std::move(change), request.Keep(response()));
  if (!saved) co_return std::unexpected(FromUserRefusal(saved.error()));
  if (made) co_await MailUserLink(services, request.loop, user, *made);
  co_return response();
}

// Returns the parts of a user that an edit changed, for the audit log.
AuditDetails ChangesOf(const User& before, const User& after) {
  AuditDetails changes;
  const auto add = [&](std::string_view name, bool changed) {
    if (changed) changes.Add("field", "{field}", name);
  };
  add("name", before.name != after.name);
  add("email", before.email != after.email);
  add("role", before.role != after.role);
  add("scope", before.scope != after.scope);
  add("language", before.language != after.language);
  add("must_change_password", before.must_change_password != after.must_change_password);
  add("password", before.password_hash != after.password_hash);
  return changes;
}

// The problem is a 422. `password`: the new one, if the body has one.
std::expected<User, Problem> MergeUser(const ApiServices& services, const ApiRequest& request, const Json& body,
                                       const User& before, std::optional<std::string>& password) {
  User user = before;
  FieldReader fields(body);
  const Json shown = UserJson(before);
  for (const std::string_view fixed : {"id", "created_at", "last_signed_in_at", "state", "second_factor", "link"}) {
    fields.Unchangeable(fixed, *shown.Find(fixed));
  }
  if (auto name = fields.PresentText("name")) user.name = *std::move(name);
  ReadEmail(fields, user.email);
  ReadRole(fields, user.role);
  ReadUserScope(fields, services, request, user);
  ReadLanguage(fields, user.language);
  ReadSwitch(fields, "must_change_password", user.must_change_password);
  password = ReadNewPassword(fields, "password");
  // Whoever got a link at the former address must not use it.
  if (user.email != before.email) user.link.reset();
  if (auto problem = fields.Finish()) return std::unexpected(*std::move(problem));
  return user;
}

Async<ApiResponse> EditUser(ApiServices& services, ApiRequest& request) {
  if (auto admin = CheckAdmin(*request.principal); !admin) co_return std::unexpected(std::move(admin.error()));
  const auto body = JsonBody(request);
  if (!body) co_return std::unexpected(body.error());
  std::optional<std::string> hash;
  const auto attempt = [&](int) -> Async<std::optional<ApiResponse>> {
    const auto found = FindRequestedUser(services, request);
    if (!found) co_return std::unexpected(found.error());
    const User& before = **found;
    if (auto matches = CheckIfMatch(request.http, before.version); !matches) {
      co_return std::unexpected(std::move(matches.error()));
    }
    std::optional<std::string> password;
    auto user = MergeUser(services, request, *body, before, password);
    if (!user) co_return std::unexpected(std::move(user.error()));
    if (password && !hash) {
      hash = co_await services.passwords().Hash(*password);
      if (!hash) co_return std::unexpected(PasswordsBusy());
    }
    if (hash) {
      user->password_hash = *hash;
      user->link.reset();
    }
    const AuditDetails changes = ChangesOf(before, *user);
    if (changes.empty()) co_return WithEtag(JsonResponse(200, UserJson(before)), before.version);
    if (hash || user->role != before.role || user->scope != before.scope) ++user->epoch;
    ConfigChange change{ConfigChange::Put<User>{*user, before.version}};
    change.audit.push_back(
        MakeAuditEntry(services, ActorOf(request),
                       {.action = AuditAction::kUserChanged, .subject = SubjectOf(*user), .details = changes}));
    const auto saved = co_await services.store.SaveConfig(std::move(change), std::nullopt);
    co_return AfterSave(saved, WithEtag(JsonResponse(200, UserJson(*user)), before.version + 1), FromUserRefusal);
  };
  co_return co_await EditConfig(services, request, {kNoun, request.Path("id")}, attempt);
}

Async<ApiResponse> DeleteUser(ApiServices& services, ApiRequest& request) {
  const auto user = FindRequestedUser(services, request);
  if (!user) co_return std::unexpected(user.error());
  co_return co_await DeleteConfig(
      services, request,
      DeletedConfig<UserId>{
          .noun = kNoun,
          .id = (*user)->id,
          .version = (*user)->version,
          .audit = {MakeAuditEntry(services, ActorOf(request),
                                   {.action = AuditAction::kUserDeleted, .subject = SubjectOf(**user)})}});
}

}  // namespace

void AddUserRoutes(Router& router, ApiServices&) {
  router.Add({"GET",
              "/api/users",
              Access::kManage,
              ListUsers,
              {"venue_id", "venues_group_id", "role", "q", "sort", "limit", "cursor"}});
  router.Add({"POST", "/api/users", Access::kManage, CreateUser});
  router.Add({"GET", "/api/users/{id}", Access::kManage, GetUser});
  router.Add({"PATCH", "/api/users/{id}", Access::kManage, EditUser});
  router.Add({"DELETE", "/api/users/{id}", Access::kManage, DeleteUser});
}

}  // namespace shakehook
