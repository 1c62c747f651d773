#include "store/sqlite/health_rows.h"

namespace shakehook::sqlite {

HealthRows::HealthRows(Connection& connection)
    : select_(connection, kSelectHealth),
      upsert_(connection, "INSERT OR REPLACE INTO webhook_health VALUES (?1, ?2, ?3, ?4, ?5, ?6)"),
      delete_(connection, "DELETE FROM webhook_health WHERE webhook = ?1") {}

WebhookHealth ReadHealth(Statement& select, WebhookNumber webhook) {
  auto row = select.With(webhook);
  if (!row.Step()) return {};
  return {.consecutive_failures = row.Integer(0),
          .failing_since = row.OptionalTime(1),
          .last_delivered_at = row.OptionalTime(2),
          .last_failed_at = row.OptionalTime(3),
          .pending = row.Integer(4)};
}

std::vector<WebhookHealth> ReadHealthOf(Statement& select, const std::vector<WebhookNumber>& webhooks) {
  std::vector<WebhookHealth> health;
  for (const WebhookNumber webhook : webhooks) health.push_back(ReadHealth(select, webhook));
  return health;
}

WebhookHealth& HealthRows::Touch(WebhookNumber webhook) {
  touched_.insert(webhook);
  const auto found = health_.find(webhook);
  if (found != health_.end()) return found->second;
  return health_[webhook] = ReadHealth(select_, webhook);
}

void HealthRows::Flush() {
  for (const WebhookNumber webhook : touched_) {
    const WebhookHealth& health = health_[webhook];
    upsert_.Run(webhook, health.consecutive_failures, health.failing_since, health.last_delivered_at,
                health.last_failed_at, health.pending);
  }
}

void HealthRows::RolledBack() {
  for (const WebhookNumber webhook : touched_) health_.erase(webhook);
  touched_.clear();
}

void HealthRows::Delete(WebhookNumber webhook) {
  delete_.Run(webhook);
  health_.erase(webhook);
  touched_.erase(webhook);
}

}  // namespace shakehook::sqlite
