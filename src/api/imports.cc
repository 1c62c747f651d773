// /api/venues/{venue_id}/imports and /api/imports/{id}: contacts or accounts from a CSV file, as jobs with progress
// that can be canceled. The file is checked and laid down before the answer; import_runner.h puts its rows.
#include <algorithm>
#include <charconv>

#include "api/all_routes.h"
#include "api/audit.h"
#include "api/field_reader.h"
#include "api/import_row.h"
#include "api/import_runner.h"
#include "api/json_body.h"
#include "api/loop_turn.h"
#include "api/page.h"
#include "api/response.h"
#include "api/time_json.h"
#include "api/valid_utf8.h"
#include "api/visible.h"
#include "base/csv_parser.h"

namespace shakehook {
namespace {

constexpr std::string_view kNoun = "import";
constexpr std::string_view kList = "imports";
constexpr std::string_view kRefusedList = "import-rows";
constexpr std::size_t kColumnsTextMax = 24 * 1024;
constexpr std::size_t kUnknownNamed = 5;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

struct Delimiter {
  std::string_view name;
  char character;
};
constexpr std::array<Delimiter, 3> kDelimiters = {{{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}}};

Json ImportJson(const Import& import) {
  Json json{Json::Object()};
  json.Add("id", import.id.ToString());
  json.Add("venue_id", import.venue_id.text);
  json.Add("kind", NounOf(import.kind));
  json.Add("state", ToString(import.state));
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

AuditEntry::Subject SubjectOf(const Import& import) {
  return {.kind = "import", .id = import.id.ToString(), .name = {}};
}

// --- POST ---

struct ImportParameters {
  ResourceKind kind = ResourceKind::kContact;
  std::optional<std::vector<std::string>> columns;  // absent: the header says
  std::optional<char> delimiter;                    // absent: what the header has most of
};

std::vector<std::string> SplitAtCommas(std::string_view text) {
  std::vector<std::string> parts;
  for (;;) {
    const auto comma = text.find(',');
    parts.emplace_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

ImportParameters ReadParameters(ParameterReader& parameters) {
  ImportParameters read;
  const std::string kind = parameters.Text("kind");
  if (kind == "account") {
    read.kind = ResourceKind::kAccount;
  } else if (kind != "contact") {
    parameters.Refuse("kind", "must be contact or account");
  }
  if (parameters.Any("columns") != nullptr) read.columns = SplitAtCommas(parameters.Text("columns", kColumnsTextMax));
  if (const std::string* const name = parameters.Any("delimiter")) {
    const auto found = std::ranges::find(kDelimiters, *name, &Delimiter::name);
    if (found != kDelimiters.end()) {
      read.delimiter = found->character;
    } else {
      parameters.Refuse("delimiter", "must be comma, semicolon or tab");
    }
  }
  return read;
}

char MostUsedDelimiter(std::string_view text) {
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  const auto most = std::ranges::max_element(
      kDelimiters, {}, [line](const Delimiter& each) { return std::ranges::count(line, each.character); });
  return most->character;
}

// The columns by the header's own names.
std::expected<std::vector<std::string>, Problem> ColumnsByName(const ResourceBasis& basis,
                                                               const std::vector<std::string>& header) {
  std::vector<std::string> columns;
  std::vector<std::string> unknown;
  for (const std::string& name : header) {
    columns.push_back(name);
    if (!name.empty() && !IsImportField(basis, name)) unknown.push_back(name);
  }
  if (unknown.empty()) return columns;
  std::string names;
  for (std::size_t i = 0; i < std::min(unknown.size(), kUnknownNamed); ++i) {
    names += (i == 0 ? "\"" : ", \"") + unknown[i] + "\"";
  }
  return std::unexpected(Invalid("columns", "is required where the header names other things than fields: " + names));
}

// What is wrong with the columns; empty: nothing.
std::string ObjectionTo(const ResourceBasis& basis, const std::vector<std::string>& columns, std::size_t header_cells) {
  if (header_cells > kImportColumnsMax) return "are more than " + std::to_string(kImportColumnsMax);
  if (columns.size() != header_cells) {
    return "names " + std::to_string(columns.size()) + " columns; the header has " + std::to_string(header_cells);
  }
  bool any = false;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].empty()) continue;
    any = true;
    if (!IsImportField(basis, columns[i])) return "names \"" + columns[i] + "\", which is no field";
    if (std::find(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(i), columns[i]) !=
        columns.begin() + static_cast<std::ptrdiff_t>(i)) {
      return "names " + columns[i] + " twice";
    }
  }
  return any ? "" : "must name a field of one column at least";
}

bool IsCsv(const HttpRequest& request) {
  const std::string* const type = request.Header("content-type");
  return type != nullptr && type->substr(0, type->find(';')) == "text/csv";
}

// Takes the header off, and counts the rows below it.
Async<std::expected<Done, Problem>> ReadFile(Loop& loop, std::string_view csv, const ResourceBasis& basis,
                                             const ImportParameters& parameters, Import& import) {
  std::string_view text = csv;
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  import.delimiter = parameters.delimiter.value_or(MostUsedDelimiter(text));
  CsvParser parser(import.delimiter);
  CsvRecord record;
  if (!parser.Next(text, record)) co_return std::unexpected(Invalid("", "has no rows below its header"));
  for (std::string& cell : record.cells) {
    const auto first = cell.find_first_not_of(" \t");
    cell = first == std::string::npos ? "" : cell.substr(first, cell.find_last_not_of(" \t") - first + 1);
  }
  import.header = std::move(record.cells);
  import.offset = static_cast<std::int64_t>(csv.size() - text.size());
  if (parameters.columns) {
    import.columns = *parameters.columns;
  } else {
    auto columns = ColumnsByName(basis, import.header);
    if (!columns) co_return std::unexpected(std::move(columns.error()));
    import.columns = *std::move(columns);
  }
  if (auto objection = ObjectionTo(basis, import.columns, import.header.size()); !objection.empty()) {
    co_return std::unexpected(Invalid("columns", std::move(objection)));
  }
  while (!text.empty()) {
    std::string_view piece = text.substr(0, kImportChunkBytes);
    text.remove_prefix(piece.size());
    while (parser.Next(piece, record)) ++import.rows;
    co_await NextTurn(loop);
  }
  if (parser.Finish(record)) ++import.rows;
  if (import.rows == 0) co_return std::unexpected(Invalid("", "has no rows below its header"));
  if (import.rows > kImportRowsMax) {
    co_return std::unexpected(Invalid("", "has " + std::to_string(import.rows) + " rows; at most " +
                                              std::to_string(kImportRowsMax) + " fit in an import"));
  }
  co_return Done();
}

Async<std::expected<Done, Problem>> LayDown(ApiServices& services, ImportId id, std::string_view csv) {
  for (std::int64_t number = 0; !csv.empty(); ++number) {
    const std::string_view chunk = csv.substr(0, kImportChunkBytes);
    csv.remove_prefix(chunk.size());
    const auto added = co_await services.store.AddImportChunk(id, number, std::string(chunk));
    if (!added) co_return std::unexpected(FromRefusal(added.error(), kNoun));
  }
  co_return Done();
}

Async<Answer> StartImport(ApiServices& services, ApiRequest& request) {
  const auto venue = FindVisibleVenue(services.directory(), *request.key, request.Path("venue_id"));
  if (!venue) co_return std::unexpected(venue.error());
  ParameterReader reader(request);
  const ImportParameters parameters = ReadParameters(reader);
  if (auto problem = reader.Finish()) co_return std::unexpected(*std::move(problem));
  if (!IsCsv(request.http)) {
    co_return std::unexpected(Problem{.status = 415, .detail = "Content-Type must be text/csv."});
  }
  const std::string& csv = request.http.body;
  if (ToValidUtf8(csv) != csv) co_return std::unexpected(Malformed("The file is not in UTF-8."));
  const auto basis = ResourceBasis::Read(services.directory(), *request.key, request.Path("venue_id"), parameters.kind);
  if (!basis) co_return std::unexpected(basis.error());
  Import import{.id = {services.NewUuid()},
                .venue_id = (*venue)->id,
                .kind = parameters.kind,
                .started_by = ActorOf(request),
                .created_at = services.clock.Now()};
  if (auto read = co_await ReadFile(request.loop, csv, *basis, parameters, import); !read) {
    co_return std::unexpected(std::move(read.error()));
  }
  if (auto laid = co_await LayDown(services, import.id, csv); !laid) co_return std::unexpected(std::move(laid.error()));
  HttpResponse response = WithLocation(JsonResponse(201, ImportJson(import)), "/api/imports/" + import.id.ToString());
  const auto started = co_await services.store.StartImport(
      import, request.Keep(response),
      MakeAuditEntry(services, ActorOf(request),
                     {.action = AuditAction::kImportStarted,
                      .subject = SubjectOf(import),
                      .detail = std::to_string(import.rows) + " rows of " + std::string(CollectionOf(import.kind)) +
                                " into the venue " + (*venue)->name}));
  if (!started) {
    if (started.error().kind == Refusal::Kind::kExists) co_return std::unexpected(Conflict(started.error().detail));
    co_return std::unexpected(FromRefusal(started.error(), "venue"));
  }
  services.imports.Wake();
  co_return response;
}

// --- GET ---

Async<Answer> ListImports(ApiServices& services, ApiRequest& request) {
  const auto venue = FindVisibleVenue(services.directory(), *request.key, request.Path("venue_id"));
  if (!venue) co_return std::unexpected(venue.error());
  ParameterReader parameters(request);
  const PageRequest page =
      ReadPage(parameters, kList, [](std::string_view key) { return ImportId::Parse(key).has_value(); });
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  const auto before = page.after.empty() ? std::nullopt : ImportId::Parse(page.after);
  const auto imports = co_await services.store.ListImports((*venue)->id, before, page.limit + 1, request.asker());
  if (!imports) co_return std::unexpected(FromRefusal(imports.error(), kNoun));
  const std::size_t size = PageSize(imports->size(), page.limit);
  PageBody body;
  for (std::size_t i = 0; i < size; ++i) body.Add(ToString(ImportJson((*imports)[i])));
  std::optional<std::string> last_key;
  if (imports->size() > size) last_key = (*imports)[size - 1].id.ToString();
  co_return JsonResponse(200, body.Finish(kList, last_key));
}

// The import that the request's path names. The problem is a 404, also for one whose venue the key does not see.
Async<std::expected<Import, Problem>> FindVisibleImport(ApiServices& services, ApiRequest& request) {
  const auto id = ImportId::Parse(request.Path("id"));
  if (!id) co_return std::unexpected(NotFound(kNoun));
  const auto import = co_await services.store.GetImport(*id, request.asker());
  if (!import) co_return std::unexpected(FromRefusal(import.error(), kNoun));
  if (!*import || !FindVisibleVenue(services.directory(), *request.key, (*import)->venue_id.text)) {
    co_return std::unexpected(NotFound(kNoun));
  }
  co_return **import;
}

Async<Answer> GetImport(ApiServices& services, ApiRequest& request) {
  const auto import = co_await FindVisibleImport(services, request);
  if (!import) co_return std::unexpected(import.error());
  co_return JsonResponse(200, ImportJson(*import));
}

std::optional<std::int64_t> ParseRow(std::string_view text) {
  std::int64_t row = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), row);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || row < 0) return std::nullopt;
  return row;
}

Json RefusedJson(const RefusedRow& row) {
  Json::Array errors;
  for (const FieldError& error : row.errors) {
    Json json{Json::Object()};
    json.Add("field", error.field);
    json.Add("detail", error.detail);
    errors.push_back(std::move(json));
  }
  Json json{Json::Object()};
  json.Add("row", row.row);
  json.Add("errors", Json(std::move(errors)));
  return json;
}

Async<Answer> ListRefused(ApiServices& services, ApiRequest& request) {
  const auto import = co_await FindVisibleImport(services, request);
  if (!import) co_return std::unexpected(import.error());
  ParameterReader parameters(request);
  const PageRequest page =
      ReadPage(parameters, kRefusedList, [](std::string_view key) { return ParseRow(key).has_value(); });
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  const std::int64_t after = page.after.empty() ? 0 : *ParseRow(page.after);
  const auto rows = co_await services.store.ListRefusedRows(import->id, after, page.limit + 1, request.asker());
  if (!rows) co_return std::unexpected(FromRefusal(rows.error(), kNoun));
  const std::size_t size = PageSize(rows->size(), page.limit);
  PageBody body;
  for (std::size_t i = 0; i < size; ++i) body.Add(ToString(RefusedJson((*rows)[i])));
  std::optional<std::string> last_key;
  if (rows->size() > size) last_key = std::to_string((*rows)[size - 1].row);
  co_return JsonResponse(200, body.Finish(kRefusedList, last_key));
}

std::string Joined(const std::vector<FieldError>& errors, std::string FieldError::* part) {
  std::string joined;
  for (const FieldError& error : errors) {
    if ((error.*part).empty()) continue;
    if (!joined.empty()) joined += " / ";
    joined += error.*part;
  }
  return joined;
}

// The rows with their cells, so that the mended file can be imported.
Async<Answer> DownloadRefused(ApiServices& services, ApiRequest& request) {
  const auto import = co_await FindVisibleImport(services, request);
  if (!import) co_return std::unexpected(import.error());
  const auto rows = co_await services.store.ListRefusedRows(
      import->id, 0, static_cast<std::size_t>(kImportRefusedRowsKept), request.asker());
  if (!rows) co_return std::unexpected(FromRefusal(rows.error(), kNoun));
  std::vector<std::string> line = {"row", "field", "problem"};
  for (const std::string& name : import->header) line.push_back(InertCell(name));
  std::string csv = std::string(kByteOrderMark) + ToCsvLine(line, import->delimiter) + "\r\n";
  for (const RefusedRow& row : *rows) {
    line = {std::to_string(row.row), Joined(row.errors, &FieldError::field), Joined(row.errors, &FieldError::detail)};
    for (const std::string& cell : row.cells) line.push_back(InertCell(cell));
    csv += ToCsvLine(line, import->delimiter) + "\r\n";
  }
  HttpResponse response{.status = 200,
                        .headers = {{"Content-Type", "text/csv; charset=utf-8"},
                                    {"Content-Disposition", "attachment; filename=\"import-errors.csv\""}},
                        .body = std::move(csv)};
  co_return response;
}

// --- Cancel ---

Import AfterCancel(Import import, Timestamp now) {
  if (import.state != ImportState::kRunning) return import;
  import.state = ImportState::kCanceled;
  import.ended_at = now;
  return import;
}

Async<Answer> CancelImport(ApiServices& services, ApiRequest& request) {
  const auto body = OptionalJsonBody(request);
  if (!body) co_return std::unexpected(body.error());
  FieldReader fields(*body);
  if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));
  const auto found = co_await FindVisibleImport(services, request);
  if (!found) co_return std::unexpected(found.error());
  const Timestamp now = services.clock.Now();
  // An answer that is kept must be known before the change is made.
  const HttpResponse expected = JsonResponse(200, ImportJson(AfterCancel(*found, now)));
  std::optional<AuditEntry> audit;
  if (found->state == ImportState::kRunning) {
    audit = MakeAuditEntry(services, ActorOf(request),
                           {.action = AuditAction::kImportCanceled, .subject = SubjectOf(*found)});
  }
  const auto canceled = co_await services.store.CancelImport(found->id, now, request.Keep(expected), std::move(audit));
  if (!canceled) co_return std::unexpected(FromRefusal(canceled.error(), kNoun));
  if (request.idempotent) co_return expected;
  co_return JsonResponse(200, ImportJson(*canceled));
}

}  // namespace

void AddImportRoutes(Router& router, ApiServices&) {
  router.Add({"POST", "/api/venues/{venue_id}/imports", Access::kWrite, StartImport, {"kind", "columns", "delimiter"}});
  router.Add({"GET", "/api/venues/{venue_id}/imports", Access::kRead, ListImports, {"limit", "cursor"}});
  router.Add({"GET", "/api/imports/{id}", Access::kRead, GetImport});
  router.Add({"GET", "/api/imports/{id}/errors", Access::kRead, ListRefused, {"limit", "cursor"}});
  router.Add({"GET", "/api/imports/{id}/errors.csv", Access::kRead, DownloadRefused});
  router.Add({"POST", "/api/imports/{id}/cancel", Access::kWrite, CancelImport});
}

}  // namespace shakehook
