// /api/venues[/{venue_id}]: venues are made, moved and deleted with an admin key; other keys see those of their scope.
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

constexpr std::string_view kNoun = "venue";
constexpr std::string_view kList = "venues";
constexpr std::array<std::string_view, 2> kSorts = {"name", "created_at"};

std::string ToText(const Venue& venue) {
  Json json{Json::Object()};
  json.Add("id", venue.id.text);
  json.Add("name", venue.name);
  json.Add("venues_group_id", venue.venues_group_id ? Json(venue.venues_group_id->text) : Json());
  json.Add("created_at", UnixMs(venue.created_at));
  json.Add("updated_at", UnixMs(venue.updated_at));
  return ToString(json);
}

// Reads `venues_group_id` of a body: the group, if it names one.
std::optional<VenuesGroupId> ReadGroup(FieldReader& fields, const ConfigCache& config_cache) {
  auto group = fields.Text("venues_group_id");
  if (!group) return std::nullopt;
  if (!config_cache.FindVenuesGroup({*group})) fields.Refuse("venues_group_id", NoSuchVenuesGroup());
  return VenuesGroupId{*std::move(group)};
}

// Returns the problem of a venue that the store refused to make or edit.
Problem FromPutRefusal(const Refusal& refusal, const ConfigCache& config_cache, const Venue& venue) {
  if (refusal.kind == Refusal::Kind::kMissing && venue.venues_group_id &&
      !config_cache.FindVenuesGroup(*venue.venues_group_id)) {
    return Invalid("venues_group_id", NoSuchVenuesGroup());
  }
  return FromRefusal(refusal, kNoun);
}

std::string SortKeyOf(const Venue& venue, std::string_view by) {
  if (by == "name") return FoldText(venue.name);
  if (by == "created_at") return SortableNumber(UnixMs(venue.created_at));
  return "";
}

Async<ApiResponse> ListVenues(ApiServices& services, ApiRequest& request) {
  ParameterReader parameters(request);
  const SortOrder order = ReadSort(parameters, kSorts);
  const PageRequest page =
      ReadPage(parameters, kList, [&](std::string_view key) { return !order.by.empty() || IsValidTextId(key); });
  const SearchQuery search(parameters.Text("q"));
  const std::string* const group = parameters.Any("venues_group_id");
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  // In the order of ids the ConfigCache goes no further than the page.
  const bool by_id = order.by.empty();
  const auto venues = services.config_cache().ListVenues(
      by_id ? page.after : "", by_id ? page.limit + 1 : std::numeric_limits<std::size_t>::max(),
      [&](const Venue& venue) {
        if (!CanSee(*request.principal, venue)) return false;
        if (group != nullptr && (!venue.venues_group_id || venue.venues_group_id->text != *group)) return false;
        return search.empty() || search.Finds(FoldText(venue.name + ' ' + venue.id.text));
      });
  SortedPage<SharedVenue> sorted(page, order);
  for (const SharedVenue& venue : venues) sorted.Add(SortKeyOf(*venue, order.by), venue->id.text, venue);
  co_return co_await sorted.Respond(request.loop, [](const SharedVenue& venue) { return ToText(*venue); });
}

Async<ApiResponse> GetVenue(ApiServices& services, ApiRequest& request) {
  const auto venue = FindVisibleVenue(services.config_cache(), *request.principal, request.Path("venue_id"));
  if (!venue) co_return std::unexpected(venue.error());
  co_return WithEtag(JsonResponse(200, ToText(**venue)), (*venue)->version);
}

Async<ApiResponse> CreateVenue(ApiServices& services, ApiRequest& request) {
  if (auto admin = CheckAdmin(*request.principal); !admin) co_return std::unexpected(std::move(admin.error()));
  const auto json = JsonBody(request);
  if (!json) co_return std::unexpected(json.error());
  FieldReader fields(*json);
  Venue venue;
  venue.id = {fields.ChosenId("id").value_or("")};
  venue.name = fields.RequiredText("name");
  venue.venues_group_id = ReadGroup(fields, services.config_cache());
  if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));
  if (venue.id.text.empty()) venue.id.text = services.NewUuid().ToString();
  venue.created_at = venue.updated_at = services.clock.Now();
  HttpResponse response = WithEtag(JsonResponse(201, ToText(venue)), 1);
  response = WithLocation(std::move(response), "/api/venues/" + venue.id.text);
  const auto saved = co_await services.store.SaveConfig({ConfigChange::Put<Venue>{venue, 0}}, request.Keep(response));
  if (!saved) co_return std::unexpected(FromPutRefusal(saved.error(), services.config_cache(), venue));
  co_return response;
}

Async<ApiResponse> EditVenue(ApiServices& services, ApiRequest& request) {
  const auto json = JsonBody(request);
  if (!json) co_return std::unexpected(json.error());
  const auto attempt = [&](int) -> Async<std::optional<ApiResponse>> {
    const auto found = FindVisibleVenue(services.config_cache(), *request.principal, request.Path("venue_id"));
    if (!found) co_return std::unexpected(found.error());
    if (auto admin = CheckAdmin(*request.principal); !admin) co_return std::unexpected(std::move(admin.error()));
    const Venue& before = **found;
    if (auto matches = CheckIfMatch(request.http, before.version); !matches) {
      co_return std::unexpected(std::move(matches.error()));
    }
    Venue venue = before;
    FieldReader fields(*json);
    fields.Unchangeable("id", Json(before.id.text));
    fields.Unchangeable("created_at", Json(UnixMs(before.created_at)));
    fields.Unchangeable("updated_at", Json(UnixMs(before.updated_at)));
    if (auto name = fields.PresentText("name")) venue.name = *std::move(name);
    if (fields.Has("venues_group_id")) venue.venues_group_id = ReadGroup(fields, services.config_cache());
    if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));
    if (venue == before) co_return WithEtag(JsonResponse(200, ToText(venue)), before.version);
    venue.updated_at = services.clock.Now();
    const auto saved =
        co_await services.store.SaveConfig({ConfigChange::Put<Venue>{venue, before.version}}, std::nullopt);
    co_return AfterSave(
        saved, WithEtag(JsonResponse(200, ToText(venue)), before.version + 1),
        [&](const Refusal& refusal) { return FromPutRefusal(refusal, services.config_cache(), venue); });
  };
  co_return co_await EditConfig(services, request, {kNoun, request.Path("venue_id")}, attempt);
}

Async<ApiResponse> DeleteVenue(ApiServices& services, ApiRequest& request) {
  const auto venue = FindVisibleVenue(services.config_cache(), *request.principal, request.Path("venue_id"));
  if (!venue) co_return std::unexpected(venue.error());
  if (auto admin = CheckAdmin(*request.principal); !admin) co_return std::unexpected(std::move(admin.error()));
  co_return co_await DeleteConfig(
      services, request, DeletedConfig<VenueId>{.noun = kNoun, .id = (*venue)->id, .version = (*venue)->version});
}

}  // namespace

void AddVenueRoutes(Router& router, ApiServices&) {
  router.Add({"GET", "/api/venues", Access::kRead, ListVenues, {"q", "venues_group_id", "sort", "limit", "cursor"}});
  router.Add({"POST", "/api/venues", Access::kManage, CreateVenue});
  router.Add({"GET", "/api/venues/{venue_id}", Access::kRead, GetVenue});
  router.Add({"PATCH", "/api/venues/{venue_id}", Access::kManage, EditVenue});
  router.Add({"DELETE", "/api/venues/{venue_id}", Access::kManage, DeleteVenue});
}

}  // namespace shakehook
