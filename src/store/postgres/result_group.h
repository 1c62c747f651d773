// ResultGroup is a group of results of attempts, recorded in one transaction: it takes the deliveries out of their
// tables, decides what each result does to its delivery, in the order of the results, and writes all of it, a statement
// a table.
//
// Ownership: the verbs outlive it.
// Threads:   the store's.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "base/random.h"
#include "store/delivery_ids.h"
#include "store/delivery_pages.h"
#include "store/postgres/engine/transaction.h"
#include "store/postgres/tables/audit_rows.h"
#include "store/postgres/tables/config_rows.h"
#include "store/postgres/tables/counter_rows.h"
#include "store/postgres/tables/delivery_rows.h"
#include "store/postgres/tables/directory.h"
#include "store/postgres/tables/health_rows.h"
#include "store/postgres/tables/statistics_rows.h"
#include "store/result_plan.h"
#include "store/server_changes.h"

namespace shakehook::postgres {

// Store::Record.
struct ResultVerb {
  std::vector<AttemptResult> results;

  Stored<Done> result = Done();

  std::size_t size() const { return results.size(); }
};

class ResultGroup {
 public:
  struct Parts {
    ConfigRows& config;
    const Directory& directory;
    AuditRows& audit;
    const DeliveryIds& ids;
    Random& random;
    int writer = 0;  // the number that this writer's counters have
  };
  // A webhook that the group disables is a change of the configuration.
  enum class Gate : std::uint8_t {
    kShared,  // beside others; a group that disables a webhook must run alone
    kAlone,
  };

  ResultGroup(const Parts& parts, std::vector<ResultVerb*> verbs, Gate gate)
      : parts_(parts), verbs_(std::move(verbs)), gate_(gate) {}

  // Returns false if the group must run alone: then it has written nothing.
  Async<bool> Run(Switch wants_attempts, Transaction& transaction);

 private:
  Async<> Read(Transaction& transaction);
  // Returns false as Run.
  Async<bool> Decide(const AttemptResult& result, Transaction& transaction);
  void PutOff(const AttemptResult& result, DeliveryRow& row);
  void End(const AttemptResult& result, DeliveryRow& row, DeliveryStatus status);
  void AddLate(const AttemptResult& result, DeliveryRow& row, std::optional<DeliveryStatus> becomes);
  // Returns what the server does to the webhook because of it.
  std::optional<ServerChange> CountHealth(const AttemptResult& result, ResultPlan::Step step);
  void CountStatistics(const AttemptResult& result, std::optional<DeliveryStatus> became);
  SharedWebhook FindWebhook(WebhookNumber number) const;
  Async<> TellAttempts(Transaction& transaction);

  const Parts parts_;
  const std::vector<ResultVerb*> verbs_;
  const Gate gate_;
  std::optional<ConfigRows::Counters> counters_;  // present if the group runs alone
  bool changes_configuration_ = false;
  DeliveryRows rows_;
  HealthOfWebhooks health_;
  std::set<WebhookNumber> healths_changed_;
  PendingChanges pending_;
  StatisticsCounts statistics_;
  std::map<WebhookNumber, SharedWebhook> disabled_;  // in this transaction
};

}  // namespace shakehook::postgres
