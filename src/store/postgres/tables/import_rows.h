// Imports: their files are stored, they begin, go on, end or are canceled. A step writes its rows and its progress in
// the same transaction; so an import continues after a restart, or on another node, where it was.
//
// Threads: the store's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/postgres/engine/transaction.h"
#include "store/postgres/tables/config_rows.h"
#include "store/postgres/tables/directory.h"
#include "store/store.h"

namespace shakehook::postgres {

// --- The verbs of store.h ---

// `node`: which one takes the file in. Its next start drops the chunks of files whose imports never began.
void AddImportChunk(ImportId id, std::int64_t number, const std::string& bytes, Timestamp now, int node,
                    Transaction& transaction);
Async<> DropUnusedChunks(int node, Connection& connection);
// A refused import's chunks are left: see DropChunks.
Async<Stored<Done>> StartImport(Import import, ConfigRows& config, const Directory& directory,
                                Transaction& transaction);
void DropChunks(ImportId id, Transaction& transaction);
Async<Stored<Import>> CancelImport(ImportId id, Timestamp now, Transaction& transaction);

// Holds an import that is to be moved; returns how many rows it has refused. nullopt: it is elsewhere, or has ended.
Async<std::optional<std::int64_t>> HoldImport(ImportId id, std::int64_t place, Connection& connection);
// Writes the progress of one that is held.
void WriteProgress(const ImportStep& step, std::int64_t already_refused, Transaction& transaction);

Async<std::optional<Import>> FindImport(ImportId id, Connection& connection);
Async<std::vector<Import>> ListImports(std::int64_t venue, std::optional<ImportId> before, std::size_t limit,
                                       Connection& connection);
Async<std::vector<Import>> ListRunningImports(Connection& connection);
Async<std::string> ReadImportChunk(ImportId id, std::int64_t number, Connection& connection);
Async<std::vector<RefusedRow>> ListRefusedRows(ImportId id, std::int64_t after, std::size_t limit,
                                               Connection& connection);

// --- For others ---

// Cancels the imports of a venue that is being deleted.
void CancelImportsOf(std::int64_t venue, Timestamp now, Transaction& transaction);
// Drops up to `limit` imports that ended before, or the rest of their files; returns how many rows were dropped.
Async<std::int64_t> PurgeImports(Timestamp before, Timestamp now, std::size_t limit, Connection& connection);

}  // namespace shakehook::postgres
