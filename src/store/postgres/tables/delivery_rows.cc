#include "store/postgres/tables/delivery_rows.h"

#include <string>

#include "store/attempt_columns.h"
#include "store/postgres/tables/attempt_arrays.h"
#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

using Purpose = OwedDelivery::Purpose;

// A delivery that another transaction moves from one table to the other may be seen in neither.
constexpr int kLooksMax = 3;

struct PendingColumns
    : Columns<Column<"d.webhook", WebhookNumber>, Column<"d.position", Position>, Column<"d.resource", ResourceNumber>,
              Column<"d.created_at", Timestamp>, Column<"d.due", std::optional<Timestamp>>,
              Column<"d.purpose", Purpose>, Column<"d.attempt_trigger", AttemptTrigger>, Column<"d.attempts_made", int>,
              Column<"d.retries_made", int>, Column<"d.id", std::optional<DeliveryId>>> {};

struct EndedColumns
    : Columns<Column<"w.webhook", WebhookNumber>, Column<"w.position", Position>, Column<"d.status", DeliveryStatus>,
              Column<"d.attempt_count", int>, Column<"d.created_at", Timestamp>, Column<"d.ended_at", Timestamp>,
              Column<"d.id", std::optional<DeliveryId>>, Column<"e.resource", ResourceNumber>,
              Column<"e.origin", EventOrigin>> {};

// Statements look rows up one by one, by their keys, and change them by their places: a plan that was made while a
// table was nearly empty would go through all of it.
std::string EndedRowOf(std::string_view columns) {
  return "(SELECT " + std::string(columns) +
         " FROM ended_delivery WHERE tenant = $1 AND position = w.position AND webhook = w.webhook LIMIT 1)";
}

// The keys of deliveries, column by column.
struct KeyArrays {
  KeyArrays() = default;
  explicit KeyArrays(const std::vector<DeliveryKey>& keys) {
    for (const DeliveryKey& key : keys) Add(key);
  }
  void Add(const DeliveryKey& key) {
    webhooks.Add(key.webhook);
    positions.Add(key.position);
  }
  std::size_t size() const { return webhooks.size(); }

  ArrayOf<WebhookNumber> webhooks;
  ArrayOf<Position> positions;
};

}  // namespace

Async<> DeliveryRows::Take(std::set<DeliveryKey> keys, Connection& connection) {
  Keys left(keys.begin(), keys.end());
  for (int looks = 0; looks < kLooksMax && !left.empty(); ++looks) {
    co_await TakePending(left, connection);
    // Nearly all are pending; what is sent again has ended, too.
    std::erase_if(left, [this](const DeliveryKey& key) {
      const DeliveryRow* const row = Find(key);
      return row != nullptr && row->pending->purpose != Purpose::kAgain;
    });
    if (!left.empty()) co_await HoldEnded(left, connection);
    std::erase_if(left, [this](const DeliveryKey& key) { return Find(key) != nullptr; });
  }
}

Async<> DeliveryRows::TakePending(const Keys& keys, Connection& connection) {
  const KeyArrays arrays(keys);
  const auto rows = co_await connection.Run(
      Returning<PendingColumns>("DELETE FROM pending_delivery d USING (SELECT p.ctid AS place"
                                " FROM unnest($2::int8[], $3::int8[]) AS w (webhook, position) CROSS JOIN LATERAL"
                                " (SELECT ctid FROM pending_delivery WHERE tenant = $1 AND webhook = w.webhook"
                                " AND position = w.position FOR UPDATE) p) u WHERE d.ctid = u.place")
          .With(kTenant, arrays.webhooks, arrays.positions));
  for (const auto row : rows) {
    rows_[{row.Get<"position">(), row.Get<"webhook">()}].pending =
        PendingPart{.resource = row.Get<"resource">(),
                    .created_at = row.Get<"created_at">(),
                    .due = row.Get<"due">(),
                    .purpose = row.Get<"purpose">(),
                    .trigger = row.Get<"attempt_trigger">(),
                    .attempts_made = row.Get<"attempts_made">(),
                    .retries_made = row.Get<"retries_made">(),
                    .id = row.Get<"id">()};
  }
}

Async<> DeliveryRows::HoldEnded(const Keys& keys, Connection& connection) {
  const KeyArrays arrays(keys);
  const auto rows = co_await connection.Run(
      Select<EndedColumns>("FROM unnest($2::int8[], $3::int8[]) AS w (webhook, position) CROSS JOIN LATERAL"
                           " (SELECT status, attempt_count, created_at, ended_at, id FROM ended_delivery"
                           " WHERE tenant = $1 AND position = w.position AND webhook = w.webhook FOR UPDATE) d"
                           " CROSS JOIN LATERAL (SELECT resource, origin FROM event WHERE tenant = $1"
                           " AND position = w.position LIMIT 1) e")
          .With(kTenant, arrays.webhooks, arrays.positions));
  for (const auto row : rows) {
    DeliveryRow& held = rows_[{row.Get<"position">(), row.Get<"webhook">()}];
    held.has_ended_row = true;
    held.ended = EndedPart{.status = row.Get<"status">(),
                           .attempt_count = row.Get<"attempt_count">(),
                           .created_at = row.Get<"created_at">(),
                           .ended_at = row.Get<"ended_at">(),
                           .id = row.Get<"id">(),
                           .resource = row.Get<"resource">(),
                           .origin = row.Get<"origin">()};
  }
}

void DeliveryRows::Settle(const Discards& discards) {
  if (discards.empty()) return;
  for (auto& [key, row] : rows_) {
    const auto discard = discards.find(key.webhook);
    if (!row.pending || discard == discards.end() || key.position > discard->second.until) continue;
    if (row.pending->purpose != Purpose::kAgain) {
      row.ended =
          EndedPart{.status = DeliveryStatus::kCanceled,
                    .attempt_count = row.pending->attempts_made,
                    .created_at = row.pending->created_at,
                    .ended_at = discard->second.at,
                    .id = row.pending->id,
                    .resource = row.pending->resource,
                    .origin = row.pending->purpose == Purpose::kTest ? EventOrigin::kTest : EventOrigin::kChange};
    }
    row.pending.reset();
  }
}

DeliveryRow* DeliveryRows::Find(const DeliveryKey& key) {
  const auto found = rows_.find(key);
  return found == rows_.end() ? nullptr : &found->second;
}

void DeliveryRows::Write(Transaction& transaction) const {
  WritePending(transaction);
  WriteEnded(transaction);
  ChangeEnded(transaction);
  UnendSome(transaction);
  WriteAttempts(transaction);
}

void DeliveryRows::WritePending(Transaction& transaction) const {
  KeyArrays keys;
  ArrayOf<ResourceNumber> resources;
  ArrayOf<Timestamp> created_at;
  ArrayOf<std::optional<Timestamp>> due;
  ArrayOf<Purpose> purposes;
  ArrayOf<AttemptTrigger> triggers;
  ArrayOf<int> attempts_made, retries_made;
  ArrayOf<std::optional<DeliveryId>> ids;
  for (const auto& [key, row] : rows_) {
    if (!row.pending) continue;
    keys.Add(key);
    resources.Add(row.pending->resource);
    created_at.Add(row.pending->created_at);
    due.Add(row.pending->due);
    purposes.Add(row.pending->purpose);
    triggers.Add(row.pending->trigger);
    attempts_made.Add(row.pending->attempts_made);
    retries_made.Add(row.pending->retries_made);
    ids.Add(row.pending->id);
  }
  if (keys.size() == 0) return;
  transaction.writes.Add(
      Statement("INSERT INTO pending_delivery (tenant, webhook, position, resource, created_at, due, purpose,"
                " attempt_trigger, attempts_made, retries_made, id) SELECT $1, u.* FROM unnest($2::int8[], $3::int8[],"
                " $4::int8[], $5::int8[], $6::int8[], $7::int8[], $8::int8[], $9::int8[], $10::int8[], $11::uuid[]) u")
          .With(kTenant, keys.webhooks, keys.positions, resources, created_at, due, purposes, triggers, attempts_made,
                retries_made, ids));
}

void DeliveryRows::WriteEnded(Transaction& transaction) const {
  KeyArrays keys;
  ArrayOf<DeliveryStatus> statuses;
  ArrayOf<int> attempt_counts;
  ArrayOf<Timestamp> created_at, ended_at;
  ArrayOf<std::optional<DeliveryId>> ids;
  AttemptArrays attempts;
  for (const auto& [key, row] : rows_) {
    if (!row.ended || row.has_ended_row) continue;
    keys.Add(key);
    statuses.Add(row.ended->status);
    attempt_counts.Add(row.ended->attempt_count);
    created_at.Add(row.ended->created_at);
    ended_at.Add(row.ended->ended_at);
    ids.Add(row.ended->id);
    attempts.Add(row.last);
  }
  if (keys.size() == 0) return;
  Parameters parameters(kTenant, keys.webhooks, keys.positions, statuses, attempt_counts, created_at, ended_at, ids);
  attempts.BindTo(parameters);
  static const std::string kSql =
      "INSERT INTO ended_delivery (tenant, webhook, position, status, attempt_count, created_at, ended_at, id, " +
      AttemptColumns::Text() +
      ") SELECT $1, u.* FROM unnest($2::int8[], $3::int8[], $4::int8[], $5::int8[], $6::int8[], $7::int8[],"
      " $8::uuid[], " +
      AttemptArrays::Arguments(9) + ") u";
  transaction.writes.Add({kSql, std::move(parameters)});
}

void DeliveryRows::ChangeEnded(Transaction& transaction) const {
  KeyArrays keys;
  ArrayOf<DeliveryStatus> statuses;
  ArrayOf<int> attempt_counts;
  ArrayOf<Timestamp> ended_at;
  for (const auto& [key, row] : rows_) {
    if (!row.ended || !row.has_ended_row || !row.changes_ended) continue;
    keys.Add(key);
    statuses.Add(row.ended->status);
    attempt_counts.Add(row.ended->attempt_count);
    ended_at.Add(row.ended->ended_at);
  }
  if (keys.size() == 0) return;
  transaction.writes.Add(
      Statement(
          "UPDATE ended_delivery d SET status = u.status, attempt_count = u.attempt_count, ended_at = u.ended_at"
          " FROM (SELECT e.ctid AS place, w.* FROM unnest($2::int8[], $3::int8[], $4::int8[], $5::int8[], $6::int8[])"
          " AS w (webhook, position, status, attempt_count, ended_at) CROSS JOIN LATERAL " +
          EndedRowOf("ctid") + " e) u WHERE d.ctid = u.place")
          .With(kTenant, keys.webhooks, keys.positions, statuses, attempt_counts, ended_at));
}

// Deliveries that had ended and are owed again: the attempt in the row moves to the others.
void DeliveryRows::UnendSome(Transaction& transaction) const {
  KeyArrays keys;
  for (const auto& [key, row] : rows_) {
    if (!row.ended && row.has_ended_row) keys.Add(key);
  }
  if (keys.size() == 0) return;
  static const std::string kFoldOut =
      "INSERT INTO attempt (tenant, webhook, position, " + AttemptColumns::Text() +
      ") SELECT d.tenant, d.webhook, d.position, " + AttemptColumns::Text() +
      " FROM unnest($2::int8[], $3::int8[]) AS w (webhook, position) CROSS JOIN LATERAL " + EndedRowOf("*") +
      " d WHERE d.number IS NOT NULL ON CONFLICT DO NOTHING";
  transaction.writes.Add(Statement(kFoldOut).With(kTenant, keys.webhooks, keys.positions));
  transaction.writes.Add(
      Statement("DELETE FROM ended_delivery d USING (SELECT e.ctid AS place FROM unnest($2::int8[], $3::int8[])"
                " AS w (webhook, position) CROSS JOIN LATERAL " +
                EndedRowOf("ctid") + " e) u WHERE d.ctid = u.place")
          .With(kTenant, keys.webhooks, keys.positions));
}

void DeliveryRows::WriteAttempts(Transaction& transaction) const {
  if (attempts_.empty()) return;
  KeyArrays keys;
  AttemptArrays attempts;
  for (const auto& [key, attempt] : attempts_) {
    keys.Add(key);
    attempts.Add(attempt);
  }
  Parameters parameters(kTenant, keys.webhooks, keys.positions);
  attempts.BindTo(parameters);
  static const std::string kSql = "INSERT INTO attempt (tenant, webhook, position, " + AttemptColumns::Text() +
                                  ") SELECT $1, u.* FROM unnest($2::int8[], $3::int8[], " +
                                  AttemptArrays::Arguments(4) + ") u ON CONFLICT DO NOTHING";
  transaction.writes.Add({kSql, std::move(parameters)});
}

}  // namespace shakehook::postgres
