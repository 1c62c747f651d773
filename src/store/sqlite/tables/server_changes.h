// ServerChanges writes what the server changes by itself because of an attempt's result (store/server_changes.h), in
// the result's transaction.
//
// Ownership: what the constructor takes outlives it.
// Threads:   the writer's.
#pragma once

#include <optional>

#include "base/random.h"
#include "store/server_changes.h"
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
  void Write(std::optional<ServerChange> change, WriteSession& session);

  ConfigRows& config_;
  AuditRows& audit_;
  Random& random_;
};

}  // namespace shakehook::sqlite
