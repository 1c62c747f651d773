// A discard cancels all that a webhook is owed, however much that is. Its row cancels everything up to a position at
// once, for everyone who reads; the rows that say so of each delivery follow in steps, so that no commit of others
// waits for them (docs/decisions/0010).
//
// Threads: the store's.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "store/postgres/engine/connection.h"
#include "store/postgres/engine/transaction.h"

namespace shakehook::postgres {

struct Discard {
  Position until;
  Timestamp at;
};
using Discards = std::map<WebhookNumber, Discard>;

// Rows that one step writes.
inline constexpr std::size_t kDiscardStepRows = 1'000;

// The position up to which all that the webhook $2 is owed was discarded, as an expression within a statement of the
// tenant $1.
inline constexpr std::string_view kDiscardedUntil =
    "coalesce((SELECT until FROM discard WHERE tenant = $1 AND webhook = $2), 0)";

Async<Discards> ReadDiscards(std::set<WebhookNumber> webhooks, Connection& connection);

// Cancels all that the webhook is owed now, and writes a first step of the rows. Returns how many deliveries that were.
// Precondition: the transaction holds the gate of the configuration, so that none becomes owed meanwhile.
Async<std::int64_t> CancelPending(WebhookNumber webhook, Timestamp now, int writer, Transaction& transaction);

// Writes one more step of a webhook's discard, where it has one; returns whether anything is left.
Async<bool> StepDiscard(WebhookNumber webhook, Transaction& transaction);

}  // namespace shakehook::postgres
