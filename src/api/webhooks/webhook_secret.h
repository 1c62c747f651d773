// The secret of a webhook, and its rotation with an overlap (CONTRACT §2).
#pragma once

#include <string>

#include "base/random.h"
#include "model/webhook.h"

namespace shakehook {

// The longest time that receivers may go on with the old secret.
inline constexpr std::int64_t kOverlapSecondsMax = 7 * 24 * 60 * 60;

// "whsec_" and the base64 of 32 random bytes.
std::string MakeWebhookSecret(Random& random);

// Puts `secret` in the place of the current one. Until the overlap ends, the secret that receivers have goes on
// signing: the current one or, during an overlap, the one before it, since nobody was told to use the current one yet.
// Without an overlap (0) the new one signs at once.
void Rotate(WebhookSecrets& secrets, std::string secret, std::chrono::seconds overlap, Timestamp now);

}  // namespace shakehook
