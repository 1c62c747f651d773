// The types of the store's verbs on imports and replays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/audit_entry.h"
#include "model/ids.h"
#include "model/import.h"

namespace shakehook {

// The result of one step of a replay.
enum class ReplayStep : std::uint8_t {
  kMoved,   // there may be more
  kWaits,   // enough deliveries wait to be sent: again in a moment
  kPaused,  // its webhook is disabled: again when it is enabled
  kEnded,
};

// One step of an import: the rows from one place of the file to another.
struct ImportStep {
  ImportId id;
  std::int64_t from = 0;  // Import::offset that the step was built from
  std::int64_t to = 0;
  std::int64_t to_line = 0;  // Import::line of `to`
  ImportCounts counts;       // the counts of these rows alone
  std::vector<RefusedRow> refused;
  std::optional<AuditEntry> finished;  // it was the last: the import is done at the entry's time
};
enum class ImportProgress : std::uint8_t {
  kMoved,
  kElsewhere,  // it was canceled, or another step went first: nothing was done
};
inline constexpr std::size_t kImportChunkBytes = 64 * 1024;

}  // namespace shakehook
