#include "store/postgres/tables/delivery_reads.h"

#include <memory>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/json.h"
#include "store/attempt_columns.h"
#include "store/postgres/tables/event_columns.h"
#include "store/postgres/tables/event_reads.h"
#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

// Rows are looked up one by one, by their keys, whatever a plan was made of. `p` is the pending row, `d` the ended one,
// `a` the newest attempt.
struct DeliveryColumns
    : Columns<Column<"w.place", std::int64_t>, Column<"e.id AS event_id", EventId>, Column<"e.type", EventType>,
              Column<"e.origin", EventOrigin>, Column<"v.id AS venue_id", std::optional<VenueId>>,
              Column<"CASE WHEN v.id IS NULL THEN e.payload END AS payload", std::optional<std::string_view>>,
              Column<"r.id AS resource_id", ResourceId>, Column<"h.id AS webhook_id", WebhookId>,
              Column<"p.id AS pending_id", std::optional<DeliveryId>>,
              Column<"p.created_at AS owed_since", std::optional<Timestamp>>,
              Column<"p.attempts_made", std::optional<int>>, Column<"p.due", std::optional<Timestamp>>,
              Column<"coalesce(c.until >= p.position, false) AS is_discarded", bool>,
              Column<"d.id AS ended_id", std::optional<DeliveryId>>,
              Column<"d.created_at AS made_at", std::optional<Timestamp>>,
              Column<"d.status", std::optional<DeliveryStatus>>, Column<"d.attempt_count", std::optional<int>>,
              Column<"d.ended_at", std::optional<Timestamp>>, Column<"a.started_at", std::optional<Timestamp>>,
              Column<"a.duration", std::optional<Microseconds>>, Column<"a.status_code", std::optional<int>>,
              Column<"a.failure", std::optional<FailureClass>>> {};

struct KeyColumns : Columns<Column<"k.webhook", WebhookNumber>, Column<"k.position", Position>> {};
struct VersionColumns : Columns<Column<"w.place", std::int64_t>, Column<"h.url", std::string>,
                                Column<"h.standard_headers", Switch>, Column<"h.header_names", std::string_view>> {};

constexpr std::string_view kFromKeys =
    "FROM unnest($2::int8[], $3::int8[]) WITH ORDINALITY AS w (webhook, position, place)"
    " CROSS JOIN LATERAL (SELECT id, type, origin, venue, resource, payload FROM event WHERE tenant = $1 AND position "
    "= w.position LIMIT 1) e"
    " CROSS JOIN LATERAL (SELECT id FROM webhook WHERE tenant = $1 AND number = w.webhook LIMIT 1) h"
    " CROSS JOIN LATERAL (SELECT id FROM resource WHERE tenant = $1 AND number = e.resource LIMIT 1) r"
    " LEFT JOIN LATERAL (SELECT id FROM venue WHERE tenant = $1 AND number = e.venue LIMIT 1) v ON true"
    " LEFT JOIN LATERAL (SELECT position, id, created_at, attempts_made, due FROM pending_delivery WHERE tenant = $1 "
    "AND webhook = w.webhook"
    " AND position = w.position LIMIT 1) p ON true"
    " LEFT JOIN LATERAL (SELECT id, created_at, status, attempt_count, ended_at, number, started_at, duration, "
    "status_code, failure FROM ended_delivery WHERE tenant = $1 AND position = w.position"
    " AND webhook = w.webhook LIMIT 1) d ON true"
    " LEFT JOIN LATERAL (SELECT until FROM discard WHERE tenant = $1 AND webhook = w.webhook LIMIT 1) c ON true"
    " LEFT JOIN LATERAL (SELECT started_at, duration, status_code, failure FROM ((SELECT number, started_at, duration, "
    "status_code, failure FROM attempt"
    " WHERE tenant = $1 AND position = w.position AND webhook = w.webhook ORDER BY number DESC LIMIT 1) UNION ALL"
    " SELECT d.number, d.started_at, d.duration, d.status_code, d.failure WHERE d.number IS NOT NULL) n"
    " ORDER BY number DESC LIMIT 1) a ON true";

DeliveryId IdOf(std::optional<DeliveryId> stored, DeliveryKey key, Timestamp created_at, const DeliveryIds& ids) {
  if (!stored) stored = ids.Compute(key, created_at);
  CHECK(stored);
  return *stored;
}

std::optional<Delivery> DeliveryOf(const Row<DeliveryColumns>& row, DeliveryKey key, const DeliveryIds& ids) {
  Delivery delivery{.key = key};
  if (const auto made_at = row.Get<"made_at">()) {
    delivery.created_at = *made_at;
    delivery.id = IdOf(row.Get<"ended_id">(), key, *made_at, ids);
    delivery.status = row.Get<"status">().value();
    delivery.attempt_count = row.Get<"attempt_count">().value();
    if (delivery.status == DeliveryStatus::kDelivered) delivery.delivered_at = row.Get<"ended_at">();
  } else if (const auto owed_since = row.Get<"owed_since">()) {
    delivery.created_at = *owed_since;
    delivery.id = IdOf(row.Get<"pending_id">(), key, *owed_since, ids);
    delivery.attempt_count = row.Get<"attempts_made">().value();
    if (row.Get<"is_discarded">()) {
      delivery.status = DeliveryStatus::kCanceled;
    } else {
      delivery.next_attempt_at = row.Get<"due">().value_or(*owed_since);
    }
  } else {
    return std::nullopt;
  }
  if (const auto started_at = row.Get<"started_at">(); started_at && delivery.attempt_count > 0) {
    delivery.last_attempt = AttemptSummary{.started_at = *started_at,
                                           .duration = row.Get<"duration">().value(),
                                           .status_code = row.Get<"status_code">(),
                                           .failure = row.Get<"failure">().value()};
  }
  delivery.webhook_id = row.Get<"webhook_id">();
  delivery.event_id = row.Get<"event_id">();
  delivery.event = row.Get<"type">();
  delivery.origin = row.Get<"origin">();
  delivery.resource_id = row.Get<"resource_id">();
  auto venue = row.Get<"venue_id">();
  delivery.venue_id = venue ? *std::move(venue) : VenueNamedIn(row.Get<"payload">().value_or(""));
  return delivery;
}

// The webhook as each of the attempts used it.
Async<std::vector<SharedWebhook>> ReadVersions(WebhookNumber number, std::vector<std::int64_t> versions,
                                               Connection& connection) {
  const auto rows = co_await connection.Run(
      Select<VersionColumns>("FROM unnest($3::int8[]) WITH ORDINALITY AS w (version, place) JOIN webhook_version h"
                             " ON h.tenant = $1 AND h.webhook = $2 AND h.version = w.version")
          .With(kTenant, number, versions));
  std::vector<SharedWebhook> webhooks(versions.size());
  for (const auto row : rows) {
    const auto place = static_cast<std::size_t>(row.Get<"place">() - 1);
    auto webhook = std::make_shared<Webhook>();
    webhook->number = number;
    webhook->version = versions[place];
    webhook->url = row.Get<"url">();
    webhook->standard_headers = row.Get<"standard_headers">();
    const auto names = ParseJson(row.Get<"header_names">());
    CHECK(names && names->array());
    for (const Json& name : *names->array()) webhook->headers.emplace_back(*name.text(), "");
    webhooks[place] = std::move(webhook);
  }
  co_return webhooks;
}

Async<std::vector<Attempt>> ReadAttempts(DeliveryKey key, Connection& connection) {
  const std::string columns = AttemptColumns::Text();
  const std::string of_delivery = " WHERE tenant = $1 AND webhook = $2 AND position = $3";
  const auto rows =
      co_await connection.Run(Select<AttemptColumns>("FROM (SELECT " + columns + " FROM attempt" + of_delivery +
                                                     " UNION ALL SELECT " + columns + " FROM ended_delivery" +
                                                     of_delivery + " AND number IS NOT NULL) a ORDER BY number")
                                  .With(kTenant, key));
  std::vector<Attempt> attempts;
  for (const auto row : rows) attempts.push_back(ReadAttempt(row));
  co_return attempts;
}

}  // namespace

Async<std::vector<std::optional<Delivery>>> ReadDeliveries(std::vector<DeliveryKey> keys, DeliveryIds ids,
                                                           Connection& connection) {
  std::vector<std::optional<Delivery>> deliveries(keys.size());
  if (keys.empty()) co_return deliveries;
  ArrayOf<WebhookNumber> webhooks;
  ArrayOf<Position> positions;
  for (const DeliveryKey& key : keys) {
    webhooks.Add(key.webhook);
    positions.Add(key.position);
  }
  const auto rows = co_await connection.Run(Select<DeliveryColumns>(kFromKeys).With(kTenant, webhooks, positions));
  for (const auto row : rows) {
    const auto place = static_cast<std::size_t>(row.Get<"place">() - 1);
    deliveries[place] = DeliveryOf(row, keys[place], ids);
  }
  co_return deliveries;
}

Async<std::optional<DeliveryKey>> FindDeliveryKey(DeliveryId id, DeliveryIds ids, Connection& connection) {
  if (const auto key = ids.KeyOf(id)) {
    std::vector<DeliveryKey> keys = {*key};
    const auto found = co_await ReadDeliveries(std::move(keys), ids, connection);
    if (found[0] && found[0]->id == id) co_return key;
  }
  const auto rows = co_await connection.Run(
      Select<KeyColumns>("FROM (SELECT webhook, position FROM pending_delivery WHERE tenant = $1 AND id = $2 UNION ALL"
                         " SELECT webhook, position FROM ended_delivery WHERE tenant = $1 AND id = $2) k LIMIT 1")
          .With(kTenant, id));
  if (rows.empty()) co_return std::nullopt;
  co_return DeliveryKey{rows[0].Get<"position">(), rows[0].Get<"webhook">()};
}

Async<std::optional<DeliveryDetail>> ReadDetail(DeliveryId id, DeliveryIds ids, Connection& connection) {
  const auto key = co_await FindDeliveryKey(id, ids, connection);
  if (!key) co_return std::nullopt;
  std::vector<DeliveryKey> keys = {*key};
  auto found = co_await ReadDeliveries(std::move(keys), ids, connection);
  if (!found[0]) co_return std::nullopt;
  DeliveryDetail detail{.delivery = *std::move(found[0]),
                        .event = co_await EventAt(key->position, connection),
                        .attempts = co_await ReadAttempts(*key, connection),
                        .versions = {}};
  if (!detail.event) co_return std::nullopt;  // it was purged meanwhile
  std::vector<std::int64_t> versions;
  for (const Attempt& attempt : detail.attempts) versions.push_back(attempt.webhook_version);
  detail.versions = co_await ReadVersions(key->webhook, std::move(versions), connection);
  co_return detail;
}

}  // namespace shakehook::postgres
