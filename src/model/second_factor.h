// A user's second factor: an app on their phone that shows a code of six digits, which changes every 30 seconds (TOTP,
// RFC 6238), and recovery codes for the day on which the phone is lost.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/digest.h"
#include "model/webhook.h"

namespace shakehook {

inline constexpr std::size_t kRecoveryCodes = 10;

struct SecondFactor {
  std::string secret;  // the bytes that the app and the server share; stored encrypted
  // Off: the secret was shown, but no code of it was given yet. Signing in does not ask for one.
  Switch confirmed = Switch::kOff;
  std::int64_t used_step = 0;           // the time step of the newest code that was accepted; older ones are refused
  std::vector<Digest> recovery_hashes;  // SHA-256 of those that were not used yet

  bool operator==(const SecondFactor&) const = default;
};

}  // namespace shakehook
