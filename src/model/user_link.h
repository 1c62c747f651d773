// A link with which its holder sets a user's password, once: an invitation, or a reset of a forgotten password. A user
// has one at most: a newer link takes the place of the older. Only a hash of its token is kept.
#pragma once

#include <cstdint>

#include "base/digest.h"
#include "base/time.h"

namespace shakehook {

inline constexpr Milliseconds kInvitationAge{7LL * 24 * 60 * 60 * 1000};
inline constexpr Milliseconds kResetLinkAge{60LL * 60 * 1000};

struct UserLink {
  enum class Kind : std::uint8_t { kInvitation = 0, kReset = 1 };

  Kind kind = Kind::kInvitation;
  Digest token_hash{};  // SHA-256 of the token, which is long and random: no slow hash is needed
  Timestamp expires_at;

  bool operator==(const UserLink&) const = default;
};

}  // namespace shakehook
