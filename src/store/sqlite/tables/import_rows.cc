#include "store/sqlite/tables/import_rows.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/check.h"
#include "store/import_texts.h"

namespace shakehook::sqlite {
namespace {

// For all venues together.
constexpr std::int64_t kRunningMax = 100;
// The rows of one step: few enough that no commit takes long.
constexpr std::size_t kChunksPurgedMax = 16;

std::unexpected<Refusal> Refuse(Refusal::Kind kind, std::string detail) {
  return std::unexpected(Refusal{.kind = kind, .detail = std::move(detail)});
}

}  // namespace

struct RunningImportsColumns : Columns<Column<"count(*) AS running", std::int64_t>,
                                       Column<"coalesce(sum(venue = ?1), 0) AS of_venue", std::int64_t>> {};

ImportRows::ImportRows(Connection& connection, const ConfigRows& config, EventRows& events, AuditRows& audit)
    : connection_(connection),
      config_(config),
      events_(events),
      audit_(audit),
      reads_(connection),
      add_chunk_(connection, "INSERT INTO import_chunk (import, number, bytes) VALUES (?1, ?2, ?3)"),
      drop_chunks_(connection, "DELETE FROM import_chunk WHERE import = ?1"),
      running_(connection, Sql("FROM import INDEXED BY import_running WHERE state = {}", ImportState::kRunning)),
      insert_(connection,
              Sql("INSERT INTO import (id, venue, kind, actor_kind, actor_id, actor_name, header, columns, delimiter, "
                  "state,"
                  " row_count, done, created, updated, unchanged, refused, place, created_at, encoding, line_end, line)"
                  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, {}, ?10, 0, 0, 0, 0, 0, ?11, ?12, ?13, ?14, ?15)",
                  ImportState::kRunning)),
      end_(connection,
           Sql("UPDATE import SET state = ?2, ended_at = ?3 WHERE id = ?1 AND state = {}", ImportState::kRunning)),
      end_of_(connection, Sql("UPDATE import SET state = {}, ended_at = ?2 WHERE venue = ?1 AND state = {}",
                              ImportState::kCanceled, ImportState::kRunning)),
      find_(connection,
            Sql("SELECT refused FROM import WHERE id = ?1 AND state = {} AND place = ?2", ImportState::kRunning)),
      move_(connection,
            "UPDATE import SET place = ?2, done = done + ?3, created = created + ?4, updated = updated + ?5,"
            " unchanged = unchanged + ?6, refused = refused + ?7, line = ?8 WHERE id = ?1"),
      drop_used_(connection, "DELETE FROM import_chunk WHERE import = ?1 AND number < ?2"),
      refuse_(connection, "INSERT OR IGNORE INTO import_refused (import, line, errors, cells) VALUES (?1, ?2, ?3, ?4)"),
      purge_(connection,
             "DELETE FROM import WHERE id IN"
             " (SELECT id FROM import INDEXED BY import_ended WHERE ended_at < ?1 ORDER BY ended_at LIMIT ?2)"
             " AND NOT EXISTS (SELECT 1 FROM import_refused WHERE import_refused.import = import.id)"),
      purge_chunks_(connection,
                    Sql("DELETE FROM import_chunk WHERE rowid IN (SELECT import_chunk.rowid FROM import_chunk"
                        " JOIN import ON import.id = import_chunk.import WHERE import.state <> {} LIMIT ?1)",
                        ImportState::kRunning)),
      purge_refused_(connection,
                     "DELETE FROM import_refused WHERE rowid IN (SELECT import_refused.rowid FROM import INDEXED BY"
                     " import_ended JOIN import_refused ON import_refused.import = import.id"
                     " WHERE import.ended_at < ?1 LIMIT ?2)") {
  connection.Execute("DELETE FROM import_chunk WHERE import NOT IN (SELECT id FROM import)");
}

Stored<Done> ImportRows::AddChunk(ImportId id, std::int64_t number, const std::string& bytes) {
  add_chunk_.Run(id, number, Blob{bytes});
  return Done();
}

Stored<Done> ImportRows::DropChunks(ImportId id) {
  drop_chunks_.Run(id);
  return Done();
}

Stored<Done> ImportRows::Start(const Import& import, WriteSession& session) {
  const auto venue = config_.VenueNumber(import.venue_id);
  std::string refusal;
  {
    auto row = running_.With(venue.value_or(0));
    CHECK(row.Step());
    if (row.Get<"of_venue">() > 0) {
      refusal = "An import into this venue is running.";
    } else if (row.Get<"running">() >= kRunningMax) {
      refusal = std::to_string(kRunningMax) + " imports are running already.";
    }
  }
  if (!venue || !refusal.empty()) {
    drop_chunks_.Run(import.id);
    return venue ? Refuse(Refusal::Kind::kExists, std::move(refusal))
                 : Refuse(Refusal::Kind::kMissing, "the venue does not exist");
  }
  insert_.Run(import.id, *venue, import.kind, import.started_by.kind, import.started_by.id, import.started_by.name,
              ToJsonText(import.header), ToJsonText(import.columns), static_cast<int>(import.delimiter), import.rows,
              import.offset, import.created_at, import.encoding, import.line_end, import.line);
  session.commit.imports.push_back(import.id);
  return Done();
}

Stored<Import> ImportRows::Cancel(ImportId id, Timestamp now) {
  end_.Run(id, ImportState::kCanceled, now);
  auto import = reads_.Find(id);
  if (!import) return Refuse(Refusal::Kind::kMissing, "no such import");
  return *std::move(import);
}

Stored<ImportProgress> ImportRows::Move(const ImportStep& step, const std::vector<ResourceChange>& changes,
                                        WriteSession& session) {
  const auto refused = find_.First(step.id, step.from);
  if (!refused) return ImportProgress::kElsewhere;
  if (!changes.empty()) {
    if (auto applied = events_.Apply(changes, session); !applied) return std::unexpected(std::move(applied.error()));
  }
  const ImportCounts& counts = step.counts;
  move_.Run(step.id, step.to, counts.done, counts.created, counts.updated, counts.unchanged, counts.refused,
            step.to_line);
  Keep(step, *refused);
  drop_used_.Run(step.id, step.to / static_cast<std::int64_t>(kImportChunkBytes));
  if (step.finished) {
    end_.Run(step.id, ImportState::kDone, step.finished->at);
    drop_chunks_.Run(step.id);
    audit_.Add(*step.finished);
  }
  return ImportProgress::kMoved;
}

void ImportRows::Keep(const ImportStep& step, std::int64_t already_refused) {
  for (const RefusedRowText& row : RefusedRowsToKeep(step, already_refused)) {
    refuse_.Run(step.id, row.line, row.errors, row.cells);
  }
}

void ImportRows::CancelOf(const VenueId& venue, Timestamp now) {
  if (const auto number = config_.VenueNumber(venue)) end_of_.Run(*number, now);
}

std::int64_t ImportRows::Purge(Timestamp before, std::size_t limit) {
  purge_chunks_.Run(std::min(limit, kChunksPurgedMax));
  std::int64_t purged = connection_.changes();
  purge_refused_.Run(before, limit);
  purged += connection_.changes();
  purge_.Run(before, limit);
  return purged + connection_.changes();
}

}  // namespace shakehook::sqlite
