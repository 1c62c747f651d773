#include "store/sqlite/tables/delivery_reads.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "base/json.h"
#include "store/sqlite/tables/by_hand.h"
#include "store/sqlite/tables/listing.h"

namespace shakehook::sqlite {

// An empty id is computed from the key (delivery_ids.h).
struct OwedColumns
    : Columns<Column<"position", Position>, Column<"webhook", WebhookNumber>, Column<"id", std::string_view>,
              Column<"resource", ResourceNumber>, Column<"purpose", OwedDelivery::Purpose>,
              Column<"attempt_trigger", AttemptTrigger>, Column<"attempts_made", int>, Column<"retries_made", int>,
              Column<"created_at", Timestamp>, Column<"due", std::optional<Timestamp>>> {};

struct KeyColumns : Columns<Column<"position", Position>, Column<"webhook", WebhookNumber>> {};

struct PendingDeliveryColumns
    : Columns<Column<"pending_delivery.id", std::string_view>, Column<"webhook.id AS webhook_id", WebhookId>,
              Column<"attempts_made", int>,
              Column<"coalesce(due, pending_delivery.created_at) AS next_attempt_at", Timestamp>,
              Column<"pending_delivery.created_at", Timestamp>> {};

struct EndedDeliveryColumns
    : Columns<Column<"ended_delivery.id", std::string_view>, Column<"webhook.id AS webhook_id", WebhookId>,
              Column<"status", DeliveryStatus>, Column<"attempt_count", int>,
              Column<"ended_delivery.created_at", Timestamp>, Column<"ended_at", Timestamp>> {};

struct WebhookVersionColumns : Columns<Column<"url", std::string>, Column<"standard_headers", Switch>,
                                       Column<"header_names", std::string_view>> {};

// The attempt that an ended delivery's row has, `number`, is the last where it is the `attempt_count`th.
struct EndedSummaryColumns : Columns<Column<"started_at", Timestamp>, Column<"duration", Microseconds>,
                                     Column<"status_code", std::optional<int>>, Column<"failure", FailureClass>,
                                     Column<"attempt_count", int>, Column<"number", std::optional<int>>> {};

struct AttemptSummaryColumns : Columns<Column<"started_at", Timestamp>, Column<"duration", Microseconds>,
                                       Column<"status_code", std::optional<int>>, Column<"failure", FailureClass>> {};

struct UntriedDetailColumns : Columns<Column<"webhook.id", WebhookId>, Column<"event.created_at", Timestamp>> {};

DeliveryReads::DeliveryReads(Connection& connection)
    : ids_(connection),
      events_(connection),
      untried_(connection),
      discards_(connection),
      made_at_(connection, "SELECT created_at FROM event WHERE position >= ?1 ORDER BY position LIMIT 1"),
      pending_by_id_(connection, "FROM pending_delivery WHERE id = ?1 AND id <> x''"),
      ended_by_id_(connection, "FROM ended_delivery WHERE id = ?1 AND id <> x''"),
      pending_(connection,
               "FROM pending_delivery JOIN webhook ON webhook.number = webhook"
               " WHERE webhook = ?1 AND position = ?2"),
      ended_(connection,
             "FROM ended_delivery JOIN webhook ON webhook.number = webhook WHERE webhook = ?1 AND position = ?2"),
      attempts_(connection, "FROM attempt WHERE webhook = ?1 AND position = ?2 ORDER BY number"),
      last_attempt_(connection, "FROM ended_delivery WHERE webhook = ?1 AND position = ?2 AND number IS NOT NULL"),
      version_(connection, "FROM webhook_version WHERE webhook = ?1 AND version = ?2"),
      ended_summary_(connection, "FROM ended_delivery WHERE webhook = ?1 AND position = ?2"),
      newest_attempt_(connection, "FROM attempt WHERE webhook = ?1 AND position = ?2 ORDER BY number DESC LIMIT 1"),
      untried_detail_(connection, "FROM event JOIN webhook ON webhook.number = ?1 WHERE position = ?2"),
      untried_rows_(
          connection,
          "FROM pending_delivery INDEXED BY pending_untried WHERE webhook = ?1 AND position > ?2 AND due IS NULL"
          " ORDER BY position"),
      follows_retry_(
          connection,
          "SELECT 1 FROM pending_delivery INDEXED BY pending_resource WHERE webhook = ?1"
          " AND resource = (SELECT resource FROM event WHERE position = ?2) AND due IS NOT NULL AND position > ?3"
          " LIMIT 1"),
      due_(connection,
           "FROM pending_delivery WHERE webhook = ?1 AND due <= ?2 AND position > ?4 ORDER BY due LIMIT ?3"),
      next_due_(connection,
                "SELECT due FROM pending_delivery WHERE webhook = ?1 AND due IS NOT NULL AND position > ?3 ORDER BY due"
                " LIMIT 1 OFFSET ?2"),
      last_due_(connection,
                "SELECT due FROM pending_delivery WHERE webhook = ?1 AND due IS NOT NULL ORDER BY due DESC LIMIT 1"),
      due_by_hand_(
          connection,
          Sql("FROM pending_delivery INDEXED BY pending_by_hand WHERE webhook = ?1 AND due <= ?2 AND position > ?4"
              " AND " SHAKEHOOK_BY_HAND " ORDER BY due LIMIT ?3",
              SHAKEHOOK_BY_HAND_NUMBERS)),
      next_due_by_hand_(
          connection,
          Sql("SELECT due FROM pending_delivery INDEXED BY pending_by_hand WHERE webhook = ?1 AND position > ?3"
              " AND " SHAKEHOOK_BY_HAND " ORDER BY due LIMIT 1 OFFSET ?2",
              SHAKEHOOK_BY_HAND_NUMBERS)),
      owed_(connection, "FROM pending_delivery WHERE webhook = ?1 AND position = ?2") {}

// --- One ---

std::optional<DeliveryKey> DeliveryReads::FindKey(DeliveryId id) {
  if (const auto key = ids_.KeyOf(id)) {
    const auto delivery = Read(*key);
    if (delivery && delivery->id == id) return key;
  }
  for (Select<KeyColumns>* const statement : {&pending_by_id_, &ended_by_id_}) {
    auto row = statement->With(id);
    if (row.Step()) return DeliveryKey{row.Get<"position">(), row.Get<"webhook">()};
  }
  return std::nullopt;
}

std::optional<Delivery> DeliveryReads::Read(DeliveryKey key) {
  Delivery delivery{.key = key};
  if (auto row = ended_.With(key); row.Step()) {
    delivery.webhook_id = row.Get<"webhook_id">();
    delivery.status = row.Get<"status">();
    delivery.attempt_count = row.Get<"attempt_count">();
    delivery.created_at = row.Get<"created_at">();
    delivery.id = ids_.FromStored(row.Get<"id">(), key, delivery.created_at);
    if (delivery.status == DeliveryStatus::kDelivered) delivery.delivered_at = row.Get<"ended_at">();
  } else if (auto unended = ReadUnended(key)) {
    delivery = *std::move(unended);
  } else {
    return std::nullopt;
  }
  if (delivery.attempt_count > 0) delivery.last_attempt = ReadLastAttempt(key);
  const SharedEvent event = events_.At(key.position);
  CHECK(event);
  delivery.event_id = event->id;
  delivery.event = event->type;
  delivery.origin = event->origin;
  delivery.resource_id = event->resource_id;
  delivery.venue_id = event->venue_id;
  return delivery;
}

std::optional<Delivery> DeliveryReads::ReadUnended(DeliveryKey key) {
  Delivery delivery{.key = key};
  if (auto row = pending_.With(key); row.Step()) {
    delivery.webhook_id = row.Get<"webhook_id">();
    delivery.attempt_count = row.Get<"attempts_made">();
    delivery.next_attempt_at = row.Get<"next_attempt_at">();
    delivery.created_at = row.Get<"created_at">();
    delivery.id = ids_.FromStored(row.Get<"id">(), key, delivery.created_at);
  } else if (untried_.Has(key)) {
    auto detail = untried_detail_.With(key);
    CHECK(detail.Step());
    delivery.webhook_id = detail.Get<"id">();
    delivery.created_at = detail.Get<"created_at">();
    delivery.next_attempt_at = delivery.created_at;
    delivery.id = ids_.FromStored({}, key, delivery.created_at);
  } else {
    return std::nullopt;
  }
  if (key.position <= discards_.UntilOf(key.webhook)) {
    delivery.status = DeliveryStatus::kCanceled;
    delivery.next_attempt_at.reset();
  }
  return delivery;
}

std::optional<AttemptSummary> DeliveryReads::ReadLastAttempt(DeliveryKey key) {
  const auto summary = [](const auto& row) {
    return AttemptSummary{.started_at = row.template Get<"started_at">(),
                          .duration = row.template Get<"duration">(),
                          .status_code = row.template Get<"status_code">(),
                          .failure = row.template Get<"failure">()};
  };
  auto ended = ended_summary_.With(key);
  // A delivery that was sent again, or canceled, has its last attempt in the other table.
  const auto number = ended.Step() ? ended.Get<"number">() : std::nullopt;
  if (number && *number == ended.Get<"attempt_count">()) return summary(ended);
  auto newest = newest_attempt_.With(key);
  if (newest.Step()) return summary(newest);
  if (number) return summary(ended);
  return std::nullopt;
}

std::optional<DeliveryDetail> DeliveryReads::ReadDetail(DeliveryId id) {
  const auto key = FindKey(id);
  if (!key) return std::nullopt;
  auto delivery = Read(*key);
  if (!delivery) return std::nullopt;
  DeliveryDetail detail{.delivery = *std::move(delivery), .event = events_.At(key->position)};
  for (auto row = attempts_.With(*key); row.Step();) {
    detail.attempts.push_back(ReadAttempt(row));
  }
  if (auto row = last_attempt_.With(*key); row.Step()) {
    detail.attempts.push_back(ReadAttempt(row));
  }
  std::ranges::sort(detail.attempts, {}, &Attempt::number);
  for (const Attempt& attempt : detail.attempts) {
    detail.versions.push_back(ReadVersion(key->webhook, attempt.webhook_version));
  }
  return detail;
}

SharedWebhook DeliveryReads::ReadVersion(WebhookNumber number, std::int64_t version) {
  auto webhook = std::make_shared<Webhook>();
  webhook->number = number;
  webhook->version = version;
  auto row = version_.With(number, version);
  CHECK(row.Step());
  webhook->url = row.Get<"url">();
  webhook->standard_headers = row.Get<"standard_headers">();
  const auto names = ParseJson(row.Get<"header_names">());
  CHECK(names && names->array());
  for (const Json& name : *names->array()) webhook->headers.emplace_back(*name.text(), "");
  return webhook;
}

// --- Pending deliveries ---

OwedDelivery DeliveryReads::ReadOwedRow(const Rows<OwedColumns>& row) {
  const DeliveryKey key{row.Get<"position">(), row.Get<"webhook">()};
  const Timestamp created_at = row.Get<"created_at">();
  return {.key = key,
          .id = ids_.FromStored(row.Get<"id">(), key, created_at),
          .resource = row.Get<"resource">(),
          .event = events_.At(key.position),
          .purpose = row.Get<"purpose">(),
          .trigger = row.Get<"attempt_trigger">(),
          .attempts_made = row.Get<"attempts_made">(),
          .retries_made = row.Get<"retries_made">(),
          .created_at = created_at,
          .due = row.Get<"due">()};
}

std::optional<OwedDelivery> DeliveryReads::ReadOwed(DeliveryKey key) {
  auto row = owed_.With(key);
  if (!row.Step()) return std::nullopt;
  return ReadOwedRow(row);
}

OwedDelivery DeliveryReads::ReadUntried(DeliveryKey key) {
  auto owed = events_.OwedAt(key.position);
  CHECK(owed);
  return {.key = key,
          .id = ids_.FromStored({}, key, owed->created_at),
          .resource = owed->resource,
          .event = std::move(owed->event),
          .created_at = owed->created_at};
}

bool DeliveryReads::FollowsARetry(DeliveryKey key, Position discarded) {
  return follows_retry_.With(key, discarded).Step();
}

// Out of the list, and out of the rows that have no due time, in the order of the events.
OwedPage DeliveryReads::ReadFresh(WebhookNumber webhook, Position after, Ordering ordering, OwedPageLimit limit) {
  const Position discarded = discards_.UntilOf(webhook);
  after = std::max(after, discarded);
  OwedPage page{.until = after};
  std::size_t bytes = 0;
  std::size_t looked_at = 0;
  std::vector<Position> listed = untried_.After(webhook, after, limit.deliveries + 1);
  std::size_t next = 0;
  auto row = untried_rows_.With(webhook, after);
  bool has_row = row.Step();
  for (;; ++looked_at) {
    if (next == listed.size() && !listed.empty()) {
      listed = untried_.After(webhook, listed.back(), limit.deliveries + 1);
      next = 0;
    }
    const bool has_listed = next < listed.size();
    if (!has_row && !has_listed) return page;
    if (page.deliveries.size() == limit.deliveries || bytes >= limit.payload_bytes || looked_at == kScanRowsMax) {
      page.more = true;
      return page;
    }
    const bool takes_row = has_row && (!has_listed || row.Get<"position">() < listed[next]);
    const DeliveryKey key{takes_row ? row.Get<"position">() : listed[next++], webhook};
    page.until = key.position;
    if (ordering != Ordering::kStrict || !FollowsARetry(key, discarded)) {
      page.deliveries.push_back(takes_row ? ReadOwedRow(row) : ReadUntried(key));
      bytes += page.deliveries.back().event->payload.size();
    }
    if (takes_row) has_row = row.Step();
  }
}

OwedPage DeliveryReads::ReadDue(WebhookNumber webhook, Timestamp now, WhichDue which, OwedPageLimit limit) {
  OwedPage page;
  std::size_t bytes = 0;
  const Position discarded = discards_.UntilOf(webhook);
  Select<OwedColumns>& due = which == WhichDue::kAll ? due_ : due_by_hand_;
  for (auto rows = due.With(webhook, now, limit.deliveries, discarded); bytes < limit.payload_bytes && rows.Step();) {
    page.deliveries.push_back(ReadOwedRow(rows));
    bytes += page.deliveries.back().event->payload.size();
  }
  page.next_due =
      (which == WhichDue::kAll ? next_due_ : next_due_by_hand_).First(webhook, page.deliveries.size(), discarded);
  page.more = page.next_due && *page.next_due <= now;
  return page;
}

std::vector<WebhookNumber> DeliveryReads::WebhooksWithPending() {
  std::vector<WebhookNumber> webhooks;
  for (const OldestPending& each : ListOldestPending({}, std::numeric_limits<std::size_t>::max()))
    webhooks.push_back(each.webhook);
  return webhooks;
}

std::vector<OldestPending> DeliveryReads::ListOldestPending(WebhookNumber after, std::size_t limit) {
  return untried_.ListOldestPending(after, limit);
}

std::vector<OwedSinceWhen> DeliveryReads::ListOwedSince(WebhookNumber after, std::size_t limit) {
  std::vector<OwedSinceWhen> owed;
  for (const OldestPending& each : ListOldestPending(after, limit)) {
    owed.push_back({each.webhook, made_at_.First(each.oldest).value_or(Timestamp())});
  }
  return owed;
}

std::vector<OwedWebhook> DeliveryReads::ListOwed() {
  std::vector<OwedWebhook> owed;
  for (const WebhookNumber webhook : WebhooksWithPending()) {
    owed.push_back({.webhook = webhook,
                    .next_due = next_due_.First(webhook, 0, discards_.UntilOf(webhook)),
                    .last_due = last_due_.First(webhook)});
  }
  return owed;
}

}  // namespace shakehook::sqlite
