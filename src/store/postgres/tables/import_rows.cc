#include "store/postgres/tables/import_rows.h"

#include <algorithm>
#include <string>
#include <utility>

#include "store/import_columns.h"
#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

// For all venues together.
constexpr std::int64_t kRunningMax = 100;
// The chunks of one step of the purge: few enough that no commit takes long.
constexpr std::size_t kChunksPurgedMax = 16;
// A file whose node is gone, and whose import did not begin for so long, is dropped.
constexpr Milliseconds kChunksKept{86'400'000};
// Ids are UUIDs of version 7, which are smaller.
constexpr ImportId kBehindAll = [] {
  ImportId id;
  id.uuid.bytes.fill(0xff);
  return id;
}();

// A running import has not ended.
struct RunningColumns : Columns<Column<"count(*) AS running", std::int64_t>,
                                Column<"count(*) FILTER (WHERE venue = $2) AS of_venue", std::int64_t>> {};
struct RefusedColumns : Columns<Column<"refused", std::int64_t>> {};
struct ChunkColumns : Columns<Column<"bytes", std::string>> {};

#define SHAKEHOOK_FROM_IMPORT                                                                         \
  "FROM import JOIN venue ON venue.tenant = $1 AND venue.number = import.venue AND venue.deleted = 0" \
  " WHERE import.tenant = $1 "

std::vector<Import> ReadImports(const Rows<ImportColumns>& rows) {
  std::vector<Import> imports;
  for (const auto row : rows) imports.push_back(ReadImport(row));
  return imports;
}

// Ends an import that runs.
BoundStatement EndOf(ImportId id, ImportState state, Timestamp now) {
  return Statement("UPDATE import SET state = $3, ended_at = $4 WHERE tenant = $1 AND id = $2 AND ended_at IS NULL")
      .With(kTenant, id, state, now);
}

}  // namespace

void AddImportChunk(ImportId id, std::int64_t number, const std::string& bytes, Timestamp now, int node,
                    Transaction& transaction) {
  transaction.writes.Add(Statement("INSERT INTO import_chunk (tenant, import, number, bytes, created_at, node)"
                                   " VALUES ($1, $2, $3, $4, $5, $6)")
                             .With(kTenant, id, number, Blob{bytes}, now, node));
}

Async<> DropUnusedChunks(int node, Connection& connection) {
  co_await connection.Run(
      Statement("DELETE FROM import_chunk WHERE tenant = $1 AND node = $2 AND NOT EXISTS"
                " (SELECT 1 FROM import WHERE import.tenant = $1 AND import.id = import_chunk.import)")
          .With(kTenant, node));
}

void DropChunks(ImportId id, Transaction& transaction) {
  transaction.writes.Add(Statement("DELETE FROM import_chunk WHERE tenant = $1 AND import = $2").With(kTenant, id));
}

Async<Stored<Done>> StartImport(Import import, ConfigRows& config, const Directory& directory,
                                Transaction& transaction) {
  co_await config.Hold(transaction.connection());
  const auto venue = directory.VenueNumber(import.venue_id);
  if (!venue) co_return Refuse(Refusal::Kind::kMissing, "the venue does not exist");
  const auto rows = co_await transaction.connection().Run(
      Select<RunningColumns>("FROM import WHERE tenant = $1 AND ended_at IS NULL").With(kTenant, *venue));
  if (rows[0].Get<"of_venue">() > 0) {
    co_return Refuse(Refusal::Kind::kExists, "An import into this venue is running.");
  }
  if (rows[0].Get<"running">() >= kRunningMax) {
    co_return Refuse(Refusal::Kind::kExists, std::to_string(kRunningMax) + " imports are running already.");
  }
  transaction.writes.Add(
      Statement("INSERT INTO import (tenant, id, venue, kind, actor_kind, actor_id, actor_name, header, columns,"
                " delimiter, encoding, line_end, state, row_count, place, line, created_at)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)")
          .With(kTenant, import.id, *venue, import.kind, import.started_by.kind, import.started_by.id,
                import.started_by.name, ToJsonText(import.header), ToJsonText(import.columns), import.delimiter,
                import.encoding, import.line_end, ImportState::kRunning, import.rows, import.offset, import.line,
                import.created_at));
  transaction.commit.imports.push_back(import.id);
  co_return Done();
}

Async<Stored<Import>> CancelImport(ImportId id, Timestamp now, Transaction& transaction) {
  co_await transaction.connection().Run(EndOf(id, ImportState::kCanceled, now));
  auto import = co_await FindImport(id, transaction.connection());
  if (!import) co_return Refuse(Refusal::Kind::kMissing, "no such import");
  co_return *std::move(import);
}

Async<std::optional<std::int64_t>> HoldImport(ImportId id, std::int64_t place, Connection& connection) {
  const auto rows = co_await connection.Run(
      Select<RefusedColumns>("FROM import WHERE tenant = $1 AND id = $2 AND place = $3 AND ended_at IS NULL FOR UPDATE")
          .With(kTenant, id, place));
  if (rows.empty()) co_return std::nullopt;
  co_return rows[0].Get<"refused">();
}

void WriteProgress(const ImportStep& step, std::int64_t already_refused, Transaction& transaction) {
  const ImportCounts& counts = step.counts;
  transaction.writes.Add(
      Statement("UPDATE import SET place = $3, done = done + $4, created = created + $5, updated = updated + $6,"
                " unchanged = unchanged + $7, refused = refused + $8, line = $9 WHERE tenant = $1 AND id = $2")
          .With(kTenant, step.id, step.to, counts.done, counts.created, counts.updated, counts.unchanged,
                counts.refused, step.to_line));
  for (const RefusedRowText& row : RefusedRowsToKeep(step, already_refused)) {
    transaction.writes.Add(Statement("INSERT INTO import_refused (tenant, import, line, errors, cells)"
                                     " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, import, line) DO NOTHING")
                               .With(kTenant, step.id, row.line, row.errors, row.cells));
  }
  if (step.finished) {
    transaction.writes.Add(EndOf(step.id, ImportState::kDone, step.finished->at));
    DropChunks(step.id, transaction);
    return;
  }
  transaction.writes.Add(Statement("DELETE FROM import_chunk WHERE tenant = $1 AND import = $2 AND number < $3")
                             .With(kTenant, step.id, step.to / static_cast<std::int64_t>(kImportChunkBytes)));
}

Async<std::optional<Import>> FindImport(ImportId id, Connection& connection) {
  const auto rows =
      co_await connection.Run(Select<ImportColumns>(SHAKEHOOK_FROM_IMPORT "AND import.id = $2").With(kTenant, id));
  if (rows.empty()) co_return std::nullopt;
  co_return ReadImport(rows[0]);
}

Async<std::vector<Import>> ListImports(std::int64_t venue, std::optional<ImportId> before, std::size_t limit,
                                       Connection& connection) {
  co_return ReadImports(co_await connection.Run(
      Select<ImportColumns>(SHAKEHOOK_FROM_IMPORT
                            "AND import.venue = $2 AND import.id < $3 ORDER BY import.id DESC LIMIT $4")
          .With(kTenant, venue, before.value_or(kBehindAll), limit)));
}

Async<std::vector<Import>> ListRunningImports(Connection& connection) {
  co_return ReadImports(co_await connection.Run(
      Select<ImportColumns>(SHAKEHOOK_FROM_IMPORT "AND import.ended_at IS NULL").With(kTenant)));
}

Async<std::string> ReadImportChunk(ImportId id, std::int64_t number, Connection& connection) {
  const auto rows = co_await connection.Run(
      Select<ChunkColumns>("FROM import_chunk WHERE tenant = $1 AND import = $2 AND number = $3")
          .With(kTenant, id, number));
  co_return rows.empty() ? std::string() : rows[0].Get<"bytes">();
}

Async<std::vector<RefusedRow>> ListRefusedRows(ImportId id, std::int64_t after, std::size_t limit,
                                               Connection& connection) {
  const auto rows = co_await connection.Run(
      Select<RefusedRowColumns>(
          "FROM import_refused WHERE tenant = $1 AND import = $2 AND line > $3 ORDER BY line LIMIT $4")
          .With(kTenant, id, after, limit));
  std::vector<RefusedRow> refused;
  for (const auto row : rows) refused.push_back(ReadRefusedRow(row));
  co_return refused;
}

void CancelImportsOf(std::int64_t venue, Timestamp now, Transaction& transaction) {
  transaction.writes.Add(
      Statement("UPDATE import SET state = $3, ended_at = $4 WHERE tenant = $1 AND venue = $2 AND ended_at IS NULL")
          .With(kTenant, venue, ImportState::kCanceled, now));
}

Async<std::int64_t> PurgeImports(Timestamp before, Timestamp now, std::size_t limit, Connection& connection) {
  std::int64_t rows = co_await connection.Run(
      Statement("DELETE FROM import_chunk WHERE ctid = ANY (ARRAY(SELECT c.ctid FROM import_chunk c LEFT JOIN import i"
                " ON i.tenant = $1 AND i.id = c.import WHERE c.tenant = $1"
                " AND (i.ended_at IS NOT NULL OR (i.id IS NULL AND c.created_at < $2)) LIMIT $3))")
          .With(kTenant, now - kChunksKept, std::min(limit, kChunksPurgedMax)));
  rows += co_await connection.Run(
      Statement("DELETE FROM import_refused WHERE ctid = ANY (ARRAY(SELECT r.ctid FROM import i JOIN import_refused r"
                " ON r.tenant = $1 AND r.import = i.id WHERE i.tenant = $1 AND i.ended_at < $2 LIMIT $3))")
          .With(kTenant, before, limit));
  rows += co_await connection.Run(
      Statement("DELETE FROM import WHERE ctid = ANY (ARRAY(SELECT i.ctid FROM import i WHERE i.tenant = $1"
                " AND i.ended_at < $2 AND NOT EXISTS (SELECT 1 FROM import_refused r WHERE r.tenant = $1"
                " AND r.import = i.id) ORDER BY i.ended_at LIMIT $3))")
          .With(kTenant, before, limit));
  co_return rows;
}

}  // namespace shakehook::postgres
