// The health of webhooks: counters kept in memory while a group of verbs runs, and written once for each webhook that
// the group touched.
//
// Threads: the writer's; ReadHealth on any connection.
#pragma once

#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "model/webhook.h"
#include "store/sqlite/sqlite.h"

namespace shakehook::sqlite {

class HealthRows {
 public:
  explicit HealthRows(Connection& connection);

  // For a change within the transaction.
  WebhookHealth& Touch(WebhookNumber webhook);
  // Writes what was touched; before the commit.
  void Flush();
  // Called after the commit or the rollback; after a rollback the health is read from the database again.
  void Committed() { touched_.clear(); }
  void RolledBack();
  // Forgets a webhook that was deleted.
  void Delete(WebhookNumber webhook);

 private:
  Statement select_, upsert_, delete_;
  std::unordered_map<WebhookNumber, WebhookHealth> health_;
  std::unordered_set<WebhookNumber> touched_;
};

inline constexpr std::string_view kSelectHealth =
    "SELECT consecutive_failures, failing_since, last_delivered_at, last_failed_at, pending"
    " FROM webhook_health WHERE webhook = ?1";
WebhookHealth ReadHealth(Statement& select, WebhookNumber webhook);
std::vector<WebhookHealth> ReadHealthOf(Statement& select, const std::vector<WebhookNumber>& webhooks);

}  // namespace shakehook::sqlite
