#include "store/postgres/tables/idempotency_rows.h"

#include "base/check.h"
#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

struct IdempotencyColumns
    : Columns<Column<"request", Digest>, Column<"response", std::string_view>, Column<"created_at", Timestamp>> {};

}  // namespace

void IdempotencyRows::Keep(const IdempotencyRecord& record, Transaction& transaction) {
  const std::string sealed = box_.Seal(record.response, random_);
  transaction.writes.Add(
      Statement("INSERT INTO idempotency_record (tenant, key, request, response, created_at)"
                " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, key) DO UPDATE SET request = excluded.request,"
                " response = excluded.response, created_at = excluded.created_at")
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
