// The fixture of the tests of plans: how many rows a store reads.
#pragma once

#include <cstdint>
#include <string>

#include "store/postgres/postgres_stores_fixture.h"

namespace shakehook::postgres {

// PostgreSQL makes its plans from what it knew of a table, and a writer keeps them: here each table is empty when its
// statements are planned. A walk over a table shows in PostgreSQL's own counts, which it writes when a connection ends.
class PlansOfStores : public PostgresStores {
 protected:
  // Returns how many rows were read of the tables that change with every group, since the database was made.
  static std::int64_t RowsRead() {
    while (IntegerOnServer("(SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                           " AND backend_type = 'client backend' AND pid <> pg_backend_pid())",
                           "stores") > 0) {
    }
    const std::string tables =
        "relname IN ('resource', 'event', 'pending_delivery', 'ended_delivery', 'attempt', 'webhook_counter',"
        " 'webhook_health', 'webhook_statistics', 'discard', 'idempotency_record', 'session')";
    return IntegerOnServer("(SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE " + tables +
                               ")::int8 + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE " + tables +
                               ")::int8",
                           "stores");
  }
};

}  // namespace shakehook::postgres
