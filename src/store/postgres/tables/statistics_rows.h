// The statistics of webhooks by the hour. Each writer counts in rows of its own; the sum is what is shown.
//
// Threads: the store's.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "model/ids.h"
#include "model/statistics.h"
#include "store/postgres/engine/connection.h"
#include "store/postgres/engine/transaction.h"

namespace shakehook::postgres {

// The counts of one transaction.
class StatisticsCounts {
 public:
  void Count(WebhookNumber webhook, Timestamp at, const DeliveryCounts& counts) {
    hours_[{webhook, HourOf(at)}].counts += counts;
  }
  void CountResponse(WebhookNumber webhook, Timestamp at, Microseconds duration) {
    hours_[{webhook, HourOf(at)}].latency.Add(duration);
  }
  // Adds it to what the writer has counted before.
  // Precondition: no other transaction of the writer runs.
  Async<> Write(int writer, Transaction& transaction);

 private:
  std::map<std::pair<WebhookNumber, Timestamp>, WebhookStatistics> hours_;
};

// For each webhook the hours of [since, until), in order.
Async<std::vector<std::vector<HourlyStatistics>>> ReadStatistics(std::vector<WebhookNumber> webhooks, Timestamp since,
                                                                 Timestamp until, Connection& connection);
// Forgets a webhook that is deleted.
void DeleteStatistics(WebhookNumber webhook, Transaction& transaction);

}  // namespace shakehook::postgres
