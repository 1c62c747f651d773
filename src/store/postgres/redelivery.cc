#include "store/postgres/redelivery.h"

#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "store/postgres/tables/delivery_reads.h"
#include "store/postgres/tables/discard_rows.h"
#include "store/postgres/tables/event_rows.h"
#include "store/postgres/tables/owed_reads.h"
#include "store/postgres/tables/resource_rows.h"

namespace shakehook::postgres {
namespace {

using Purpose = OwedDelivery::Purpose;

constexpr std::string_view kStillCanceling = "the webhook's pending deliveries are being canceled";

// Sends what is to be written, so that it can be read.
Async<> Flush(Transaction& transaction) {
  static_cast<void>(co_await transaction.connection().Run(std::exchange(transaction.writes, Pipeline())));
}

}  // namespace

Refusal NoSuchDelivery() { return {.kind = Refusal::Kind::kMissing, .detail = "no such delivery"}; }
Refusal StillCanceling() { return {.kind = Refusal::Kind::kUnavailable, .detail = std::string(kStillCanceling)}; }
bool IsStillCanceling(const Refusal& refusal) { return refusal == StillCanceling(); }

void OweAgain(const DeliveryKey& key, AttemptTrigger trigger, Timestamp now, DeliveryRow& row,
              PendingChanges& counted) {
  const EndedPart ended = *row.ended;
  const bool again = ended.status == DeliveryStatus::kDelivered;
  const bool test = ended.origin == EventOrigin::kTest;
  const Purpose purpose = again ? Purpose::kAgain : test ? Purpose::kTest : Purpose::kDeliver;
  if (!again) row.ended.reset();
  if (purpose == Purpose::kDeliver) ++counted[key.webhook];
  row.pending = PendingPart{.resource = ended.resource,
                            .created_at = ended.created_at,
                            .due = now,
                            .purpose = purpose,
                            .trigger = trigger,
                            .attempts_made = ended.attempt_count,
                            .retries_made = 0,
                            .id = ended.id};
}

Async<Stored<Delivery>> Redeliver(DeliveryKey key, Timestamp now, ByHandParts parts, Transaction& transaction) {
  const DeliveryIds& ids = parts.config.delivery_ids();
  co_await parts.config.Share(transaction.connection());
  const SharedWebhook webhook = parts.directory.config_cache().FindWebhook(key.webhook);
  if (!webhook) co_return std::unexpected(NoSuchDelivery());
  std::set<WebhookNumber> webhooks = {key.webhook};
  const auto discards = co_await ReadDiscards(std::move(webhooks), transaction.connection());
  if (!discards.empty()) co_return std::unexpected(StillCanceling());
  DeliveryRows rows;
  std::set<DeliveryKey> taken = {key};
  co_await rows.Take(std::move(taken), transaction.connection());
  DeliveryRow* const row = rows.Find(key);
  if (row == nullptr) co_return std::unexpected(NoSuchDelivery());
  PendingChanges counted;
  if (row->pending) {
    row->pending->due = now;
    row->pending->trigger = AttemptTrigger::kManual;
  } else {
    OweAgain(key, AttemptTrigger::kManual, now, *row, counted);
  }
  rows.Write(transaction);
  CountPending(counted, parts.writer, transaction);
  co_await Flush(transaction);
  auto owed = co_await ReadOwed(key, ids, transaction.connection());
  std::vector<DeliveryKey> keys = {key};
  auto deliveries = co_await ReadDeliveries(std::move(keys), ids, transaction.connection());
  CHECK(owed && deliveries[0]);
  transaction.commit.owed.push_back({webhook, *std::move(owed)});
  co_return *std::move(deliveries[0]);
}

// A test's resource is a sample of no venue: it has a row only so that it can be listed, and a venue only if the sample
// names one that exists.
Async<Stored<DeliveryDetail>> OweTest(TestToOwe test, ByHandParts parts, Transaction& transaction) {
  Connection& connection = transaction.connection();
  co_await parts.config.Share(connection);
  const SharedWebhook webhook = parts.directory.config_cache().FindWebhook(test.webhook);
  if (!webhook) {
    co_return std::unexpected(Refusal{.kind = Refusal::Kind::kMissing, .detail = "the webhook does not exist"});
  }
  const ResourceKey key{-test.webhook.value, KindOf(test.event->type), test.event->resource_id};
  NamedResources named;
  named.changed.insert(key);
  ResourceRows resources = co_await LockResources(std::move(named), connection);
  GroupNumbers numbers = co_await DrawNumbers(1, connection);
  const Timestamp now = parts.clock.Now();
  const auto found = resources.find(key);
  ResourceRow& resource = resources[key];
  const bool exists = found != resources.end();
  resource.write = exists ? ResourceRow::Write::kAnnounce : ResourceRow::Write::kInsert;
  if (!exists) resource.number = {numbers.resources.Next()};
  if (!exists) resource.state.version = 1;
  resource.state.last_timestamp = test.event->timestamp;
  const Position position{numbers.positions.Next()};
  const std::vector<EventRow> events = {{.event = test.event,
                                         .position = position,
                                         .venue = parts.directory.VenueNumber(test.event->venue_id).value_or(0),
                                         .resource = resource.number,
                                         .previous = resource.last_event}};
  resource.last_event = position;
  WriteResources(resources, transaction);
  WriteEvents(events, now, transaction);
  DeliveryRows rows;
  rows.Add({position, test.webhook},
           {.resource = resource.number, .created_at = now, .due = now, .purpose = Purpose::kTest, .id = test.id});
  rows.Write(transaction);
  co_await Flush(transaction);
  const DeliveryIds& ids = parts.config.delivery_ids();
  auto owed = co_await ReadOwed({position, test.webhook}, ids, connection);
  auto detail = co_await ReadDetail(test.id, ids, connection);
  CHECK(owed && detail);
  transaction.commit.owed.push_back({webhook, *std::move(owed)});
  co_return *std::move(detail);
}

}  // namespace shakehook::postgres
