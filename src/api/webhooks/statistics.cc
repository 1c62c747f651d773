// /api/webhooks/{id}/stats: the results of a webhook's deliveries over a window, as sums and as a series to draw;
// /api/stats: the same of many webhooks, in short; /api/place-stats: of all webhooks of a place, added up. They read
// the hours that the store counted, and scan nothing else.
#include "model/statistics.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <limits>

#include "api/access/place_filter.h"
#include "api/all_routes.h"
#include "api/http/page_response.h"
#include "api/http/response.h"
#include "api/http/time_json.h"
#include "api/webhooks/visible_webhooks.h"

namespace shakehook {
namespace {

constexpr std::string_view kNoun = "webhook";
constexpr std::string_view kList = "stats";
// A month of one webhook has 720 hours. This many webhooks are read at once, so that other reads get their turn in
// between.
constexpr std::size_t kWebhooksPerRead = 8;
// A sum over a place reads this many hours at most, all webhooks together.
constexpr std::int64_t kSummedHoursMax = 250'000;
constexpr std::int64_t kUnixMsMax = 253'402'300'799'999;  // the year 9999 ends

struct Window {
  std::string_view name;
  int steps = 0;
  Milliseconds step{};
};

constexpr std::array kWindows = {
    Window{"24h", 24, kStatisticsHour},
    Window{"7d", 28, 6 * kStatisticsHour},
    Window{"30d", 30, 24 * kStatisticsHour},
};

// A window that ends with the present hour, so that its steps need no time zone; or steps between moments that the
// client gives, which knows its zone.
struct Series {
  std::string_view name;
  Milliseconds step{};
  std::vector<Timestamp> starts;
  Timestamp until;

  Timestamp since() const { return starts.front(); }
};

constexpr std::size_t kBoundariesMax = 800;  // a month of hours, and some
// Steps reach back no further than a month, so that a read stays bounded.
constexpr Milliseconds kSpanMax = 32 * 24 * kStatisticsHour;

// The moments of `boundaries`; nothing where it is no ascending list of them.
std::optional<std::vector<Timestamp>> ParseBoundaries(std::string_view text) {
  std::vector<Timestamp> moments;
  while (true) {
    const std::string_view part = text.substr(0, text.find(','));
    std::int64_t unix_ms = 0;
    const auto read = std::from_chars(part.data(), part.data() + part.size(), unix_ms);
    if (read.ec != std::errc() || read.ptr != part.data() + part.size() || unix_ms < 0 || unix_ms > kUnixMsMax) {
      return std::nullopt;
    }
    const Timestamp moment = HourOf(FromUnixMs(unix_ms));
    if (!moments.empty() && moment <= moments.back()) return std::nullopt;
    moments.push_back(moment);
    if (moments.size() > kBoundariesMax) return std::nullopt;
    if (part.size() == text.size()) break;
    text.remove_prefix(part.size() + 1);
  }
  if (moments.size() < 2 || moments.back() - moments.front() > kSpanMax) return std::nullopt;
  return moments;
}

Series ReadSeries(ParameterReader& parameters, Timestamp now) {
  if (const std::string* const given = parameters.Any("boundaries")) {
    if (parameters.Any("window") != nullptr)
      parameters.Refuse("boundaries", {"two_windows", "cannot be used together with window"});
    auto moments = ParseBoundaries(*given);
    if (moments) {
      const Timestamp until = moments->back();
      moments->pop_back();
      const Milliseconds step = (moments->size() > 1 ? (*moments)[1] : until) - moments->front();
      return {"custom", step, *std::move(moments), until};
    }
    parameters.Refuse(
        "boundaries",
        {"bad_boundaries", "must be {min} to {max} Unix times in ms, in ascending order, over at most {days} days", 2,
         800, 32});
  }
  Window window = kWindows[0];
  if (const std::string* const name = parameters.Any("window")) {
    const auto found = std::ranges::find(kWindows, *name, &Window::name);
    if (found == kWindows.end()) {
      parameters.Refuse("window", {"not_one_of", "must be {choices}", "24h, 7d or 30d"});
    } else {
      window = *found;
    }
  }
  const Timestamp until = HourOf(now) + kStatisticsHour;
  std::vector<Timestamp> starts;
  for (int i = window.steps; i > 0; --i) starts.push_back(until - window.step * i);
  return {window.name, window.step, std::move(starts), until};
}

std::vector<WebhookStatistics> StepsOf(const Series& series, const std::vector<HourlyStatistics>& hours) {
  std::vector<WebhookStatistics> steps(series.starts.size());
  for (const HourlyStatistics& hour : hours) {
    const auto after = std::ranges::upper_bound(series.starts, hour.hour);
    if (after != series.starts.begin()) {
      steps[static_cast<std::size_t>(after - series.starts.begin() - 1)] += hour.statistics;
    }
  }
  return steps;
}

WebhookStatistics SumOf(const std::vector<WebhookStatistics>& steps) {
  WebhookStatistics sum;
  for (const WebhookStatistics& step : steps) sum += step;
  return sum;
}

Json PercentilesJson(const LatencyHistogram& latency, Json into) {
  into.Add("p50_ms", MillisecondsJson(latency.Percentile(0.50)));
  into.Add("p95_ms", MillisecondsJson(latency.Percentile(0.95)));
  into.Add("p99_ms", MillisecondsJson(latency.Percentile(0.99)));
  return into;
}

Json StepJson(const Series& series, std::size_t index, const WebhookStatistics& step) {
  Json json{Json::Object()};
  json.Add("at", UnixMs(series.starts[index]));
  json.Add("delivered", step.counts.delivered);
  json.Add("failed", step.counts.failed);
  json.Add("failed_attempts", step.counts.failed_attempts);
  return json;
}

Json WindowJson(const Series& series) {
  Json json{Json::Object()};
  json.Add("window", series.name);
  json.Add("since", UnixMs(series.since()));
  json.Add("until", UnixMs(series.until));
  json.Add("step_ms", series.step.count());
  return json;
}

Json StatisticsJson(const Series& series, const std::vector<WebhookStatistics>& steps, std::int64_t pending,
                    const OwedSummary& owed) {
  const WebhookStatistics sum = SumOf(steps);
  Json counts{Json::Object()};
  counts.Add("delivered", sum.counts.delivered);
  counts.Add("failed", sum.counts.failed);
  counts.Add("canceled", sum.counts.canceled);
  counts.Add("attempts", sum.counts.attempts);
  counts.Add("failed_attempts", sum.counts.failed_attempts);
  Json waiting{Json::Object()};
  waiting.Add("count", pending);
  waiting.Add("retrying", owed.retrying);
  waiting.Add("next_attempt_at", TimeJson(owed.next_due));
  Json::Array points;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    points.push_back(PercentilesJson(steps[i].latency, StepJson(series, i, steps[i])));
  }
  Json json = WindowJson(series);
  json.Add("counts", std::move(counts));
  json.Add("success_rate", sum.counts.SuccessRate());
  json.Add("latency", PercentilesJson(sum.latency, Json{Json::Object()}));
  json.Add("pending", std::move(waiting));
  json.Add("series", std::move(points));
  return json;
}

Async<ApiResponse> GetWebhookStatistics(ApiServices& services, ApiRequest& request) {
  const auto webhook = FindVisibleWebhook(services.config_cache(), *request.principal, request.Path("id"));
  if (!webhook) co_return std::unexpected(webhook.error());
  ParameterReader parameters(request);
  const Series series = ReadSeries(parameters, services.clock.Now());
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  const WebhookNumber number = (*webhook)->number;
  const auto hours = co_await services.store.GetStatistics({number}, series.since(), series.until, request.asker());
  if (!hours) co_return std::unexpected(FromRefusal(hours.error(), kNoun));
  const auto health = co_await services.store.GetHealth({number}, request.asker());
  if (!health) co_return std::unexpected(FromRefusal(health.error(), kNoun));
  const auto owed = co_await services.store.GetOwed(number, request.asker());
  if (!owed) co_return std::unexpected(FromRefusal(owed.error(), kNoun));
  co_return JsonResponse(200, StatisticsJson(series, StepsOf(series, hours->at(0)), health->at(0).pending, *owed));
}

Json SummaryJson(const Series& series, const Webhook& webhook, const std::vector<WebhookStatistics>& steps) {
  const WebhookStatistics sum = SumOf(steps);
  Json::Array points;
  for (std::size_t i = 0; i < steps.size(); ++i) points.push_back(StepJson(series, i, steps[i]));
  Json json{Json::Object()};
  json.Add("webhook_id", webhook.id.ToString());
  json.Add("delivered", sum.counts.delivered);
  json.Add("failed", sum.counts.failed);
  json.Add("failed_attempts", sum.counts.failed_attempts);
  json.Add("success_rate", sum.counts.SuccessRate());
  json.Add("series", std::move(points));
  return json;
}

// Returns the webhooks that the query names and the key sees, by id after `after`.
std::vector<SharedWebhook> NamedWebhooks(const ConfigCache& config_cache, const ApiRequest& request,
                                         const std::optional<WebhookId>& after, std::size_t limit) {
  std::vector<SharedWebhook> named;
  for (const std::string& id : request.QueryAll("webhook_id")) {
    auto webhook = FindVisibleWebhook(config_cache, *request.principal, id);
    if (webhook && (!after || *after < (*webhook)->id)) named.push_back(*std::move(webhook));
  }
  const auto by_id = [](const SharedWebhook& webhook) { return webhook->id; };
  std::ranges::sort(named, {}, by_id);
  const auto repeated = std::ranges::unique(named, {}, by_id);
  named.erase(repeated.begin(), repeated.end());
  if (named.size() > limit) named.resize(limit);
  return named;
}

// In the order of /api/webhooks, so that the pages of both lists match.
Async<ApiResponse> ListStatistics(ApiServices& services, ApiRequest& request) {
  ParameterReader parameters(request);
  const PageRequest page =
      ReadPage(parameters, kList, [](std::string_view key) { return WebhookId::Parse(key).has_value(); });
  const Series series = ReadSeries(parameters, services.clock.Now());
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  const auto after = page.after.empty() ? std::nullopt : WebhookId::Parse(page.after);
  auto webhooks = request.Query("webhook_id") == nullptr
                      ? ListVisibleWebhooks(services.config_cache(), *request.principal, after, page.limit + 1)
                      : NamedWebhooks(services.config_cache(), request, after, page.limit + 1);
  // The last one is not shown where there is a next page, and has no statistics then.
  using Listed = std::pair<SharedWebhook, std::vector<HourlyStatistics>>;
  std::vector<Listed> listed;
  for (SharedWebhook& webhook : webhooks) listed.emplace_back(std::move(webhook), std::vector<HourlyStatistics>());
  const std::size_t size = PageSize(listed.size(), page.limit);
  for (std::size_t next = 0; next < size;) {
    std::vector<WebhookNumber> numbers;
    for (std::size_t i = next; i < std::min(size, next + kWebhooksPerRead); ++i) {
      numbers.push_back(listed[i].first->number);
    }
    auto read =
        co_await services.store.GetStatistics(std::move(numbers), series.since(), series.until, request.asker());
    if (!read) co_return std::unexpected(FromRefusal(read.error(), kNoun));
    for (std::vector<HourlyStatistics>& hours : *read) listed[next++].second = std::move(hours);
  }
  const auto json_of = [&series](const Listed& row) {
    return SummaryJson(series, *row.first, StepsOf(series, row.second));
  };
  co_return co_await RespondWithPage(request.loop, page, std::move(listed), json_of,
                                     [](const Listed& row) { return row.first->id.ToString(); });
}

// The webhooks that are owed what happens at the place and that the principal sees; without a place all of these.
std::vector<SharedWebhook> WebhooksOfPlace(const ConfigCache& config_cache, const Principal& principal,
                                           const std::optional<Scope>& place) {
  constexpr auto kAll = std::numeric_limits<std::size_t>::max();
  auto webhooks = ListVisibleWebhooks(config_cache, principal, std::nullopt, kAll);
  if (place) {
    std::erase_if(webhooks,
                  [&](const SharedWebhook& webhook) { return !IsOfPlace(config_cache, webhook->scope, *place); });
  }
  return webhooks;
}

Async<ApiResponse> GetPlaceStatistics(ApiServices& services, ApiRequest& request) {
  ParameterReader parameters(request);
  const std::optional<Scope> place = ReadPlace(parameters, services.config_cache(), *request.principal);
  const Series series = ReadSeries(parameters, services.clock.Now());
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  const auto webhooks = WebhooksOfPlace(services.config_cache(), *request.principal, place);
  const std::int64_t hours = (series.until - series.since()) / kStatisticsHour;
  if (hours * static_cast<std::int64_t>(webhooks.size()) > kSummedHoursMax) {
    co_return std::unexpected(Invalid(
        "boundaries", {"span_too_long", "cover too many hours for this many webhooks; ask for a shorter time"}));
  }
  std::vector<WebhookStatistics> steps(series.starts.size());
  for (std::size_t first = 0; first < webhooks.size(); first += kWebhooksPerRead) {
    std::vector<WebhookNumber> numbers;
    for (std::size_t i = first; i < std::min(webhooks.size(), first + kWebhooksPerRead); ++i) {
      numbers.push_back(webhooks[i]->number);
    }
    auto read =
        co_await services.store.GetStatistics(std::move(numbers), series.since(), series.until, request.asker());
    if (!read) co_return std::unexpected(FromRefusal(read.error(), kNoun));
    for (const auto& of_webhook : *read) {
      request.rows_read += static_cast<std::int64_t>(of_webhook.size());
      const auto added = StepsOf(series, of_webhook);
      for (std::size_t i = 0; i < steps.size(); ++i) steps[i] += added[i];
    }
  }
  Json::Array points;
  for (std::size_t i = 0; i < steps.size(); ++i) points.push_back(StepJson(series, i, steps[i]));
  Json json = WindowJson(series);
  json.Add("series", std::move(points));
  co_return JsonResponse(200, json);
}

}  // namespace

void AddStatisticsRoutes(Router& router, ApiServices&) {
  router.Add({"GET", "/api/webhooks/{id}/stats", Access::kRead, GetWebhookStatistics, {"window", "boundaries"}});
  router.Add({"GET",
              "/api/stats",
              Access::kRead,
              ListStatistics,
              {"window", "webhook_id", "limit", "cursor"},
              {"webhook_id"}});
  router.Add({"GET",
              "/api/place-stats",
              Access::kRead,
              GetPlaceStatistics,
              {"venue_id", "venues_group_id", "window", "boundaries"}});
}

}  // namespace shakehook
