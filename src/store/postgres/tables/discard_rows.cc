#include "store/postgres/tables/discard_rows.h"

#include <utility>
#include <vector>

#include "model/delivery.h"
#include "store/postgres/tables/counter_rows.h"
#include "store/postgres/tables/statistics_rows.h"
#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

using Purpose = OwedDelivery::Purpose;

struct DiscardColumns
    : Columns<Column<"d.webhook", WebhookNumber>, Column<"d.until", Position>, Column<"d.at", Timestamp>> {};
struct CountColumns : Columns<Column<"coalesce(sum(pending), 0)::int8 AS pending", std::int64_t>> {};
struct TestColumns : Columns<Column<"count(*) AS tests", std::int64_t>> {};
struct PositionColumns : Columns<Column<"nextval('event_position') AS newest", Position>> {};
struct LeftColumns
    : Columns<Column<"EXISTS (SELECT 1 FROM discard WHERE tenant = $1 AND webhook = $2) AS is_left", bool>> {};

// The rows of the oldest canceled deliveries. A delivery that is sent again stays delivered. The discard goes once
// none of its rows is left, for anyone who looks.
void AddStep(WebhookNumber webhook, Pipeline& pipeline) {
  pipeline.Add(
      Statement("WITH chosen AS (SELECT p.ctid AS place, d.at FROM discard d JOIN pending_delivery p"
                " ON p.tenant = d.tenant AND p.webhook = d.webhook AND p.position <= d.until"
                " WHERE d.tenant = $1 AND d.webhook = $2 ORDER BY p.position LIMIT $3 FOR UPDATE OF p),"
                " gone AS (DELETE FROM pending_delivery p USING chosen c WHERE p.ctid = c.place RETURNING p.*, c.at)"
                " INSERT INTO ended_delivery (tenant, position, webhook, id, status, attempt_count, created_at,"
                " ended_at) SELECT tenant, position, webhook, id, $4, attempts_made, created_at, at FROM gone"
                " WHERE purpose <> $5 ON CONFLICT DO NOTHING")
          .With(kTenant, webhook, kDiscardStepRows, DeliveryStatus::kCanceled, Purpose::kAgain));
  pipeline.Add(Statement("DELETE FROM discard d WHERE d.tenant = $1 AND d.webhook = $2 AND NOT EXISTS"
                         " (SELECT 1 FROM pending_delivery p WHERE p.tenant = $1 AND p.webhook = $2"
                         " AND p.position <= d.until)")
                   .With(kTenant, webhook));
}

}  // namespace

Async<Discards> ReadDiscards(std::set<WebhookNumber> webhooks, Connection& connection) {
  const std::vector<WebhookNumber> list(webhooks.begin(), webhooks.end());
  const auto rows = co_await connection.Run(
      Select<DiscardColumns>("FROM unnest($2::int8[]) AS w (webhook) CROSS JOIN LATERAL"
                             " (SELECT webhook, until, at FROM discard WHERE tenant = $1 AND webhook = w.webhook) d")
          .With(kTenant, list));
  Discards discards;
  for (const auto row : rows) {
    discards[row.Get<"webhook">()] = {.until = row.Get<"until">(), .at = row.Get<"at">()};
  }
  co_return discards;
}

Async<std::int64_t> CancelPending(WebhookNumber webhook, Timestamp now, int writer, Transaction& transaction) {
  Pipeline pipeline;
  const auto pending = pipeline.Add(
      Select<CountColumns>("FROM webhook_counter WHERE tenant = $1 AND webhook = $2").With(kTenant, webhook));
  // Tests count for no health.
  const auto tests = pipeline.Add(
      Select<TestColumns>("FROM pending_delivery WHERE tenant = $1 AND webhook = $2 AND purpose = $3 AND position > " +
                          std::string(kDiscardedUntil))
          .With(kTenant, webhook, Purpose::kTest));
  const auto newest = pipeline.Add(Select<PositionColumns>("FROM generate_series(1, 1)").With());
  Results results = co_await transaction.connection().Run(std::move(pipeline));
  const auto counted = results.Take(pending)[0].Get<"pending">();
  const std::int64_t canceled = counted + results.Take(tests)[0].Get<"tests">();
  const auto until = results.Take(newest)[0].Get<"newest">();

  CountPending({{webhook, -counted}}, writer, transaction);
  if (canceled > 0) {
    StatisticsCounts statistics;
    statistics.Count(webhook, now, {.canceled = canceled});
    co_await statistics.Write(writer, transaction);
  }
  transaction.writes.Add(Statement("INSERT INTO discard (tenant, webhook, until, at) VALUES ($1, $2, $3, $4)"
                                   " ON CONFLICT (tenant, webhook) DO UPDATE SET until = excluded.until,"
                                   " at = excluded.at")
                             .With(kTenant, webhook, until, now));
  AddStep(webhook, transaction.writes);
  transaction.commit.canceled.push_back({webhook, until});
  co_return canceled;
}

Async<bool> StepDiscard(WebhookNumber webhook, Transaction& transaction) {
  Pipeline pipeline;
  AddStep(webhook, pipeline);
  const auto left = pipeline.Add(Select<LeftColumns>("FROM generate_series(1, 1)").With(kTenant, webhook));
  Results results = co_await transaction.connection().Run(std::move(pipeline));
  co_return results.Take(left)[0].Get<"is_left">();
}

}  // namespace shakehook::postgres
