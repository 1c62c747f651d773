// The schema of a PostgreSQL database, in numbered steps. A released step is never changed.
#pragma once

#include <string>

#include "store/postgres/engine/connection.h"

namespace shakehook::postgres {

// The version that the steps of this program lead to.
int SchemaVersion();

// Brings the schema up to date; nodes that start at the same time wait for each other. Each step is one transaction.
// Returns why the database cannot be used by this program; empty: it can. Throws PostgresError.
Async<std::string> Migrate(Connection& connection);

}  // namespace shakehook::postgres
