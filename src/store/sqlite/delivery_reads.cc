#include "store/sqlite/delivery_reads.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "base/json.h"
#include "store/sqlite/attempt_columns.h"

namespace shakehook::sqlite {
namespace {

// Of pending_delivery, as ReadOwedRow reads them.
#define SHAKEHOOK_OWED                                                                                             \
  "SELECT position, webhook, id, resource, purpose, attempt_trigger, attempts_made, retries_made, created_at, due" \
  " FROM pending_delivery "

// As the index pending_by_hand has it, word for word.
#define SHAKEHOOK_BY_HAND "(attempt_trigger = 1 OR purpose = 1)"

}  // namespace

DeliveryReads::DeliveryReads(Connection& connection)
    : ids_(connection),
      events_(connection),
      pending_by_id_(connection, "SELECT position, webhook FROM pending_delivery WHERE id = ?1 AND id <> x''"),
      ended_by_id_(connection, "SELECT position, webhook FROM ended_delivery WHERE id = ?1 AND id <> x''"),
      pending_(connection,
               "SELECT pending_delivery.id, webhook.id, attempts_made, coalesce(due, pending_delivery.created_at),"
               " pending_delivery.created_at FROM pending_delivery JOIN webhook ON webhook.number = webhook"
               " WHERE webhook = ?1 AND position = ?2"),
      ended_(connection,
             "SELECT ended_delivery.id, webhook.id, status, attempt_count, ended_delivery.created_at, ended_at"
             " FROM ended_delivery JOIN webhook ON webhook.number = webhook WHERE position = ?1 AND webhook = ?2"),
      attempts_(connection, "SELECT " SHAKEHOOK_ATTEMPT_COLUMNS
                            " FROM attempt WHERE position = ?1 AND webhook = ?2 ORDER BY number"),
      last_attempt_(connection, "SELECT " SHAKEHOOK_ATTEMPT_COLUMNS
                                " FROM ended_delivery WHERE position = ?1 AND webhook = ?2 AND number IS NOT NULL"),
      version_(connection,
               "SELECT url, standard_headers, header_names FROM webhook_version WHERE webhook = ?1 AND version = ?2"),
      ended_summary_(connection,
                     "SELECT started_at, duration, status_code, failure, attempt_count, number FROM ended_delivery"
                     " WHERE position = ?1 AND webhook = ?2"),
      newest_attempt_(connection,
                      "SELECT started_at, duration, status_code, failure FROM attempt"
                      " WHERE position = ?1 AND webhook = ?2 ORDER BY number DESC LIMIT 1"),
      fresh_(connection,
             SHAKEHOOK_OWED "WHERE webhook = ?1 AND position > ?2 AND due IS NULL ORDER BY position LIMIT ?3"),
      fresh_strict_(connection, SHAKEHOOK_OWED
                    "WHERE webhook = ?1 AND position > ?2 AND due IS NULL AND NOT EXISTS"
                    " (SELECT 1 FROM pending_delivery AS waiting INDEXED BY pending_resource WHERE waiting.webhook = ?1"
                    " AND waiting.resource = pending_delivery.resource AND waiting.due IS NOT NULL)"
                    " ORDER BY position LIMIT ?3"),
      due_(connection, SHAKEHOOK_OWED "WHERE webhook = ?1 AND due <= ?2 ORDER BY due LIMIT ?3"),
      next_due_(
          connection,
          "SELECT due FROM pending_delivery WHERE webhook = ?1 AND due IS NOT NULL ORDER BY due LIMIT 1 OFFSET ?2"),
      last_due_(connection,
                "SELECT due FROM pending_delivery WHERE webhook = ?1 AND due IS NOT NULL ORDER BY due DESC LIMIT 1"),
      due_by_hand_(connection,
                   SHAKEHOOK_OWED "INDEXED BY pending_by_hand WHERE webhook = ?1 AND due <= ?2 AND " SHAKEHOOK_BY_HAND
                                  " ORDER BY due LIMIT ?3"),
      next_due_by_hand_(
          connection,
          "SELECT due FROM pending_delivery INDEXED BY pending_by_hand WHERE webhook = ?1 AND " SHAKEHOOK_BY_HAND
          " ORDER BY due LIMIT 1 OFFSET ?2"),
      owed_(connection, SHAKEHOOK_OWED "WHERE webhook = ?1 AND position = ?2"),
      next_debt_(connection,
                 "SELECT webhook, position FROM pending_delivery WHERE webhook > ?1"
                 " ORDER BY webhook, position LIMIT 1") {}

// --- One ---

std::optional<DeliveryKey> DeliveryReads::FindKey(DeliveryId id) {
  if (const auto key = ids_.KeyOf(id)) {
    const auto delivery = Read(*key);
    if (delivery && delivery->id == id) return key;
  }
  for (Statement* const statement : {&pending_by_id_, &ended_by_id_}) {
    auto row = statement->With(id);
    if (row.Step()) return DeliveryKey{{row.Integer(0)}, {row.Integer(1)}};
  }
  return std::nullopt;
}

std::optional<Delivery> DeliveryReads::Read(DeliveryKey key) {
  Delivery delivery{.key = key};
  if (auto row = ended_.With(key.position, key.webhook); row.Step()) {
    delivery.webhook_id = {row.ReadUuid(1)};
    delivery.status = row.As<DeliveryStatus>(2);
    delivery.attempt_count = static_cast<int>(row.Integer(3));
    delivery.created_at = row.Time(4);
    delivery.id = ids_.FromStored(row.Text(0), key, delivery.created_at);
    if (delivery.status == DeliveryStatus::kDelivered) delivery.delivered_at = row.Time(5);
  } else if (auto owed = pending_.With(key.webhook, key.position); owed.Step()) {
    delivery.webhook_id = {owed.ReadUuid(1)};
    delivery.attempt_count = static_cast<int>(owed.Integer(2));
    delivery.next_attempt_at = owed.Time(3);
    delivery.created_at = owed.Time(4);
    delivery.id = ids_.FromStored(owed.Text(0), key, delivery.created_at);
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

std::optional<AttemptSummary> DeliveryReads::ReadLastAttempt(DeliveryKey key) {
  const auto summary = [](const Execution& row) {
    AttemptSummary attempt{
        .started_at = row.Time(0), .duration = Microseconds(row.Integer(1)), .failure = row.As<FailureClass>(3)};
    if (const auto status = row.OptionalInteger(2)) attempt.status_code = static_cast<int>(*status);
    return attempt;
  };
  auto ended = ended_summary_.With(key.position, key.webhook);
  // One that was sent again, or canceled, has its last attempt in the other table.
  const bool has_ended = ended.Step();
  if (has_ended && !ended.IsNull(5) && ended.Integer(4) == ended.Integer(5)) return summary(ended);
  auto newest = newest_attempt_.With(key.position, key.webhook);
  if (newest.Step()) return summary(newest);
  if (has_ended && !ended.IsNull(5)) return summary(ended);
  return std::nullopt;
}

std::optional<DeliveryDetail> DeliveryReads::ReadDetail(DeliveryId id) {
  const auto key = FindKey(id);
  if (!key) return std::nullopt;
  auto delivery = Read(*key);
  if (!delivery) return std::nullopt;
  DeliveryDetail detail{.delivery = *std::move(delivery), .event = events_.At(key->position)};
  for (auto row = attempts_.With(key->position, key->webhook); row.Step();) {
    detail.attempts.push_back(ReadAttempt(row, 0));
  }
  if (auto row = last_attempt_.With(key->position, key->webhook); row.Step()) {
    detail.attempts.push_back(ReadAttempt(row, 0));
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
  webhook->url = row.Text(0);
  webhook->standard_headers = row.As<Switch>(1);
  const auto names = ParseJson(row.Text(2));
  CHECK(names && names->array());
  for (const Json& name : *names->array()) webhook->headers.emplace_back(*name.text(), "");
  return webhook;
}

// --- What is owed ---

OwedDelivery DeliveryReads::ReadOwedRow(const Execution& row) {
  const DeliveryKey key{{row.Integer(0)}, {row.Integer(1)}};
  const Timestamp created_at = row.Time(8);
  return {.key = key,
          .id = ids_.FromStored(row.Text(2), key, created_at),
          .resource = {row.Integer(3)},
          .event = events_.At({row.Integer(0)}),
          .purpose = row.As<OwedDelivery::Purpose>(4),
          .trigger = row.As<AttemptTrigger>(5),
          .attempts_made = static_cast<int>(row.Integer(6)),
          .retries_made = static_cast<int>(row.Integer(7)),
          .created_at = created_at,
          .due = row.OptionalTime(9)};
}

std::optional<OwedDelivery> DeliveryReads::ReadOwed(DeliveryKey key) {
  auto row = owed_.With(key.webhook, key.position);
  if (!row.Step()) return std::nullopt;
  return ReadOwedRow(row);
}

OwedPage DeliveryReads::ReadFresh(WebhookNumber webhook, Position after, Ordering ordering, OwedPageLimit limit) {
  OwedPage page;
  std::size_t bytes = 0;
  Statement& statement = ordering == Ordering::kStrict ? fresh_strict_ : fresh_;
  for (auto row = statement.With(webhook, after, limit.deliveries + 1); row.Step();) {
    if (page.deliveries.size() == limit.deliveries || bytes >= limit.payload_bytes) {
      page.more = true;
      break;
    }
    page.deliveries.push_back(ReadOwedRow(row));
    bytes += page.deliveries.back().event->payload.size();
  }
  return page;
}

OwedPage DeliveryReads::ReadDue(WebhookNumber webhook, Timestamp now, WhichDue which, OwedPageLimit limit) {
  OwedPage page;
  std::size_t bytes = 0;
  Statement& due = which == WhichDue::kAll ? due_ : due_by_hand_;
  for (auto rows = due.With(webhook, now, limit.deliveries); bytes < limit.payload_bytes && rows.Step();) {
    page.deliveries.push_back(ReadOwedRow(rows));
    bytes += page.deliveries.back().event->payload.size();
  }
  auto row = (which == WhichDue::kAll ? next_due_ : next_due_by_hand_).With(webhook, page.deliveries.size());
  if (row.Step()) page.next_due = row.Time(0);
  page.more = page.next_due && *page.next_due <= now;
  return page;
}

std::vector<WebhookNumber> DeliveryReads::WebhooksWithPending() {
  std::vector<WebhookNumber> webhooks;
  for (const Debt& debt : ListDebts({}, std::numeric_limits<std::size_t>::max())) webhooks.push_back(debt.webhook);
  return webhooks;
}

std::vector<Debt> DeliveryReads::ListDebts(WebhookNumber after, std::size_t limit) {
  std::vector<Debt> debts;
  while (debts.size() < limit) {
    auto row = next_debt_.With(after);
    if (!row.Step()) break;
    after = {row.Integer(0)};
    debts.push_back({.webhook = after, .oldest = {row.Integer(1)}});
  }
  return debts;
}

std::vector<OwedWebhook> DeliveryReads::ListOwed() {
  std::vector<OwedWebhook> owed;
  for (const WebhookNumber webhook : WebhooksWithPending()) {
    OwedWebhook entry{.webhook = webhook};
    if (auto row = next_due_.With(webhook, 0); row.Step()) entry.next_due = row.Time(0);
    if (auto row = last_due_.With(webhook); row.Step()) entry.last_due = row.Time(0);
    owed.push_back(entry);
  }
  return owed;
}

}  // namespace shakehook::sqlite
