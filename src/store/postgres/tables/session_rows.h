// The rows of sessions: where users are signed in. Beginning one is a change of its user (config_rows.h).
//
// Threads: the store's.
#pragma once

#include <optional>
#include <vector>

#include "model/session.h"
#include "store/postgres/engine/connection.h"
#include "store/postgres/engine/transaction.h"

namespace shakehook::postgres {

Async<std::optional<Session>> FindSession(Digest token_hash, Connection& connection);
// Returns them from the newest to the oldest, those too that are over.
Async<std::vector<Session>> ListSessions(UserId user, Connection& connection);
void UseSession(Digest token_hash, Timestamp now, Transaction& transaction);
// Returns false if there is none.
Async<bool> EndSession(Digest token_hash, Transaction& transaction);

}  // namespace shakehook::postgres
