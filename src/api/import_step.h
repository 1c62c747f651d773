// A step of an import: what some rows of the file make of the venue's records. An import puts it, a dry run shows it.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/api_services.h"
#include "api/resource_change.h"
#include "base/csv_parser.h"
#include "model/import.h"

namespace shakehook {

// Few enough that no commit takes long.
inline constexpr std::size_t kImportStepRows = 200;

// Some rows in a row, from Import::offset. CsvRecord::end and lines are the file's.
struct ImportRowsRead {
  std::vector<CsvRecord> rows;
  bool last = false;  // no more follow
  std::int64_t end = 0;
  std::int64_t next_line = 0;
};

struct BuiltImportStep {
  ImportStep step;
  std::vector<ResourceChange> changes;
  std::vector<std::size_t> row_of;  // by change: its index in the rows
  std::vector<bool> has_own_id;     // by change: the row has its id
};

// What a step is built on; all of it outlives the call.
struct ImportStepBasis {
  const Import& import;
  const ResourceBasis& basis;
  // Rows that the store has refused already.
  std::vector<RefusedRow> refused;
  // By id, what stands instead of what is stored; null: nothing does.
  const std::unordered_map<std::string, StoredResource>* changed = nullptr;
};

// Reads what is stored of the rows' records and merges the rows into it, in turns of `loop`. Ends before a row whose id
// stands in a row before: that one is put first.
Async<Stored<BuiltImportStep>> BuildImportStep(ApiServices& services, Loop& loop, ImportStepBasis on,
                                               const ImportRowsRead& rows);

}  // namespace shakehook
