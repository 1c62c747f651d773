// The responses that the store keeps for an Idempotency-Key.
#pragma once

#include <functional>
#include <string>

#include "base/digest.h"
#include "base/time.h"
#include "store/refusal.h"

namespace shakehook {

// How long a response is kept (CONTRACT §4). An older one counts as absent: the key is free again.
inline constexpr Milliseconds kIdempotencyRecordsKept{24 * 60 * 60 * 1000};

// The response to a POST with an Idempotency-Key, kept in the transaction of the change that it reports, so that a
// repetition gets the same response even if this process died in between (CONTRACT §4: 24 h).
struct IdempotencyRecord {
  Digest key{};      // from credential, path and Idempotency-Key
  Digest request{};  // the digest of the body
  std::string response;
  Timestamp created_at;
};

// The refusal where a response is kept under the key already.
inline Refusal AlreadyAnswered() {
  return {.kind = Refusal::Kind::kAnswered, .detail = "a response is kept under this Idempotency-Key already"};
}

// Makes the idempotency record from what a verb of the store returns. The store calls `write` within the verb's
// transaction if the verb succeeds, and again if it must repeat the transaction. There is one response under a key:
// where one is kept already, by whichever process, the verb is refused with kAnswered before it changes anything.
//
// Threads: `write` runs on a thread of the store, so it owns what it uses.
template <class T>
struct IdempotencyRecordOf {
  Digest key{};
  Digest request{};
  Timestamp created_at;
  std::function<std::string(const T& result)> write;

  // Tells whether one that was kept under the key at `kept_at` still counts.
  bool IsAnsweredBy(Timestamp kept_at) const { return kept_at >= created_at - kIdempotencyRecordsKept; }
};

}  // namespace shakehook
