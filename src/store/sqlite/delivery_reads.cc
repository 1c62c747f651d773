#include "store/sqlite/delivery_reads.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "base/json.h"
#include "store/sqlite/attempt_columns.h"

namespace shakehook::sqlite {
namespace {

constexpr std::size_t kScanMax = 100'000;
constexpr std::size_t kChunk = 256;

// Of pending_delivery, as ReadOwedRow reads them.
#define SHAKEHOOK_OWED                                                                                             \
  "SELECT position, webhook, id, resource, purpose, attempt_trigger, attempts_made, retries_made, created_at, due" \
  " FROM pending_delivery "

// Newest first: by position, then webhook, both descending.
bool IsBefore(const DeliveryKey& left, const DeliveryKey& right) { return left > right; }

}  // namespace

DeliveryReads::DeliveryReads(Connection& connection)
    : events_(connection),
      pending_by_id_(connection, "SELECT position, webhook FROM pending_delivery WHERE id = ?1"),
      ended_by_id_(connection, "SELECT position, webhook FROM ended_delivery WHERE id = ?1"),
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
      fresh_(connection,
             SHAKEHOOK_OWED "WHERE webhook = ?1 AND position > ?2 AND due IS NULL ORDER BY position LIMIT ?3"),
      fresh_strict_(connection, SHAKEHOOK_OWED
                    "WHERE webhook = ?1 AND position > ?2 AND due IS NULL AND NOT EXISTS"
                    " (SELECT 1 FROM pending_delivery AS waiting WHERE waiting.webhook = ?1"
                    " AND waiting.resource = pending_delivery.resource AND waiting.due IS NOT NULL)"
                    " ORDER BY position LIMIT ?3"),
      due_(connection, SHAKEHOOK_OWED "WHERE webhook = ?1 AND due <= ?2 ORDER BY due LIMIT ?3"),
      next_due_(
          connection,
          "SELECT due FROM pending_delivery WHERE webhook = ?1 AND due IS NOT NULL ORDER BY due LIMIT 1 OFFSET ?2"),
      owed_(connection, SHAKEHOOK_OWED "WHERE webhook = ?1 AND position = ?2"),
      next_pending_webhook_(connection,
                            "SELECT webhook FROM pending_delivery WHERE webhook > ?1 ORDER BY webhook LIMIT 1"),
      pending_keys_(connection,
                    "SELECT position FROM pending_delivery WHERE webhook = ?1 AND position <= ?2"
                    " ORDER BY position DESC LIMIT ?3"),
      ended_keys_(connection,
                  "SELECT position, webhook FROM ended_delivery WHERE (position, webhook) < (?1, ?2)"
                  " ORDER BY position DESC, webhook DESC LIMIT ?3"),
      ended_keys_of_webhook_(connection,
                             "SELECT position FROM ended_delivery WHERE webhook = ?1 AND position <= ?2"
                             " ORDER BY position DESC LIMIT ?3"),
      undelivered_keys_(
          connection,
          "SELECT position, webhook FROM ended_delivery WHERE status <> 1 AND (position, webhook) < (?1, ?2)"
          " ORDER BY position DESC, webhook DESC LIMIT ?3"),
      ended_of_event_(connection, "SELECT webhook FROM ended_delivery WHERE position = ?1") {}

// --- One ---

std::optional<DeliveryKey> DeliveryReads::FindKey(DeliveryId id) {
  for (Statement* const statement : {&pending_by_id_, &ended_by_id_}) {
    auto row = statement->With(id);
    if (row.Step()) return DeliveryKey{{row.Integer(0)}, {row.Integer(1)}};
  }
  return std::nullopt;
}

std::optional<Delivery> DeliveryReads::Read(DeliveryKey key) {
  Delivery delivery{.key = key};
  if (auto row = ended_.With(key.position, key.webhook); row.Step()) {
    delivery.id = {row.ReadUuid(0)};
    delivery.webhook_id = {row.ReadUuid(1)};
    delivery.status = row.As<DeliveryStatus>(2);
    delivery.attempt_count = static_cast<int>(row.Integer(3));
    delivery.created_at = row.Time(4);
    if (delivery.status == DeliveryStatus::kDelivered) delivery.delivered_at = row.Time(5);
  } else if (auto owed = pending_.With(key.webhook, key.position); owed.Step()) {
    delivery.id = {owed.ReadUuid(0)};
    delivery.webhook_id = {owed.ReadUuid(1)};
    delivery.attempt_count = static_cast<int>(owed.Integer(2));
    delivery.next_attempt_at = owed.Time(3);
    delivery.created_at = owed.Time(4);
  } else {
    return std::nullopt;
  }
  const SharedEvent event = events_.At(key.position);
  CHECK(event);
  delivery.event_id = event->id;
  delivery.event = event->type;
  delivery.origin = event->origin;
  delivery.resource_id = event->resource_id;
  delivery.venue_id = event->venue_id;
  return delivery;
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

// --- Pages ---

std::vector<WebhookNumber> DeliveryReads::WebhooksWithPending() {
  std::vector<WebhookNumber> webhooks;
  WebhookNumber after;
  for (;;) {
    auto row = next_pending_webhook_.With(after);
    if (!row.Step()) return webhooks;
    after = {row.Integer(0)};
    webhooks.push_back(after);
  }
}

std::vector<DeliveryKey> DeliveryReads::NextKeys(const DeliveryQuery& query, DeliveryKey before, std::size_t limit) {
  if (query.resource_id) return KeysOfResource(query, before, limit);
  std::vector<DeliveryKey> keys;
  const auto add_of_webhook = [&](Statement& statement, WebhookNumber webhook) {
    for (auto row = statement.With(webhook, before.position, limit); row.Step();) {
      const DeliveryKey key{{row.Integer(0)}, webhook};
      if (key < before) keys.push_back(key);
    }
  };
  const bool pending = !query.status || *query.status == DeliveryStatus::kPending;
  const bool ended = !query.status || *query.status != DeliveryStatus::kPending;
  const bool undelivered = query.status == DeliveryStatus::kFailed || query.status == DeliveryStatus::kCanceled;
  if (query.webhooks) {
    for (const WebhookNumber webhook : *query.webhooks) {
      if (pending) add_of_webhook(pending_keys_, webhook);
      if (ended) add_of_webhook(ended_keys_of_webhook_, webhook);
    }
  } else {
    if (pending) {
      for (const WebhookNumber webhook : WebhooksWithPending()) add_of_webhook(pending_keys_, webhook);
    }
    if (ended) {
      Statement& statement = undelivered ? undelivered_keys_ : ended_keys_;
      for (auto row = statement.With(before.position, before.webhook, limit); row.Step();) {
        keys.push_back({{row.Integer(0)}, {row.Integer(1)}});
      }
    }
  }
  std::ranges::sort(keys, IsBefore);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  if (keys.size() > limit) keys.resize(limit);
  return keys;
}

std::vector<DeliveryKey> DeliveryReads::KeysOfResource(const DeliveryQuery& query, DeliveryKey before,
                                                       std::size_t limit) {
  std::vector<DeliveryKey> keys;
  const std::vector<WebhookNumber> with_pending = WebhooksWithPending();
  const Position from{before.position.value == std::numeric_limits<std::int64_t>::max() ? before.position.value
                                                                                        : before.position.value + 1};
  for (const Position position : events_.OfResource(*query.resource_id, from, limit)) {
    for (auto row = ended_of_event_.With(position); row.Step();) keys.push_back({position, {row.Integer(0)}});
    for (const WebhookNumber webhook : with_pending) {
      if (pending_.With(webhook, position).Step()) keys.push_back({position, webhook});
    }
  }
  std::erase_if(keys, [&](const DeliveryKey& key) {
    return key >= before ||
           (query.webhooks && std::ranges::find(*query.webhooks, key.webhook) == query.webhooks->end());
  });
  std::ranges::sort(keys, IsBefore);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

std::vector<Delivery> DeliveryReads::List(const DeliveryQuery& query) {
  constexpr auto kLast = std::numeric_limits<std::int64_t>::max();
  std::vector<Delivery> page;
  DeliveryKey before = query.before.value_or(DeliveryKey{{kLast}, {kLast}});
  for (std::size_t scanned = 0; scanned < kScanMax;) {
    const std::vector<DeliveryKey> keys = NextKeys(query, before, kChunk);
    for (const DeliveryKey& key : keys) {
      ++scanned;
      before = key;
      auto delivery = Read(key);
      if (!delivery) continue;
      if (query.status && delivery->status != *query.status) continue;
      if (query.event && delivery->event != *query.event) continue;
      if (query.since && delivery->created_at < *query.since) continue;
      if (query.until && delivery->created_at >= *query.until) continue;
      page.push_back(*std::move(delivery));
      if (page.size() == query.limit) return page;
    }
    if (keys.empty() || (keys.size() < kChunk && !query.resource_id)) break;
  }
  return page;
}

// --- What is owed ---

OwedDelivery DeliveryReads::ReadOwedRow(const Execution& row) {
  return {.key = {{row.Integer(0)}, {row.Integer(1)}},
          .id = {row.ReadUuid(2)},
          .resource = {row.Integer(3)},
          .event = events_.At({row.Integer(0)}),
          .purpose = row.As<OwedDelivery::Purpose>(4),
          .trigger = row.As<AttemptTrigger>(5),
          .attempts_made = static_cast<int>(row.Integer(6)),
          .retries_made = static_cast<int>(row.Integer(7)),
          .created_at = row.Time(8),
          .due = row.OptionalTime(9)};
}

std::optional<OwedDelivery> DeliveryReads::ReadOwed(DeliveryKey key) {
  auto row = owed_.With(key.webhook, key.position);
  if (!row.Step()) return std::nullopt;
  return ReadOwedRow(row);
}

OwedPage DeliveryReads::ReadFresh(WebhookNumber webhook, Position after, Ordering ordering, std::size_t limit) {
  OwedPage page;
  Statement& statement = ordering == Ordering::kStrict ? fresh_strict_ : fresh_;
  for (auto row = statement.With(webhook, after, limit + 1); row.Step();) {
    if (page.deliveries.size() == limit) {
      page.more = true;
      break;
    }
    page.deliveries.push_back(ReadOwedRow(row));
  }
  return page;
}

OwedPage DeliveryReads::ReadDue(WebhookNumber webhook, Timestamp now, std::size_t limit) {
  OwedPage page;
  for (auto row = due_.With(webhook, now, limit); row.Step();) page.deliveries.push_back(ReadOwedRow(row));
  auto row = next_due_.With(webhook, page.deliveries.size());
  if (row.Step()) page.next_due = row.Time(0);
  page.more = page.next_due && *page.next_due <= now;
  return page;
}

std::vector<OwedWebhook> DeliveryReads::ListOwed() {
  std::vector<OwedWebhook> owed;
  for (const WebhookNumber webhook : WebhooksWithPending()) {
    auto row = next_due_.With(webhook, 0);
    owed.push_back({webhook, row.Step() ? std::optional(row.Time(0)) : std::nullopt});
  }
  return owed;
}

}  // namespace shakehook::sqlite
