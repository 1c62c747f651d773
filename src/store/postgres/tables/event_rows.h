// The rows of events and of the deliveries that they are owed by, as a group writes them; and the numbers that both are
// given, which PostgreSQL hands out in blocks.
//
// Threads: the store's.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/event.h"
#include "store/postgres/engine/connection.h"
#include "store/postgres/engine/transaction.h"

namespace shakehook::postgres {

// Numbers that nobody else is given. They rise.
class NumberBlocks {
 public:
  static constexpr std::int64_t kBlock = 64;  // as the sequences are made

  // Precondition: as many were asked for.
  std::int64_t Next();
  void Add(std::int64_t first) { firsts_.push_back(first); }

 private:
  std::vector<std::int64_t> firsts_;
  std::size_t block_ = 0;
  std::int64_t used_ = 0;  // how many numbers of the block are given
};

struct GroupNumbers {
  NumberBlocks positions;
  NumberBlocks resources;
};
// Draws at least `count` numbers of each kind. The positions are higher than those that any transaction drew which
// released a lock before that this one holds.
Async<GroupNumbers> DrawNumbers(std::size_t count, Connection& connection);

struct EventRow {
  SharedEvent event;
  Position position;
  std::int64_t venue = 0;
  ResourceNumber resource;
  std::optional<Position> previous;  // the resource's event before
};
void WriteEvents(const std::vector<EventRow>& events, Timestamp now, Transaction& transaction);

// A delivery that was never tried.
struct PendingRow {
  WebhookNumber webhook;
  Position position;
  ResourceNumber resource;
  std::optional<DeliveryId> id;  // absent: it is computed
};
// Writes them, and counts them for their webhooks as those of a writer.
void WritePending(const std::vector<PendingRow>& pending, Timestamp now, int writer, Transaction& transaction);

}  // namespace shakehook::postgres
