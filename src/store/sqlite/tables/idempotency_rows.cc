#include "store/sqlite/tables/idempotency_rows.h"

#include <algorithm>

#include "base/check.h"

namespace shakehook::sqlite {

IdempotencyRows::IdempotencyRows(Connection& connection, const SecretBox& box, Random& random)
    : box_(box),
      random_(random),
      keep_(connection,
            "INSERT OR REPLACE INTO kept_answer (key, request, answer, created_at) VALUES (?1, ?2, ?3, ?4)") {}

void IdempotencyRows::Keep(const IdempotencyRecord& response) {
  const std::string sealed = box_.Seal(response.response, random_);
  keep_.Run(response.key, response.request, Blob{sealed}, response.created_at);
}

IdempotencyReads::IdempotencyReads(Connection& connection)
    : select_(connection, "SELECT request, answer, created_at FROM kept_answer WHERE key = ?1 AND created_at >= ?2") {}

std::optional<IdempotencyRecord> IdempotencyReads::Find(const SecretBox& box, const Digest& key, Timestamp since) {
  auto row = select_.With(key, since);
  if (!row.Step()) return std::nullopt;
  IdempotencyRecord response{.key = key, .request = {}, .response = {}, .created_at = row.Time(2)};
  std::ranges::copy(row.Text(0), response.request.begin());
  auto opened = box.Open(row.Text(1));
  CHECK(opened);
  response.response = *std::move(opened);
  return response;
}

}  // namespace shakehook::sqlite
