// Cancelations cancels what a webhook is owed, however much that is. A row of `discard` cancels all of it at once for
// everyone who reads; the rows that say so of each delivery follow, in steps, so that no commit of others waits for
// them (docs/decisions/0010). While a webhook has such a row, nothing at or below its position becomes owed again.
//
// Threads: the writer's.
#pragma once

#include "store/sqlite/engine/select.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/engine/write_session.h"
#include "store/sqlite/tables/discards.h"
#include "store/sqlite/tables/health_rows.h"
#include "store/sqlite/tables/owed_rows.h"
#include "store/sqlite/tables/statistics_rows.h"
#include "store/store.h"

namespace shakehook::sqlite {

class Cancelations {
 public:
  // Rows that one step writes: some 5 ms.
  static constexpr std::size_t kStepRows = 1'000;

  // `step_rows`: fewer than kStepRows in tests.
  Cancelations(Connection& connection, HealthRows& health, StatisticsRows& statistics, OwedRows& owed,
               std::size_t step_rows = kStepRows);

  std::size_t step_rows() const { return step_rows_; }

  // Cancels all that the webhook is owed now; returns how many deliveries that were. Writes a first step of their rows;
  // where that is not all, IsUnderWay() from then on.
  std::int64_t Cancel(WebhookNumber webhook, Timestamp now, WriteSession& session);
  // Does the same if there is such a webhook.
  Stored<std::int64_t> CancelOf(WebhookNumber webhook, Timestamp now, WriteSession& session);
  bool IsUnderWay(WebhookNumber webhook) { return discards_.Of(webhook).has_value(); }
  // Writes up to `rows` more rows of the webhook's canceled deliveries; returns how many. 0: there are no more.
  std::size_t Step(WebhookNumber webhook, std::size_t rows);
  // Does the same for any webhook that has some left.
  std::size_t StepAny(std::size_t rows);
  // Writes the delivery's row if it was canceled and has none yet.
  void Settle(DeliveryKey key);
  // Writes the row of a canceled delivery that was never tried and has just left its webhook's list.
  void EndUntried(DeliveryKey key, Timestamp now);

  void RolledBack() { discards_.RolledBack(); }

 private:
  std::size_t StepRows(WebhookNumber webhook, const Discard& discard, std::size_t rows);

  HealthRows& health_;
  StatisticsRows& statistics_;
  OwedRows& owed_;
  Discards discards_;
  const std::size_t step_rows_;
  Connection& connection_;
  SelectOne<Position> newest_;
  SelectOne<std::int64_t> count_tests_;
  SelectOne<Position> find_end_;
  Statement end_rows_, delete_rows_, end_untried_;
};

}  // namespace shakehook::sqlite
