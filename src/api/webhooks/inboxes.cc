// /api/inboxes[/{id}[/requests]]: receivers that the server makes itself, for those without an endpoint of their own.
#include <array>
#include <limits>

#include "api/access/place_filter.h"
#include "api/access/visible.h"
#include "api/all_routes.h"
#include "api/edit_config.h"
#include "api/http/etag.h"
#include "api/http/field_reader.h"
#include "api/http/json_body.h"
#include "api/http/response.h"
#include "api/http/sorted_page.h"
#include "api/large_response.h"
#include "api/webhooks/inbox_log.h"
#include "base/encoding.h"
#include "base/loop_turn.h"
#include "base/utf8.h"
#include "model/fold_case.h"
#include "model/search_text.h"

namespace shakehook {
namespace {

constexpr std::string_view kNoun = "inbox";
constexpr std::string_view kList = "inboxes";
constexpr std::array<std::string_view, 2> kSorts = {"name", "created_at"};
constexpr std::string_view kRequestList = "inbox-requests";
constexpr std::size_t kTokenBytes = 24;

bool IsInboxId(std::string_view text) { return InboxId::Parse(text).has_value(); }

Json BehaviourJson(InboxBehaviour behaviour) {
  Json json{Json::Object()};
  json.Add("behaviour", ToString(behaviour));
  return json;
}

std::string UrlOf(const Inbox& inbox, const std::string& origin) { return origin + "/inbox/" + inbox.token; }

Json InboxJson(const Inbox& inbox, const std::string& origin) {
  Json json{Json::Object()};
  json.Add("id", inbox.id.ToString());
  json.Add("url", UrlOf(inbox, origin));
  json.Add("name", inbox.name.empty() ? Json() : Json(inbox.name));
  json.Add("scope", ToJson(inbox.scope));
  json.Add("answer", BehaviourJson(inbox.behaviour));
  json.Add("created_at", UnixMs(inbox.created_at));
  return json;
}

std::string_view ToString(InboxRequest::Signature signature) {
  switch (signature) {
    case InboxRequest::Signature::kRight:
      return "right";
    case InboxRequest::Signature::kWrong:
      return "wrong";
    case InboxRequest::Signature::kMissing:
      break;
  }
  return "missing";
}

Json RequestJson(const InboxRequest& request) {
  Json headers{Json::Object()};
  const Json* key = nullptr;
  for (const auto& [name, value] : request.headers) {
    if (headers.Find(name) == nullptr) headers.Add(name, ToValidUtf8(value));
  }
  key = headers.Find("idempotency-key");
  Json json{Json::Object()};
  json.Add("id", request.id.ToString());
  json.Add("received_at", UnixMs(request.received_at));
  json.Add("method", request.method);
  json.Add("attempt_key", key != nullptr ? *key : Json());
  json.Add("signature", ToString(request.signature));
  json.Add("webhook_id", request.webhook_id ? Json(request.webhook_id->ToString()) : Json());
  json.Add("answered_status", request.answered_status ? Json(*request.answered_status) : Json());
  json.Add("headers", std::move(headers));
  json.Add("body", ToValidUtf8(request.body));
  return json;
}

std::expected<SharedInbox, Problem> FindVisibleInbox(const ApiServices& services, const ApiRequest& request) {
  const auto id = InboxId::Parse(request.Path("id"));
  SharedInbox inbox = id ? services.config_cache().FindInbox(*id) : nullptr;
  if (!inbox || !CanSee(services.config_cache(), *request.principal, inbox->scope))
    return std::unexpected(NotFound(kNoun));
  return inbox;
}

// Reads `answer: {behaviour}`; if it is absent, the behaviour stays.
void ReadBehaviour(FieldReader& fields, Inbox& inbox) {
  const Json* const response = fields.Object("answer");
  if (response == nullptr) return;
  FieldReader reader(*response, "answer");
  if (const auto text = reader.PresentText("behaviour")) {
    const auto behaviour = ParseInboxBehaviour(*text);
    if (!behaviour) reader.Refuse("behaviour", {"not_one_of", "must be {choices}", "ok, error, slow or silent"});
    inbox.behaviour = behaviour.value_or(inbox.behaviour);
  }
  fields.Take(reader.Errors());
}

std::string SortKeyOf(const Inbox& inbox, std::string_view by) {
  if (by == "name") return FoldText(inbox.name);
  if (by == "created_at") return SortableNumber(UnixMs(inbox.created_at));
  return "";
}

Async<ApiResponse> ListInboxes(ApiServices& services, ApiRequest& request) {
  const ConfigCache& config_cache = services.config_cache();
  ParameterReader parameters(request);
  const SortOrder order = ReadSort(parameters, kSorts);
  const PageRequest page =
      ReadPage(parameters, kList, [&](std::string_view key) { return !order.by.empty() || IsInboxId(key); });
  const SearchQuery search(parameters.Text("q"));
  const std::string* const url = parameters.Any("url");
  const auto place = ReadPlace(parameters, config_cache, *request.principal);
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  const VisibleScopes scopes(config_cache, *request.principal);
  const std::string origin = services.policy.inbox_origin();
  SortedPage<SharedInbox> sorted(page, order);
  const auto visible = config_cache.ListInboxes(std::nullopt, std::numeric_limits<std::size_t>::max(),
                                                [&](const Inbox& inbox) { return scopes.Sees(inbox.scope); });
  for (const SharedInbox& inbox : visible) {
    if (url != nullptr && UrlOf(*inbox, origin) != *url) continue;
    if (place && !IsOfPlace(config_cache, inbox->scope, *place)) continue;
    if (!search.empty()) {
      const std::string place_name = NameOfScope(config_cache, inbox->scope);
      if (!search.Finds(FoldText(inbox->name + ' ' + place_name + ' ' + inbox->scope.id))) continue;
    }
    sorted.Add(SortKeyOf(*inbox, order.by), inbox->id.ToString(), inbox);
  }
  co_return co_await sorted.Respond(request.loop,
                                    [&origin](const SharedInbox& inbox) { return InboxJson(*inbox, origin); });
}

Async<ApiResponse> GetInbox(ApiServices& services, ApiRequest& request) {
  const auto inbox = FindVisibleInbox(services, request);
  if (!inbox) co_return std::unexpected(inbox.error());
  co_return WithEtag(JsonResponse(200, InboxJson(**inbox, services.policy.inbox_origin())), (*inbox)->version);
}

Problem NoInboxes(const ApiServices& services) {
  if (services.options.at_socket == Switch::kOn) {
    return {"inboxes-off",
            "This server has no inboxes: it listens at a Unix socket, where no delivery could reach them. Name a "
            "receiver of your own, or have the operator let the server listen at a port (--listen HOST:PORT)."};
  }
  return {"inboxes-off",
          "This server has no inboxes: it runs with --inbox off. Name a receiver of your own, or have the operator "
          "start it with --inbox on."};
}

Async<ApiResponse> CreateInbox(ApiServices& services, ApiRequest& request) {
  const auto json = JsonBody(request);
  if (!json) co_return std::unexpected(json.error());
  if (services.policy.inbox_origin().empty()) {
    co_return std::unexpected(NoInboxes(services));
  }
  FieldReader fields(*json);
  Inbox inbox;
  inbox.name = fields.Text("name").value_or("");
  if (const Json* const scope = fields.Object("scope")) {
    FieldReader reader(*scope, "scope");
    if (const auto read = ReadScope(reader, services.config_cache(), *request.principal, Switch::kOff))
      inbox.scope = *read;
    fields.Take(reader.Errors());
  } else if (!fields.Has("scope") || fields.IsNull("scope")) {
    fields.Refuse("scope", {"required", "is required: {\"venues_group_id\"} or {\"venue_id\"}"});
  }
  ReadBehaviour(fields, inbox);
  if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));

  std::array<std::uint8_t, kTokenBytes> token;
  services.records.random.Fill(token);
  inbox.token = ToBase64Url(token);
  inbox.id = {services.NewUuid()};
  inbox.created_at = services.clock.Now();
  HttpResponse response = WithEtag(JsonResponse(201, InboxJson(inbox, services.policy.inbox_origin())), 1);
  response = WithLocation(std::move(response), "/api/inboxes/" + inbox.id.ToString());
  const auto saved = co_await services.store.SaveConfig({ConfigChange::Put<Inbox>{inbox, 0}}, request.Keep(response));
  if (saved) co_return response;
  // Deleted since it was looked up.
  if (saved.error().kind == Refusal::Kind::kMissing) {
    co_return std::unexpected(Invalid("scope", {"names_no_scope", "there is no venue or venues group with this id"}));
  }
  co_return std::unexpected(FromRefusal(saved.error(), kNoun));
}

Async<ApiResponse> EditInbox(ApiServices& services, ApiRequest& request) {
  const auto json = JsonBody(request);
  if (!json) co_return std::unexpected(json.error());
  const auto attempt = [&](int) -> Async<std::optional<ApiResponse>> {
    const auto found = FindVisibleInbox(services, request);
    if (!found) co_return std::unexpected(found.error());
    const Inbox& before = **found;
    if (auto matches = CheckIfMatch(request.http, before.version); !matches) {
      co_return std::unexpected(std::move(matches.error()));
    }
    Inbox inbox = before;
    FieldReader fields(*json);
    const Json shown = InboxJson(before, services.policy.inbox_origin());
    for (const std::string_view fixed : {"id", "url", "scope", "created_at"}) {
      fields.Unchangeable(fixed, *shown.Find(fixed));
    }
    if (fields.Has("name")) inbox.name = fields.Text("name").value_or("");
    ReadBehaviour(fields, inbox);
    if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));
    const HttpResponse response = JsonResponse(200, InboxJson(inbox, services.policy.inbox_origin()));
    if (inbox == before) co_return WithEtag(response, before.version);
    const auto saved =
        co_await services.store.SaveConfig({ConfigChange::Put<Inbox>{inbox, before.version}}, std::nullopt);
    co_return AfterSave(saved, WithEtag(response, before.version + 1), kNoun);
  };
  co_return co_await EditConfig(services, request, {kNoun, request.Path("id")}, attempt);
}

Async<ApiResponse> DeleteInbox(ApiServices& services, ApiRequest& request) {
  const auto inbox = FindVisibleInbox(services, request);
  if (!inbox) co_return std::unexpected(inbox.error());
  auto response = co_await DeleteConfig(
      services, request, DeletedConfig<InboxId>{.noun = kNoun, .id = (*inbox)->id, .version = (*inbox)->version});
  if (response) services.inboxes.Drop((*inbox)->id);
  co_return response;
}

Async<ApiResponse> ListRequests(ApiServices& services, ApiRequest& request) {
  const auto inbox = FindVisibleInbox(services, request);
  if (!inbox) co_return std::unexpected(inbox.error());
  ParameterReader parameters(request);
  const PageRequest page =
      ReadPage(parameters, kRequestList, [](std::string_view key) { return Uuid::Parse(key).has_value(); });
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  // They are copied, and then written.
  const std::size_t bytes = services.inboxes.KeptBytes((*inbox)->id);
  if (!co_await WaitForRoom(services, request, RoomFor::kAnswer, bytes)) co_return std::unexpected(NoRoom());
  auto requests = services.inboxes.List((*inbox)->id, Uuid::Parse(page.after), page.limit + 1);
  co_return co_await RespondWithPage(request.loop, page, std::move(requests), RequestJson, kById);
}

}  // namespace

void AddInboxRoutes(Router& router, ApiServices&) {
  router.Add({"GET",
              "/api/inboxes",
              Access::kRead,
              ListInboxes,
              {"venue_id", "venues_group_id", "url", "q", "sort", "limit", "cursor"}});
  router.Add({"POST", "/api/inboxes", Access::kManage, CreateInbox});
  router.Add({"GET", "/api/inboxes/{id}", Access::kRead, GetInbox});
  router.Add({"PATCH", "/api/inboxes/{id}", Access::kManage, EditInbox});
  router.Add({"DELETE", "/api/inboxes/{id}", Access::kManage, DeleteInbox});
  router.Add({"GET", "/api/inboxes/{id}/requests", Access::kRead, ListRequests, {"limit", "cursor"}});
}

}  // namespace shakehook
