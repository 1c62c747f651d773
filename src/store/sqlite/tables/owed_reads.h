// OwedReads reads the lists of owed_rows.h: what webhooks are owed and was never tried; and finds which webhooks are
// owed anything at all.
//
// Threads: those of its connection.
#pragma once

#include <optional>
#include <vector>

#include "model/delivery.h"
#include "store/sqlite/engine/select.h"
#include "store/sqlite/tables/possibly_pending.h"

namespace shakehook::sqlite {

struct OwedBlockColumns : Columns<Column<"first", Position>, Column<"positions", std::string_view>> {};

class OwedReads {
 public:
  explicit OwedReads(Connection& connection);

  bool Has(DeliveryKey key);
  // Returns the next positions after `after`, ascending: `limit` of them if there are as many, and up to a block more.
  std::vector<Position> After(WebhookNumber webhook, Position after, std::size_t limit);
  // Returns the `limit` newest positions below `before`, descending.
  std::vector<Position> Before(WebhookNumber webhook, Position before, std::size_t limit);
  // Returns the next `limit` webhooks behind `after`, by number, that are owed something, tests and repetitions too;
  // each with a position at or below the oldest of it.
  std::vector<OldestPending> ListOldestPending(WebhookNumber after, std::size_t limit);

 private:
  std::vector<Position> ReadNewest(WebhookNumber webhook);

  SelectOne<std::string> newest_;
  Select<OwedBlockColumns> block_at_, block_after_;
  Select<struct NextRowColumns> next_row_;
  Select<struct NextBlockColumns> next_block_;
  Select<struct NextNewestColumns> next_newest_;
};

}  // namespace shakehook::sqlite
