// The secret of a webhook, and its rotation with an overlap (CONTRACT §2).
#pragma once

#include <string>

#include "base/random.h"
#include "model/webhook.h"

namespace shakehook {

// How long receivers may go on with the old secret at most.
inline constexpr std::int64_t kOverlapSecondsMax = 7 * 24 * 60 * 60;

// "whsec_" and the base64 of 32 random bytes.
std::string MakeWebhookSecret(Random& random);

// Puts `secret` in the place of the present one. Until the overlap ends, what receivers have goes on signing: the
// present secret, or during an overlap the one before it, since nobody was told to use the present one yet. Without an
// overlap (0) the new one signs at once.
void Rotate(WebhookSecrets& secrets, std::string secret, std::chrono::seconds overlap, Timestamp now);

}  // namespace shakehook
