#include "service/webhook_watch.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "api/metric_families.h"
#include "base/log.h"
#include "model/masked_url.h"

namespace shakehook {
namespace {

constexpr std::size_t kDebtsPerRead = 512;
constexpr std::size_t kWebhooksPerRead = 128;
constexpr int kRestPerWork = 20;
constexpr Milliseconds kAfterFailure{5'000};

double Seconds(Milliseconds duration) { return static_cast<double>(duration.count()) / 1e3; }

// Tells whether an attempt can be in the statistics of the two hours that are judged.
bool WasTriedSince(const WebhookHealth& health, Timestamp since) {
  return (health.last_delivered_at && *health.last_delivered_at >= since) ||
         (health.last_failed_at && *health.last_failed_at >= since);
}

double AgeOf(std::optional<Timestamp> since, Timestamp now) {
  return since ? Seconds(std::max(Milliseconds(0), now - *since)) : 0;
}

}  // namespace

WebhookWatch::WebhookWatch(Store& store, Loop& loop, prometheus::Registry& registry, Options options)
    : store_(store), loop_(loop), options_(options) {
  auto& changes = prometheus::BuildCounter()
                      .Name("shakehook_webhook_changes_total")
                      .Help("Webhooks that began to fail, recovered, or were disabled.")
                      .Register(registry);
  for (std::size_t i = 0; i < kWebhookChanges; ++i) {
    changes_[i] = &changes.Add({{"change", std::string(ToString(static_cast<WebhookChange>(i)))}});
  }
}

void WebhookWatch::Start() {
  const auto disabled =
      store_.config_cache().ListWebhooks(std::nullopt, std::numeric_limits<std::size_t>::max(),
                                         [](const Webhook& webhook) { return webhook.enabled == Switch::kOff; });
  for (const SharedWebhook& webhook : disabled) incidents_.KnowDisabled(webhook->number);
  loop_.Post([this] { loop_.Spawn(GoOn()); });
}

Async<> WebhookWatch::GoOn() {
  SetLoopWork({"looking at", "all webhooks"});
  for (;;) {
    const SteadyTime began = loop_.clock().Steady();
    const bool read = co_await Round();
    const SteadyTime ended = loop_.clock().Steady();
    const Microseconds rest =
        read ? std::max<Microseconds>(options_.interval, (ended - began) * kRestPerWork) : Microseconds(kAfterFailure);
    co_await SleepUntil(loop_, ended + rest);
  }
}

Async<bool> WebhookWatch::Round() {
  const SteadyTime began = loop_.clock().Steady();
  const auto owed_since = co_await ReadOwedSince();
  if (!owed_since) co_return false;
  Figures figures;
  Told told;
  incidents_.Begin();
  std::optional<WebhookId> after;
  for (;;) {
    const auto page = store_.config_cache().ListWebhooks(after, kWebhooksPerRead, [](const Webhook&) { return true; });
    if (page.empty()) break;
    after = page.back()->id;
    if (const auto looked = co_await Look(page, *owed_since, figures, told); !looked) co_return false;
  }
  incidents_.End();
  figures.ended_at = loop_.clock().Now();
  figures.took = loop_.clock().Steady() - began;
  TellRest(told, figures);
  const MutexLock lock(mutex_);
  figures_ = std::move(figures);
  co_return true;
}

Async<Stored<WebhookWatch::OwedSince>> WebhookWatch::ReadOwedSince() {
  OwedSince since;
  WebhookNumber after;
  for (;;) {
    const auto page = co_await store_.ListOwedSince(after, kDebtsPerRead);
    if (!page) co_return std::unexpected(page.error());
    for (const OwedSinceWhen& each : *page) since.emplace(each.webhook, each.since);
    if (page->size() < kDebtsPerRead) co_return since;
    after = page->back().webhook;
  }
}

Async<Stored<Done>> WebhookWatch::Look(const std::vector<SharedWebhook>& page, const OwedSince& owed_since,
                                       Figures& figures, Told& told) {
  const Timestamp now = loop_.clock().Now();
  const Timestamp until = HourOf(now) + kStatisticsHour;
  const Timestamp since = until - 2 * kStatisticsHour;
  std::vector<WebhookNumber> numbers, tried;
  for (const SharedWebhook& webhook : page) numbers.push_back(webhook->number);
  const auto health = co_await store_.GetHealth(numbers);
  if (!health) co_return std::unexpected(health.error());
  // The others have nothing in the statistics of these hours.
  for (std::size_t i = 0; i < page.size(); ++i) {
    if (WasTriedSince((*health)[i], since)) tried.push_back(numbers[i]);
  }
  Stored<std::vector<std::vector<HourlyStatistics>>> hours;
  if (!tried.empty()) hours = co_await store_.GetStatistics(tried, since, until);
  if (!hours) co_return std::unexpected(hours.error());
  std::size_t next_tried = 0;
  for (std::size_t i = 0; i < page.size(); ++i) {
    WebhookStatistics recent;
    if (next_tried < tried.size() && tried[next_tried] == numbers[i]) {
      for (const HourlyStatistics& hour : (*hours)[next_tried++]) recent += hour.statistics;
    }
    const Judgement judgement = Judge(*page[i], (*health)[i], recent, now, options_.delivery_timeout);
    Add(*page[i], (*health)[i], judgement, owed_since, figures);
    if (const auto change = incidents_.See(page[i]->number, judgement)) {
      Tell(*page[i], (*health)[i], judgement, *change, told);
    }
  }
  co_return Done();
}

void WebhookWatch::Add(const Webhook& webhook, const WebhookHealth& health, const Judgement& judgement,
                       const OwedSince& owed_since, Figures& figures) {
  ++figures.by_condition[static_cast<std::size_t>(judgement.condition)];
  figures.pending += health.pending;
  std::optional<Timestamp> since;
  if (const auto found = owed_since.find(webhook.number); found != owed_since.end()) since = found->second;
  // A disabled webhook waits for a person, which is not this server's delay.
  const bool disabled = judgement.condition == WebhookCondition::kDisabled;
  if (since && !disabled && (!figures.owed_since || *since < *figures.owed_since)) figures.owed_since = since;
  if (judgement.condition != WebhookCondition::kFailing) {
    if (!disabled) figures.pending_of_well += health.pending;
    return;
  }
  figures.worst.push_back({webhook.id.ToString(), health.pending, health.consecutive_failures, since});
  const auto worse = [](const Failing& one, const Failing& other) {
    return std::tie(one.pending, one.failures) > std::tie(other.pending, other.failures);
  };
  std::ranges::push_heap(figures.worst, worse);
  if (figures.worst.size() <= kWorstMax) return;
  std::ranges::pop_heap(figures.worst, worse);
  figures.worst.pop_back();
}

void WebhookWatch::Tell(const Webhook& webhook, const WebhookHealth& health, const Judgement& judgement,
                        WebhookChange change, Told& told) {
  const auto kind = static_cast<std::size_t>(change);
  changes_[kind]->Increment();
  if (++told.changes[kind] > kToldMax) return;
  const std::string id = webhook.id.ToString();
  const std::string url = MaskedUrl(webhook.url);
  const std::string pending = std::to_string(health.pending);
  switch (change) {
    case WebhookChange::kFailing:
      LogWarning("a webhook is failing", {{"webhook", id},
                                          {"name", webhook.name},
                                          {"url", url},
                                          {"why", std::string(judgement.code)},
                                          {"failures_in_a_row", std::to_string(health.consecutive_failures)},
                                          {"pending", pending}});
      return;
    case WebhookChange::kRecovered:
      LogInfo("a webhook has recovered", {{"webhook", id}, {"name", webhook.name}, {"url", url}, {"pending", pending}});
      return;
    case WebhookChange::kDisabled:
      LogWarning("a webhook was disabled; its pending deliveries wait until it is enabled",
                 {{"webhook", id},
                  {"name", webhook.name},
                  {"url", url},
                  {"by", judgement.code == "gone" ? "its receiver, which answered 410 Gone"
                                                  : "a user or an API key; the audit log says which"},
                  {"pending", pending}});
      return;
  }
}

void WebhookWatch::TellRest(const Told& told, Figures& figures) {
  for (std::size_t i = 0; i < kWebhookChanges; ++i) {
    if (told.changes[i] <= kToldMax) continue;
    LogWarning("more webhooks changed at once than are logged one by one",
               {{"change", std::string(ToString(static_cast<WebhookChange>(i)))},
                {"not_told", std::to_string(told.changes[i] - kToldMax)},
                {"failing_now", std::to_string(incidents_.open())}});
  }
  const auto news = trend_.Look(figures.pending_of_well, loop_.clock().Steady());
  figures.backlog_grows = trend_.grows();
  if (!news) return;
  const std::string pending = std::to_string(figures.pending_of_well);
  if (*news == BacklogTrend::News::kGrows) {
    LogWarning("the backlog is growing: healthy webhooks have more new deliveries than can be sent",
               {{"pending", pending}});
  } else {
    LogInfo("the backlog has gone", {{"pending", pending}});
  }
}

std::vector<prometheus::MetricFamily> WebhookWatch::Collect() const {
  const MutexLock lock(mutex_);
  if (!figures_) return {};
  const Figures& figures = *figures_;
  const Timestamp now = loop_.clock().Now();
  std::vector<MetricSample> conditions, pending, ages, failures;
  for (std::size_t i = 0; i < figures.by_condition.size(); ++i) {
    conditions.push_back({static_cast<double>(figures.by_condition[i]),
                          {{"condition", std::string(ToString(static_cast<WebhookCondition>(i)))}}});
  }
  for (const Failing& failing : figures.worst) {
    pending.push_back({static_cast<double>(failing.pending), {{"webhook", failing.id}}});
    ages.push_back({AgeOf(failing.owed_since, now), {{"webhook", failing.id}}});
    failures.push_back({static_cast<double>(failing.failures), {{"webhook", failing.id}}});
  }
  const double took = static_cast<double>(figures.took.count()) / 1e6;
  return {
      GaugeFamily("shakehook_webhooks", "Webhooks by condition.", conditions),
      GaugeFamily("shakehook_pending_deliveries", "Pending deliveries, also those of disabled webhooks.",
                  {{static_cast<double>(figures.pending)}}),
      GaugeFamily("shakehook_oldest_pending_age_seconds",
                  "Age of the oldest pending delivery of an enabled webhook; 0 if there is none.",
                  {{AgeOf(figures.owed_since, now)}}),
      GaugeFamily("shakehook_backlog_grows", "1 while healthy webhooks have more new deliveries than are sent.",
                  {{figures.backlog_grows ? 1.0 : 0.0}}),
      GaugeFamily("shakehook_failing_webhook_pending_deliveries",
                  "Pending deliveries of failing webhooks, of the twenty that have most.", pending),
      GaugeFamily("shakehook_failing_webhook_oldest_pending_age_seconds",
                  "Age of the oldest pending delivery of each of these.", ages),
      GaugeFamily("shakehook_failing_webhook_failures", "Failed attempts in a row of each of these.", failures),
      GaugeFamily("shakehook_watch_timestamp_seconds", "When all webhooks were last checked.",
                  {{static_cast<double>(UnixMs(figures.ended_at)) / 1e3}}),
      GaugeFamily("shakehook_watch_round_seconds", "How long checking all webhooks took.", {{took}}),
  };
}

}  // namespace shakehook
