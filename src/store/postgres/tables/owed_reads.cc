#include "store/postgres/tables/owed_reads.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/json.h"
#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

struct EventColumns : Columns<Column<"e.position", Position>, Column<"e.id", EventId>, Column<"e.type", EventType>,
                              Column<"e.origin", EventOrigin>, Column<"e.timestamp", Timestamp>,
                              Column<"v.id AS venue_id", std::optional<VenueId>>,
                              Column<"e.venues_group", std::optional<VenuesGroupId>>,
                              Column<"r.id AS resource_id", ResourceId>, Column<"e.payload", std::string>> {};

struct OwedColumns
    : Columns<Column<"e.id", EventId>, Column<"e.type", EventType>, Column<"e.origin", EventOrigin>,
              Column<"e.timestamp", Timestamp>, Column<"v.id AS venue_id", std::optional<VenueId>>,
              Column<"e.venues_group", std::optional<VenuesGroupId>>, Column<"r.id AS resource_id", ResourceId>,
              Column<"e.payload", std::string>, Column<"p.position", Position>,
              Column<"p.id AS delivery_id", std::optional<DeliveryId>>, Column<"p.resource", ResourceNumber>,
              Column<"p.purpose", OwedDelivery::Purpose>, Column<"p.attempt_trigger", AttemptTrigger>,
              Column<"p.attempts_made", int>, Column<"p.retries_made", int>, Column<"p.created_at", Timestamp>,
              Column<"p.due", std::optional<Timestamp>>,
              Column<"EXISTS (SELECT 1 FROM pending_delivery t WHERE t.tenant = p.tenant AND t.webhook = p.webhook"
                     " AND t.resource = p.resource AND t.due IS NOT NULL) AS follows_a_retry",
                     bool>> {};

struct PendingColumns : Columns<Column<"w.place", std::int64_t>, Column<"c.pending", std::int64_t>> {};
struct StoredHealthColumns : Columns<Column<"w.place", std::int64_t>, Column<"h.consecutive_failures", std::int64_t>,
                                     Column<"h.failing_since", std::optional<Timestamp>>,
                                     Column<"h.last_delivered_at", std::optional<Timestamp>>,
                                     Column<"h.last_failed_at", std::optional<Timestamp>>> {};

// The rows that an event is put together from; `e` is the event's.
constexpr std::string_view kEventParts =
    " LEFT JOIN venue v ON v.tenant = e.tenant AND v.number = e.venue"
    " JOIN resource r ON r.tenant = e.tenant AND r.number = e.resource";

// Precondition: the row has the columns of an event.
template <class RowColumns>
SharedEvent EventOf(const Row<RowColumns>& row) {
  auto event = std::make_shared<Event>();
  event->id = row.template Get<"id">();
  event->type = row.template Get<"type">();
  event->origin = row.template Get<"origin">();
  event->timestamp = row.template Get<"timestamp">();
  event->venues_group_id = row.template Get<"venues_group">();
  event->resource_id = row.template Get<"resource_id">();
  event->payload = row.template Get<"payload">();
  if (auto venue = row.template Get<"venue_id">()) {
    event->venue_id = *std::move(venue);
  } else if (const auto payload = ParseJson(event->payload)) {
    // A test's sample may name a venue that does not exist.
    const Json* const named = payload->Find("venue_id");
    if (named != nullptr && named->text() != nullptr) event->venue_id.text = *named->text();
  }
  return event;
}

OwedDelivery OwedOf(const Row<OwedColumns>& row, WebhookNumber webhook, const DeliveryIds& ids) {
  const DeliveryKey key{row.Get<"position">(), webhook};
  const Timestamp created_at = row.Get<"created_at">();
  auto id = row.Get<"delivery_id">();
  if (!id) id = ids.Compute(key, created_at);
  CHECK(id);
  return {.key = key,
          .id = *id,
          .resource = row.Get<"resource">(),
          .event = EventOf(row),
          .purpose = row.Get<"purpose">(),
          .trigger = row.Get<"attempt_trigger">(),
          .attempts_made = row.Get<"attempts_made">(),
          .retries_made = row.Get<"retries_made">(),
          .created_at = created_at,
          .due = row.Get<"due">()};
}

}  // namespace

Async<std::optional<ListedEvent>> FindEvent(EventId id, Connection& connection) {
  const auto rows = co_await connection.Run(
      Select<EventColumns>("FROM event e" + std::string(kEventParts) + " WHERE e.tenant = $1 AND e.id = $2")
          .With(kTenant, id));
  if (rows.empty() || rows[0].Get<"origin">() == EventOrigin::kTest) co_return std::nullopt;
  co_return ListedEvent{rows[0].Get<"position">(), EventOf(rows[0])};
}

Async<OwedPage> TakeOwed(OwedQuery query, DeliveryIds ids, Connection& connection) {
  OwedPage page{.until = query.after};
  const std::size_t rows_max = query.limit.deliveries + 1;
  const auto rows = co_await connection.Run(
      Select<OwedColumns>("FROM pending_delivery p JOIN event e ON e.tenant = p.tenant AND e.position = p.position" +
                          std::string(kEventParts) +
                          " WHERE p.tenant = $1 AND p.webhook = $2 AND p.position > $3 AND p.due IS NULL"
                          " ORDER BY p.position LIMIT $4")
          .With(kTenant, query.webhook, query.after, rows_max));
  std::size_t bytes = 0;
  for (const auto row : rows) {
    if (page.deliveries.size() == query.limit.deliveries || bytes >= query.limit.payload_bytes) {
      page.more = true;
      co_return page;
    }
    page.until = row.Get<"position">();
    if (query.ordering == Ordering::kStrict && row.Get<"follows_a_retry">()) continue;
    page.deliveries.push_back(OwedOf(row, query.webhook, ids));
    bytes += page.deliveries.back().event->payload.size();
  }
  page.more = rows.size() == rows_max;
  co_return page;
}

Async<std::vector<WebhookHealth>> ReadHealth(std::vector<WebhookNumber> webhooks, Connection& connection) {
  std::vector<WebhookHealth> health(webhooks.size());
  Pipeline pipeline;
  const auto stored = pipeline.Add(
      Select<StoredHealthColumns>("FROM unnest($2::int8[]) WITH ORDINALITY AS w (webhook, place) JOIN webhook_health h"
                                  " ON h.tenant = $1 AND h.webhook = w.webhook")
          .With(kTenant, webhooks));
  const auto pending = pipeline.Add(
      Select<PendingColumns>("FROM unnest($2::int8[]) WITH ORDINALITY AS w (webhook, place) CROSS JOIN LATERAL"
                             " (SELECT coalesce(sum(pending), 0)::int8 AS pending FROM webhook_counter"
                             " WHERE tenant = $1 AND webhook = w.webhook) c")
          .With(kTenant, webhooks));
  Results results = co_await connection.Run(std::move(pipeline));
  const auto stored_rows = results.Take(stored);
  for (const auto row : stored_rows) {
    WebhookHealth& of = health[static_cast<std::size_t>(row.Get<"place">() - 1)];
    of.consecutive_failures = row.Get<"consecutive_failures">();
    of.failing_since = row.Get<"failing_since">();
    of.last_delivered_at = row.Get<"last_delivered_at">();
    of.last_failed_at = row.Get<"last_failed_at">();
  }
  const auto pending_rows = results.Take(pending);
  for (const auto row : pending_rows) {
    health[static_cast<std::size_t>(row.Get<"place">() - 1)].pending = row.Get<"pending">();
  }
  co_return health;
}

}  // namespace shakehook::postgres
