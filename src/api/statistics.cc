// /api/webhooks/{id}/stats: the results of a webhook's deliveries over a window, as sums and as a series to draw;
// /api/stats: the same of many webhooks, in short. Both add up hours that the store counted, and scan nothing else.
#include "model/statistics.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "api/all_routes.h"
#include "api/page.h"
#include "api/response.h"
#include "api/time_json.h"
#include "api/visible_webhooks.h"

namespace shakehook {
namespace {

constexpr std::string_view kNoun = "webhook";
constexpr std::string_view kList = "stats";
// A month of one webhook has 720 hours. This many webhooks are read at once, so that other reads get their turn in
// between.
constexpr std::size_t kWebhooksPerRead = 8;

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

// A window that ends with the present hour, so that its steps need no time zone.
struct Series {
  Window window;
  Timestamp since, until;
};

Series ReadSeries(ParameterReader& parameters, Timestamp now) {
  Window window = kWindows[0];
  if (const std::string* const name = parameters.Any("window")) {
    const auto found = std::ranges::find(kWindows, *name, &Window::name);
    if (found == kWindows.end()) {
      parameters.Refuse("window", "must be 24h, 7d or 30d");
    } else {
      window = *found;
    }
  }
  const Timestamp until = HourOf(now) + kStatisticsHour;
  return {window, until - window.step * window.steps, until};
}

std::vector<WebhookStatistics> StepsOf(const Series& series, const std::vector<HourlyStatistics>& hours) {
  std::vector<WebhookStatistics> steps(static_cast<std::size_t>(series.window.steps));
  for (const HourlyStatistics& hour : hours) {
    steps[static_cast<std::size_t>((hour.hour - series.since) / series.window.step)] += hour.statistics;
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
  json.Add("at", UnixMs(series.since + series.window.step * static_cast<std::int64_t>(index)));
  json.Add("delivered", step.counts.delivered);
  json.Add("failed", step.counts.failed);
  json.Add("failed_attempts", step.counts.failed_attempts);
  return json;
}

Json WindowJson(const Series& series) {
  Json json{Json::Object()};
  json.Add("window", series.window.name);
  json.Add("since", UnixMs(series.since));
  json.Add("until", UnixMs(series.until));
  json.Add("step_ms", series.window.step.count());
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

Async<Answer> GetWebhookStatistics(ApiServices& services, ApiRequest& request) {
  const auto webhook = FindVisibleWebhook(services.directory(), *request.key, request.Path("id"));
  if (!webhook) co_return std::unexpected(webhook.error());
  ParameterReader parameters(request);
  const Series series = ReadSeries(parameters, services.clock.Now());
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  const WebhookNumber number = (*webhook)->number;
  const auto hours = co_await services.store.GetStatistics({number}, series.since, series.until, request.asker());
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

// In the order of /api/webhooks, so that the pages of both lists match.
Async<Answer> ListStatistics(ApiServices& services, ApiRequest& request) {
  ParameterReader parameters(request);
  const PageRequest page =
      ReadPage(parameters, kList, [](std::string_view key) { return WebhookId::Parse(key).has_value(); });
  const Series series = ReadSeries(parameters, services.clock.Now());
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  const auto after = page.after.empty() ? std::nullopt : WebhookId::Parse(page.after);
  const auto webhooks = ListVisibleWebhooks(services.directory(), *request.key, after, page.limit + 1);
  const std::size_t size = PageSize(webhooks.size(), page.limit);
  std::vector<std::vector<HourlyStatistics>> hours;
  while (hours.size() < size) {
    std::vector<WebhookNumber> numbers;
    for (std::size_t i = hours.size(); i < std::min(size, hours.size() + kWebhooksPerRead); ++i) {
      numbers.push_back(webhooks[i]->number);
    }
    auto read = co_await services.store.GetStatistics(std::move(numbers), series.since, series.until, request.asker());
    if (!read) co_return std::unexpected(FromRefusal(read.error(), kNoun));
    std::ranges::move(*read, std::back_inserter(hours));
  }
  PageBody body;
  for (std::size_t i = 0; i < size; ++i) {
    body.Add(ToString(SummaryJson(series, *webhooks[i], StepsOf(series, hours[i]))));
  }
  std::optional<std::string> last_key;
  if (webhooks.size() > size) last_key = webhooks[size - 1]->id.ToString();
  co_return JsonResponse(200, body.Finish(kList, last_key));
}

}  // namespace

void AddStatisticsRoutes(Router& router, ApiServices&) {
  router.Add({"GET", "/api/webhooks/{id}/stats", Access::kRead, GetWebhookStatistics, {"window"}});
  router.Add({"GET", "/api/stats", Access::kRead, ListStatistics, {"window", "limit", "cursor"}});
}

}  // namespace shakehook
