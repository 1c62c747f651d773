// ConfigSave runs a change of the configuration with all that goes with it in the same transaction: what a webhook that
// is deleted was owed is canceled and its figures go, imports into a venue that is deleted end, the audit log is
// written.
//
// Ownership: refers to what the constructor takes, which outlives it.
// Threads:   the writer's.
#pragma once

#include "base/clock.h"
#include "store/sqlite/audit_rows.h"
#include "store/sqlite/config_rows.h"
#include "store/sqlite/delivery_rows.h"
#include "store/sqlite/import_rows.h"
#include "store/sqlite/replay_rows.h"
#include "store/sqlite/write_session.h"

namespace shakehook::sqlite {

class ConfigSave {
 public:
  struct Rows {
    ConfigRows& config;
    DeliveryRows& deliveries;
    ReplayRows& replays;
    ImportRows& imports;
    HealthRows& health;
    StatisticsRows& statistics;
    AuditRows& audit;
  };

  ConfigSave(Rows rows, const Directory& directory, Clock& clock) : rows_(rows), directory_(directory), clock_(clock) {}

  // A refused change has changed nothing.
  Stored<Done> Run(const ConfigChange& change, WriteSession& session);

 private:
  const Rows rows_;
  const Directory& directory_;
  Clock& clock_;
};

}  // namespace shakehook::sqlite
