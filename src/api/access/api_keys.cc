// /api/api-keys[/{id}]: keys of the API. A key manages those inside its own scope, and gives no right that it lacks.
// The key itself is shown in the response that makes it and nowhere else; only its hash is kept.
#include <algorithm>
#include <array>
#include <limits>

#include "api/access/audit.h"
#include "api/access/place_filter.h"
#include "api/access/visible.h"
#include "api/all_routes.h"
#include "api/edit_config.h"
#include "api/http/etag.h"
#include "api/http/field_reader.h"
#include "api/http/json_body.h"
#include "api/http/response.h"
#include "api/http/sorted_page.h"
#include "base/encoding.h"
#include "model/fold_case.h"
#include "model/search_text.h"

namespace shakehook {
namespace {

constexpr std::string_view kNoun = "API key";
constexpr std::string_view kList = "api-keys";
constexpr std::array<std::string_view, 3> kSorts = {"name", "created_at", "expires_at"};
constexpr std::string_view kTokenStart = "shk_";
constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kPrefixCharacters = 12;

struct NamedRight {
  std::string_view name;
  Right right;
};
constexpr std::array<NamedRight, 3> kRights = {
    {{"read", Right::kRead}, {"write", Right::kWrite}, {"manage", Right::kManage}}};

Json RightsJson(Rights rights) {
  Json::Array names;
  for (const auto& [name, right] : kRights) {
    if (rights.bits & static_cast<std::uint8_t>(right)) names.push_back(Json(name));
  }
  return Json(std::move(names));
}

Json KeyJson(const ApiKey& key) {
  Json json{Json::Object()};
  json.Add("id", key.id.ToString());
  json.Add("name", key.name);
  json.Add("scope", ToJson(key.scope));
  json.Add("rights", RightsJson(key.rights));
  json.Add("prefix", key.prefix);
  json.Add("expires_at", key.expires_at ? Json(UnixMs(*key.expires_at)) : Json());
  json.Add("created_at", UnixMs(key.created_at));
  return json;
}

// Returns nullopt if the field is absent or refused.
std::optional<Rights> ReadRights(FieldReader& fields, const Principal& giver) {
  const Json* const array = fields.Array("rights");
  if (array == nullptr) return std::nullopt;
  Rights rights;
  for (const Json& item : *array->array()) {
    const auto named =
        item.text() == nullptr ? kRights.end() : std::ranges::find(kRights, *item.text(), &NamedRight::name);
    if (named == kRights.end()) {
      fields.Refuse("rights", {"not_one_of", "may contain only {choices}", "read, write and manage"});
      return std::nullopt;
    }
    if (!giver.rights.Has(named->right)) {
      fields.Refuse("rights", {"right_too_wide", "includes a right that the API key you are using does not have"});
      return std::nullopt;
    }
    rights.Add(named->right);
  }
  if (rights.bits == 0) fields.Refuse("rights", {"no_right", "must name at least one right"});
  return rights;
}

// Reads the key's expiry, which stays as it is if the body does not name it. A key that expires cannot make one that
// outlives it.
void ReadExpiry(FieldReader& fields, ApiKey& key, const Principal& giver, Timestamp now) {
  if (!fields.Has("expires_at")) return;
  const auto before = key.expires_at;
  const bool clears = fields.IsNull("expires_at");
  key.expires_at = fields.Time("expires_at");
  if (!clears && !key.expires_at) return;  // refused already
  if (key.expires_at == before) return;
  if (key.expires_at && *key.expires_at <= now) {
    fields.Refuse("expires_at", {"in_the_past", "must not be in the past"});
  } else if (giver.expires_at && (clears || *key.expires_at > *giver.expires_at)) {
    fields.Refuse("expires_at", {"expires_too_late", "must not be later than the expiry of the API key you are using"});
  }
}

std::expected<SharedApiKey, Problem> FindVisibleKey(const ConfigCache& config_cache, const Principal& asks,
                                                    const std::string& text) {
  const auto id = ApiKeyId::Parse(text);
  SharedApiKey key = id ? config_cache.FindApiKey(*id) : nullptr;
  if (!key || !CanSee(config_cache, asks, key->scope)) return std::unexpected(NotFound(kNoun));
  return key;
}

// --- GET ---

std::string SortKeyOf(const ApiKey& key, std::string_view by) {
  if (by == "name") return FoldText(key.name);
  if (by == "created_at") return SortableNumber(UnixMs(key.created_at));
  // A key that never expires comes after all that do.
  if (by == "expires_at") {
    return SortableNumber(key.expires_at ? UnixMs(*key.expires_at) : std::numeric_limits<std::int64_t>::max());
  }
  return "";
}

Async<ApiResponse> ListKeys(ApiServices& services, ApiRequest& request) {
  const ConfigCache& config_cache = services.config_cache();
  ParameterReader parameters(request);
  const SortOrder order = ReadSort(parameters, kSorts);
  const PageRequest page = ReadPage(
      parameters, kList, [&](std::string_view key) { return !order.by.empty() || ApiKeyId::Parse(key).has_value(); });
  const SearchQuery search(parameters.Text("q"));
  const auto place = ReadPlace(parameters, config_cache, *request.principal);
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  const VisibleScopes scopes(config_cache, *request.principal);
  SortedPage<SharedApiKey> sorted(page, order);
  const auto visible = config_cache.ListApiKeys(std::nullopt, std::numeric_limits<std::size_t>::max(),
                                                [&](const ApiKey& key) { return scopes.Sees(key.scope); });
  for (const SharedApiKey& key : visible) {
    if (place && !IsOfPlace(config_cache, key->scope, *place)) continue;
    if (!search.empty()) {
      const std::string place_name = NameOfScope(config_cache, key->scope);
      if (!search.Finds(FoldText(key->name + ' ' + key->prefix + ' ' + place_name + ' ' + key->scope.id))) continue;
    }
    sorted.Add(SortKeyOf(*key, order.by), key->id.ToString(), key);
  }
  co_return co_await sorted.Respond(request.loop, [](const SharedApiKey& key) { return KeyJson(*key); });
}

Async<ApiResponse> GetKey(ApiServices& services, ApiRequest& request) {
  const auto key = FindVisibleKey(services.config_cache(), *request.principal, request.Path("id"));
  if (!key) co_return std::unexpected(key.error());
  co_return WithEtag(JsonResponse(200, KeyJson(**key)), (*key)->version);
}

// --- Changes ---

std::string NewToken(Random& random) {
  std::array<std::uint8_t, kTokenBytes> bytes;
  random.Fill(bytes);
  return std::string(kTokenStart) + ToBase64Url(bytes);
}

Async<ApiResponse> CreateKey(ApiServices& services, ApiRequest& request) {
  const auto json = JsonBody(request);
  if (!json) co_return std::unexpected(json.error());
  const Timestamp now = services.clock.Now();
  FieldReader fields(*json);
  ApiKey key;
  key.name = fields.RequiredText("name");
  if (const Json* const scope = fields.Object("scope")) {
    FieldReader reader(*scope, "scope");
    if (const auto read = ReadScope(reader, services.config_cache(), *request.principal, Switch::kOn))
      key.scope = *read;
    fields.Take(reader.Errors());
  } else if (!fields.Has("scope") || fields.IsNull("scope")) {
    fields.Refuse("scope", {"required", "is required: {} for everything, {\"venues_group_id\"} or {\"venue_id\"}"});
  }
  key.rights = ReadRights(fields, *request.principal).value_or(Rights{static_cast<std::uint8_t>(Right::kManage)});
  key.expires_at = request.principal->expires_at;
  ReadExpiry(fields, key, *request.principal, now);
  if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));

  const std::string token = NewToken(services.records.random);
  key.id = {services.NewUuid()};
  key.hash = Sha256(token);
  key.prefix = token.substr(0, kPrefixCharacters);
  key.created_at = now;
  Json body = KeyJson(key);
  body.Add("key", token);
  HttpResponse response = WithEtag(JsonResponse(201, body), 1);
  response = WithLocation(std::move(response), "/api/api-keys/" + key.id.ToString());
  ConfigChange change{ConfigChange::Put<ApiKey>{key, 0}};
  change.audit.push_back(
      MakeAuditEntry(services, ActorOf(request), {.action = AuditAction::kApiKeyCreated, .subject = SubjectOf(key)}));
  const auto saved = co_await services.store.SaveConfig(std::move(change), request.Keep(response));
  if (saved) co_return response;
  // Deleted since it was looked up.
  if (saved.error().kind == Refusal::Kind::kMissing) {
    co_return std::unexpected(Invalid("scope", {"names_no_scope", "there is no venue or venues group with this id"}));
  }
  co_return std::unexpected(FromRefusal(saved.error(), kNoun));
}

Async<ApiResponse> EditKey(ApiServices& services, ApiRequest& request) {
  const auto json = JsonBody(request);
  if (!json) co_return std::unexpected(json.error());
  const auto attempt = [&](int) -> Async<std::optional<ApiResponse>> {
    const auto found = FindVisibleKey(services.config_cache(), *request.principal, request.Path("id"));
    if (!found) co_return std::unexpected(found.error());
    const ApiKey& before = **found;
    if (auto matches = CheckIfMatch(request.http, before.version); !matches) {
      co_return std::unexpected(std::move(matches.error()));
    }
    ApiKey key = before;
    FieldReader fields(*json);
    const Json shown = KeyJson(before);
    for (const std::string_view fixed : {"id", "scope", "prefix", "created_at"}) {
      fields.Unchangeable(fixed, *shown.Find(fixed));
    }
    if (auto name = fields.PresentText("name")) key.name = *std::move(name);
    if (const auto rights = ReadRights(fields, *request.principal)) key.rights = *rights;
    if (fields.IsNull("rights")) fields.Refuse("rights", {"not_clearable", "cannot be cleared"});
    ReadExpiry(fields, key, *request.principal, services.clock.Now());
    if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));
    if (key == before) co_return WithEtag(JsonResponse(200, KeyJson(key)), before.version);
    const auto saved =
        co_await services.store.SaveConfig({ConfigChange::Put<ApiKey>{key, before.version}}, std::nullopt);
    co_return AfterSave(saved, WithEtag(JsonResponse(200, KeyJson(key)), before.version + 1), kNoun);
  };
  co_return co_await EditConfig(services, request, {kNoun, request.Path("id")}, attempt);
}

Async<ApiResponse> DeleteKey(ApiServices& services, ApiRequest& request) {
  const auto key = FindVisibleKey(services.config_cache(), *request.principal, request.Path("id"));
  if (!key) co_return std::unexpected(key.error());
  co_return co_await DeleteConfig(
      services, request,
      DeletedConfig<ApiKeyId>{
          .noun = kNoun,
          .id = (*key)->id,
          .version = (*key)->version,
          .audit = {MakeAuditEntry(services, ActorOf(request),
                                   {.action = AuditAction::kApiKeyDeleted, .subject = SubjectOf(**key)})}});
}

}  // namespace

void AddApiKeyRoutes(Router& router, ApiServices&) {
  router.Add({"GET",
              "/api/api-keys",
              Access::kManage,
              ListKeys,
              {"venue_id", "venues_group_id", "q", "sort", "limit", "cursor"}});
  router.Add({"POST", "/api/api-keys", Access::kManage, CreateKey});
  router.Add({"GET", "/api/api-keys/{id}", Access::kManage, GetKey});
  router.Add({"PATCH", "/api/api-keys/{id}", Access::kManage, EditKey});
  router.Add({"DELETE", "/api/api-keys/{id}", Access::kManage, DeleteKey});
}

}  // namespace shakehook
