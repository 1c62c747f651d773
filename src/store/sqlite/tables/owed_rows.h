// OwedRows keeps the lists of deliveries that webhooks are owed and that were never tried (docs/decisions/0010). The
// newest part of a list is in the webhook's row of webhook_health, older parts are in blocks. Within a transaction the
// lists in memory are the valid ones; Flush() writes what changed, once for each list and block.
//
// Memory:  the blocks that were used last, kBlocksMax at most.
// Threads: the writer's.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "model/delivery.h"
#include "store/sqlite/engine/select.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/tables/health_rows.h"
#include "store/sqlite/tables/owed_reads.h"

namespace shakehook::sqlite {

class OwedRows {
 public:
  // The number of positions in a new block. A block is written once the newest part has twice as many.
  static constexpr std::size_t kBlock = 256;
  static constexpr std::size_t kBlocksMax = 1024;

  // `block`: smaller than kBlock in tests.
  OwedRows(Connection& connection, HealthRows& health, std::size_t block = kBlock);

  // Counts it as pending, too. Precondition: the position is above all that the webhook was ever owed.
  void Add(DeliveryKey key);
  // Returns whether it was there. What is pending is the caller's to count.
  bool Remove(DeliveryKey key);
  bool Has(DeliveryKey key);
  // Returns what the webhook is owed of [first, last], ascending, `limit` at most.
  std::vector<Position> Find(WebhookNumber webhook, Position first, Position last, std::size_t limit);
  // Takes back what was added at or above `from` in this transaction, and counts it out of what is pending.
  void TakeBack(Position from);
  // Moves the whole list into blocks, so that it outlives the row of webhook_health of a webhook that is deleted.
  void KeepOfDeleted(WebhookNumber webhook);

  // Before the commit, and before HealthRows::Flush().
  void Flush();
  void Committed();
  void RolledBack();

 private:
  using BlockKey = std::pair<WebhookNumber, Position>;  // webhook, `first`
  struct Block {
    std::vector<Position> positions;
    Position last;  // the highest position that it can have held when it was read
    bool touched = false;
  };

  // Returns the block that may hold the position, which is in memory then; null if there is none.
  Block* FindBlock(DeliveryKey key);
  Block& Load(const BlockKey& key, std::string_view bytes);
  void Insert(WebhookNumber webhook, std::span<const Position> positions);

  HealthRows& health_;
  const std::size_t block_;
  Select<OwedBlockColumns> find_, next_;
  Statement insert_, update_, delete_;
  std::map<BlockKey, Block> blocks_;
};

}  // namespace shakehook::sqlite
