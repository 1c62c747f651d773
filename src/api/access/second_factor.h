// The second factor as the API takes and gives it (model/second_factor.h): codes that are used up, the address that an
// app reads as a QR code, recovery codes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/random.h"
#include "base/time.h"
#include "model/user.h"

namespace shakehook {

inline constexpr std::size_t kCodeBytesMax = 64;

// Makes one that is not confirmed, with a new secret.
SecondFactor MakeSecondFactor(Random& random);

// Makes the codes of a new set, 50 bits each: "k3m9q-7fx2w".
std::vector<std::string> MakeRecoveryCodes(Random& random);
// Returns the hash by which a recovery code is kept. Capitals, spaces and hyphens do not count.
Digest RecoveryHashOf(std::string_view code);

enum class CodeUse : std::uint8_t { kWrong, kApp, kRecovery };
// Takes a code of the app, or a recovery code, and uses it up: it is wrong the next time. A wrong one changes nothing.
CodeUse UseCode(SecondFactor& factor, std::string_view code, Timestamp now);
// The same for a code of the app alone.
CodeUse UseAppCode(SecondFactor& factor, std::string_view code, Timestamp now);

// Returns otpauth://totp/… (the Key Uri Format that authenticator apps read).
std::string OtpauthUri(std::string_view secret, std::string_view email);

}  // namespace shakehook
