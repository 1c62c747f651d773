// An answer that the store keeps for an Idempotency-Key.
#pragma once

#include <string>

#include "base/digest.h"
#include "base/time.h"

namespace shakehook {

// The answer to a POST with an Idempotency-Key, kept in the transaction of the change that it reports, so that a
// repetition gets the same answer even if this process died in between (CONTRACT §4: 24 h).
struct KeptAnswer {
  Digest key{};      // from credential, path and Idempotency-Key
  Digest request{};  // the digest of the body
  std::string answer;
  Timestamp created_at;
};

}  // namespace shakehook
