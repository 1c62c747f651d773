#include "api/records/import_json.h"

#include <utility>

#include "api/http/problem.h"
#include "api/http/time_json.h"
#include "api/records/import_file.h"

namespace shakehook {

Json ImportJson(const Import& import) {
  Json json{Json::Object()};
  json.Add("id", import.id.ToString());
  json.Add("venue_id", import.venue_id.text);
  json.Add("kind", NounOf(import.kind));
  json.Add("state", ToString(import.state));
  json.Add("encoding", import.encoding);
  json.Add("delimiter", NameOfDelimiter(import.delimiter));
  json.Add("rows", import.rows);
  json.Add("done", import.counts.done);
  json.Add("created", import.counts.created);
  json.Add("updated", import.counts.updated);
  json.Add("unchanged", import.counts.unchanged);
  json.Add("refused", import.counts.refused);
  json.Add("started_by", import.started_by.name);
  json.Add("created_at", UnixMs(import.created_at));
  json.Add("ended_at", TimeJson(import.ended_at));
  return json;
}

Json RefusedRowJson(const RefusedRow& row) {
  Json::Array errors;
  for (const FieldError& error : row.errors) errors.push_back(ToJson(error));
  Json json{Json::Object()};
  json.Add("row", row.row);
  json.Add("errors", Json(std::move(errors)));
  return json;
}

}  // namespace shakehook
