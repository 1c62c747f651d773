// The health of webhooks, beside the count of what is pending (counter_rows.h).
//
// Threads: the store's.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "model/webhook.h"
#include "store/postgres/engine/connection.h"
#include "store/postgres/engine/transaction.h"

namespace shakehook::postgres {

using HealthOfWebhooks = std::map<WebhookNumber, WebhookHealth>;

// Reads it to be changed, without what is pending. Who has none is absent.
Async<HealthOfWebhooks> HoldHealth(std::set<WebhookNumber> webhooks, Connection& connection);
// Writes that of these webhooks, without what is pending.
void WriteHealth(const HealthOfWebhooks& health, const std::set<WebhookNumber>& changed, Transaction& transaction);
// In the order of the webhooks, with what is pending.
Async<std::vector<WebhookHealth>> ReadHealth(std::vector<WebhookNumber> webhooks, Connection& connection);
// Forgets a webhook that is deleted, with its counters.
void DeleteHealth(WebhookNumber webhook, Transaction& transaction);

}  // namespace shakehook::postgres
