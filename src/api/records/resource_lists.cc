// /api/contacts and /api/accounts: those of one venue, or of all venues of a group, in one sorted list.
#include <array>
#include <charconv>

#include "api/access/place_filter.h"
#include "api/access/visible.h"
#include "api/all_routes.h"
#include "api/http/page_response.h"
#include "api/http/response.h"
#include "api/large_response.h"
#include "base/loop_turn.h"
#include "records/record_basis.h"

namespace shakehook {
namespace {

struct SortParameter {
  std::string_view name;
  ResourceSort sort;
};
constexpr std::array<SortParameter, 4> kSorts = {{{"name", ResourceSort::kName},
                                                  {"created_at", ResourceSort::kCreatedAt},
                                                  {"updated_at", ResourceSort::kUpdatedAt},
                                                  {"email", ResourceSort::kEmail}}};

bool IsByTime(ResourceSort sort) { return sort == ResourceSort::kCreatedAt || sort == ResourceSort::kUpdatedAt; }

// Reads `venue_id`, `venues_group_id`, or `all` for every venue that the key sees.
std::vector<VenueId> ReadVenues(ParameterReader& parameters, const ConfigCache& config_cache,
                                const Principal& principal) {
  const bool named = parameters.Any("venue_id") != nullptr || parameters.Any("venues_group_id") != nullptr;
  const auto place = ReadPlace(parameters, config_cache, principal);
  std::vector<VenueId> ids;
  if (place && place->kind == Scope::Kind::kVenue) {
    ids.push_back({place->id});
  } else if (place) {
    for (const SharedVenue& each : config_cache.VenuesOf({place->id})) ids.push_back(each->id);
  } else if (!named && parameters.Flag("all")) {
    const auto sees = [&](const Venue& each) { return CanSee(principal, each); };
    for (const SharedVenue& each : config_cache.ListVenues("", std::numeric_limits<std::size_t>::max(), sees)) {
      ids.push_back(each->id);
    }
  } else if (!named) {
    parameters.Refuse("venue_id", NeitherScope());
  }
  return ids;
}

// "name" or "-name".
void ReadSort(ParameterReader& parameters, SortedResourceQuery& query) {
  const std::string* const given = parameters.Any("sort");
  if (given == nullptr) return;
  const bool descending = given->starts_with('-');
  const std::string_view name = std::string_view(*given).substr(descending ? 1 : 0);
  for (const SortParameter& each : kSorts) {
    if (each.name != name || (each.sort == ResourceSort::kEmail && query.kind == ResourceKind::kAccount)) continue;
    query.sort = each.sort;
    query.direction = descending ? SortDirection::kDescending : SortDirection::kAscending;
    return;
  }
  parameters.Refuse("sort", {"not_one_of", "must be {choices}, or one of them after a \"-\"",
                             query.kind == ResourceKind::kAccount ? "name, created_at or updated_at"
                                                                  : "name, created_at, updated_at or email"});
}

// Returns a cursor's content: venue, id and the sort key, in this order, separated by slashes (ids have none).
std::string CursorKeyOf(const ResourcePlace& place, ResourceSort sort) {
  std::string key = place.venue_id.text;
  key += '/';
  key += place.id.text;
  key += '/';
  key += IsByTime(sort) ? std::to_string(UnixMs(place.time)) : place.text;
  return key;
}

std::optional<ResourcePlace> ParseCursorKey(std::string_view key, ResourceSort sort) {
  const auto first = key.find('/');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = key.find('/', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  ResourcePlace place;
  place.venue_id.text = key.substr(0, first);
  place.id.text = key.substr(first + 1, second - first - 1);
  const std::string_view value = key.substr(second + 1);
  if (!IsByTime(sort)) {
    place.text = value;
    return place;
  }
  std::int64_t time = 0;
  const auto parsed = std::from_chars(value.data(), value.data() + value.size(), time);
  if (parsed.ec != std::errc() || parsed.ptr != value.data() + value.size()) return std::nullopt;
  place.time = FromUnixMs(time);
  return place;
}

// A cursor belongs to one kind and one order.
std::string ListNameOf(const SortedResourceQuery& query) {
  std::string name(CollectionOf(query.kind));
  name += query.direction == SortDirection::kDescending ? "-" : "+";
  name += kSorts[static_cast<std::size_t>(query.sort)].name;
  return name;
}

// A page's items, each with its venue's custom fields as they are now.
class ListedItems {
 public:
  ListedItems(const ConfigCache& config_cache, const Scope& scope, ResourceKind kind)
      : config_cache_(config_cache), scope_(scope), kind_(kind) {}

  // Returns nullopt if the venue has been deleted meanwhile.
  std::optional<std::string> Json(SortedResource listed) {
    const std::string& venue = listed.place.venue_id.text;
    auto found = bases_.find(venue);
    if (found == bases_.end()) {
      auto basis = RecordBasis::Read(config_cache_, scope_, {venue}, kind_);
      if (!basis) return std::nullopt;
      found = bases_.emplace(venue, *std::move(basis)).first;
    }
    return R"({"venue_id":")" + venue + R"(","updated_at":)" + std::to_string(UnixMs(listed.resource.last_timestamp)) +
           R"(,"data":)" + found->second.CurrentData(std::move(listed.resource.data)) + "}";
  }

 private:
  const ConfigCache& config_cache_;
  const Scope& scope_;
  const ResourceKind kind_;
  std::map<std::string, RecordBasis> bases_;
};

Async<ApiResponse> ListSorted(ApiServices& services, ApiRequest& request, ResourceKind kind) {
  ParameterReader parameters(request);
  SortedResourceQuery query{.venues = ReadVenues(parameters, services.config_cache(), *request.principal),
                            .kind = kind,
                            .search = SearchQuery(parameters.Text("q"))};
  ReadSort(parameters, query);
  const ResourceSort sort = query.sort;
  const std::string list = ListNameOf(query);
  const PageRequest page =
      ReadPage(parameters, list, [sort](std::string_view key) { return ParseCursorKey(key, sort).has_value(); });
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  query.limit = page.limit + 1;
  if (!page.after.empty()) query.after = ParseCursorKey(page.after, sort);
  query.asker = request.asker();
  auto listed = co_await ReadRows(
      services, request, NounOf(kind), {.what = RoomFor::kAnswer},
      [&services, &query] { return services.store.ListSortedResources(SortedResourceQuery(query)); },
      [](const SortedResource& row) { return row.resource.data.size(); });
  if (!listed) co_return std::unexpected(std::move(listed.error()));
  ListedItems items(services.config_cache(), request.principal->scope, kind);
  co_return co_await RespondWithPage(
      request.loop, page, *std::move(listed), [&](SortedResource& row) { return items.Json(std::move(row)); },
      [sort](const SortedResource& row) { return CursorKeyOf(row.place, sort); });
}

}  // namespace

void AddResourceListRoutes(Router& router, ApiServices&) {
  for (const auto& [path, kind] :
       {std::pair("/api/accounts", ResourceKind::kAccount), std::pair("/api/contacts", ResourceKind::kContact)}) {
    router.Add({"GET",
                path,
                Access::kRead,
                [kind](ApiServices& services, ApiRequest& request) { return ListSorted(services, request, kind); },
                {"venue_id", "venues_group_id", "all", "q", "sort", "limit", "cursor"}});
  }
}

}  // namespace shakehook
