// Webhooks as the API shows them (CONTRACT §4, "Shapes").
#pragma once

#include <optional>
#include <string_view>

#include "base/json.h"
#include "model/webhook.h"

namespace shakehook {

std::string_view ToString(Ordering ordering);
std::optional<Ordering> ParseOrdering(std::string_view text);

// Shown instead of a value that is never shown: a custom header's, which is a credential.
inline constexpr std::string_view kMask = "***";

// {"venue_id": ...} or {"venues_group_id": ...}; {} for everything.
Json ScopeJson(const Scope& scope);

// Without the secret.
Json WebhookJson(const Webhook& webhook, const WebhookHealth& health);

}  // namespace shakehook
