#include "store/sqlite/tables/import_reads.h"

#include <utility>

#include "base/check.h"
#include "base/json.h"

namespace shakehook::sqlite {

struct ImportColumns
    : Columns<Column<"import.id", ImportId>, Column<"venue.id AS venue_id", VenueId>, Column<"kind", ResourceKind>,
              Column<"actor_kind", AuditActorKind>, Column<"actor_id", std::string>, Column<"actor_name", std::string>,
              Column<"header", std::string_view>, Column<"columns", std::string_view>, Column<"delimiter", char>,
              Column<"state", ImportState>, Column<"row_count", std::int64_t>, Column<"done", std::int64_t>,
              Column<"created", std::int64_t>, Column<"updated", std::int64_t>, Column<"unchanged", std::int64_t>,
              Column<"refused", std::int64_t>, Column<"place", std::int64_t>, Column<"import.created_at", Timestamp>,
              Column<"ended_at", std::optional<Timestamp>>, Column<"encoding", std::string>,
              Column<"line_end", CsvLineEnd>, Column<"line", std::int64_t>> {};

struct RefusedRowColumns
    : Columns<Column<"line", std::int64_t>, Column<"errors", std::string_view>, Column<"cells", std::string_view>> {};

namespace {

#define SHAKEHOOK_FROM_IMPORT "FROM import JOIN venue ON venue.number = import.venue AND venue.deleted = 0 "

std::vector<std::string> ReadTexts(std::string_view json) {
  const auto parsed = ParseJson(json);
  CHECK(parsed && parsed->array() != nullptr);
  std::vector<std::string> texts;
  for (const Json& each : *parsed->array()) texts.push_back(*each.text());
  return texts;
}

std::vector<FieldError> ReadErrors(std::string_view json) {
  const auto parsed = ParseJson(json);
  CHECK(parsed && parsed->array() != nullptr);
  std::vector<FieldError> errors;
  for (const Json& each : *parsed->array()) errors.push_back(ReadFieldError(each));
  return errors;
}

Import ReadImport(const Rows<ImportColumns>& row) {
  return {.id = row.Get<"id">(),
          .venue_id = row.Get<"venue_id">(),
          .kind = row.Get<"kind">(),
          .started_by = {.kind = row.Get<"actor_kind">(), .id = row.Get<"actor_id">(), .name = row.Get<"actor_name">()},
          .header = ReadTexts(row.Get<"header">()),
          .columns = ReadTexts(row.Get<"columns">()),
          .delimiter = row.Get<"delimiter">(),
          .encoding = row.Get<"encoding">(),
          .line_end = row.Get<"line_end">(),
          .state = row.Get<"state">(),
          .rows = row.Get<"row_count">(),
          .counts = {.done = row.Get<"done">(),
                     .created = row.Get<"created">(),
                     .updated = row.Get<"updated">(),
                     .unchanged = row.Get<"unchanged">(),
                     .refused = row.Get<"refused">()},
          .offset = row.Get<"place">(),
          .line = row.Get<"line">(),
          .created_at = row.Get<"created_at">(),
          .ended_at = row.Get<"ended_at">()};
}

}  // namespace

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
  for (auto row = refused_.With(id, after, limit); row.Step();) {
    rows.push_back(
        {.row = row.Get<"line">(), .errors = ReadErrors(row.Get<"errors">()), .cells = ReadTexts(row.Get<"cells">())});
  }
  return rows;
}

std::string ToJsonText(const std::vector<std::string>& texts) {
  Json::Array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return ToString(Json(std::move(array)));
}

std::string ToJsonText(const std::vector<FieldError>& errors) {
  Json::Array array;
  for (const FieldError& error : errors) array.push_back(ToJson(error));
  return ToString(Json(std::move(array)));
}

}  // namespace shakehook::sqlite
