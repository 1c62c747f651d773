#include "store/sqlite/tables/statistics_rows.h"

#include "base/check.h"

namespace shakehook::sqlite {

struct StatisticsColumns
    : Columns<Column<"hour", Timestamp>, Column<"delivered", std::int64_t>, Column<"failed", std::int64_t>,
              Column<"canceled", std::int64_t>, Column<"attempts", std::int64_t>,
              Column<"failed_attempts", std::int64_t>, Column<"latency", std::string_view>> {};

namespace {

WebhookStatistics ReadStatistics(const Rows<StatisticsColumns>& row) {
  WebhookStatistics statistics{.counts = {.delivered = row.Get<"delivered">(),
                                          .failed = row.Get<"failed">(),
                                          .canceled = row.Get<"canceled">(),
                                          .attempts = row.Get<"attempts">(),
                                          .failed_attempts = row.Get<"failed_attempts">()},
                               .latency = {}};
  const auto latency = LatencyHistogram::Decode(row.Get<"latency">());
  CHECK(latency);
  statistics.latency = *latency;
  return statistics;
}

}  // namespace

StatisticsRows::StatisticsRows(Connection& connection)
    : connection_(connection),
      select_(connection, "FROM webhook_statistics WHERE webhook = ?1 AND hour = ?2"),
      upsert_(connection,
              "INSERT INTO webhook_statistics (webhook, hour, delivered, failed, canceled, attempts, failed_attempts,"
              " latency) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO UPDATE SET delivered = ?3, failed = ?4,"
              " canceled = ?5, attempts = ?6, failed_attempts = ?7, latency = ?8"),
      delete_(connection, "DELETE FROM webhook_statistics WHERE webhook = ?1"),
      purge_(connection,
             "DELETE FROM webhook_statistics WHERE (webhook, hour) IN"
             " (SELECT webhook, hour FROM webhook_statistics WHERE hour < ?1 ORDER BY hour LIMIT ?2)") {}

void StatisticsRows::Count(WebhookNumber webhook, Timestamp at, const DeliveryCounts& counts) {
  Touch(webhook, at).counts += counts;
}

void StatisticsRows::CountResponse(WebhookNumber webhook, Timestamp at, Microseconds duration) {
  Touch(webhook, at).latency.Add(duration);
}

WebhookStatistics& StatisticsRows::Touch(WebhookNumber webhook, Timestamp at) {
  const Timestamp hour = HourOf(at);
  const auto [found, made] = current_.try_emplace(webhook);
  HourlyStatistics& current = found->second;
  if (made || current.hour != hour) {
    if (!made && touched_.contains(webhook)) Write(webhook, current);
    auto row = select_.With(webhook, hour);
    current = {hour, row.Step() ? ReadStatistics(row) : WebhookStatistics()};
  }
  touched_.insert(webhook);
  return current.statistics;
}

void StatisticsRows::Write(WebhookNumber webhook, const HourlyStatistics& hour) {
  const DeliveryCounts& counts = hour.statistics.counts;
  const std::string latency = hour.statistics.latency.Encode();
  upsert_.Run(webhook, hour.hour, counts.delivered, counts.failed, counts.canceled, counts.attempts,
              counts.failed_attempts, Blob{latency});
}

void StatisticsRows::Flush() {
  for (const WebhookNumber webhook : touched_) Write(webhook, current_.at(webhook));
}

void StatisticsRows::Committed() {
  touched_.clear();
  if (current_.size() > kWebhooksMax) current_.clear();
}

void StatisticsRows::RolledBack() {
  for (const WebhookNumber webhook : touched_) current_.erase(webhook);
  touched_.clear();
}

void StatisticsRows::Delete(WebhookNumber webhook) {
  delete_.Run(webhook);
  current_.erase(webhook);
  touched_.erase(webhook);
}

std::int64_t StatisticsRows::Purge(Timestamp before, std::size_t limit) {
  purge_.Run(before, limit);
  return connection_.changes();
}

StatisticsReads::StatisticsReads(Connection& connection)
    : hours_(connection, "FROM webhook_statistics WHERE webhook = ?1 AND hour >= ?2 AND hour < ?3 ORDER BY hour"),
      retrying_(connection,
                "SELECT count(*) FROM (SELECT 1 FROM pending_delivery INDEXED BY pending_due"
                " WHERE webhook = ?1 AND due IS NOT NULL AND position > ?3 LIMIT ?2)"),
      next_due_(connection,
                "SELECT due FROM pending_delivery WHERE webhook = ?1 AND due IS NOT NULL AND position > ?2"
                " ORDER BY due LIMIT 1"),
      discards_(connection) {}

std::vector<std::vector<HourlyStatistics>> StatisticsReads::Read(const std::vector<WebhookNumber>& webhooks,
                                                                 Timestamp since, Timestamp until) {
  std::vector<std::vector<HourlyStatistics>> all;
  for (const WebhookNumber webhook : webhooks) {
    auto& hours = all.emplace_back();
    for (auto row = hours_.With(webhook, since, until); row.Step();) {
      hours.push_back({row.Get<"hour">(), ReadStatistics(row)});
    }
  }
  return all;
}

OwedSummary StatisticsReads::ReadOwed(WebhookNumber webhook) {
  const Position discarded = discards_.UntilOf(webhook);
  return {.retrying = retrying_.First(webhook, kRetryingCountMax, discarded).value(),
          .next_due = next_due_.First(webhook, discarded)};
}

}  // namespace shakehook::sqlite
