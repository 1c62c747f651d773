// The changes of webhooks that the server makes by itself, because of an attempt's result: it disables a webhook whose
// endpoint is gone, or that has failed for too long (disable_policy.h), and warns before. Each store writes them in the
// transaction of the result.
//
// Threads: any; what is returned is the caller's.
#pragma once

#include <memory>
#include <optional>

#include "base/random.h"
#include "model/audit_entry.h"
#include "model/webhook.h"

namespace shakehook {

struct ServerChange {
  std::shared_ptr<Webhook> disabled;  // the webhook after the change; null: it was only warned of
  AuditEntry entry;
};

// After a response of 410; nullopt: it is disabled already.
std::optional<ServerChange> DisableGone(const Webhook& webhook, Timestamp now, Random& random);
// After another failure; `before`: the health without it.
std::optional<ServerChange> ApplyDisablePolicy(const Webhook& webhook, const WebhookHealth& before, Timestamp failed_at,
                                               Random& random);

}  // namespace shakehook
