#include "store/postgres/tables/counter_rows.h"

#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {

void CountPending(const PendingChanges& changes, int writer, Transaction& transaction) {
  ArrayOf<WebhookNumber> webhooks;
  ArrayOf<std::int64_t> counts;
  for (const auto& [webhook, count] : changes) {
    if (count == 0) continue;
    webhooks.Add(webhook);
    counts.Add(count);
  }
  if (webhooks.size() == 0) return;
  transaction.writes.Add(
      Statement(
          "INSERT INTO webhook_counter AS c (tenant, webhook, writer, pending) SELECT $1, u.webhook, $2, u.pending"
          " FROM unnest($3::int8[], $4::int8[]) AS u (webhook, pending) ON CONFLICT (tenant, webhook, writer)"
          " DO UPDATE SET pending = c.pending + excluded.pending")
          .With(kTenant, writer, webhooks, counts));
}

}  // namespace shakehook::postgres
