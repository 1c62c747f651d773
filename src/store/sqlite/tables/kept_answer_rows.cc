#include "store/sqlite/tables/kept_answer_rows.h"

#include <algorithm>

#include "base/check.h"

namespace shakehook::sqlite {

KeptAnswerRows::KeptAnswerRows(Connection& connection, const SecretBox& box, Random& random)
    : box_(box), random_(random), keep_(connection, "INSERT OR REPLACE INTO kept_answer VALUES (?1, ?2, ?3, ?4)") {}

void KeptAnswerRows::Keep(const KeptAnswer& answer) {
  const std::string sealed = box_.Seal(answer.answer, random_);
  keep_.Run(answer.key, answer.request, Blob{sealed}, answer.created_at);
}

KeptAnswerReads::KeptAnswerReads(Connection& connection)
    : select_(connection, "SELECT request, answer, created_at FROM kept_answer WHERE key = ?1 AND created_at >= ?2") {}

std::optional<KeptAnswer> KeptAnswerReads::Find(const SecretBox& box, const Digest& key, Timestamp since) {
  auto row = select_.With(key, since);
  if (!row.Step()) return std::nullopt;
  KeptAnswer answer{.key = key, .request = {}, .answer = {}, .created_at = row.Time(2)};
  std::ranges::copy(row.Text(0), answer.request.begin());
  auto opened = box.Open(row.Text(1));
  CHECK(opened);
  answer.answer = *std::move(opened);
  return answer;
}

}  // namespace shakehook::sqlite
