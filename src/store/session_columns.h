// The columns of the table session, and the session that a row of them is. `Row` reads a column by its name: a row of
// either database.
//
// Threads: those of the row.
#pragma once

#include <cstdint>
#include <string>

#include "model/session.h"
#include "store/columns.h"

namespace shakehook {

// kUserId: how the database calls the column of the user's id, which is read as user_id.
template <ColumnText kUserId>
struct ColumnsOfSession : Columns<Column<"token_hash", Digest>, Column<kUserId, UserId>, Column<"epoch", std::int64_t>,
                                  Column<"created_at", Timestamp>, Column<"last_used_at", Timestamp>,
                                  Column<"network", std::string>, Column<"device", std::string>> {};

template <class Row>
Session ReadSession(const Row& row) {
  return {.token_hash = row.template Get<"token_hash">(),
          .user_id = row.template Get<"user_id">(),
          .epoch = row.template Get<"epoch">(),
          .created_at = row.template Get<"created_at">(),
          .last_used_at = row.template Get<"last_used_at">(),
          .network = row.template Get<"network">(),
          .device = row.template Get<"device">()};
}

}  // namespace shakehook
