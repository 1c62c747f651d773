// Imports as they change: their files are stored, they begin, go on, end or are canceled. A step writes its rows and
// its progress in the same transaction; so an import continues after a restart where it was.
//
// Threads: the writer's.
#pragma once

#include "store/sqlite/engine/select.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/engine/write_session.h"
#include "store/sqlite/tables/audit_rows.h"
#include "store/sqlite/tables/config_rows.h"
#include "store/sqlite/tables/event_rows.h"
#include "store/sqlite/tables/import_reads.h"
#include "store/store.h"

namespace shakehook::sqlite {

class ImportRows {
 public:
  // Drops chunks of files whose imports never began.
  ImportRows(Connection& connection, const ConfigRows& config, EventRows& events, AuditRows& audit);

  // The verbs of store.h.
  Stored<Done> AddChunk(ImportId id, std::int64_t number, const std::string& bytes);
  Stored<Done> DropChunks(ImportId id);
  Stored<Done> Start(const Import& import, WriteSession& session);
  Stored<Import> Cancel(ImportId id, Timestamp now);
  Stored<ImportProgress> Move(const ImportStep& step, const std::vector<ResourceChange>& changes,
                              WriteSession& session);

  // Cancels the imports of a venue that is being deleted.
  void CancelOf(const VenueId& venue, Timestamp now);
  // Drops up to `limit` imports that ended before, or the rest of their files; returns how many rows were dropped.
  std::int64_t Purge(Timestamp before, std::size_t limit);

 private:
  void Keep(const ImportStep& step, std::int64_t already_refused);

  Connection& connection_;
  const ConfigRows& config_;
  EventRows& events_;
  AuditRows& audit_;
  ImportReads reads_;
  Statement add_chunk_, drop_chunks_;
  Select<struct RunningImportsColumns> running_;
  Statement insert_, end_, end_of_;
  SelectOne<std::int64_t> find_;
  Statement move_, drop_used_, refuse_;
  Statement purge_, purge_chunks_, purge_refused_;
};

}  // namespace shakehook::sqlite
