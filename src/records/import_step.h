// One step of an import: the changes that some rows of its file make to the venue's records. An import stores them
// (jobs/import_jobs.h), a dry run shows them.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/csv_parser.h"
#include "base/loop.h"
#include "base/loop_turn.h"
#include "model/import.h"
#include "records/change_builder.h"
#include "records/record_basis.h"
#include "store/store.h"

namespace shakehook {

// Few enough that no commit takes long.
inline constexpr std::size_t kImportStepRows = 200;

// Consecutive rows of the file, from Import::offset on. The lines and CsvRecord::end are those of the whole file.
struct ImportRowsRead {
  std::vector<CsvRecord> rows;
  bool last = false;  // no more rows follow
  std::int64_t end = 0;
  std::int64_t next_line = 0;
};

struct BuiltImportStep {
  ImportStep step;
  std::vector<ResourceChange> changes;
  std::vector<std::size_t> row_of;  // by change: its index in the rows
  std::vector<bool> has_own_id;     // by change: the row has its id
};

// ImportStepBuilder builds one step, and is made for it.
//
// Ownership: everything that it is made of outlives it.
// Threads:   lives on one loop.
class ImportStepBuilder {
 public:
  // By id, records that differ from what is stored: a dry run's, which stores nothing.
  using ChangedRecords = std::unordered_map<std::string, StoredResource>;

  ImportStepBuilder(Store& store, const ChangeBuilder& builder, Loop& loop, const Import& import,
                    const RecordBasis& basis, const ChangedRecords* changed = nullptr)
      : store_(store), builder_(builder), loop_(loop), import_(import), basis_(basis), changed_(changed) {}

  // Builds the changes of `rows`. The step ends before a row whose id an earlier row has: the earlier one is stored
  // first. `refused`: rows that the store has refused already.
  Async<Stored<BuiltImportStep>> Build(const ImportRowsRead& rows, std::vector<RefusedRow> refused);

 private:
  // A row that was read: its change, and the record that it changes.
  struct Item {
    std::size_t row = 0;
    std::optional<ResourceId> id;  // absent: a new one
    Json patch;
  };

  std::int64_t NumberOf(std::size_t row) const { return import_.counts.done + static_cast<std::int64_t>(row) + 1; }
  void Refuse(const ImportRowsRead& rows, std::size_t row, std::vector<FieldError> errors);
  // Reads rows into `items_`; returns how many rows the step takes.
  Async<std::size_t> ReadRows(const ImportRowsRead& rows, const std::vector<RefusedRow>& refused);
  // Returns the records stored under the items' ids, by item.
  Async<Stored<std::vector<std::optional<StoredResource>>>> ReadStored();
  // Returns the accounts that items name and that the venue does not have.
  Async<Stored<std::set<std::string>>> FindMissingAccounts();
  // Adds the item's change, or its refusal; returns how many bytes it worked on.
  std::size_t Put(const ImportRowsRead& rows, const Item& item, const StoredResource* stored);
  void Finish(const ImportRowsRead& rows, std::size_t taken);

  Store& store_;
  const ChangeBuilder& builder_;
  Loop& loop_;
  const Import& import_;
  const RecordBasis& basis_;
  const ChangedRecords* changed_;
  TurnBudget budget_;
  std::vector<Item> items_;
  BuiltImportStep built_;
};

}  // namespace shakehook
