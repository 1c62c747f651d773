#include "store/postgres/tables/session_rows.h"

#include "store/postgres/tables/tenant.h"
#include "store/session_columns.h"

namespace shakehook::postgres {
namespace {

struct SessionColumns : ColumnsOfSession<"user_id"> {};

}  // namespace

Async<std::optional<Session>> FindSession(Digest token_hash, Connection& connection) {
  const auto rows = co_await connection.Run(
      Select<SessionColumns>("FROM session WHERE tenant = $1 AND token_hash = $2").With(kTenant, token_hash));
  if (rows.empty()) co_return std::nullopt;
  co_return ReadSession(rows[0]);
}

Async<std::vector<Session>> ListSessions(UserId user, Connection& connection) {
  const auto rows = co_await connection.Run(
      Select<SessionColumns>("FROM session WHERE tenant = $1 AND user_id = $2 ORDER BY created_at DESC")
          .With(kTenant, user));
  std::vector<Session> sessions;
  for (const auto row : rows) sessions.push_back(ReadSession(row));
  co_return sessions;
}

void UseSession(Digest token_hash, Timestamp now, Transaction& transaction) {
  transaction.writes.Add(
      Statement("UPDATE session SET last_used_at = greatest(last_used_at, $3) WHERE tenant = $1 AND token_hash = $2")
          .With(kTenant, token_hash, now));
}

Async<bool> EndSession(Digest token_hash, Transaction& transaction) {
  const auto ended = co_await transaction.connection().Run(
      Statement("DELETE FROM session WHERE tenant = $1 AND token_hash = $2").With(kTenant, token_hash));
  co_return ended > 0;
}

}  // namespace shakehook::postgres
