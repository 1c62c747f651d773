// GET /api/webhooks: a page of subscriptions, filtered, searched and sorted; GET /api/webhook-counts: how many are in
// which condition, in all and by scope. Both read the webhooks from the ConfigCache, which is in memory. The store is
// asked for the health of the webhooks on the page, or of all that match if the order or the filter depends on it.
#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "api/access/place_filter.h"
#include "api/access/visible.h"
#include "api/all_routes.h"
#include "api/http/response.h"
#include "api/http/sorted_page.h"
#include "api/webhooks/judged_webhooks.h"
#include "api/webhooks/visible_webhooks.h"
#include "api/webhooks/webhook_json.h"
#include "model/fold_case.h"
#include "model/search_text.h"

namespace shakehook {
namespace {

constexpr std::string_view kList = "webhooks";
constexpr auto kAll = std::numeric_limits<std::size_t>::max();
constexpr std::array<std::string_view, 4> kSorts = {"trouble", "name", "created_at", "pending"};

struct WebhookFilter {
  std::optional<Scope> place;
  SearchQuery search;
  std::vector<WebhookCondition> conditions;
  std::vector<std::string> ids;  // empty: any
};

WebhookFilter ReadFilter(ParameterReader& parameters, const ConfigCache& config_cache, const Principal& principal) {
  WebhookFilter filter;
  filter.place = ReadPlace(parameters, config_cache, principal);
  filter.search = SearchQuery(parameters.Text("q"));
  filter.ids = parameters.All("id");
  for (const std::string& name : parameters.All("condition")) {
    if (const auto condition = ParseCondition(name)) {
      filter.conditions.push_back(*condition);
    } else {
      parameters.Refuse("condition",
                        {"not_one_of", "must be {choices}", "healthy, slow, degraded, failing, disabled or unused"});
    }
  }
  return filter;
}

// Returns the text that a search compares. It holds the URL as the one who asks sees it: a search must not tell what is
// masked.
std::string SearchTextOf(const ConfigCache& config_cache, const Webhook& webhook, UrlView view) {
  std::string text;
  for (const std::string& part : {webhook.name, ShownUrl(webhook.url, view), NameOfScope(config_cache, webhook.scope),
                                  webhook.scope.id, webhook.id.ToString()}) {
    AppendFoldedText(text, part);
  }
  return text;
}

std::vector<SharedWebhook> Filtered(const ConfigCache& config_cache, const Principal& principal,
                                    const WebhookFilter& filter) {
  std::vector<SharedWebhook> webhooks = ListVisibleWebhooks(config_cache, principal, std::nullopt, kAll);
  const UrlView view = UrlViewOf(principal);
  std::erase_if(webhooks, [&](const SharedWebhook& webhook) {
    if (!filter.ids.empty() && std::ranges::find(filter.ids, webhook->id.ToString()) == filter.ids.end()) return true;
    if (filter.place && !IsOfPlace(config_cache, webhook->scope, *filter.place)) return true;
    return !filter.search.empty() && !filter.search.Finds(SearchTextOf(config_cache, *webhook, view));
  });
  return webhooks;
}

// Returns the text by which the list is ordered.
std::string SortKeyOf(const JudgedWebhook& judged, std::string_view by) {
  const Webhook& webhook = *judged.webhook;
  if (by == "name") return FoldText(webhook.name);
  if (by == "created_at") return SortableNumber(UnixMs(webhook.created_at));
  if (by == "pending") return SortableNumber(judged.health.pending);
  if (by == "trouble") {
    return std::to_string(static_cast<int>(judged.judgement.condition)) + FoldText(webhook.name);
  }
  return "";
}

Async<ApiResponse> ListWebhooks(ApiServices& services, ApiRequest& request) {
  ParameterReader parameters(request);
  const SortOrder order = ReadSort(parameters, kSorts);
  const bool by_id = order.by.empty();
  const PageRequest page =
      ReadPage(parameters, kList, [&](std::string_view key) { return !by_id || WebhookId::Parse(key).has_value(); });
  const WebhookFilter filter = ReadFilter(parameters, services.config_cache(), *request.principal);
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));

  std::vector<SharedWebhook> webhooks = Filtered(services.config_cache(), *request.principal, filter);
  // If neither order nor filter depends on health, only the health of the page is read.
  if (by_id && filter.conditions.empty()) {
    if (!page.after.empty()) {
      const auto after = WebhookId::Parse(page.after);
      std::erase_if(webhooks, [&](const SharedWebhook& webhook) { return webhook->id <= *after; });
    }
    if (webhooks.size() > page.limit + 1) webhooks.resize(page.limit + 1);
  }
  auto judged = co_await JudgeWebhooks(services, std::move(webhooks), request.asker());
  if (!judged) co_return std::unexpected(std::move(judged.error()));
  if (!filter.conditions.empty()) {
    std::erase_if(*judged, [&](const JudgedWebhook& each) {
      return std::ranges::find(filter.conditions, each.judgement.condition) == filter.conditions.end();
    });
  }
  const UrlView view = UrlViewOf(*request.principal);
  SortedPage<const JudgedWebhook*> sorted(page, order);
  if (!filter.conditions.empty()) sorted.Count();
  for (const JudgedWebhook& each : *judged) sorted.Add(SortKeyOf(each, order.by), each.webhook->id.ToString(), &each);
  co_return co_await sorted.Respond(request.loop, [view](const JudgedWebhook* each) {
    return WebhookJson(*each->webhook, each->health, each->judgement, view);
  });
}

struct Counts {
  std::array<std::int64_t, 6> of_condition{};
  std::int64_t pending = 0;

  void Add(const JudgedWebhook& judged) {
    ++of_condition[static_cast<std::size_t>(judged.judgement.condition)];
    pending += judged.health.pending;
  }
};

void AddTo(Json& json, const Counts& counts) {
  Json conditions{Json::Object()};
  for (std::size_t i = 0; i < counts.of_condition.size(); ++i) {
    conditions.Add(std::string(ToString(static_cast<WebhookCondition>(i))), counts.of_condition[i]);
  }
  json.Add("conditions", std::move(conditions));
  json.Add("pending", counts.pending);
}

Async<ApiResponse> CountWebhooks(ApiServices& services, ApiRequest& request) {
  ParameterReader parameters(request);
  const WebhookFilter filter = ReadFilter(parameters, services.config_cache(), *request.principal);
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  const auto judged =
      co_await JudgeWebhooks(services, Filtered(services.config_cache(), *request.principal, filter), request.asker());
  if (!judged) co_return std::unexpected(judged.error());
  Counts all;
  std::map<std::pair<Scope::Kind, std::string>, Counts> by_scope;
  for (const JudgedWebhook& each : *judged) {
    all.Add(each);
    by_scope[{each.webhook->scope.kind, each.webhook->scope.id}].Add(each);
  }
  Json json{Json::Object()};
  AddTo(json, all);
  Json::Array scopes;
  for (const auto& [scope, counts] : by_scope) {
    Json row{Json::Object()};
    row.Add("scope", ToJson(Scope{scope.first, scope.second}));
    AddTo(row, counts);
    scopes.push_back(std::move(row));
  }
  json.Add("scopes", Json(std::move(scopes)));
  co_return JsonResponse(200, json);
}

}  // namespace

void AddWebhookListRoutes(Router& router, ApiServices&) {
  router.Add({"GET",
              "/api/webhooks",
              Access::kRead,
              ListWebhooks,
              {"id", "venue_id", "venues_group_id", "q", "condition", "sort", "limit", "cursor"},
              {"id", "condition"}});
  router.Add({"GET", "/api/webhook-counts", Access::kRead, CountWebhooks, {"venue_id", "venues_group_id", "q"}});
}

}  // namespace shakehook
