// /api/venues-groups[/{id}]: groups are made, renamed and deleted with an admin key; a group's key sees its own.
#include <array>
#include <limits>

#include "api/access/authentication.h"
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

constexpr std::string_view kNoun = "venues group";
constexpr std::string_view kList = "venues-groups";
constexpr std::array<std::string_view, 2> kSorts = {"name", "created_at"};

std::string ToText(const VenuesGroup& group) {
  Json json{Json::Object()};
  json.Add("id", group.id.text);
  json.Add("name", group.name);
  json.Add("created_at", UnixMs(group.created_at));
  json.Add("updated_at", UnixMs(group.updated_at));
  return ToString(json);
}

std::string SortKeyOf(const VenuesGroup& group, std::string_view by) {
  if (by == "name") return FoldText(group.name);
  if (by == "created_at") return SortableNumber(UnixMs(group.created_at));
  return "";
}

Async<ApiResponse> ListGroups(ApiServices& services, ApiRequest& request) {
  ParameterReader parameters(request);
  const SortOrder order = ReadSort(parameters, kSorts);
  const PageRequest page =
      ReadPage(parameters, kList, [&](std::string_view key) { return !order.by.empty() || IsValidTextId(key); });
  const SearchQuery search(parameters.Text("q"));
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  const bool by_id = order.by.empty();
  const auto groups = services.config_cache().ListVenuesGroups(
      by_id ? page.after : "", by_id ? page.limit + 1 : std::numeric_limits<std::size_t>::max(),
      [&](const VenuesGroup& group) {
        if (!CanSee(*request.principal, group)) return false;
        return search.empty() || search.Finds(FoldText(group.name + ' ' + group.id.text));
      });
  SortedPage<SharedVenuesGroup> sorted(page, order);
  for (const SharedVenuesGroup& group : groups) sorted.Add(SortKeyOf(*group, order.by), group->id.text, group);
  co_return co_await sorted.Respond(request.loop, [](const SharedVenuesGroup& group) { return ToText(*group); });
}

Async<ApiResponse> GetGroup(ApiServices& services, ApiRequest& request) {
  const auto group = FindVisibleVenuesGroup(services.config_cache(), *request.principal, request.Path("id"));
  if (!group) co_return std::unexpected(group.error());
  co_return WithEtag(JsonResponse(200, ToText(**group)), (*group)->version);
}

Async<ApiResponse> CreateGroup(ApiServices& services, ApiRequest& request) {
  if (auto admin = CheckAdmin(*request.principal); !admin) co_return std::unexpected(std::move(admin.error()));
  const auto json = JsonBody(request);
  if (!json) co_return std::unexpected(json.error());
  FieldReader fields(*json);
  VenuesGroup group;
  group.id = {fields.ChosenId("id").value_or("")};
  group.name = fields.RequiredText("name");
  if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));
  if (group.id.text.empty()) group.id.text = services.NewUuid().ToString();
  group.created_at = group.updated_at = services.clock.Now();
  HttpResponse response = WithEtag(JsonResponse(201, ToText(group)), 1);
  response = WithLocation(std::move(response), "/api/venues-groups/" + group.id.text);
  const auto saved =
      co_await services.store.SaveConfig({ConfigChange::Put<VenuesGroup>{group, 0}}, request.Keep(response));
  if (!saved) co_return std::unexpected(FromRefusal(saved.error(), kNoun));
  co_return response;
}

Async<ApiResponse> EditGroup(ApiServices& services, ApiRequest& request) {
  const auto json = JsonBody(request);
  if (!json) co_return std::unexpected(json.error());
  const auto attempt = [&](int) -> Async<std::optional<ApiResponse>> {
    const auto found = FindVisibleVenuesGroup(services.config_cache(), *request.principal, request.Path("id"));
    if (!found) co_return std::unexpected(found.error());
    if (auto admin = CheckAdmin(*request.principal); !admin) co_return std::unexpected(std::move(admin.error()));
    const VenuesGroup& before = **found;
    if (auto matches = CheckIfMatch(request.http, before.version); !matches) {
      co_return std::unexpected(std::move(matches.error()));
    }
    VenuesGroup group = before;
    FieldReader fields(*json);
    fields.Unchangeable("id", Json(before.id.text));
    fields.Unchangeable("created_at", Json(UnixMs(before.created_at)));
    fields.Unchangeable("updated_at", Json(UnixMs(before.updated_at)));
    if (auto name = fields.PresentText("name")) group.name = *std::move(name);
    if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));
    if (group == before) co_return WithEtag(JsonResponse(200, ToText(group)), before.version);
    group.updated_at = services.clock.Now();
    const auto saved =
        co_await services.store.SaveConfig({ConfigChange::Put<VenuesGroup>{group, before.version}}, std::nullopt);
    co_return AfterSave(saved, WithEtag(JsonResponse(200, ToText(group)), before.version + 1), kNoun);
  };
  co_return co_await EditConfig(services, request, {kNoun, request.Path("id")}, attempt);
}

Async<ApiResponse> DeleteGroup(ApiServices& services, ApiRequest& request) {
  const auto group = FindVisibleVenuesGroup(services.config_cache(), *request.principal, request.Path("id"));
  if (!group) co_return std::unexpected(group.error());
  if (auto admin = CheckAdmin(*request.principal); !admin) co_return std::unexpected(std::move(admin.error()));
  co_return co_await DeleteConfig(
      services, request, DeletedConfig<VenuesGroupId>{.noun = kNoun, .id = (*group)->id, .version = (*group)->version});
}

}  // namespace

void AddVenuesGroupRoutes(Router& router, ApiServices&) {
  router.Add({"GET", "/api/venues-groups", Access::kRead, ListGroups, {"q", "sort", "limit", "cursor"}});
  router.Add({"POST", "/api/venues-groups", Access::kManage, CreateGroup});
  router.Add({"GET", "/api/venues-groups/{id}", Access::kRead, GetGroup});
  router.Add({"PATCH", "/api/venues-groups/{id}", Access::kManage, EditGroup});
  router.Add({"DELETE", "/api/venues-groups/{id}", Access::kManage, DeleteGroup});
}

}  // namespace shakehook
