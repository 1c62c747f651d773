// One-time codes by time (TOTP, RFC 6238) as the apps on phones make them: HMAC-SHA-1, six digits, steps of 30 seconds.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"

namespace shakehook {

inline constexpr std::size_t kTotpSecretBytes = 20;  // as many as SHA-1 gives (RFC 4226, section 4)

std::int64_t TotpStepAt(Timestamp now);
std::string TotpCode(std::string_view secret, std::int64_t step);

// Returns the step whose code this is: the present one, or one of its neighbours, since clocks differ and people type
// slowly. nullopt: it is the code of none of them, or its step is not later than `used_step`.
std::optional<std::int64_t> FindTotpStep(std::string_view secret, std::string_view code, Timestamp now,
                                         std::int64_t used_step);

// Base32 (RFC 4648) without padding, in which apps take a secret.
std::string ToBase32(std::string_view bytes);

}  // namespace shakehook
