// The rows of responses kept for an Idempotency-Key, encrypted: a response may hold a secret.
//
// Threads: the store's.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "base/random.h"
#include "base/secret_box.h"
#include "store/idempotency_record.h"
#include "store/postgres/engine/connection.h"
#include "store/postgres/engine/transaction.h"

namespace shakehook::postgres {

class IdempotencyRows {
 public:
  IdempotencyRows(const SecretBox& box, Random& random) : box_(box), random_(random) {}

  // Returns when the responses that are kept under the keys were made. Another transaction may commit one after this:
  // then Keep() fails, and what asked runs again.
  static Async<std::map<Digest, Timestamp>> FindTimes(std::vector<Digest> keys, Connection& connection);
  // Keeps the response, in place of one that is too old to count. Fails the transaction if another one kept a response
  // under the key since FindAnswered().
  void Keep(const IdempotencyRecord& record, Transaction& transaction);
  // Keeps the response in place of one that the same request kept before.
  void Replace(const IdempotencyRecord& record, Transaction& transaction);
  // Returns the response that was kept since `since`.
  Async<std::optional<IdempotencyRecord>> Find(Digest key, Timestamp since, Connection& connection) const;

 private:
  void Insert(const IdempotencyRecord& record, Transaction& transaction);

  const SecretBox& box_;
  Random& random_;
};

}  // namespace shakehook::postgres
