// /api/fields[/{code}]: custom field definitions, in BookingShake's shape. A venue's list holds its group's too,
// because its resources may carry both.
#include <algorithm>
#include <charconv>

#include "api/access/place_filter.h"
#include "api/access/visible.h"
#include "api/all_routes.h"
#include "api/edit_config.h"
#include "api/http/etag.h"
#include "api/http/field_reader.h"
#include "api/http/json_body.h"
#include "api/http/page_response.h"
#include "api/http/response.h"
#include "api/large_response.h"
#include "base/loop_turn.h"

namespace shakehook {
namespace {

constexpr std::string_view kNoun = "custom field";
constexpr std::string_view kList = "fields";
constexpr std::size_t kOptionsMax = 500;
constexpr std::size_t kMiB = 1024 * 1024;
// The limit for the options of all fields of one venue or group. They stay in memory.
constexpr std::size_t kOptionBytesMax = 8 * kMiB;

// BookingShake calls contacts "clients" here.
std::string_view CollectionNameOf(ResourceKind kind) { return kind == ResourceKind::kContact ? "clients" : "accounts"; }

std::optional<ResourceKind> ParseCollection(std::string_view text) {
  if (text == "clients") return ResourceKind::kContact;
  if (text == "accounts") return ResourceKind::kAccount;
  return std::nullopt;
}

bool HasOptions(CustomFieldType type) {
  return type == CustomFieldType::kSelect || type == CustomFieldType::kMultiselect;
}

Json OptionsJson(const std::vector<CustomFieldOption>& options) {
  Json::Array array;
  for (const CustomFieldOption& option : options) {
    Json json{Json::Object()};
    json.Add("label", option.label);
    json.Add("value", option.value);
    array.push_back(std::move(json));
  }
  return Json(std::move(array));
}

// Returns how much the options take in memory or in a response, rather more than less.
std::size_t OptionBytes(const CustomField& field) {
  constexpr std::size_t kBytesOfOne = 64;
  std::size_t bytes = 0;
  for (const CustomFieldOption& option : field.options) {
    bytes += kBytesOfOne + option.label.size() + (option.value.text() != nullptr ? option.value.text()->size() : 0);
  }
  return bytes;
}

// Returns a problem if the scope has no room for the options. `before` is the field as it is stored; null: it is new.
std::optional<Problem> CheckOptionBytes(const ConfigCache& config_cache, const CustomField& field,
                                        const CustomField* before) {
  const std::size_t bytes = OptionBytes(field);
  if (bytes == 0 || (before != nullptr && bytes <= OptionBytes(*before))) return std::nullopt;
  std::size_t all = bytes;
  for (const SharedCustomField& other : config_cache.ListCustomFields(
           [&](const CustomField& each) { return each.scope == field.scope && each.uuid != field.uuid; })) {
    all += OptionBytes(*other);
  }
  if (all <= kOptionBytesMax) return std::nullopt;
  return Problem("conflict",
                 "The options of all custom fields of one venue or venues group may take {max_mib} MiB together; with "
                 "these they would take more.",
                 kOptionBytesMax / kMiB);
}

Json IdOf(const Scope& scope, Scope::Kind kind) { return scope.kind == kind ? Json(scope.id) : Json(); }

Json FieldJson(const CustomField& field) {
  Json json{Json::Object()};
  json.Add("value", field.Code());
  json.Add("type", ToString(field.type));
  json.Add("collection", CollectionNameOf(field.collection));
  json.Add("code", field.Code());
  json.Add("label", field.label);
  json.Add("isRequiredInBO", field.required == Switch::kOn);
  json.Add("isCustom", true);
  json.Add("data", OptionsJson(field.options));
  json.Add("venue_id", IdOf(field.scope, Scope::Kind::kVenue));
  json.Add("venues_group_id", IdOf(field.scope, Scope::Kind::kVenuesGroup));
  json.Add("created_at", UnixMs(field.created_at));
  json.Add("updated_at", UnixMs(field.updated_at));
  return json;
}

// A venue's key sees the fields that its venue's resources may carry: its own and its group's.
bool CanSeeField(const ConfigCache& config_cache, const Principal& principal, const CustomField& field) {
  if (CanSee(config_cache, principal, field.scope)) return true;
  if (principal.scope.kind != Scope::Kind::kVenue) return false;
  const SharedVenue venue = config_cache.FindVenue({principal.scope.id});
  return venue && venue->venues_group_id && field.scope == Scope::Of(*venue->venues_group_id);
}

std::expected<SharedCustomField, Problem> FindVisibleField(const ConfigCache& config_cache, const Principal& principal,
                                                           std::string_view code) {
  const auto uuid = ParseCustomFieldCode(code);
  SharedCustomField field = uuid ? config_cache.FindCustomField(*uuid) : nullptr;
  if (!field || !CanSeeField(config_cache, principal, *field)) return std::unexpected(NotFound(kNoun));
  return field;
}

// Like FindVisibleField, for an edit: a venue's key must not change a group's field.
std::expected<SharedCustomField, Problem> FindOwnField(const ConfigCache& config_cache, const Principal& principal,
                                                       std::string_view code) {
  auto field = FindVisibleField(config_cache, principal, code);
  if (field && !CanSee(config_cache, principal, (*field)->scope)) {
    return std::unexpected(
        Problem("forbidden", "The custom field belongs to the venues group; a venue's key cannot change it."));
  }
  return field;
}

std::vector<CustomFieldOption> ReadOptions(FieldReader& fields) {
  std::vector<CustomFieldOption> options;
  const Json* const data = fields.Array("data");
  if (data == nullptr) return options;
  if (data->array()->size() > kOptionsMax) {
    fields.Refuse("data", {"too_many_options", "has more than {max} options", kOptionsMax});
    return options;
  }
  for (std::size_t i = 0; i < data->array()->size(); ++i) {
    FieldReader reader((*data->array())[i], "data." + std::to_string(i));
    CustomFieldOption option{.label = reader.RequiredText("label")};
    const Json* const value = reader.Any("value");
    const bool text = value != nullptr && value->text() != nullptr && !value->text()->empty() &&
                      value->text()->size() <= kNameBytesMax;
    if (!text && (value == nullptr || !value->integer())) {
      reader.Refuse("value", {"option_value", "must be an integer, or a string of 1 to {max} bytes", kNameBytesMax});
    } else if (std::ranges::find(options, *value, &CustomFieldOption::value) != options.end()) {
      reader.Refuse("value", {"option_repeated", "is already the value of another option"});
    } else {
      option.value = *value;
    }
    fields.Take(reader.Errors());
    options.push_back(std::move(option));
  }
  return options;
}

// Refuses options that do not suit the type.
void CheckOptions(FieldReader& fields, const CustomField& field) {
  if (HasOptions(field.type) && field.options.empty()) {
    fields.Refuse("data", {"options_missing", "must contain at least one option"});
  } else if (!HasOptions(field.type) && !field.options.empty()) {
    fields.Refuse("data", {"options_not_wanted", "is allowed only for the types select and multiselect"});
  }
}

// --- GET ---

// The scope whose fields a list shows. A request is refused if neither the query nor the key names one.
struct ListedScope {
  SharedVenue venue;  // null: a group's own
  std::optional<Scope> group;
};

ListedScope ReadListedScope(ParameterReader& parameters, const ConfigCache& config_cache, const Principal& principal) {
  const bool named = parameters.Any("venue_id") != nullptr || parameters.Any("venues_group_id") != nullptr;
  auto place = ReadPlace(parameters, config_cache, principal);
  if (!named && principal.scope.kind != Scope::Kind::kAll) place = principal.scope;
  if (!named && !place) parameters.Refuse("venue_id", NeitherScope());
  if (!place) return {};
  if (place->kind == Scope::Kind::kVenuesGroup) return {.group = place};
  auto venue = config_cache.FindVenue({place->id});
  if (!venue) parameters.Refuse("venue_id", NoSuchVenue());
  return {.venue = std::move(venue)};
}

bool IsListed(const ListedScope& listed, const CustomField& field) {
  if (!listed.venue) return field.scope == *listed.group;
  if (field.scope == Scope::Of(listed.venue->id)) return true;
  return listed.venue->venues_group_id && field.scope == Scope::Of(*listed.venue->venues_group_id);
}

std::optional<std::int64_t> ParsePosition(std::string_view text) {
  std::int64_t position = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), position);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) return std::nullopt;
  return position;
}

Async<ApiResponse> ListFields(ApiServices& services, ApiRequest& request) {
  ParameterReader parameters(request);
  const ListedScope listed = ReadListedScope(parameters, services.config_cache(), *request.principal);
  std::optional<ResourceKind> kind;
  if (const std::string* const collection = parameters.Any("collection")) {
    kind = ParseCollection(*collection);
    if (!kind) parameters.Refuse("collection", {"not_one_of", "must be {choices}", "clients or accounts"});
  }
  const PageRequest page =
      ReadPage(parameters, kList, [](std::string_view key) { return ParsePosition(key).has_value(); });
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  const std::int64_t after = ParsePosition(page.after).value_or(-1);
  const auto fields = services.config_cache().ListCustomFields([&](const CustomField& field) {
    return field.position > after && (!kind || field.collection == *kind) && IsListed(listed, field);
  });
  const std::size_t size = PageSize(fields.size(), page.limit);
  request.rows_read += static_cast<std::int64_t>(size);
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < size; ++i) bytes += OptionBytes(*fields[i]);
  if (!co_await WaitForRoom(services, request, RoomFor::kAnswer, bytes)) co_return std::unexpected(NoRoom());
  co_return co_await RespondWithPage(
      request.loop, page, fields, [](const SharedCustomField& field) { return FieldJson(*field); },
      [](const SharedCustomField& field) { return std::to_string(field->position); });
}

Async<ApiResponse> GetField(ApiServices& services, ApiRequest& request) {
  const auto field = FindVisibleField(services.config_cache(), *request.principal, request.Path("code"));
  if (!field) co_return std::unexpected(field.error());
  co_return WithEtag(JsonResponse(200, FieldJson(**field)), (*field)->version);
}

// --- Changes ---

Async<ApiResponse> CreateField(ApiServices& services, ApiRequest& request) {
  const auto json = JsonBody(request);
  if (!json) co_return std::unexpected(json.error());
  FieldReader fields(*json);
  CustomField field;
  const auto kind = ParseCollection(fields.RequiredText("collection"));
  if (fields.IsText("collection") && !kind)
    fields.Refuse("collection", {"not_one_of", "must be {choices}", "clients or accounts"});
  const auto type = ParseCustomFieldType(fields.RequiredText("type"));
  if (fields.IsText("type") && !type) {
    fields.Refuse("type", {"not_one_of", "must be {choices}", "text, number, date, select, multiselect or object"});
  }
  field.label = fields.RequiredText("label");
  if (fields.Boolean("isRequiredInBO").value_or(false)) field.required = Switch::kOn;
  fields.Unchangeable("isCustom", Json(true));
  field.options = ReadOptions(fields);
  if (const auto scope = ReadScope(fields, services.config_cache(), *request.principal, Switch::kOff))
    field.scope = *scope;
  if (type) {
    field.type = *type;
    CheckOptions(fields, field);
  }
  if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));
  field.collection = *kind;
  field.uuid = services.NewUuid();
  if (auto full = CheckOptionBytes(services.config_cache(), field, nullptr))
    co_return std::unexpected(*std::move(full));
  field.created_at = field.updated_at = services.clock.Now();
  HttpResponse response = WithEtag(JsonResponse(201, FieldJson(field)), 1);
  response = WithLocation(std::move(response), "/api/fields/" + field.Code());
  const auto saved =
      co_await services.store.SaveConfig({ConfigChange::Put<CustomField>{field, 0}}, request.Keep(response));
  if (saved) co_return response;
  // Deleted since it was looked up.
  if (saved.error().kind == Refusal::Kind::kMissing) {
    co_return std::unexpected(field.scope.kind == Scope::Kind::kVenue
                                  ? Invalid("venue_id", NoSuchVenue())
                                  : Invalid("venues_group_id", NoSuchVenuesGroup()));
  }
  co_return std::unexpected(FromRefusal(saved.error(), kNoun));
}

// Reads an edit into `field`; fields that it does not name stay.
std::optional<Problem> ReadEdit(const Json& json, CustomField& field) {
  FieldReader fields(json);
  const Json before = FieldJson(field);
  for (const std::string_view fixed :
       {"value", "type", "collection", "code", "isCustom", "venue_id", "venues_group_id", "created_at", "updated_at"}) {
    fields.Unchangeable(fixed, *before.Find(fixed));
  }
  if (auto label = fields.PresentText("label")) field.label = *std::move(label);
  if (fields.Has("isRequiredInBO")) {
    field.required = fields.Boolean("isRequiredInBO").value_or(false) ? Switch::kOn : Switch::kOff;
  }
  if (fields.Has("data")) {
    field.options = ReadOptions(fields);
    if (fields.ok()) CheckOptions(fields, field);
  }
  return fields.Finish();
}

Async<ApiResponse> EditField(ApiServices& services, ApiRequest& request) {
  const auto json = JsonBody(request);
  if (!json) co_return std::unexpected(json.error());
  const auto attempt = [&](int) -> Async<std::optional<ApiResponse>> {
    const auto found = FindOwnField(services.config_cache(), *request.principal, request.Path("code"));
    if (!found) co_return std::unexpected(found.error());
    const CustomField& before = **found;
    if (auto matches = CheckIfMatch(request.http, before.version); !matches) {
      co_return std::unexpected(std::move(matches.error()));
    }
    CustomField field = before;
    if (auto problem = ReadEdit(*json, field)) co_return std::unexpected(*std::move(problem));
    if (field == before) co_return WithEtag(JsonResponse(200, FieldJson(field)), before.version);
    if (auto full = CheckOptionBytes(services.config_cache(), field, &before))
      co_return std::unexpected(*std::move(full));
    field.updated_at = services.clock.Now();
    const auto saved =
        co_await services.store.SaveConfig({ConfigChange::Put<CustomField>{field, before.version}}, std::nullopt);
    co_return AfterSave(saved, WithEtag(JsonResponse(200, FieldJson(field)), before.version + 1), kNoun);
  };
  co_return co_await EditConfig(services, request, {kNoun, request.Path("code")}, attempt);
}

Async<ApiResponse> DeleteField(ApiServices& services, ApiRequest& request) {
  const auto field = FindOwnField(services.config_cache(), *request.principal, request.Path("code"));
  if (!field) co_return std::unexpected(field.error());
  co_return co_await DeleteConfig(
      services, request,
      DeletedConfig<ConfigChange::CustomFieldId>{.noun = kNoun, .id = {(*field)->uuid}, .version = (*field)->version});
}

}  // namespace

void AddFieldRoutes(Router& router, ApiServices&) {
  router.Add({"GET",
              "/api/fields",
              Access::kRead,
              ListFields,
              {"venue_id", "venues_group_id", "collection", "limit", "cursor"}});
  router.Add({"POST", "/api/fields", Access::kManage, CreateField});
  router.Add({"GET", "/api/fields/{code}", Access::kRead, GetField});
  router.Add({"PATCH", "/api/fields/{code}", Access::kManage, EditField});
  router.Add({"DELETE", "/api/fields/{code}", Access::kManage, DeleteField});
}

}  // namespace shakehook
