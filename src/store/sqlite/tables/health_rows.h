// The health of webhooks, and the newest part of each one's list of untried deliveries (owed_rows.h). Both are in one
// row of webhook_health. They are kept in memory while a group of verbs runs, and are written once for each webhook
// that the group has changed.
//
// Memory:  the webhooks that were touched last, kWebhooksMax at most; others are read again when they are needed.
// Threads: the writer's; ReadHealth on any connection.
#pragma once

#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "model/webhook.h"
#include "store/sqlite/engine/select.h"
#include "store/sqlite/engine/sqlite.h"

namespace shakehook::sqlite {

struct HealthColumns
    : Columns<Column<"consecutive_failures", std::int64_t>, Column<"failing_since", std::optional<Timestamp>>,
              Column<"last_delivered_at", std::optional<Timestamp>>, Column<"last_failed_at", std::optional<Timestamp>>,
              Column<"pending", std::int64_t>> {};
inline constexpr std::string_view kFromHealth = "FROM webhook_health WHERE webhook = ?1";

class HealthRows {
 public:
  static constexpr std::size_t kWebhooksMax = 4096;

  struct Entry {
    WebhookHealth health;
    std::vector<Position> owed;  // ascending
  };

  explicit HealthRows(Connection& connection);

  // Returns the health to change, within the transaction.
  WebhookHealth& Touch(WebhookNumber webhook) { return TouchEntry(webhook).health; }
  // Does the same for OwedRows.
  Entry& TouchEntry(WebhookNumber webhook) {
    touched_.insert(webhook);
    return Load(webhook);
  }
  const std::vector<Position>& ReadOwed(WebhookNumber webhook) { return Load(webhook).owed; }
  // Calls `change` with each webhook that was touched in this transaction, and its Entry&.
  template <class F>
  void ForEachTouched(F change) {
    for (const WebhookNumber webhook : touched_) change(webhook, entries_.at(webhook));
  }
  // Writes the changed ones; called before the commit.
  void Flush();
  // Called after the commit or the rollback; after a rollback the rows are read from the database again.
  void Committed();
  void RolledBack();
  // Forgets a webhook that was deleted.
  void Delete(WebhookNumber webhook);

 private:
  Entry& Load(WebhookNumber webhook);

  Select<HealthColumns> select_;
  SelectOne<std::string> select_owed_;
  Statement upsert_, delete_;
  std::unordered_map<WebhookNumber, Entry> entries_;
  std::unordered_set<WebhookNumber> touched_;
};

WebhookHealth ReadHealth(Select<HealthColumns>& select, WebhookNumber webhook);
std::vector<WebhookHealth> ReadHealthOf(Select<HealthColumns>& select, const std::vector<WebhookNumber>& webhooks);

}  // namespace shakehook::sqlite
