// ConfigSave applies a change of the configuration and its consequences in the same transaction: a deleted webhook's
// pending deliveries are canceled and its statistics deleted, imports into a deleted venue end, the audit log is
// written.
//
// Ownership: everything that the constructor takes outlives it.
// Threads:   the writer's.
#pragma once

#include <optional>

#include "base/clock.h"
#include "store/sqlite/engine/write_session.h"
#include "store/sqlite/tables/audit_rows.h"
#include "store/sqlite/tables/cancelations.h"
#include "store/sqlite/tables/config_rows.h"
#include "store/sqlite/tables/import_rows.h"
#include "store/sqlite/tables/owed_rows.h"
#include "store/sqlite/tables/replay_rows.h"

namespace shakehook::sqlite {

class ConfigSave {
 public:
  struct Rows {
    ConfigRows& config;
    Cancelations& cancelations;
    OwedRows& owed;
    ReplayRows& replays;
    ImportRows& imports;
    HealthRows& health;
    StatisticsRows& statistics;
    AuditRows& audit;
  };

  ConfigSave(Rows rows, const ConfigCache& config_cache, Clock& clock)
      : rows_(rows), config_cache_(config_cache), clock_(clock) {}

  // Returns the webhook whose pending deliveries the change cancels; nullopt if it cancels none.
  std::optional<WebhookNumber> WebhookToCancel(const ConfigChange& change) const;
  // Carries out the change. A refused one changes nothing.
  Stored<Done> Run(const ConfigChange& change, WriteSession& session);

 private:
  const Rows rows_;
  const ConfigCache& config_cache_;
  Clock& clock_;
};

}  // namespace shakehook::sqlite
