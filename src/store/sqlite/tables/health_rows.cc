#include "store/sqlite/tables/health_rows.h"

#include <string>

#include "store/sqlite/tables/position_list.h"

namespace shakehook::sqlite {

HealthRows::HealthRows(Connection& connection)
    : select_(connection, kSelectHealth),
      select_owed_(connection, "SELECT owed FROM webhook_health WHERE webhook = ?1"),
      upsert_(connection,
              "INSERT OR REPLACE INTO webhook_health (webhook, consecutive_failures, failing_since, last_delivered_at,"
              " last_failed_at, pending, owed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
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

HealthRows::Entry& HealthRows::Load(WebhookNumber webhook) {
  const auto found = entries_.find(webhook);
  if (found != entries_.end()) return found->second;
  Entry entry{.health = ReadHealth(select_, webhook), .owed = {}};
  if (auto row = select_owed_.With(webhook); row.Step()) entry.owed = DecodePositions(row.Text(0));
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
