#include "api/records/import_dry_run.h"

#include <utility>

#include "api/http/response.h"
#include "api/records/import_json.h"
#include "base/loop_turn.h"
#include "records/import_step.h"

namespace shakehook {
namespace {

constexpr std::size_t kShownRowsMax = 20;
constexpr std::size_t kShownRefusedMax = 100;
// The most bytes of records that several rows of the file change.
constexpr std::size_t kChangedBytesMax = 64 * 1024 * 1024;

Json TextsJson(const std::vector<std::string>& texts) {
  Json::Array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return Json(std::move(array));
}

class DryRun {
 public:
  DryRun(ApiServices& services, const RecordBasis& basis, ImportFile file)
      : services_(services), basis_(basis), file_(std::move(file)) {}

  // Returns Done, or why the rows cannot be counted.
  Async<std::expected<Done, Problem>> Run(Loop& loop) {
    const Import& import = file_.import;
    ImportText text(file_.bytes, import.encoding);
    CsvParser parser(import.delimiter, import.line_end, import.line);
    auto skipped = static_cast<std::size_t>(import.offset);  // the header
    ImportRowsRead pending;
    for (bool ended = false; !ended;) {
      const auto piece = text.Next();
      ended = !piece;
      if (ended) {
        parser.End();
      } else {
        const std::size_t dropped = std::min(skipped, piece->size());
        skipped -= dropped;
        parser.Add(piece->substr(dropped));
      }
      for (CsvRecord record; parser.Next(record);) {
        pending.rows.push_back(std::move(record));
        if (pending.rows.size() < kImportStepRows) continue;
        if (auto done = co_await Take(loop, pending); !done) co_return done;
      }
      co_await NextTurn(loop);
    }
    while (!pending.rows.empty()) {
      if (auto done = co_await Take(loop, pending); !done) co_return done;
    }
    co_return Done();
  }

  Json ResponseJson() const {
    const Import& import = file_.import;
    Json json{Json::Object()};
    json.Add("dry_run", true);
    json.Add("venue_id", import.venue_id.text);
    json.Add("kind", NounOf(import.kind));
    json.Add("encoding", import.encoding);
    json.Add("delimiter", NameOfDelimiter(import.delimiter));
    json.Add("header", TextsJson(import.header));
    json.Add("columns", TextsJson(import.columns));
    json.Add("examples", TextsJson(file_.examples));
    json.Add("rows", import.rows);
    json.Add("created", import.counts.created);
    json.Add("updated", import.counts.updated);
    json.Add("unchanged", import.counts.unchanged);
    json.Add("refused", import.counts.refused);
    json.Add("sample", Json(sample_));
    json.Add("errors", Json(errors_));
    return json;
  }

 private:
  // Removes a step's rows from the front.
  Async<std::expected<Done, Problem>> Take(Loop& loop, ImportRowsRead& pending) {
    ImportStepBuilder builder(services_.store, services_.records.builder, loop, file_.import, basis_, &changed_);
    auto built = co_await builder.Build(pending, {});
    if (!built) co_return std::unexpected(FromRefusal(built.error(), "import"));
    ImportCounts& counts = file_.import.counts;
    for (std::size_t i = 0; i < built->changes.size(); ++i) {
      const ResourceChange& change = built->changes[i];
      const std::int64_t row = counts.done + static_cast<std::int64_t>(built->row_of[i]) + 1;
      Show(row, change, built->has_own_id[i] ? Switch::kOn : Switch::kOff);
      if (!file_.ids_twice.contains(std::hash<std::string_view>()(change.id.text))) continue;
      StoredResource& stored = changed_[change.id.text];
      changed_bytes_ += change.data.size() - std::min(change.data.size(), stored.data.size());
      stored = {.id = change.id,
                .version = change.expected_version + 1,
                .last_timestamp = change.event->timestamp,
                .data = change.data};
    }
    if (changed_bytes_ > kChangedBytesMax) {
      co_return std::unexpected(
          Invalid("", {"too_many_changes", "has more records that occur in several rows than a dry run can check"}));
    }
    for (const RefusedRow& row : built->step.refused) {
      if (errors_.size() < kShownRefusedMax) errors_.push_back(RefusedRowJson(row));
    }
    counts = counts + built->step.counts;
    pending.rows.erase(pending.rows.begin(),
                       pending.rows.begin() + static_cast<std::ptrdiff_t>(built->step.counts.done));
    co_return Done();
  }

  void Show(std::int64_t row, const ResourceChange& change, Switch own_id) {
    if (sample_.size() >= kShownRowsMax) return;
    const bool created = change.event->type == EventTypeOf(change.kind, Verb::kCreated);
    Json data{Json::Object()};
    const auto stored = ParseJson(change.data);
    for (const auto& [key, value] : *stored->object()) {
      // The server makes another value at the import.
      if (key == "created_at" && created) continue;
      if (key == "id" && own_id == Switch::kOff) continue;
      data.Add(key, value);
    }
    Json json{Json::Object()};
    json.Add("row", row);
    json.Add("result", created ? "created" : "updated");
    json.Add("data", std::move(data));
    sample_.push_back(std::move(json));
  }

  ApiServices& services_;
  const RecordBasis& basis_;
  ImportFile file_;
  ImportStepBuilder::ChangedRecords changed_;  // by id: a record that other rows change too, after the rows so far
  std::size_t changed_bytes_ = 0;
  Json::Array sample_;
  Json::Array errors_;
};

}  // namespace

Async<ApiResponse> DryRunImport(ApiServices& services, ApiRequest& request, const RecordBasis& basis, ImportFile file) {
  DryRun run(services, basis, std::move(file));
  if (auto done = co_await run.Run(request.loop); !done) co_return std::unexpected(std::move(done.error()));
  co_return JsonResponse(200, run.ResponseJson());
}

}  // namespace shakehook
