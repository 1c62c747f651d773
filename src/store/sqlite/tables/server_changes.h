// ServerChanges are the changes of webhooks that the server makes by itself, because of an attempt's result: it
// disables a webhook whose endpoint is gone, or that has failed for too long (disable_policy.h), and warns before. Each
// stands in the audit log, in the same transaction.
//
// Ownership: what the constructor takes outlives it.
// Threads:   the writer's.
#pragma once

#include <string>

#include "base/random.h"
#include "model/audit_entry.h"
#include "store/sqlite/engine/write_session.h"
#include "store/sqlite/tables/audit_rows.h"
#include "store/sqlite/tables/config_rows.h"

namespace shakehook::sqlite {

class ServerChanges {
 public:
  ServerChanges(ConfigRows& config, AuditRows& audit, Random& random)
      : config_(config), audit_(audit), random_(random) {}

  // After a response of 410.
  void DisableGone(WebhookNumber webhook, Timestamp now, WriteSession& session);
  // After another failure; `before`: the health without it.
  void ApplyPolicy(WebhookNumber webhook, const WebhookHealth& before, Timestamp failed_at, WriteSession& session);

 private:
  void Disable(const Webhook& webhook, std::string reason, Timestamp now, WriteSession& session);
  void Write(const Webhook& webhook, Timestamp now, AuditAction action, std::string detail);

  ConfigRows& config_;
  AuditRows& audit_;
  Random& random_;
};

}  // namespace shakehook::sqlite
