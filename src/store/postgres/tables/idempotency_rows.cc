#include "store/postgres/tables/idempotency_rows.h"

#include "base/check.h"
#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

struct TimeColumns : Columns<Column<"w.key", Digest>, Column<"k.created_at", Timestamp>> {};

struct IdempotencyColumns
    : Columns<Column<"request", Digest>, Column<"response", std::string_view>, Column<"created_at", Timestamp>> {};

}  // namespace

Async<std::map<Digest, Timestamp>> IdempotencyRows::FindTimes(std::vector<Digest> keys, Connection& connection) {
  std::map<Digest, Timestamp> times;
  if (keys.empty()) co_return times;
  const auto rows = co_await connection.Run(
      Select<TimeColumns>("FROM unnest($2::bytea[]) AS w (key) CROSS JOIN LATERAL (SELECT created_at"
                          " FROM idempotency_record WHERE tenant = $1 AND key = w.key LIMIT 1) k")
          .With(kTenant, keys));
  for (const auto row : rows) times.emplace(row.Get<"key">(), row.Get<"created_at">());
  co_return times;
}

void IdempotencyRows::Keep(const IdempotencyRecord& record, Transaction& transaction) {
  transaction.writes.Add(Statement("DELETE FROM idempotency_record WHERE tenant = $1 AND key = $2 AND created_at < $3")
                             .With(kTenant, record.key, record.created_at - kIdempotencyRecordsKept));
  Insert(record, transaction);
}

void IdempotencyRows::Replace(const IdempotencyRecord& record, Transaction& transaction) {
  transaction.writes.Add(
      Statement("DELETE FROM idempotency_record WHERE tenant = $1 AND key = $2").With(kTenant, record.key));
  Insert(record, transaction);
}

void IdempotencyRows::Insert(const IdempotencyRecord& record, Transaction& transaction) {
  const std::string sealed = box_.Seal(record.response, random_);
  transaction.writes.Add(Statement("INSERT INTO idempotency_record (tenant, key, request, response, created_at)"
                                   " VALUES ($1, $2, $3, $4, $5)")
                             .With(kTenant, record.key, record.request, Blob{sealed}, record.created_at));
}

Async<std::optional<IdempotencyRecord>> IdempotencyRows::Find(Digest key, Timestamp since,
                                                              Connection& connection) const {
  const auto rows = co_await connection.Run(
      Select<IdempotencyColumns>("FROM idempotency_record WHERE tenant = $1 AND key = $2").With(kTenant, key));
  if (rows.empty() || rows[0].Get<"created_at">() < since) co_return std::nullopt;
  auto opened = box_.Open(rows[0].Get<"response">());
  CHECK(opened);
  co_return IdempotencyRecord{.key = key,
                              .request = rows[0].Get<"request">(),
                              .response = *std::move(opened),
                              .created_at = rows[0].Get<"created_at">()};
}

}  // namespace shakehook::postgres
