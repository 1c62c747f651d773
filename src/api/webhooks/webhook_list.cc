// GET /api/webhooks: a page of subscriptions, filtered, searched and sorted; GET /api/webhook-counts: how many are in
// which condition, in all and by scope. Both go over the Directory, which is in memory; the store is asked for the
// health of those that are shown, or of all that fit where the order or the filter goes by it.
#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "api/all_routes.h"
#include "api/http/page.h"
#include "api/http/response.h"
#include "api/webhooks/judged_webhooks.h"
#include "api/webhooks/place.h"
#include "api/webhooks/visible_webhooks.h"
#include "api/webhooks/webhook_json.h"
#include "model/fold_case.h"
#include "model/search_text.h"

namespace shakehook {
namespace {

constexpr std::string_view kList = "webhooks";
constexpr auto kAll = std::numeric_limits<std::size_t>::max();
constexpr std::array<std::string_view, 8> kSorts = {"trouble",    "-trouble",    "name",    "-name",
                                                    "created_at", "-created_at", "pending", "-pending"};

struct WebhookFilter {
  std::optional<Scope> place;
  SearchQuery search;
  std::vector<WebhookCondition> conditions;
  std::vector<std::string> ids;  // empty: any
};

WebhookFilter ReadFilter(ParameterReader& parameters, const Directory& directory, const Principal& principal) {
  WebhookFilter filter;
  filter.place = ReadPlace(parameters, directory, principal);
  filter.search = SearchQuery(parameters.Text("q"));
  filter.ids = parameters.All("id");
  for (const std::string& name : parameters.All("condition")) {
    if (const auto condition = ParseCondition(name)) {
      filter.conditions.push_back(*condition);
    } else {
      parameters.Refuse("condition", "must be healthy, slow, degraded, failing, disabled or unused");
    }
  }
  return filter;
}

std::string NameOfScope(const Directory& directory, const Scope& scope) {
  if (scope.kind == Scope::Kind::kVenue) {
    const SharedVenue venue = directory.FindVenue({scope.id});
    return venue ? venue->name : "";
  }
  const SharedVenuesGroup group = directory.FindVenuesGroup({scope.id});
  return group ? group->name : "";
}

// Returns the text that a search compares. It holds the URL as the one who asks sees it: a search must not tell what is
// masked.
std::string SearchTextOf(const Directory& directory, const Webhook& webhook, UrlView view) {
  std::string text;
  for (const std::string& part : {webhook.name, ShownUrl(webhook.url, view), NameOfScope(directory, webhook.scope),
                                  webhook.scope.id, webhook.id.ToString()}) {
    AppendFoldedText(text, part);
  }
  return text;
}

std::vector<SharedWebhook> Filtered(const Directory& directory, const Principal& principal,
                                    const WebhookFilter& filter) {
  std::vector<SharedWebhook> webhooks = ListVisibleWebhooks(directory, principal, std::nullopt, kAll);
  const UrlView view = UrlViewOf(principal);
  std::erase_if(webhooks, [&](const SharedWebhook& webhook) {
    if (!filter.ids.empty() && std::ranges::find(filter.ids, webhook->id.ToString()) == filter.ids.end()) return true;
    if (filter.place && !IsOfPlace(directory, webhook->scope, *filter.place)) return true;
    return !filter.search.empty() && !filter.search.Finds(SearchTextOf(directory, *webhook, view));
  });
  return webhooks;
}

std::string Padded(std::int64_t number) {
  constexpr std::size_t kDigits = 19;
  const std::string digits = std::to_string(std::max<std::int64_t>(0, number));
  return std::string(kDigits - digits.size(), '0') + digits;
}

// Returns the text by which the list is ordered; the id at its end makes it unique.
std::string SortKeyOf(const JudgedWebhook& judged, std::string_view sort) {
  const Webhook& webhook = *judged.webhook;
  std::string key;
  if (sort == "name") {
    key = FoldText(webhook.name);
  } else if (sort == "created_at") {
    key = Padded(UnixMs(webhook.created_at));
  } else if (sort == "pending") {
    key = Padded(judged.health.pending);
  } else if (sort == "trouble") {
    key = std::to_string(static_cast<int>(judged.judgement.condition)) + FoldText(webhook.name);
  }
  return key + '\n' + webhook.id.ToString();
}

Async<Answer> ListWebhooks(ApiServices& services, ApiRequest& request) {
  ParameterReader parameters(request);
  const std::string sort = parameters.Text("sort");
  const bool by_id = sort.empty();
  if (!by_id && std::ranges::find(kSorts, sort) == kSorts.end()) {
    parameters.Refuse("sort", "must be trouble, name, created_at or pending, or one of them after a \"-\"");
  }
  const PageRequest page =
      ReadPage(parameters, kList, [&](std::string_view key) { return !by_id || WebhookId::Parse(key).has_value(); });
  const WebhookFilter filter = ReadFilter(parameters, services.directory(), *request.principal);
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));

  std::vector<SharedWebhook> webhooks = Filtered(services.directory(), *request.principal, filter);
  // Where nothing goes by health, only what is shown is judged.
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
  // The plain list stays as it was.
  std::optional<std::size_t> total;
  if (!by_id || !filter.conditions.empty()) total = judged->size();

  const bool descending = sort.starts_with('-');
  const std::string_view name = std::string_view(sort).substr(descending ? 1 : 0);
  std::vector<std::pair<std::string, const JudgedWebhook*>> rows;
  for (const JudgedWebhook& each : *judged) {
    std::string key = by_id ? each.webhook->id.ToString() : SortKeyOf(each, name);
    const bool seen = !page.after.empty() && (descending ? key >= page.after : key <= page.after);
    if (!seen) rows.emplace_back(std::move(key), &each);
  }
  if (descending) {
    std::ranges::sort(rows, std::greater());
  } else {
    std::ranges::sort(rows);
  }
  const std::size_t size = PageSize(rows.size(), page.limit);
  PageBody body;
  for (std::size_t i = 0; i < size; ++i) {
    const JudgedWebhook& each = *rows[i].second;
    body.Add(ToString(WebhookJson(*each.webhook, each.health, each.judgement, UrlViewOf(*request.principal))));
  }
  std::optional<std::string> last_key;
  if (rows.size() > size) last_key = rows[size - 1].first;
  co_return JsonResponse(200, body.Finish(kList, last_key, total));
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

Async<Answer> CountWebhooks(ApiServices& services, ApiRequest& request) {
  ParameterReader parameters(request);
  const WebhookFilter filter = ReadFilter(parameters, services.directory(), *request.principal);
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  const auto judged =
      co_await JudgeWebhooks(services, Filtered(services.directory(), *request.principal, filter), request.asker());
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
    row.Add("scope", ScopeJson({scope.first, scope.second}));
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
