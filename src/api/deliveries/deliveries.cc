// /api/deliveries[/{id}[/redeliver]]: the deliveries of webhooks, for the keys that see the webhook.
#include <algorithm>
#include <charconv>

#include "api/access/visible.h"
#include "api/all_routes.h"
#include "api/deliveries/delivery_json.h"
#include "api/http/json_body.h"
#include "api/http/page_response.h"
#include "api/http/response.h"
#include "api/webhooks/visible_webhooks.h"

namespace shakehook {
namespace {

constexpr std::string_view kNoun = "delivery";
constexpr std::string_view kList = "deliveries";

bool IsDeliveryId(std::string_view text) { return DeliveryId::Parse(text).has_value(); }

// Returns the number of a webhook that the key sees; nullopt if there is none, or it is outside the key's scope.
std::optional<WebhookNumber> NumberOf(const ConfigCache& config_cache, const Principal& principal,
                                      const std::string& id) {
  const auto webhook = FindVisibleWebhook(config_cache, principal, id);
  if (!webhook) return std::nullopt;
  return (*webhook)->number;
}

// The webhooks whose deliveries are listed. Absent: all webhooks, also deleted ones, which only an admin key may ask
// for.
std::optional<std::vector<WebhookNumber>> ListedWebhooks(const ConfigCache& config_cache, const ApiRequest& request) {
  std::vector<WebhookNumber> numbers;
  if (request.Query("webhook_id") != nullptr) {
    for (const std::string& id : request.QueryAll("webhook_id")) {
      const auto number = NumberOf(config_cache, *request.principal, id);
      if (number && std::ranges::find(numbers, *number) == numbers.end()) numbers.push_back(*number);
    }
    return numbers;
  }
  if (const std::string* const group = request.Query("venues_group_id")) {
    const Scope scope{Scope::Kind::kVenuesGroup, *group};
    for (const SharedWebhook& webhook : WebhooksWithin(config_cache, scope)) {
      if (CanSee(config_cache, *request.principal, webhook->scope)) numbers.push_back(webhook->number);
    }
    return numbers;
  }
  if (request.principal->scope.kind == Scope::Kind::kAll) return std::nullopt;
  constexpr auto kAll = std::numeric_limits<std::size_t>::max();
  for (const SharedWebhook& webhook : ListVisibleWebhooks(config_cache, *request.principal, std::nullopt, kAll)) {
    numbers.push_back(webhook->number);
  }
  return numbers;
}

// "404", "4xx", or "none" for an attempt without a response.
std::optional<ResponseFilter> ParseResponseFilter(std::string_view text) {
  constexpr int kFirst = 100;
  constexpr int kLast = 599;
  if (text == "none") return ResponseFilter();
  if (text.size() != 3) return std::nullopt;
  int code = 0;
  if (text.ends_with("xx")) {
    code = (text[0] - '0') * 100;
    if (code < kFirst || code > kLast) return std::nullopt;
    return ResponseFilter{code, code + 99};
  }
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), code);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  if (code < kFirst || code > kLast) return std::nullopt;
  return ResponseFilter{code, code};
}

void ReadFilters(ParameterReader& parameters, const ConfigCache& config_cache, const Principal& principal,
                 DeliveryQuery& query) {
  for (const std::string& name : parameters.All("status")) {
    if (const auto status = ParseDeliveryStatus(name)) {
      query.statuses.Add(*status);
    } else {
      parameters.Refuse("status", {"not_one_of", "must be {choices}", "pending, delivered, failed or canceled"});
    }
  }
  for (const std::string& name : parameters.All("event")) {
    if (const auto event = ParseEventType(name)) {
      query.events.Add(*event);
    } else {
      parameters.Refuse("event", {"names_no_event", "there is no event type with this name"});
    }
  }
  if (const std::string* const response = parameters.Any("status_code")) {
    query.response = ParseResponseFilter(*response);
    if (!query.response)
      parameters.Refuse("status_code",
                        {"not_one_of", "must be {choices}", "a code such as 404, a class such as 4xx, or none"});
  }
  if (const std::string* const venue = parameters.Any("venue_id")) query.venue = VenueId{*venue};
  if (const std::string* const group = parameters.Any("venues_group_id")) {
    if (!FindVisibleVenuesGroup(config_cache, principal, *group))
      parameters.Refuse("venues_group_id", NoSuchVenuesGroup());
  }
  if (const std::string* const resource = parameters.Any("resource_id")) query.resource_id = ResourceId{*resource};
  query.since = parameters.Time("since");
  query.until = parameters.Time("until");
}

Async<ApiResponse> ListDeliveries(ApiServices& services, ApiRequest& request) {
  ParameterReader parameters(request);
  const PageRequest page = ReadPage(parameters, kList, IsDeliveryId);
  DeliveryQuery query;
  ReadFilters(parameters, services.config_cache(), *request.principal, query);
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  query.webhooks = ListedWebhooks(services.config_cache(), request);
  query.limit = page.limit + 1;
  bool nothing = query.webhooks && query.webhooks->empty();
  if (!nothing && !page.after.empty()) {
    // A cursor names a delivery by its id, because internal numbers would show how much others send.
    const auto last = co_await services.store.GetDelivery(*DeliveryId::Parse(page.after), request.asker());
    if (!last) co_return std::unexpected(FromRefusal(last.error(), kNoun));
    if (*last) {
      query.before = (*last)->delivery.key;
    } else {
      nothing = true;  // purged, and all older ones too
    }
  }
  std::vector<Delivery> deliveries;
  if (!nothing) {
    query.asker = request.asker();
    auto listed = co_await services.store.ListDeliveries(std::move(query));
    if (!listed) co_return std::unexpected(FromRefusal(listed.error(), kNoun));
    deliveries = *std::move(listed);
    request.rows_read += static_cast<std::int64_t>(deliveries.size());
  }
  co_return co_await RespondWithPage(request.loop, page, std::move(deliveries), DeliveryJson, kById);
}

// Returns the delivery that the request's path names. The problem is a 404, also if the key does not see its webhook.
Async<std::expected<DeliveryDetail, Problem>> FindVisibleDelivery(ApiServices& services, ApiRequest& request) {
  const auto id = DeliveryId::Parse(request.Path("id"));
  if (!id) co_return std::unexpected(NotFound(kNoun));
  auto detail = co_await services.store.GetDelivery(*id, request.asker());
  if (!detail) co_return std::unexpected(FromRefusal(detail.error(), kNoun));
  const bool admin = request.principal->scope.kind == Scope::Kind::kAll;
  if (!*detail || (!admin && !FindVisibleWebhook(services.config_cache(), *request.principal,
                                                 (*detail)->delivery.webhook_id.ToString()))) {
    co_return std::unexpected(NotFound(kNoun));
  }
  co_return **std::move(detail);
}

Async<ApiResponse> GetDelivery(ApiServices& services, ApiRequest& request) {
  const auto detail = co_await FindVisibleDelivery(services, request);
  if (!detail) co_return std::unexpected(detail.error());
  const auto webhook = services.config_cache().FindWebhook(detail->delivery.webhook_id);
  const bool extended = webhook && webhook->retry_schedule == ScheduleKind::kExtended;
  const auto& waits = extended ? services.options.retry_waits.extended : services.options.retry_waits.standard;
  co_return JsonResponse(200, DeliveryDetailJson(*detail, UrlViewOf(*request.principal), waits));
}

HttpResponse Respond(const Delivery& delivery) { return JsonResponse(200, DeliveryJson(delivery)); }

Async<ApiResponse> Redeliver(ApiServices& services, ApiRequest& request) {
  if (auto problem = CheckNoFields(request)) co_return std::unexpected(*std::move(problem));
  const auto found = co_await FindVisibleDelivery(services, request);
  if (!found) co_return std::unexpected(found.error());
  const auto delivery =
      co_await services.store.Redeliver(found->delivery.id, services.clock.Now(), request.Keep(Respond));
  if (!delivery) {
    // Its webhook was deleted, so it cannot be sent.
    if (delivery.error().kind == Refusal::Kind::kMissing &&
        !services.config_cache().FindWebhook(found->delivery.webhook_id)) {
      co_return std::unexpected(Problem("webhook-deleted", "The webhook of the delivery was deleted."));
    }
    co_return std::unexpected(FromRefusal(delivery.error(), kNoun));
  }
  co_return Respond(*delivery);
}

}  // namespace

void AddDeliveryRoutes(Router& router, ApiServices&) {
  router.Add({"GET",
              "/api/deliveries",
              Access::kRead,
              ListDeliveries,
              {"webhook_id", "status", "event", "resource_id", "venue_id", "venues_group_id", "status_code", "since",
               "until", "limit", "cursor"},
              {"webhook_id", "status", "event"}});
  router.Add({"GET", "/api/deliveries/{id}", Access::kRead, GetDelivery});
  router.Add({"POST", "/api/deliveries/{id}/redeliver", Access::kManage, Redeliver});
}

}  // namespace shakehook
