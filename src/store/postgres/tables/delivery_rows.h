// DeliveryRows are the deliveries that a transaction changes. It takes them out of their tables, and holds them against
// other transactions; they are changed in memory, and written back at once, a statement a table.
//
// Ownership: the attempts that it is given outlive it.
// Threads:   the store's.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "model/delivery.h"
#include "store/postgres/engine/connection.h"
#include "store/postgres/engine/transaction.h"
#include "store/postgres/tables/discard_rows.h"

namespace shakehook::postgres {

// An absent id is computed (store/delivery_ids.h).
struct PendingPart {
  ResourceNumber resource;
  Timestamp created_at;
  std::optional<Timestamp> due;
  OwedDelivery::Purpose purpose = OwedDelivery::Purpose::kDeliver;
  AttemptTrigger trigger = AttemptTrigger::kAutomatic;
  int attempts_made = 0;
  int retries_made = 0;
  std::optional<DeliveryId> id;
};

struct EndedPart {
  DeliveryStatus status = DeliveryStatus::kFailed;
  int attempt_count = 0;
  Timestamp created_at;
  Timestamp ended_at;
  std::optional<DeliveryId> id;
  ResourceNumber resource;
  EventOrigin origin = EventOrigin::kChange;
};

// A delivery that was delivered and is sent again has both parts.
struct DeliveryRow {
  std::optional<PendingPart> pending;
  std::optional<EndedPart> ended;
  bool has_ended_row = false;  // the table has one, as the transaction found it
  bool changes_ended = false;
  const Attempt* last = nullptr;  // the attempt that a new row of an ended delivery holds
};

class DeliveryRows {
 public:
  // Takes those of them that exist.
  Async<> Take(std::set<DeliveryKey> keys, Connection& connection);
  // Makes canceled the pending deliveries that a discard has canceled.
  void Settle(const Discards& discards);

  // Returns null if there is no such delivery.
  DeliveryRow* Find(const DeliveryKey& key);
  // Adds a delivery that did not exist.
  void Add(const DeliveryKey& key, const PendingPart& pending) { rows_[key].pending = pending; }
  // An attempt beside that of the ended delivery's row.
  void AddAttempt(const DeliveryKey& key, const Attempt& attempt) { attempts_.emplace_back(key, &attempt); }

  void Write(Transaction& transaction) const;

 private:
  using Keys = std::vector<DeliveryKey>;

  Async<> TakePending(const Keys& keys, Connection& connection);
  Async<> HoldEnded(const Keys& keys, Connection& connection);
  void WritePending(Transaction& transaction) const;
  void WriteEnded(Transaction& transaction) const;
  void ChangeEnded(Transaction& transaction) const;
  void UnendSome(Transaction& transaction) const;
  void WriteAttempts(Transaction& transaction) const;

  std::map<DeliveryKey, DeliveryRow> rows_;
  std::vector<std::pair<DeliveryKey, const Attempt*>> attempts_;
};

}  // namespace shakehook::postgres
