// The columns of an import with its venue, and of a refused row of its file; and what a row of them holds. `Row` reads
// a column by its name: a row of either database.
//
// Threads: those of the row.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/csv_parser.h"
#include "model/import.h"
#include "store/columns.h"
#include "store/import_texts.h"

namespace shakehook {

struct ImportColumns
    : Columns<Column<"import.id", ImportId>, Column<"venue.id AS venue_id", VenueId>, Column<"kind", ResourceKind>,
              Column<"actor_kind", AuditActorKind>, Column<"actor_id", std::string>, Column<"actor_name", std::string>,
              Column<"header", std::string_view>, Column<"columns", std::string_view>, Column<"delimiter", char>,
              Column<"state", ImportState>, Column<"row_count", std::int64_t>, Column<"done", std::int64_t>,
              Column<"created", std::int64_t>, Column<"updated", std::int64_t>, Column<"unchanged", std::int64_t>,
              Column<"refused", std::int64_t>, Column<"place", std::int64_t>, Column<"import.created_at", Timestamp>,
              Column<"ended_at", std::optional<Timestamp>>, Column<"encoding", std::string>,
              Column<"line_end", CsvLineEnd>, Column<"line", std::int64_t>> {};

struct RefusedRowColumns
    : Columns<Column<"line", std::int64_t>, Column<"errors", std::string_view>, Column<"cells", std::string_view>> {};

template <class Row>
Import ReadImport(const Row& row) {
  return {.id = row.template Get<"id">(),
          .venue_id = row.template Get<"venue_id">(),
          .kind = row.template Get<"kind">(),
          .started_by = {.kind = row.template Get<"actor_kind">(),
                         .id = row.template Get<"actor_id">(),
                         .name = row.template Get<"actor_name">()},
          .header = ReadTexts(row.template Get<"header">()),
          .columns = ReadTexts(row.template Get<"columns">()),
          .delimiter = row.template Get<"delimiter">(),
          .encoding = row.template Get<"encoding">(),
          .line_end = row.template Get<"line_end">(),
          .state = row.template Get<"state">(),
          .rows = row.template Get<"row_count">(),
          .counts = {.done = row.template Get<"done">(),
                     .created = row.template Get<"created">(),
                     .updated = row.template Get<"updated">(),
                     .unchanged = row.template Get<"unchanged">(),
                     .refused = row.template Get<"refused">()},
          .offset = row.template Get<"place">(),
          .line = row.template Get<"line">(),
          .created_at = row.template Get<"created_at">(),
          .ended_at = row.template Get<"ended_at">()};
}

template <class Row>
RefusedRow ReadRefusedRow(const Row& row) {
  return {.row = row.template Get<"line">(),
          .errors = ReadErrors(row.template Get<"errors">()),
          .cells = ReadTexts(row.template Get<"cells">())};
}

}  // namespace shakehook
