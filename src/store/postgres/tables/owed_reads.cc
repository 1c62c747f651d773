#include "store/postgres/tables/owed_reads.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/check.h"
#include "store/postgres/engine/number_of.h"
#include "store/postgres/tables/discard_rows.h"
#include "store/postgres/tables/event_columns.h"
#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

// The most rows that one page looks at: those that wait for a retry stand among those that were never tried.
constexpr std::size_t kScanRowsMax = 10'000;
// The webhooks that one statement goes through.
constexpr std::size_t kWebhooksAtOnce = 5'000;

struct OwedColumns
    : Columns<Column<"e.id", EventId>, Column<"e.type", EventType>, Column<"e.origin", EventOrigin>,
              Column<"e.timestamp", Timestamp>, Column<"v.id AS venue_id", std::optional<VenueId>>,
              Column<"e.venues_group", std::optional<VenuesGroupId>>, Column<"r.id AS resource_id", ResourceId>,
              Column<"e.payload", std::string>, Column<"p.position", Position>,
              Column<"p.id AS delivery_id", std::optional<DeliveryId>>, Column<"p.resource", ResourceNumber>,
              Column<"p.purpose", OwedDelivery::Purpose>, Column<"p.attempt_trigger", AttemptTrigger>,
              Column<"p.attempts_made", int>, Column<"p.retries_made", int>, Column<"p.created_at", Timestamp>,
              Column<"p.due", std::optional<Timestamp>>, Column<"p.is_wanted", bool>> {};

struct OwedWebhookColumns : Columns<Column<"w.webhook", WebhookNumber>, Column<"p.next_due", std::optional<Timestamp>>,
                                    Column<"p.last_due", std::optional<Timestamp>>> {};
struct OwedSinceColumns : Columns<Column<"w.webhook", WebhookNumber>, Column<"e.created_at", Timestamp>> {};
struct SummaryColumns
    : Columns<Column<"count(*) AS retrying", std::int64_t>, Column<"min(due) AS next_due", std::optional<Timestamp>>> {
};

// Rows of pending_delivery, `p`, with the event of each that is wanted: the others cost no payload.
std::string WithEvents(const std::string& rows) {
  return "FROM (" + rows + ") p LEFT JOIN event e ON p.is_wanted AND e.tenant = $1 AND e.position = p.position" +
         std::string(kEventParts);
}

// The next $3 webhooks behind $2 that are owed something: each is found from the one before by the index.
std::string NextWebhooks() {
  const std::string next =
      "(SELECT webhook FROM pending_delivery WHERE tenant = $1 AND webhook > {} ORDER BY tenant, webhook LIMIT 1)";
  const auto behind = [&next](std::string_view webhook) {
    return std::string(next).replace(next.find("{}"), 2, webhook);
  };
  return "(WITH RECURSIVE found (webhook, count) AS (SELECT " + behind("$2") + ", 1 UNION ALL SELECT " +
         behind("found.webhook") +
         ", count + 1 FROM found WHERE found.webhook IS NOT NULL AND count < $3)"
         " SELECT webhook FROM found WHERE webhook IS NOT NULL) w";
}

// The pending rows of the webhook `w` that no discard has canceled.
constexpr std::string_view kNotDiscarded =
    "tenant = $1 AND webhook = w.webhook"
    " AND position > coalesce((SELECT until FROM discard WHERE tenant = $1 AND webhook = w.webhook), 0)";

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

// Takes deliveries into a page as far as its limits allow.
class PageFiller {
 public:
  explicit PageFiller(OwedPageLimit limit) : limit_(limit) {}

  bool IsFull(const OwedPage& page) const {
    return page.deliveries.size() == limit_.deliveries || bytes_ >= limit_.payload_bytes;
  }
  void Add(OwedDelivery owed, OwedPage& page) {
    bytes_ += owed.event->payload.size();
    page.deliveries.push_back(std::move(owed));
  }

 private:
  const OwedPageLimit limit_;
  std::size_t bytes_ = 0;
};

}  // namespace

// A strict webhook's delivery is not wanted while its resource has one that waits for its retry.
Async<OwedPage> TakeOwed(OwedQuery query, DeliveryIds ids, Connection& connection) {
  const std::string until(kDiscardedUntil);
  const std::string follows =
      query.ordering == Ordering::kStrict
          ? " AND NOT EXISTS (SELECT 1 FROM pending_delivery t WHERE t.tenant = $1 AND t.webhook = $2"
            " AND t.resource = p.resource AND t.due IS NOT NULL AND t.position > " +
                until + ")"
          : std::string();
  const Select<OwedColumns> select(
      WithEvents("SELECT p.*, p.due IS NULL" + follows +
                 " AS is_wanted FROM pending_delivery p WHERE p.tenant = $1 AND p.webhook = $2"
                 " AND p.position > greatest($3, " +
                 until + ") ORDER BY p.position LIMIT $4") +
      " ORDER BY p.position");
  OwedPage page{.until = query.after};
  PageFiller filler(query.limit);
  const std::size_t rows_max = query.limit.deliveries + 1;
  for (std::size_t looked_at = 0; looked_at < kScanRowsMax; looked_at += rows_max) {
    const auto rows = co_await connection.Run(select.With(kTenant, query.webhook, page.until, rows_max));
    for (const auto row : rows) {
      page.more = filler.IsFull(page);
      if (page.more) co_return page;
      page.until = row.Get<"position">();
      if (row.Get<"is_wanted">()) filler.Add(OwedOf(row, query.webhook, ids), page);
    }
    page.more = rows.size() == rows_max;
    if (!page.more) break;
  }
  co_return page;
}

Async<OwedPage> TakeDue(DueQuery query, DeliveryIds ids, Connection& connection) {
  // The condition is the index's.
  const std::string by_hand = query.which == WhichDue::kByHand
                                  ? " AND (p.attempt_trigger = " + NumberOf(AttemptTrigger::kManual) +
                                        " OR p.purpose = " + NumberOf(OwedDelivery::Purpose::kTest) + ")"
                                  : std::string();
  const auto rows = co_await connection.Run(
      Select<OwedColumns>(WithEvents("SELECT p.*, p.due <= $3 AS is_wanted FROM pending_delivery p"
                                     " WHERE p.tenant = $1 AND p.webhook = $2 AND p.due IS NOT NULL" +
                                     by_hand + " AND p.position > " + std::string(kDiscardedUntil) +
                                     " ORDER BY p.due, p.position LIMIT $4") +
                          " ORDER BY p.due, p.position")
          .With(kTenant, query.webhook, query.now, query.limit.deliveries + 1));
  OwedPage page;
  PageFiller filler(query.limit);
  for (const auto row : rows) {
    if (filler.IsFull(page) || !row.Get<"is_wanted">()) {
      page.next_due = row.Get<"due">();
      break;
    }
    filler.Add(OwedOf(row, query.webhook, ids), page);
  }
  page.more = page.next_due && *page.next_due <= query.now;
  co_return page;
}

Async<std::optional<OwedDelivery>> ReadOwed(DeliveryKey key, DeliveryIds ids, Connection& connection) {
  const auto rows = co_await connection.Run(
      Select<OwedColumns>(WithEvents("SELECT p.*, true AS is_wanted FROM pending_delivery p"
                                     " WHERE p.tenant = $1 AND p.webhook = $2 AND p.position = $3"))
          .With(kTenant, key));
  if (rows.empty()) co_return std::nullopt;
  co_return OwedOf(rows[0], key.webhook, ids);
}

Async<std::vector<OwedWebhook>> ListOwed(Connection& connection) {
  const Select<OwedWebhookColumns> select(
      "FROM " + NextWebhooks() + " CROSS JOIN LATERAL (SELECT (SELECT due FROM pending_delivery WHERE " +
      std::string(kNotDiscarded) +
      " AND due IS NOT NULL ORDER BY due LIMIT 1) AS next_due, (SELECT due FROM pending_delivery WHERE " +
      std::string(kNotDiscarded) + " AND due IS NOT NULL ORDER BY due DESC LIMIT 1) AS last_due) p ORDER BY w.webhook");
  std::vector<OwedWebhook> owed;
  WebhookNumber after;
  for (;;) {
    const auto rows = co_await connection.Run(select.With(kTenant, after, kWebhooksAtOnce));
    for (const auto row : rows) {
      owed.push_back(
          {.webhook = row.Get<"webhook">(), .next_due = row.Get<"next_due">(), .last_due = row.Get<"last_due">()});
    }
    if (rows.size() < kWebhooksAtOnce) co_return owed;
    after = owed.back().webhook;
  }
}

Async<std::vector<OwedSinceWhen>> ListOwedSince(WebhookNumber after, std::size_t limit, Connection& connection) {
  const auto rows = co_await connection.Run(
      Select<OwedSinceColumns>("FROM " + NextWebhooks() +
                               " CROSS JOIN LATERAL (SELECT position FROM pending_delivery WHERE tenant = $1"
                               " AND webhook = w.webhook ORDER BY position LIMIT 1) p"
                               " CROSS JOIN LATERAL (SELECT created_at FROM event WHERE tenant = $1"
                               " AND position >= p.position ORDER BY position LIMIT 1) e ORDER BY w.webhook")
          .With(kTenant, after, limit));
  std::vector<OwedSinceWhen> owed;
  for (const auto row : rows) owed.push_back({row.Get<"webhook">(), row.Get<"created_at">()});
  co_return owed;
}

Async<OwedSummary> SummarizeOwed(WebhookNumber webhook, Connection& connection) {
  const auto rows = co_await connection.Run(
      Select<SummaryColumns>("FROM (SELECT due FROM pending_delivery WHERE tenant = $1 AND webhook = $2"
                             " AND due IS NOT NULL AND position > " +
                             std::string(kDiscardedUntil) + " ORDER BY due, position LIMIT $3) p")
          .With(kTenant, webhook, kRetryingCountMax));
  co_return OwedSummary{.retrying = rows[0].Get<"retrying">(), .next_due = rows[0].Get<"next_due">()};
}

}  // namespace shakehook::postgres
