#include "store/postgres/tables/statistics_rows.h"

#include <string>

#include "base/check.h"
#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

struct OwnColumns
    : Columns<Column<"w.place", std::int64_t>, Column<"s.delivered", std::int64_t>, Column<"s.failed", std::int64_t>,
              Column<"s.canceled", std::int64_t>, Column<"s.attempts", std::int64_t>,
              Column<"s.failed_attempts", std::int64_t>, Column<"s.latency", std::string_view>> {};
struct HourColumns
    : Columns<Column<"w.place", std::int64_t>, Column<"s.hour", Timestamp>, Column<"s.delivered", std::int64_t>,
              Column<"s.failed", std::int64_t>, Column<"s.canceled", std::int64_t>, Column<"s.attempts", std::int64_t>,
              Column<"s.failed_attempts", std::int64_t>, Column<"s.latency", std::string_view>> {};

template <class RowColumns>
WebhookStatistics StatisticsOf(const Row<RowColumns>& row) {
  const auto latency = LatencyHistogram::Decode(row.template Get<"latency">());
  CHECK(latency);
  return {.counts = {.delivered = row.template Get<"delivered">(),
                     .failed = row.template Get<"failed">(),
                     .canceled = row.template Get<"canceled">(),
                     .attempts = row.template Get<"attempts">(),
                     .failed_attempts = row.template Get<"failed_attempts">()},
          .latency = *latency};
}

}  // namespace

Async<> StatisticsCounts::Write(int writer, Transaction& transaction) {
  if (hours_.empty()) co_return;
  ArrayOf<WebhookNumber> webhooks;
  ArrayOf<Timestamp> hours;
  std::vector<WebhookStatistics*> counted;
  for (auto& [key, statistics] : hours_) {
    webhooks.Add(key.first);
    hours.Add(key.second);
    counted.push_back(&statistics);
  }
  const auto rows = co_await transaction.connection().Run(
      Select<OwnColumns>("FROM unnest($3::int8[], $4::int8[]) WITH ORDINALITY AS w (webhook, hour, place)"
                         " CROSS JOIN LATERAL (SELECT hour, delivered, failed, canceled, attempts, failed_attempts, "
                         "latency FROM webhook_statistics WHERE tenant = $1"
                         " AND webhook = w.webhook AND hour = w.hour AND writer = $2) s")
          .With(kTenant, writer, webhooks, hours));
  for (const auto row : rows) *counted[static_cast<std::size_t>(row.Get<"place">() - 1)] += StatisticsOf(row);
  ArrayOf<std::int64_t> delivered, failed, canceled, attempts, failed_attempts;
  ArrayOf<Blob> latencies;
  for (const WebhookStatistics* const statistics : counted) {
    delivered.Add(statistics->counts.delivered);
    failed.Add(statistics->counts.failed);
    canceled.Add(statistics->counts.canceled);
    attempts.Add(statistics->counts.attempts);
    failed_attempts.Add(statistics->counts.failed_attempts);
    const std::string latency = statistics->latency.Encode();
    latencies.Add(Blob{latency});
  }
  transaction.writes.Add(
      Statement("INSERT INTO webhook_statistics (tenant, writer, webhook, hour, delivered, failed, canceled, attempts,"
                " failed_attempts, latency) SELECT $1, $2, u.* FROM unnest($3::int8[], $4::int8[], $5::int8[],"
                " $6::int8[], $7::int8[], $8::int8[], $9::int8[], $10::bytea[]) u"
                " ON CONFLICT (tenant, webhook, hour, writer) DO UPDATE SET delivered = excluded.delivered,"
                " failed = excluded.failed, canceled = excluded.canceled, attempts = excluded.attempts,"
                " failed_attempts = excluded.failed_attempts, latency = excluded.latency")
          .With(kTenant, writer, webhooks, hours, delivered, failed, canceled, attempts, failed_attempts, latencies));
}

Async<std::vector<std::vector<HourlyStatistics>>> ReadStatistics(std::vector<WebhookNumber> webhooks, Timestamp since,
                                                                 Timestamp until, Connection& connection) {
  const auto rows = co_await connection.Run(
      Select<HourColumns>("FROM unnest($2::int8[]) WITH ORDINALITY AS w (webhook, place) CROSS JOIN LATERAL"
                          " (SELECT hour, delivered, failed, canceled, attempts, failed_attempts, latency FROM "
                          "webhook_statistics WHERE tenant = $1 AND webhook = w.webhook"
                          " AND hour >= $3 AND hour < $4 ORDER BY hour) s ORDER BY w.place, s.hour")
          .With(kTenant, webhooks, since, until));
  std::vector<std::vector<HourlyStatistics>> all(webhooks.size());
  for (const auto row : rows) {
    std::vector<HourlyStatistics>& hours = all[static_cast<std::size_t>(row.Get<"place">() - 1)];
    const auto hour = row.Get<"hour">();
    if (hours.empty() || hours.back().hour != hour) hours.push_back({.hour = hour, .statistics = {}});
    hours.back().statistics += StatisticsOf(row);
  }
  co_return all;
}

void DeleteStatistics(WebhookNumber webhook, Transaction& transaction) {
  transaction.writes.Add(
      Statement("DELETE FROM webhook_statistics WHERE tenant = $1 AND webhook = $2").With(kTenant, webhook));
}

}  // namespace shakehook::postgres
