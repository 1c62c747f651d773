// An import writes the rows of a CSV file into a venue as contacts or accounts: a stored job that works in small steps,
// each one transaction with its rows' events, goes on after a restart where it was, and can be canceled. It writes
// records as the API's batches do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/audit_entry.h"
#include "model/event.h"
#include "model/ids.h"
#include "model/resource.h"

namespace shakehook {

enum class CsvLineEnd : std::uint8_t;  // base/csv_parser.h

inline constexpr std::size_t kImportBytesMax = 20 * 1024 * 1024;
inline constexpr std::int64_t kImportRowsMax = 100'000;
inline constexpr std::size_t kImportColumnsMax = 500;
// The first refused rows of an import are kept with their cells, up to this number.
inline constexpr std::int64_t kImportRefusedRowsKept = 1'000;
// The most bytes of a refused row that are kept; a longer row is kept without its cells.
inline constexpr std::size_t kImportRefusedBytesKept = 8 * 1024;

// The numbers are stored.
enum class ImportState : std::uint8_t { kRunning = 0, kDone = 1, kCanceled = 2 };
std::string_view ToString(ImportState state);

struct ImportCounts {
  std::int64_t done = 0;  // rows that have their result, refused ones too
  std::int64_t created = 0;
  std::int64_t updated = 0;
  std::int64_t unchanged = 0;
  std::int64_t refused = 0;

  bool operator==(const ImportCounts&) const = default;
  ImportCounts operator+(const ImportCounts& other) const;
};

struct Import {
  ImportId id;
  VenueId venue_id;
  ResourceKind kind = ResourceKind::kContact;
  AuditEntry::Actor started_by;
  std::vector<std::string> header;   // the file's first record
  std::vector<std::string> columns;  // the field that each column fills; "": none
  char delimiter = ',';
  // The encoding of the file as it was sent. The store keeps the file in UTF-8.
  std::string encoding = "utf-8";
  CsvLineEnd line_end{};
  ImportState state = ImportState::kRunning;
  std::int64_t rows = 0;
  ImportCounts counts;
  std::int64_t offset = 0;  // the next row's offset in the file in UTF-8
  std::int64_t line = 0;    // the line of `offset`; 0: not known, for imports that an older version began
  Timestamp created_at;
  std::optional<Timestamp> ended_at;

  bool operator==(const Import&) const = default;
};

struct RefusedRow {
  std::int64_t row = 0;  // the first below the header is 1
  std::vector<FieldError> errors;
  std::vector<std::string> cells;

  bool operator==(const RefusedRow&) const = default;
};

}  // namespace shakehook
