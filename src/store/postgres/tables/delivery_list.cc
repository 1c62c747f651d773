#include "store/postgres/tables/delivery_list.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "store/delivery_filter.h"
#include "store/postgres/engine/number_of.h"
#include "store/postgres/tables/delivery_reads.h"
#include "store/postgres/tables/event_reads.h"
#include "store/postgres/tables/tenant.h"
#include "store/resource_rules.h"

namespace shakehook::postgres {
namespace {

// A step looks at so many deliveries where a filter lets only some through, or events of a resource or a venue.
constexpr std::size_t kRowsAtOnce = 1'000;
constexpr std::size_t kEventsAtOnce = 64;
constexpr std::size_t kRowsOfWebhooksMax = 20'000;
constexpr std::size_t kRowsOfWebhookMin = 16;
constexpr DeliveryKey kNewest{{std::numeric_limits<std::int64_t>::max() - 1},
                              {std::numeric_limits<std::int64_t>::max()}};

struct RowColumns
    : Columns<Column<"k.position", Position>, Column<"k.webhook", WebhookNumber>, Column<"k.status", DeliveryStatus>,
              Column<"k.created_at", Timestamp>, Column<"e.type", EventType>, Column<"e.venue", std::int64_t>> {};
struct AnyColumns : Columns<Column<"EXISTS (SELECT 1 FROM discard WHERE tenant = $1) AS any_discard", bool>> {};

// Tables that have the deliveries, each read newest first by an index that fits: of the webhooks $6 alone, where the
// query names some. Rows lie below the webhook $2 at the position $3, and not below the position $4.
class Sources {
 public:
  explicit Sources(const DeliveryQuery& query) : of_webhooks_(query.webhooks.has_value()) {}

  void Add(const std::string& columns, const std::string& table, const std::string& condition) {
    const std::string select = "SELECT position, webhook, " + columns + ", created_at FROM " + table +
                               " WHERE tenant = $1 AND position >= $4" + condition;
    sql_ += sql_.empty() ? "(" : " UNION ALL (";
    if (of_webhooks_) {
      sql_ += "SELECT s.* FROM unnest($6::int8[]) AS w (webhook) CROSS JOIN LATERAL (" + select +
              " AND webhook = w.webhook AND position < $3 + (w.webhook < $2)::int4"
              " ORDER BY position DESC LIMIT $5) s)";
    } else {
      sql_ += select + " AND (position, webhook) < ($3, $2) ORDER BY position DESC, webhook DESC LIMIT $5)";
    }
  }
  const std::string& sql() const { return sql_; }

 private:
  const bool of_webhooks_;
  std::string sql_;
};

std::string SourcesOf(const DeliveryQuery& query, Presence discards) {
  Sources sources(query);
  if (query.statuses.Has(DeliveryStatus::kPending) || discards == Presence::kPresent) {
    sources.Add("0 AS status", "pending_delivery", " AND created_at IS NOT NULL");
  }
  if (query.statuses.Has(DeliveryStatus::kDelivered)) {
    sources.Add("status", "ended_delivery", " AND created_at IS NOT NULL");
    return sources.sql();
  }
  // The conditions are those of the indexes of what was not delivered.
  for (const DeliveryStatus status : {DeliveryStatus::kFailed, DeliveryStatus::kCanceled}) {
    if (!query.statuses.Has(status)) continue;
    sources.Add("status", "ended_delivery",
                " AND status = " + NumberOf(status) + " AND status <> " + NumberOf(DeliveryStatus::kDelivered));
  }
  return sources.sql();
}

// The deliveries of the events $2, pending ones and ended.
constexpr std::string_view kOfEvents =
    "FROM (SELECT p.position, p.webhook, 0 AS status, p.created_at FROM unnest($2::int8[]) AS w (position)"
    " CROSS JOIN LATERAL (SELECT position, webhook, created_at FROM pending_delivery WHERE tenant = $1"
    " AND position = w.position AND created_at IS NOT NULL OFFSET 0) p UNION ALL"
    " SELECT d.position, d.webhook, d.status, d.created_at FROM unnest($2::int8[]) AS w (position)"
    " CROSS JOIN LATERAL (SELECT position, webhook, status, created_at FROM ended_delivery WHERE tenant = $1"
    " AND position = w.position OFFSET 0) d) k JOIN event e ON e.tenant = $1 AND e.position = k.position"
    " ORDER BY k.position DESC, k.webhook DESC";

class Step {
 public:
  Step(DeliveryListing listing, DeliveryIds ids, Connection& connection)
      : listing_(std::move(listing)), query_(listing_.query), ids_(ids), connection_(connection) {}

  Async<DeliveryListing> Run() {
    query_.statuses = AskedStatuses(query_);
    const bool is_nowhere = query_.venue && !listing_.venue;
    listing_.complete = is_nowhere || query_.statuses.empty() || listing_.page.size() >= query_.limit;
    if (listing_.complete) co_return std::move(listing_);
    if (!query_.before) query_.before = kNewest;
    if (query_.until) {
      const Position ceiling = co_await CeilingOf(*query_.until, connection_);
      query_.before = std::min(*query_.before, DeliveryKey{ceiling, {}});
    }
    if (query_.since) oldest_ = co_await FloorOf(*query_.since, connection_);
    // Deliveries that were not delivered are found sooner by their status.
    const bool of_venue = listing_.venue && query_.statuses.Has(DeliveryStatus::kDelivered);
    if (query_.resource_id || of_venue) {
      co_await LookAtEvents();
    } else if (!query_.events.empty()) {
      const auto newest = co_await NewestEventOf(query_.events, Below(), connection_);
      listing_.complete = !newest;
      if (newest) query_.before = std::min(*query_.before, DeliveryKey{{newest->value + 1}, {}});
      if (newest) co_await LookAtRows();
    } else {
      co_await LookAtRows();
    }
    co_return std::move(listing_);
  }

 private:
  // Positions that have a delivery before `before` lie below this.
  Position Below() const {
    return {query_.before->position.value + (WebhookNumber() < query_.before->webhook ? 1 : 0)};
  }

  Async<> LookAtRows() {
    Presence discards = Presence::kAbsent;
    if (query_.statuses.Has(DeliveryStatus::kCanceled)) {
      const auto any = co_await connection_.Run(Select<AnyColumns>("FROM generate_series(1, 1)").With(kTenant));
      if (any[0].Get<"any_discard">()) discards = Presence::kPresent;
    }
    const Select<RowColumns> select("FROM (SELECT position, webhook, status, created_at FROM (" +
                                    SourcesOf(query_, discards) +
                                    ") s ORDER BY position DESC, webhook DESC LIMIT $5) k"
                                    " JOIN event e ON e.tenant = $1 AND e.position = k.position"
                                    " ORDER BY k.position DESC, k.webhook DESC");
    const std::size_t limit = RowsToLookAt();
    const auto bound = query_.webhooks ? select.With(kTenant, *query_.before, oldest_, limit, *query_.webhooks)
                                       : select.With(kTenant, *query_.before, oldest_, limit);
    const auto rows = co_await connection_.Run(bound);
    listing_.complete = rows.size() < limit;
    co_await Consider(rows);
  }

  std::size_t RowsToLookAt() const {
    const bool filters = query_.response || query_.since || query_.until || !query_.events.empty() || listing_.venue;
    const std::size_t limit = filters ? kRowsAtOnce : query_.limit - listing_.page.size() + 1;
    if (!query_.webhooks) return limit;
    // Each webhook may have all of them.
    const std::size_t of_each = kRowsOfWebhooksMax / (1 + query_.webhooks->size());
    return std::clamp(of_each, std::min(limit, kRowsOfWebhookMin), limit);
  }

  Async<> LookAtEvents() {
    const EventRange range{.before = Below(), .oldest = oldest_, .limit = kEventsAtOnce};
    const auto events = query_.resource_id ? co_await EventsOfResource(*query_.resource_id, range, connection_)
                                           : co_await EventsOfVenue(*listing_.venue, range, connection_);
    listing_.complete = events.size() < kEventsAtOnce;
    if (events.empty()) co_return;
    const auto rows = co_await connection_.Run(Select<RowColumns>(kOfEvents).With(kTenant, events));
    co_await Consider(rows);
    if (listing_.page.size() < query_.limit) query_.before = DeliveryKey{events.back(), {}};
  }

  bool IsAsked(const Row<RowColumns>& row, const DeliveryKey& key) const {
    if (key >= *query_.before) return false;
    if (query_.webhooks && std::ranges::find(*query_.webhooks, key.webhook) == query_.webhooks->end()) return false;
    if (!query_.events.empty() && !query_.events.Has(row.Get<"type">())) return false;
    if (listing_.venue && row.Get<"venue">() != *listing_.venue) return false;
    const auto created_at = row.Get<"created_at">();
    return (!query_.since || created_at >= *query_.since) && (!query_.until || created_at < *query_.until);
  }

  // Takes those that fit the query into the page. One that is sent again comes twice.
  Async<> Consider(const Rows<RowColumns>& rows) {
    std::vector<DeliveryKey> keys;
    DeliveryKey last = *query_.before;
    for (const auto row : rows) {
      const DeliveryKey key{row.Get<"position">(), row.Get<"webhook">()};
      const bool repeats = !keys.empty() && keys.back() == key;
      if (!repeats && IsAsked(row, key)) keys.push_back(key);
      last = std::min(last, key);
    }
    const auto deliveries = co_await ReadDeliveries(keys, ids_, connection_);
    for (const auto& delivery : deliveries) {
      if (!delivery || !query_.statuses.Has(delivery->status) || !HasAskedResponse(*delivery)) continue;
      listing_.page.push_back(*delivery);
      if (listing_.page.size() < query_.limit) continue;
      listing_.complete = true;
      co_return;
    }
    query_.before = last;
  }

  bool HasAskedResponse(const Delivery& delivery) const {
    if (!query_.response) return true;
    if (!delivery.last_attempt) return false;
    const int code = delivery.last_attempt->status_code.value_or(ResponseFilter::kNone);
    return code >= query_.response->first && code <= query_.response->last;
  }

  DeliveryListing listing_;
  DeliveryQuery& query_;
  const DeliveryIds ids_;
  Connection& connection_;
  Position oldest_;
};

}  // namespace

Async<DeliveryListing> ContinueList(DeliveryListing listing, DeliveryIds ids, Connection& connection) {
  Step step(std::move(listing), ids, connection);
  co_return co_await step.Run();
}

}  // namespace shakehook::postgres
