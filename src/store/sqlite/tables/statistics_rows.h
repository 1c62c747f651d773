// The statistics of webhooks by the hour: counted in memory while a group of verbs runs, and written once for each
// webhook and hour that the group touched.
//
// Memory:  the hours that were touched last, kWebhooksMax at most; others are read again when they are needed.
// Threads: the writer's; StatisticsReads on any connection.
#pragma once

#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "model/statistics.h"
#include "store/sqlite/engine/select.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/tables/discards.h"
#include "store/store.h"

namespace shakehook::sqlite {

class StatisticsRows {
 public:
  static constexpr std::size_t kWebhooksMax = 4096;

  explicit StatisticsRows(Connection& connection);

  // Called within the transaction.
  void Count(WebhookNumber webhook, Timestamp at, const DeliveryCounts& counts);
  void CountResponse(WebhookNumber webhook, Timestamp at, Microseconds duration);
  // Writes the changed ones; called before the commit.
  void Flush();
  // Called after the commit or the rollback; after a rollback the statistics are read from the database again.
  void Committed();
  void RolledBack();
  // Deletes the statistics of a webhook that was deleted.
  void Delete(WebhookNumber webhook);
  // Drops up to `limit` hours that began before; returns how many.
  std::int64_t Purge(Timestamp before, std::size_t limit);

 private:
  WebhookStatistics& Touch(WebhookNumber webhook, Timestamp at);
  void Write(WebhookNumber webhook, const HourlyStatistics& hour);

  Connection& connection_;
  Select<struct StatisticsColumns> select_;
  Statement upsert_, delete_, purge_;
  std::unordered_map<WebhookNumber, HourlyStatistics> current_;
  std::unordered_set<WebhookNumber> touched_;
};

class StatisticsReads {
 public:
  explicit StatisticsReads(Connection& connection);

  // store.h: GetStatistics, GetOwed.
  std::vector<std::vector<HourlyStatistics>> Read(const std::vector<WebhookNumber>& webhooks, Timestamp since,
                                                  Timestamp until);
  OwedSummary ReadOwed(WebhookNumber webhook);

 private:
  Select<StatisticsColumns> hours_;
  SelectOne<std::int64_t> retrying_;
  SelectOne<Timestamp> next_due_;
  DiscardReads discards_;
};

}  // namespace shakehook::sqlite
