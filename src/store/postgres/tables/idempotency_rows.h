// The rows of responses kept for an Idempotency-Key, encrypted: a response may hold a secret.
//
// Threads: the store's.
#pragma once

#include <optional>

#include "base/random.h"
#include "base/secret_box.h"
#include "store/idempotency_record.h"
#include "store/postgres/engine/connection.h"
#include "store/postgres/engine/transaction.h"

namespace shakehook::postgres {

class IdempotencyRows {
 public:
  IdempotencyRows(const SecretBox& box, Random& random) : box_(box), random_(random) {}

  // Replaces a response under the same key.
  void Keep(const IdempotencyRecord& record, Transaction& transaction);
  // Returns the response that was kept since `since`.
  Async<std::optional<IdempotencyRecord>> Find(Digest key, Timestamp since, Connection& connection) const;

 private:
  const SecretBox& box_;
  Random& random_;
};

}  // namespace shakehook::postgres
