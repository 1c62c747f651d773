#include "store/sqlite/tables/delivery_list.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "store/delivery_filter.h"

namespace shakehook::sqlite {
namespace {

// The number of one resource's or venue's events that a read looks at; each may have a delivery to every webhook.
constexpr std::size_t kEventsAtOnce = 64;
constexpr std::size_t kVenueEventsMin = 8;
constexpr std::size_t kVenueEventsMax = 512;
constexpr DeliveryKey kNewest{{std::numeric_limits<std::int64_t>::max() - 1},
                              {std::numeric_limits<std::int64_t>::max()}};

// A webhook's keys below `before` are those with a position below this.
Position Below(const DeliveryKey& before, WebhookNumber webhook) {
  return {before.position.value + (webhook < before.webhook ? 1 : 0)};
}

}  // namespace

struct ListedPendingColumns
    : Columns<Column<"position", Position>, Column<"webhook", WebhookNumber>, Column<"created_at", Timestamp>> {};

struct ListedEndedColumns : Columns<Column<"position", Position>, Column<"webhook", WebhookNumber>,
                                    Column<"status", DeliveryStatus>, Column<"created_at", Timestamp>> {};

struct EventKindColumns : Columns<Column<"type", EventType>, Column<"venue", std::int64_t>> {};

DeliveryList::DeliveryList(Connection& connection, DeliveryReads& deliveries, EventReads& events)
    : deliveries_(deliveries),
      events_(events),
      pending_of_(connection,
                  "FROM pending_delivery"
                  " WHERE webhook = ?1 AND position < ?2 ORDER BY position DESC LIMIT ?3"),
      ended_(connection,
             "FROM ended_delivery"
             " WHERE (position, webhook) < (?2, ?1) ORDER BY position DESC, webhook DESC LIMIT ?3"),
      ended_of_(connection,
                "FROM ended_delivery INDEXED BY ended_webhook"
                " WHERE webhook = ?1 AND position < ?2 ORDER BY position DESC LIMIT ?3"),
      undelivered_(connection, Sql("FROM ended_delivery INDEXED BY ended_undelivered"
                                   " WHERE status = ?4 AND status <> {} AND (position, webhook) < (?2, ?1)"
                                   " ORDER BY position DESC, webhook DESC LIMIT ?3",
                                   DeliveryStatus::kDelivered)),
      undelivered_of_(connection, Sql("FROM ended_delivery INDEXED BY ended_undelivered_webhook"
                                      " WHERE webhook = ?1 AND status = ?4 AND status <> {} AND position < ?2"
                                      " ORDER BY position DESC LIMIT ?3",
                                      DeliveryStatus::kDelivered)),
      event_(connection, "FROM event WHERE position = ?1"),
      ended_of_event_(connection, "SELECT webhook FROM ended_delivery WHERE position = ?1"),
      pending_exists_(connection, "SELECT 1 FROM pending_delivery WHERE webhook = ?1 AND position = ?2"),
      venue_number_(connection, "SELECT number FROM venue WHERE id = ?1 AND deleted = 0"),
      events_of_venue_(connection,
                       "SELECT position FROM event INDEXED BY event_venue WHERE venue = ?1 AND position < ?2"
                       " ORDER BY position DESC LIMIT ?3") {}

Progress DeliveryList::Continue(DeliveryListing& listing) {
  if (listing.full()) return Progress::kComplete;
  const auto bounds = Narrow(listing.query);
  if (!bounds) return Progress::kComplete;
  if (listing.query.resource_id) return ContinueOfResource(listing, *bounds);
  // Deliveries that were not delivered are found sooner by their status.
  const bool by_venue = bounds->venue && listing.query.statuses.Has(DeliveryStatus::kDelivered);
  return by_venue ? ContinueOfVenue(listing, *bounds) : ContinueMerged(listing, *bounds);
}

std::optional<DeliveryList::Bounds> DeliveryList::Narrow(DeliveryQuery& query) {
  Bounds bounds;
  query.statuses = AskedStatuses(query);
  if (query.statuses.empty()) return std::nullopt;
  if (query.venue) {
    bounds.venue = venue_number_.First(*query.venue);
    if (!bounds.venue) return std::nullopt;
  }
  if (!query.before) query.before = kNewest;
  if (query.until) query.before = std::min(*query.before, DeliveryKey{events_.CeilingOf(*query.until), {}});
  if (query.since) bounds.oldest = events_.FloorOf(*query.since);
  // A resource has few events, all of which are looked at.
  if (!query.events.empty() && !query.resource_id) {
    const auto newest = events_.NewestOf(query.events, Below(*query.before, {}));
    if (!newest) return std::nullopt;
    query.before = std::min(*query.before, DeliveryKey{{newest->value + 1}, {}});
  }
  return bounds;
}

Progress DeliveryList::ContinueOfResource(DeliveryListing& listing, const Bounds& bounds) {
  const DeliveryQuery& query = listing.query;
  const auto events = events_.OfResource(*query.resource_id, Below(*query.before, {}), kEventsAtOnce);
  return ContinueOfEvents(listing, bounds, events, events.size() == kEventsAtOnce);
}

Progress DeliveryList::ContinueOfVenue(DeliveryListing& listing, const Bounds& bounds) {
  const DeliveryQuery& query = listing.query;
  const std::size_t pending_of = WebhooksWithPending(query).size();
  const std::size_t limit = std::clamp(kScanRowsMax / (1 + pending_of), kVenueEventsMin, kVenueEventsMax);
  std::vector<Position> events;
  for (auto row = events_of_venue_.With(*bounds.venue, Below(*query.before, {}), limit); row.Step();) {
    events.push_back(row.Value());
  }
  return ContinueOfEvents(listing, bounds, events, events.size() == limit);
}

Progress DeliveryList::ContinueMerged(DeliveryListing& listing, const Bounds& bounds) {
  DeliveryQuery& query = listing.query;
  Merged merged(*query.before);
  AddPending(query, merged);
  AddEnded(query, merged);
  std::size_t of_others = 0;
  for (std::size_t looked_at = 0; looked_at < kScanRowsMax; ++looked_at) {
    const auto row = merged.Next();
    if (!row || row->key.position < bounds.oldest) return Progress::kComplete;
    query.before = row->key;
    if (!query.events.empty() && !IsOfAskedEvent(row->key.position, query, bounds)) {
      if (++of_others == kOtherTypesMax) return Progress::kGoesOn;
      continue;
    }
    Consider(*row, bounds, listing);
    if (listing.full()) return Progress::kComplete;
  }
  return Progress::kGoesOn;
}

std::vector<WebhookNumber> DeliveryList::WebhooksWithPending(const DeliveryQuery& query) {
  return query.webhooks ? *query.webhooks : deliveries_.WebhooksWithPending();
}

void DeliveryList::AddPending(const DeliveryQuery& query, Merged& merged) {
  // These may still contain deliveries that a discard has canceled.
  const bool discarded = query.statuses.Has(DeliveryStatus::kCanceled) && deliveries_.AnyDiscard();
  if (!query.statuses.Has(DeliveryStatus::kPending) && !discarded) return;
  for (const WebhookNumber webhook : WebhooksWithPending(query)) {
    merged.Add([this, webhook](const DeliveryKey& before, std::size_t limit) {
      return ReadRows(pending_of_.With(webhook, Below(before, webhook), limit));
    });
    merged.Add([this, webhook](const DeliveryKey& before, std::size_t limit) {
      std::vector<Row> rows;
      for (const Position position : deliveries_.UntriedBefore(webhook, Below(before, webhook), limit)) {
        rows.push_back({.key = {position, webhook}});
      }
      return rows;
    });
  }
}

void DeliveryList::AddEnded(const DeliveryQuery& query, Merged& merged) {
  // For all webhooks, or for one, newest first.
  const auto add = [&](Select<ListedEndedColumns>& all, Select<ListedEndedColumns>& of_one, auto... status) {
    if (!query.webhooks) {
      merged.Add([&all, status...](const DeliveryKey& before, std::size_t limit) {
        return ReadRows(all.With(before, limit, status...));
      });
      return;
    }
    for (const WebhookNumber webhook : *query.webhooks) {
      merged.Add([&of_one, webhook, status...](const DeliveryKey& before, std::size_t limit) {
        return ReadRows(of_one.With(webhook, Below(before, webhook), limit, status...));
      });
    }
  };
  if (query.statuses.Has(DeliveryStatus::kDelivered)) {
    add(ended_, ended_of_);
    return;
  }
  for (const DeliveryStatus status : {DeliveryStatus::kFailed, DeliveryStatus::kCanceled}) {
    if (query.statuses.Has(status)) add(undelivered_, undelivered_of_, status);
  }
}

std::vector<DeliveryList::Row> DeliveryList::ReadRows(Rows<ListedPendingColumns> pending) {
  std::vector<Row> rows;
  while (pending.Step()) {
    rows.push_back(
        {.key = {pending.Get<"position">(), pending.Get<"webhook">()}, .created_at = pending.Get<"created_at">()});
  }
  return rows;
}

std::vector<DeliveryList::Row> DeliveryList::ReadRows(Rows<ListedEndedColumns> ended) {
  std::vector<Row> rows;
  while (ended.Step()) {
    rows.push_back({.key = {ended.Get<"position">(), ended.Get<"webhook">()},
                    .status = ended.Get<"status">(),
                    .created_at = ended.Get<"created_at">()});
  }
  return rows;
}

// Each event has at most one delivery a webhook.
Progress DeliveryList::ContinueOfEvents(DeliveryListing& listing, const Bounds& bounds,
                                        const std::vector<Position>& events, bool more) {
  DeliveryQuery& query = listing.query;
  const auto pending_of = WebhooksWithPending(query);
  for (const Position position : events) {
    if (position < bounds.oldest) return Progress::kComplete;
    for (const DeliveryKey& key : KeysOfEvent(position, pending_of)) {
      const bool asked = !query.webhooks || std::ranges::find(*query.webhooks, key.webhook) != query.webhooks->end();
      if (key >= *query.before || !asked) continue;
      query.before = key;
      Consider({.key = key}, bounds, listing);
      if (listing.full()) return Progress::kComplete;
    }
    query.before = DeliveryKey{position, {}};
  }
  return more ? Progress::kGoesOn : Progress::kComplete;
}

std::vector<DeliveryKey> DeliveryList::KeysOfEvent(Position position, const std::vector<WebhookNumber>& pending_of) {
  std::vector<DeliveryKey> keys;
  for (auto row = ended_of_event_.With(position); row.Step();) keys.push_back({position, row.Value()});
  for (const WebhookNumber webhook : pending_of) {
    const DeliveryKey key{position, webhook};
    if (pending_exists_.With(webhook, position).Step() || deliveries_.IsUntried(key)) keys.push_back(key);
  }
  std::ranges::sort(keys, std::greater());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

// The cheap conditions come first. If the row does not tell status or time, the delivery itself does.
void DeliveryList::Consider(const Row& row, const Bounds& bounds, DeliveryListing& listing) {
  const DeliveryQuery& query = listing.query;
  const auto is_within = [&](Timestamp time) {
    return (!query.since || time >= *query.since) && (!query.until || time < *query.until);
  };
  if (row.created_at && !is_within(*row.created_at)) return;
  if (row.status && !query.statuses.Has(*row.status)) return;
  if (!IsOfAskedEvent(row.key.position, query, bounds)) return;
  if (query.response && !HasAskedResponse(row.key, *query.response)) return;
  auto delivery = deliveries_.Read(row.key);
  // A delivered one that is sent again is also among the pending ones.
  if (!delivery || !query.statuses.Has(delivery->status) || !is_within(delivery->created_at)) return;
  listing.page.push_back(*std::move(delivery));
}

bool DeliveryList::IsOfAskedEvent(Position position, const DeliveryQuery& query, const Bounds& bounds) {
  if (query.events.empty() && !query.venue) return true;
  auto event = event_.With(position);
  return event.Step() && (query.events.empty() || query.events.Has(event.Get<"type">())) &&
         (!query.venue || event.Get<"venue">() == *bounds.venue);
}

bool DeliveryList::HasAskedResponse(const DeliveryKey& key, const ResponseFilter& response) {
  const auto last = deliveries_.ReadLastAttempt(key);
  return last && last->status_code.value_or(ResponseFilter::kNone) >= response.first &&
         last->status_code.value_or(ResponseFilter::kNone) <= response.last;
}

}  // namespace shakehook::sqlite
