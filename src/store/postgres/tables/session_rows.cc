#include "store/postgres/tables/session_rows.h"

#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

struct SessionColumns : Columns<Column<"token_hash", Digest>, Column<"user_id", UserId>, Column<"epoch", std::int64_t>,
                                Column<"created_at", Timestamp>, Column<"last_used_at", Timestamp>,
                                Column<"network", std::string>, Column<"device", std::string>> {};

Session SessionOf(const Row<SessionColumns>& row) {
  return {.token_hash = row.Get<"token_hash">(),
          .user_id = row.Get<"user_id">(),
          .epoch = row.Get<"epoch">(),
          .created_at = row.Get<"created_at">(),
          .last_used_at = row.Get<"last_used_at">(),
          .network = row.Get<"network">(),
          .device = row.Get<"device">()};
}

}  // namespace

Async<std::optional<Session>> FindSession(Digest token_hash, Connection& connection) {
  const auto rows = co_await connection.Run(
      Select<SessionColumns>("FROM session WHERE tenant = $1 AND token_hash = $2").With(kTenant, token_hash));
  if (rows.empty()) co_return std::nullopt;
  co_return SessionOf(rows[0]);
}

Async<std::vector<Session>> ListSessions(UserId user, Connection& connection) {
  const auto rows = co_await connection.Run(
      Select<SessionColumns>("FROM session WHERE tenant = $1 AND user_id = $2 ORDER BY created_at DESC")
          .With(kTenant, user));
  std::vector<Session> sessions;
  for (const auto row : rows) sessions.push_back(SessionOf(row));
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
