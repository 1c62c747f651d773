// Imports as they are read.
//
// Threads: those of its connection.
#pragma once

#include <vector>

#include "store/import_columns.h"
#include "store/sqlite/engine/select.h"
#include "store/store.h"

namespace shakehook::sqlite {

class ImportReads {
 public:
  explicit ImportReads(Connection& connection);

  std::optional<Import> Find(ImportId id);
  std::vector<Import> List(const VenueId& venue, std::optional<ImportId> before, std::size_t limit);
  std::vector<Import> ListRunning();
  std::string ReadChunk(ImportId id, std::int64_t number);
  std::vector<RefusedRow> ListRefused(ImportId id, std::int64_t after, std::size_t limit);

 private:
  Select<ImportColumns> find_, list_, running_;
  SelectOne<std::string> chunk_;
  Select<RefusedRowColumns> refused_;
};

}  // namespace shakehook::sqlite
