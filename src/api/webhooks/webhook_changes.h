// The changes of a webhook as the audit log keeps them: a JSON array of {"field", "before", "after"}. It holds
// no credential: of custom headers the names, of URLs what MaskedUrl shows. Switching a webhook on or off is an action
// of its own, and so is a rotation of its secret: neither is in here.
#pragma once

#include <optional>
#include <string>

#include "model/webhook.h"

namespace shakehook {

// `before`: nullopt for a webhook that is made; then its settings that are not the default are in the response. Returns
// an empty text where nothing changed.
std::string WebhookChanges(const std::optional<Webhook>& before, const Webhook& after);

}  // namespace shakehook
