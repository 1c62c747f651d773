#include "store/sqlite/tables/import_reads.h"

#include <utility>

#include "base/check.h"
#include "base/json.h"

namespace shakehook::sqlite {
namespace {

#define SHAKEHOOK_IMPORT                                                                                              \
  "SELECT import.id, venue.id, kind, actor_kind, actor_id, actor_name, header, columns, delimiter, state, row_count," \
  " done, created, updated, unchanged, refused, place, import.created_at, ended_at, encoding, line_end, line"         \
  " FROM import JOIN venue ON venue.number = import.venue AND venue.deleted = 0 "

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
  for (const Json& each : *parsed->array())
    errors.push_back({*each.Find("field")->text(), *each.Find("detail")->text()});
  return errors;
}

Import ReadImport(const Execution& row) {
  return {.id = {row.ReadUuid(0)},
          .venue_id = {std::string(row.Text(1))},
          .kind = row.As<ResourceKind>(2),
          .started_by = {.kind = row.As<AuditActorKind>(3),
                         .id = std::string(row.Text(4)),
                         .name = std::string(row.Text(5))},
          .header = ReadTexts(row.Text(6)),
          .columns = ReadTexts(row.Text(7)),
          .delimiter = static_cast<char>(row.Integer(8)),
          .encoding = std::string(row.Text(19)),
          .line_end = row.As<CsvLineEnd>(20),
          .state = row.As<ImportState>(9),
          .rows = row.Integer(10),
          .counts = {.done = row.Integer(11),
                     .created = row.Integer(12),
                     .updated = row.Integer(13),
                     .unchanged = row.Integer(14),
                     .refused = row.Integer(15)},
          .offset = row.Integer(16),
          .line = row.Integer(21),
          .created_at = row.Time(17),
          .ended_at = row.OptionalTime(18)};
}

}  // namespace

ImportReads::ImportReads(Connection& connection)
    : find_(connection, SHAKEHOOK_IMPORT "WHERE import.id = ?1"),
      list_(connection, SHAKEHOOK_IMPORT
            "WHERE import.venue = (SELECT number FROM venue WHERE id = ?1 AND deleted = 0)"
            " AND (?2 IS NULL OR import.id < ?2) ORDER BY import.id DESC LIMIT ?3"),
      running_(connection, Sql(SHAKEHOOK_IMPORT "WHERE state = {}", ImportState::kRunning)),
      chunk_(connection, "SELECT bytes FROM import_chunk WHERE import = ?1 AND number = ?2"),
      refused_(
          connection,
          "SELECT line, errors, cells FROM import_refused WHERE import = ?1 AND line > ?2 ORDER BY line LIMIT ?3") {}

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

std::string ImportReads::ReadChunk(ImportId id, std::int64_t number) {
  auto row = chunk_.With(id, number);
  return row.Step() ? std::string(row.Text(0)) : std::string();
}

std::vector<RefusedRow> ImportReads::ListRefused(ImportId id, std::int64_t after, std::size_t limit) {
  std::vector<RefusedRow> rows;
  for (auto row = refused_.With(id, after, limit); row.Step();) {
    rows.push_back({.row = row.Integer(0), .errors = ReadErrors(row.Text(1)), .cells = ReadTexts(row.Text(2))});
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
  for (const FieldError& error : errors) {
    Json json{Json::Object()};
    json.Add("field", error.field);
    json.Add("detail", error.detail);
    array.push_back(std::move(json));
  }
  return ToString(Json(std::move(array)));
}

}  // namespace shakehook::sqlite
