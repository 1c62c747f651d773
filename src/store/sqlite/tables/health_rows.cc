#include "store/sqlite/tables/health_rows.h"

#include <string>

#include "store/sqlite/tables/position_list.h"

namespace shakehook::sqlite {

HealthRows::HealthRows(Connection& connection)
    : select_(connection, kFromHealth),
      select_owed_(connection, "SELECT owed FROM webhook_health WHERE webhook = ?1"),
      upsert_(connection,
              "INSERT OR REPLACE INTO webhook_health (webhook, consecutive_failures, failing_since, last_delivered_at,"
              " last_failed_at, pending, owed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
      delete_(connection, "DELETE FROM webhook_health WHERE webhook = ?1") {}

WebhookHealth ReadHealth(Select<HealthColumns>& select, WebhookNumber webhook) {
  auto row = select.With(webhook);
  if (!row.Step()) return {};
  return {.consecutive_failures = row.Get<"consecutive_failures">(),
          .failing_since = row.Get<"failing_since">(),
          .last_delivered_at = row.Get<"last_delivered_at">(),
          .last_failed_at = row.Get<"last_failed_at">(),
          .pending = row.Get<"pending">()};
}

std::vector<WebhookHealth> ReadHealthOf(Select<HealthColumns>& select, const std::vector<WebhookNumber>& webhooks) {
  std::vector<WebhookHealth> health;
  for (const WebhookNumber webhook : webhooks) health.push_back(ReadHealth(select, webhook));
  return health;
}

HealthRows::Entry& HealthRows::Load(WebhookNumber webhook) {
  const auto found = entries_.find(webhook);
  if (found != entries_.end()) return found->second;
  Entry entry{.health = ReadHealth(select_, webhook), .owed = {}};
  if (const auto owed = select_owed_.First(webhook)) entry.owed = DecodePositions(*owed);
  return entries_[webhook] = std::move(entry);
}

void HealthRows::Flush() {
  for (const WebhookNumber webhook : touched_) {
    const Entry& entry = entries_.at(webhook);
    const WebhookHealth& health = entry.health;
    const std::string owed = EncodePositions(entry.owed);
    upsert_.Run(webhook, health.consecutive_failures, health.failing_since, health.last_delivered_at,
                health.last_failed_at, health.pending, Blob{owed});
  }
}

void HealthRows::Committed() {
  touched_.clear();
  if (entries_.size() > kWebhooksMax) entries_.clear();
}

void HealthRows::RolledBack() {
  for (const WebhookNumber webhook : touched_) entries_.erase(webhook);
  touched_.clear();
}

void HealthRows::Delete(WebhookNumber webhook) {
  delete_.Run(webhook);
  entries_.erase(webhook);
  touched_.erase(webhook);
}

}  // namespace shakehook::sqlite
