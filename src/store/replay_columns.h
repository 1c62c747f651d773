// The columns of a replay with its webhook, and of where it is; and what a row of them holds. `Row` reads a column by
// its name: a row of either database.
//
// Threads: those of the row.
#pragma once

#include <cstdint>
#include <optional>

#include "model/replay.h"
#include "store/columns.h"

namespace shakehook {

struct ReplayColumns
    : Columns<Column<"replay.id", ReplayId>, Column<"replay.webhook", WebhookNumber>,
              Column<"webhook.id AS webhook_id", WebhookId>, Column<"statuses", std::uint8_t>,
              Column<"replay.events", std::uint8_t>, Column<"since", std::optional<Timestamp>>,
              Column<"until", std::optional<Timestamp>>, Column<"missing", Switch>, Column<"state", ReplayState>,
              Column<"matched", std::int64_t>, Column<"done", std::int64_t>, Column<"replay.created_at", Timestamp>,
              Column<"ended_at", std::optional<Timestamp>>> {};

struct ReplayRangeColumns : Columns<Column<"looked_until", Position>, Column<"last_position", Position>> {};

template <class Row>
Replay ReadReplay(const Row& row) {
  return {.id = row.template Get<"id">(),
          .webhook = row.template Get<"webhook">(),
          .webhook_id = row.template Get<"webhook_id">(),
          .filter = {.statuses = {row.template Get<"statuses">()},
                     .events = {row.template Get<"events">()},
                     .since = row.template Get<"since">(),
                     .until = row.template Get<"until">(),
                     .missing = row.template Get<"missing">()},
          .state = row.template Get<"state">(),
          .matched = row.template Get<"matched">(),
          .done = row.template Get<"done">(),
          .created_at = row.template Get<"created_at">(),
          .ended_at = row.template Get<"ended_at">()};
}

}  // namespace shakehook
