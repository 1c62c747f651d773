#include "store/postgres/tables/event_rows.h"

#include <utility>

#include "base/check.h"
#include "store/postgres/tables/counter_rows.h"
#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

struct PositionColumns : Columns<Column<"nextval('event_position') AS first", std::int64_t>> {};
struct ResourceColumns : Columns<Column<"nextval('resource_number') AS first", std::int64_t>> {};

}  // namespace

std::int64_t NumberBlocks::Next() {
  if (used_ == kBlock) {
    ++block_;
    used_ = 0;
  }
  CHECK(block_ < firsts_.size());
  return firsts_[block_] + used_++;
}

Async<GroupNumbers> DrawNumbers(std::size_t count, Connection& connection) {
  const auto blocks = (static_cast<std::int64_t>(count) + NumberBlocks::kBlock - 1) / NumberBlocks::kBlock;
  Pipeline pipeline;
  const auto positions = pipeline.Add(Select<PositionColumns>("FROM generate_series(1, $1)").With(blocks));
  const auto resources = pipeline.Add(Select<ResourceColumns>("FROM generate_series(1, $1)").With(blocks));
  Results results = co_await connection.Run(std::move(pipeline));
  GroupNumbers numbers;
  const auto drawn_positions = results.Take(positions);
  const auto drawn_resources = results.Take(resources);
  for (const auto row : drawn_positions) numbers.positions.Add(row.Get<"first">());
  for (const auto row : drawn_resources) numbers.resources.Add(row.Get<"first">());
  co_return numbers;
}

void WriteEvents(const std::vector<EventRow>& events, Timestamp now, Transaction& transaction) {
  if (events.empty()) return;
  ArrayOf<Position> positions;
  ArrayOf<EventId> ids;
  ArrayOf<EventType> types;
  ArrayOf<EventOrigin> origins;
  ArrayOf<Timestamp> timestamps;
  ArrayOf<std::int64_t> venues;
  ArrayOf<std::optional<VenuesGroupId>> groups;
  ArrayOf<ResourceNumber> resources;
  ArrayOf<std::optional<Position>> previous;
  ArrayOf<std::string> payloads;
  for (const EventRow& row : events) {
    positions.Add(row.position);
    ids.Add(row.event->id);
    types.Add(row.event->type);
    origins.Add(row.event->origin);
    timestamps.Add(row.event->timestamp);
    venues.Add(row.venue);
    groups.Add(row.event->venues_group_id);
    resources.Add(row.resource);
    previous.Add(row.previous);
    payloads.Add(row.event->payload);
  }
  transaction.writes.Add(
      Statement("INSERT INTO event (tenant, position, id, type, origin, timestamp, created_at, venue, venues_group,"
                " resource, previous, payload) SELECT $1, u.position, u.id, u.type, u.origin, u.timestamp, $2, u.venue,"
                " u.venues_group, u.resource, u.previous, u.payload FROM unnest($3::int8[], $4::uuid[], $5::int8[],"
                " $6::int8[], $7::int8[], $8::int8[], $9::text[], $10::int8[], $11::int8[], $12::text[])"
                " AS u (position, id, type, origin, timestamp, venue, venues_group, resource, previous, payload)")
          .With(kTenant, now, positions, ids, types, origins, timestamps, venues, groups, resources, previous,
                payloads));
}

void WritePending(const std::vector<PendingRow>& pending, Timestamp now, int writer, Transaction& transaction) {
  if (pending.empty()) return;
  ArrayOf<WebhookNumber> webhooks;
  ArrayOf<Position> positions;
  ArrayOf<ResourceNumber> resources;
  ArrayOf<std::optional<DeliveryId>> ids;
  PendingChanges more;
  for (const PendingRow& row : pending) {
    webhooks.Add(row.webhook);
    positions.Add(row.position);
    resources.Add(row.resource);
    ids.Add(row.id);
    ++more[row.webhook];
  }
  transaction.writes.Add(
      Statement("INSERT INTO pending_delivery (tenant, webhook, position, resource, created_at, purpose,"
                " attempt_trigger, attempts_made, retries_made, id) SELECT $1, u.webhook, u.position, u.resource, $2,"
                " $3, $4, 0, 0, u.id FROM unnest($5::int8[], $6::int8[], $7::int8[], $8::uuid[])"
                " AS u (webhook, position, resource, id)")
          .With(kTenant, now, OwedDelivery::Purpose::kDeliver, AttemptTrigger::kAutomatic, webhooks, positions,
                resources, ids));
  CountPending(more, writer, transaction);
}

}  // namespace shakehook::postgres
