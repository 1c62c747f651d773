// A session is a browser that a user has signed in with. Only a hash of its token is kept.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "base/digest.h"
#include "base/time.h"
#include "model/ids.h"

namespace shakehook {

inline constexpr Milliseconds kSessionIdleMax{12LL * 60 * 60 * 1000};
inline constexpr Milliseconds kSessionAgeMax{30LL * 24 * 60 * 60 * 1000};
// A user's oldest sessions end when there are more.
inline constexpr std::size_t kSessionsPerUserMax = 50;

struct Session {
  Digest token_hash{};  // SHA-256 of the token, which is long and random: no slow hash is needed
  UserId user_id;
  std::int64_t epoch = 1;  // the user's when it began
  Timestamp created_at;
  Timestamp last_used_at;  // exact to some minutes
  std::string network;     // where it began: an IPv4 address, or an IPv6 /64; empty: not known
  std::string device;      // "Firefox on Linux"; empty: not known

  bool operator==(const Session&) const = default;
  Timestamp EndsAt() const { return std::min(last_used_at + kSessionIdleMax, created_at + kSessionAgeMax); }
};

}  // namespace shakehook
