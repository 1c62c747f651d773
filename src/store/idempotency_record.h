// The responses that the store keeps for an Idempotency-Key.
#pragma once

#include <functional>
#include <string>

#include "base/digest.h"
#include "base/time.h"

namespace shakehook {

// The response to a POST with an Idempotency-Key, kept in the transaction of the change that it reports, so that a
// repetition gets the same response even if this process died in between (CONTRACT §4: 24 h).
struct IdempotencyRecord {
  Digest key{};      // from credential, path and Idempotency-Key
  Digest request{};  // the digest of the body
  std::string response;
  Timestamp created_at;
};

// Makes the idempotency record from what a verb of the store returns. The store calls `write` within the verb's
// transaction if the verb succeeds, and again if it must repeat the transaction.
//
// Threads: `write` runs on a thread of the store, so it owns what it uses.
template <class T>
struct IdempotencyRecordOf {
  Digest key{};
  Digest request{};
  Timestamp created_at;
  std::function<std::string(const T& result)> write;
};

}  // namespace shakehook
