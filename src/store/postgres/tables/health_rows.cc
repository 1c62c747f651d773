#include "store/postgres/tables/health_rows.h"

#include <utility>

#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

struct PendingColumns : Columns<Column<"w.place", std::int64_t>, Column<"c.pending", std::int64_t>> {};
struct StoredHealthColumns : Columns<Column<"w.place", std::int64_t>, Column<"h.consecutive_failures", std::int64_t>,
                                     Column<"h.failing_since", std::optional<Timestamp>>,
                                     Column<"h.last_delivered_at", std::optional<Timestamp>>,
                                     Column<"h.last_failed_at", std::optional<Timestamp>>> {};

BoundSelect<StoredHealthColumns> SelectHealth(const std::vector<WebhookNumber>& webhooks, std::string_view lock) {
  return Select<StoredHealthColumns>(
             "FROM unnest($2::int8[]) WITH ORDINALITY AS w (webhook, place) CROSS JOIN LATERAL"
             " (SELECT consecutive_failures, failing_since, last_delivered_at, last_failed_at FROM webhook_health"
             " WHERE tenant = $1 AND webhook = w.webhook" +
             std::string(lock) + ") h")
      .With(kTenant, webhooks);
}

WebhookHealth HealthOf(const Row<StoredHealthColumns>& row) {
  return {.consecutive_failures = row.Get<"consecutive_failures">(),
          .failing_since = row.Get<"failing_since">(),
          .last_delivered_at = row.Get<"last_delivered_at">(),
          .last_failed_at = row.Get<"last_failed_at">()};
}

}  // namespace

Async<HealthOfWebhooks> HoldHealth(std::set<WebhookNumber> webhooks, Connection& connection) {
  const std::vector<WebhookNumber> list(webhooks.begin(), webhooks.end());
  const auto rows = co_await connection.Run(SelectHealth(list, " FOR NO KEY UPDATE"));
  HealthOfWebhooks health;
  for (const auto row : rows) health[list[static_cast<std::size_t>(row.Get<"place">() - 1)]] = HealthOf(row);
  co_return health;
}

void WriteHealth(const HealthOfWebhooks& health, const std::set<WebhookNumber>& changed, Transaction& transaction) {
  if (changed.empty()) return;
  ArrayOf<WebhookNumber> webhooks;
  ArrayOf<std::int64_t> failures;
  ArrayOf<std::optional<Timestamp>> failing_since, last_delivered_at, last_failed_at;
  for (const WebhookNumber webhook : changed) {
    const WebhookHealth& of = health.at(webhook);
    webhooks.Add(webhook);
    failures.Add(of.consecutive_failures);
    failing_since.Add(of.failing_since);
    last_delivered_at.Add(of.last_delivered_at);
    last_failed_at.Add(of.last_failed_at);
  }
  transaction.writes.Add(
      Statement("INSERT INTO webhook_health (tenant, webhook, consecutive_failures, failing_since, last_delivered_at,"
                " last_failed_at) SELECT $1, u.* FROM unnest($2::int8[], $3::int8[], $4::int8[], $5::int8[],"
                " $6::int8[]) u ON CONFLICT (tenant, webhook) DO UPDATE SET"
                " consecutive_failures = excluded.consecutive_failures, failing_since = excluded.failing_since,"
                " last_delivered_at = excluded.last_delivered_at, last_failed_at = excluded.last_failed_at")
          .With(kTenant, webhooks, failures, failing_since, last_delivered_at, last_failed_at));
}

Async<std::vector<WebhookHealth>> ReadHealth(std::vector<WebhookNumber> webhooks, Connection& connection) {
  std::vector<WebhookHealth> health(webhooks.size());
  Pipeline pipeline;
  const auto stored = pipeline.Add(SelectHealth(webhooks, ""));
  const auto pending = pipeline.Add(
      Select<PendingColumns>("FROM unnest($2::int8[]) WITH ORDINALITY AS w (webhook, place) CROSS JOIN LATERAL"
                             " (SELECT coalesce(sum(pending), 0)::int8 AS pending FROM webhook_counter"
                             " WHERE tenant = $1 AND webhook = w.webhook) c")
          .With(kTenant, webhooks));
  Results results = co_await connection.Run(std::move(pipeline));
  const auto stored_rows = results.Take(stored);
  for (const auto row : stored_rows) health[static_cast<std::size_t>(row.Get<"place">() - 1)] = HealthOf(row);
  const auto pending_rows = results.Take(pending);
  for (const auto row : pending_rows) {
    health[static_cast<std::size_t>(row.Get<"place">() - 1)].pending = row.Get<"pending">();
  }
  co_return health;
}

void DeleteHealth(WebhookNumber webhook, Transaction& transaction) {
  transaction.writes.Add(
      Statement("DELETE FROM webhook_health WHERE tenant = $1 AND webhook = $2").With(kTenant, webhook));
  transaction.writes.Add(
      Statement("DELETE FROM webhook_counter WHERE tenant = $1 AND webhook = $2").With(kTenant, webhook));
}

}  // namespace shakehook::postgres
