#include "store/sqlite/tables/import_reads.h"

namespace shakehook::sqlite {

#define SHAKEHOOK_FROM_IMPORT "FROM import JOIN venue ON venue.number = import.venue AND venue.deleted = 0 "

ImportReads::ImportReads(Connection& connection)
    : find_(connection, SHAKEHOOK_FROM_IMPORT "WHERE import.id = ?1"),
      list_(connection, SHAKEHOOK_FROM_IMPORT
            "WHERE import.venue = (SELECT number FROM venue WHERE id = ?1 AND deleted = 0)"
            " AND (?2 IS NULL OR import.id < ?2) ORDER BY import.id DESC LIMIT ?3"),
      running_(connection, Sql(SHAKEHOOK_FROM_IMPORT "WHERE state = {}", ImportState::kRunning)),
      chunk_(connection, "SELECT bytes FROM import_chunk WHERE import = ?1 AND number = ?2"),
      refused_(connection, "FROM import_refused WHERE import = ?1 AND line > ?2 ORDER BY line LIMIT ?3") {}

std::optional<Import> ImportReads::Find(ImportId id) {
  auto row = find_.With(id);
  if (!row.Step()) return std::nullopt;
  return ReadImport(row);
}

std::vector<Import> ImportReads::List(const VenueId& venue, std::optional<ImportId> before, std::size_t limit) {
  std::vector<Import> imports;
  for (auto row = list_.With(venue, before, limit); row.Step();) imports.push_back(ReadImport(row));
  return imports;
}

std::vector<Import> ImportReads::ListRunning() {
  std::vector<Import> imports;
  for (auto row = running_.With(); row.Step();) imports.push_back(ReadImport(row));
  return imports;
}

std::string ImportReads::ReadChunk(ImportId id, std::int64_t number) { return chunk_.First(id, number).value_or(""); }

std::vector<RefusedRow> ImportReads::ListRefused(ImportId id, std::int64_t after, std::size_t limit) {
  std::vector<RefusedRow> rows;
  for (auto row = refused_.With(id, after, limit); row.Step();) rows.push_back(ReadRefusedRow(row));
  return rows;
}

}  // namespace shakehook::sqlite
