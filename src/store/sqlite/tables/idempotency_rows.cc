#include "store/sqlite/tables/idempotency_rows.h"

#include "base/check.h"

namespace shakehook::sqlite {

struct IdempotencyColumns
    : Columns<Column<"request", Digest>, Column<"answer", std::string_view>, Column<"created_at", Timestamp>> {};

IdempotencyRows::IdempotencyRows(Connection& connection, const SecretBox& box, Random& random)
    : box_(box),
      random_(random),
      has_(connection, "SELECT 1 FROM kept_answer WHERE key = ?1 AND created_at >= ?2"),
      keep_(connection,
            "INSERT OR REPLACE INTO kept_answer (key, request, answer, created_at) VALUES (?1, ?2, ?3, ?4)") {}

void IdempotencyRows::Keep(const IdempotencyRecord& response) {
  const std::string sealed = box_.Seal(response.response, random_);
  keep_.Run(response.key, response.request, Blob{sealed}, response.created_at);
}

IdempotencyReads::IdempotencyReads(Connection& connection)
    : select_(connection, "FROM kept_answer WHERE key = ?1 AND created_at >= ?2") {}

std::optional<IdempotencyRecord> IdempotencyReads::Find(const SecretBox& box, const Digest& key, Timestamp since) {
  auto row = select_.With(key, since);
  if (!row.Step()) return std::nullopt;
  auto opened = box.Open(row.Get<"answer">());
  CHECK(opened);
  return IdempotencyRecord{.key = key,
                           .request = row.Get<"request">(),
                           .response = *std::move(opened),
                           .created_at = row.Get<"created_at">()};
}

}  // namespace shakehook::sqlite
