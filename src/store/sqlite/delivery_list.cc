#include "store/sqlite/delivery_list.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace shakehook::sqlite {
namespace {

// Of one resource's events, how many a read looks at; each may be owed to every webhook.
constexpr std::size_t kEventsAtOnce = 64;
constexpr DeliveryKey kNewest{{std::numeric_limits<std::int64_t>::max() - 1},
                              {std::numeric_limits<std::int64_t>::max()}};

// A webhook's keys below `before` are those with a position below this.
Position Below(const DeliveryKey& before, WebhookNumber webhook) {
  return {before.position.value + (webhook < before.webhook ? 1 : 0)};
}

}  // namespace

DeliveryList::DeliveryList(Connection& connection, DeliveryReads& deliveries, EventReads& events)
    : deliveries_(deliveries),
      events_(events),
      pending_of_(connection,
                  "SELECT position, webhook, 0, created_at FROM pending_delivery"
                  " WHERE webhook = ?1 AND position < ?2 ORDER BY position DESC LIMIT ?3"),
      ended_(connection,
             "SELECT position, webhook, status, created_at FROM ended_delivery"
             " WHERE (position, webhook) < (?1, ?2) ORDER BY position DESC, webhook DESC LIMIT ?3"),
      ended_of_(connection,
                "SELECT position, webhook, status, created_at FROM ended_delivery INDEXED BY ended_webhook"
                " WHERE webhook = ?1 AND position < ?2 ORDER BY position DESC LIMIT ?3"),
      undelivered_(connection,
                   "SELECT position, webhook, status, created_at FROM ended_delivery INDEXED BY ended_undelivered"
                   " WHERE status = ?4 AND status <> 1 AND (position, webhook) < (?1, ?2)"
                   " ORDER BY position DESC, webhook DESC LIMIT ?3"),
      undelivered_of_(connection,
                      "SELECT position, webhook, status, created_at"
                      " FROM ended_delivery INDEXED BY ended_undelivered_webhook"
                      " WHERE webhook = ?1 AND status = ?4 AND status <> 1 AND position < ?2"
                      " ORDER BY position DESC LIMIT ?3"),
      event_type_(connection, "SELECT type FROM event WHERE position = ?1"),
      ended_of_event_(connection, "SELECT webhook FROM ended_delivery WHERE position = ?1"),
      pending_exists_(connection, "SELECT 1 FROM pending_delivery WHERE webhook = ?1 AND position = ?2") {}

Progress DeliveryList::Continue(DeliveryListing& listing) {
  DeliveryQuery& query = listing.query;
  if (listing.full()) return Progress::kComplete;
  if (!query.before) query.before = kNewest;
  if (query.until) query.before = std::min(*query.before, DeliveryKey{events_.CeilingOf(*query.until), {}});
  const Position oldest = query.since ? events_.FloorOf(*query.since) : Position{};
  if (query.resource_id) return ContinueOfResource(listing, oldest);

  Merged merged(*query.before);
  AddPending(query, merged);
  AddEnded(query, merged);
  for (std::size_t looked_at = 0; looked_at < kScanRowsMax; ++looked_at) {
    const auto row = merged.Next();
    if (!row || row->key.position < oldest) return Progress::kComplete;
    query.before = row->key;
    Consider(*row, listing);
    if (listing.full()) return Progress::kComplete;
  }
  return Progress::kGoesOn;
}

void DeliveryList::AddPending(const DeliveryQuery& query, Merged& merged) {
  if (query.status && *query.status != DeliveryStatus::kPending) return;
  const auto webhooks = query.webhooks ? *query.webhooks : deliveries_.WebhooksWithPending();
  for (const WebhookNumber webhook : webhooks) {
    merged.Add([this, webhook](const DeliveryKey& before, std::size_t limit) {
      return ReadRows(pending_of_.With(webhook, Below(before, webhook), limit));
    });
  }
}

void DeliveryList::AddEnded(const DeliveryQuery& query, Merged& merged) {
  if (query.status == DeliveryStatus::kPending) return;
  const bool undelivered = query.status && *query.status != DeliveryStatus::kDelivered;
  const DeliveryStatus status = query.status.value_or(DeliveryStatus::kPending);
  if (!query.webhooks) {
    merged.Add([this, undelivered, status](const DeliveryKey& before, std::size_t limit) {
      return undelivered ? ReadRows(undelivered_.With(before.position, before.webhook, limit, status))
                         : ReadRows(ended_.With(before.position, before.webhook, limit));
    });
    return;
  }
  for (const WebhookNumber webhook : *query.webhooks) {
    merged.Add([this, undelivered, status, webhook](const DeliveryKey& before, std::size_t limit) {
      const Position below = Below(before, webhook);
      return undelivered ? ReadRows(undelivered_of_.With(webhook, below, limit, status))
                         : ReadRows(ended_of_.With(webhook, below, limit));
    });
  }
}

std::vector<DeliveryList::Row> DeliveryList::ReadRows(Execution execution) {
  std::vector<Row> rows;
  while (execution.Step()) {
    rows.push_back({.key = {{execution.Integer(0)}, {execution.Integer(1)}},
                    .status = execution.As<DeliveryStatus>(2),
                    .created_at = execution.Time(3)});
  }
  return rows;
}

// A resource's events are a chain, and each of them has at most one delivery a webhook.
Progress DeliveryList::ContinueOfResource(DeliveryListing& listing, Position oldest) {
  DeliveryQuery& query = listing.query;
  const auto pending_of = query.webhooks ? *query.webhooks : deliveries_.WebhooksWithPending();
  const auto positions = events_.OfResource(*query.resource_id, Below(*query.before, {}), kEventsAtOnce);
  for (const Position position : positions) {
    if (position < oldest) return Progress::kComplete;
    for (const DeliveryKey& key : KeysOfEvent(position, pending_of)) {
      const bool asked = !query.webhooks || std::ranges::find(*query.webhooks, key.webhook) != query.webhooks->end();
      if (key >= *query.before || !asked) continue;
      query.before = key;
      if (const auto delivery = deliveries_.Read(key)) {
        Consider({.key = key, .status = delivery->status, .created_at = delivery->created_at}, listing);
      }
      if (listing.full()) return Progress::kComplete;
    }
    query.before = DeliveryKey{position, {}};
  }
  return positions.size() < kEventsAtOnce ? Progress::kComplete : Progress::kGoesOn;
}

std::vector<DeliveryKey> DeliveryList::KeysOfEvent(Position position, const std::vector<WebhookNumber>& pending_of) {
  std::vector<DeliveryKey> keys;
  for (auto row = ended_of_event_.With(position); row.Step();) keys.push_back({position, {row.Integer(0)}});
  for (const WebhookNumber webhook : pending_of) {
    if (pending_exists_.With(webhook, position).Step()) keys.push_back({position, webhook});
  }
  std::ranges::sort(keys, std::greater());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

// The cheap conditions first.
void DeliveryList::Consider(const Row& row, DeliveryListing& listing) {
  const DeliveryQuery& query = listing.query;
  if (query.since && row.created_at < *query.since) return;
  if (query.until && row.created_at >= *query.until) return;
  if (query.status && row.status != *query.status) return;
  if (query.event) {
    auto type = event_type_.With(row.key.position);
    if (!type.Step() || type.As<EventType>(0) != *query.event) return;
  }
  auto delivery = deliveries_.Read(row.key);
  // One that was delivered and is sent again also stands among the pending ones.
  if (!delivery || (query.status && delivery->status != *query.status)) return;
  listing.page.push_back(*std::move(delivery));
}

}  // namespace shakehook::sqlite
