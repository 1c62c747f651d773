// /api/venues/{venue_id}/imports and /api/imports/{id}: contacts or accounts from a CSV file, as jobs with progress
// that can be canceled. The file is checked and stored before the response; jobs/import_jobs.h writes its rows.
#include <algorithm>
#include <charconv>
#include <utility>

#include "api/access/audit.h"
#include "api/access/visible.h"
#include "api/all_routes.h"
#include "api/http/json_body.h"
#include "api/http/page_response.h"
#include "api/http/response.h"
#include "api/large_response.h"
#include "api/records/import_dry_run.h"
#include "api/records/import_file.h"
#include "api/records/import_json.h"
#include "api/records/record_request.h"
#include "base/csv_parser.h"
#include "base/loop_turn.h"
#include "records/import_row.h"

namespace shakehook {
namespace {

constexpr std::string_view kNoun = "import";
constexpr std::string_view kList = "imports";
constexpr std::string_view kRefusedList = "import-rows";
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

AuditEntry::Subject SubjectOf(const Import& import) {
  return {.kind = "import", .id = import.id.ToString(), .name = {}};
}

// --- POST ---

bool IsCsv(const HttpRequest& request) {
  const std::string* const type = request.Header("content-type");
  return type != nullptr && type->substr(0, type->find(';')) == "text/csv";
}

// Stores the file's text, in chunks that the import reads.
Async<std::expected<Done, Problem>> StoreText(ApiServices& services, const ImportFile& file) {
  ImportText text(file.bytes, file.import.encoding);
  std::string chunk;
  std::int64_t number = 0;
  for (auto piece = text.Next(); piece || !chunk.empty();) {
    if (piece) chunk += *piece;
    if (piece) piece = text.Next();
    while (chunk.size() >= kImportChunkBytes || (!piece && !chunk.empty())) {
      std::string rest = chunk.size() > kImportChunkBytes ? chunk.substr(kImportChunkBytes) : std::string();
      chunk.resize(std::min(chunk.size(), kImportChunkBytes));
      const auto added = co_await services.store.AddImportChunk(file.import.id, file.import.venue_id, number++,
                                                                std::exchange(chunk, std::move(rest)));
      if (!added) co_return std::unexpected(FromRefusal(added.error(), kNoun));
    }
  }
  co_return Done();
}

Async<ApiResponse> StartImport(ApiServices& services, ApiRequest& request) {
  const auto venue = FindVisibleVenue(services.config_cache(), *request.principal, request.Path("venue_id"));
  if (!venue) co_return std::unexpected(venue.error());
  ParameterReader reader(request);
  const ImportParameters parameters = ImportParameters::Read(reader);
  if (auto problem = reader.Finish()) co_return std::unexpected(*std::move(problem));
  if (!IsCsv(request.http)) {
    co_return std::unexpected(Problem("unsupported-media-type", "Content-Type must be text/csv."));
  }
  const auto basis = ReadRecordBasis(services, request, parameters.kind);
  if (!basis) co_return std::unexpected(basis.error());
  auto file = co_await ReadImportFile(request.loop, request.http, *basis, parameters,
                                      {.id = {services.NewUuid()},
                                       .venue_id = (*venue)->id,
                                       .kind = parameters.kind,
                                       .started_by = ActorOf(request),
                                       .created_at = services.clock.Now()});
  if (!file) co_return std::unexpected(std::move(file.error()));
  if (parameters.dry_run == Switch::kOn) {
    co_return co_await DryRunImport(services, request, *basis, *std::move(file));
  }
  if (auto stored = co_await StoreText(services, *file); !stored) co_return std::unexpected(std::move(stored.error()));
  const Import& import = file->import;
  HttpResponse response = WithLocation(JsonResponse(201, ImportJson(import)), "/api/imports/" + import.id.ToString());
  const auto started = co_await services.store.StartImport(
      import, request.Keep(response),
      MakeAuditEntry(services, ActorOf(request),
                     {.action = AuditAction::kImportStarted,
                      .subject = SubjectOf(import),
                      .details = {"rows_into_venue", "{count} rows of {collection} into the venue {venue}", import.rows,
                                  CollectionOf(import.kind), (*venue)->name}}));
  if (!started) {
    if (started.error().kind == Refusal::Kind::kExists) {
      co_return std::unexpected(Problem("conflict", Sentence::OfText(started.error().detail)));
    }
    co_return std::unexpected(FromRefusal(started.error(), "venue"));
  }
  co_return response;
}

// --- GET ---

Async<ApiResponse> ListImports(ApiServices& services, ApiRequest& request) {
  const auto venue = FindVisibleVenue(services.config_cache(), *request.principal, request.Path("venue_id"));
  if (!venue) co_return std::unexpected(venue.error());
  ParameterReader parameters(request);
  const PageRequest page =
      ReadPage(parameters, kList, [](std::string_view key) { return ImportId::Parse(key).has_value(); });
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  const auto before = page.after.empty() ? std::nullopt : ImportId::Parse(page.after);
  const auto imports = co_await services.store.ListImports((*venue)->id, before, page.limit + 1, request.asker());
  if (!imports) co_return std::unexpected(FromRefusal(imports.error(), kNoun));
  co_return co_await RespondWithPage(request.loop, page, *imports, ImportJson, kById);
}

// Returns the import that the request's path names. The problem is a 404, also if the key does not see its venue.
Async<std::expected<Import, Problem>> FindVisibleImport(ApiServices& services, ApiRequest& request) {
  const auto id = ImportId::Parse(request.Path("id"));
  if (!id) co_return std::unexpected(NotFound(kNoun));
  const auto import = co_await services.store.GetImport(*id, request.asker());
  if (!import) co_return std::unexpected(FromRefusal(import.error(), kNoun));
  if (!*import || !FindVisibleVenue(services.config_cache(), *request.principal, (*import)->venue_id.text)) {
    co_return std::unexpected(NotFound(kNoun));
  }
  co_return **import;
}

HttpResponse Respond(const Import& import) { return JsonResponse(200, ImportJson(import)); }

Async<ApiResponse> GetImport(ApiServices& services, ApiRequest& request) {
  const auto import = co_await FindVisibleImport(services, request);
  if (!import) co_return std::unexpected(import.error());
  co_return Respond(*import);
}

std::optional<std::int64_t> ParseRow(std::string_view text) {
  std::int64_t row = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), row);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || row < 0) return std::nullopt;
  return row;
}

std::size_t CellBytes(const RefusedRow& row) {
  std::size_t bytes = 0;
  for (const std::string& cell : row.cells) bytes += cell.size();
  return bytes;
}

Async<ApiResponse> ListRefused(ApiServices& services, ApiRequest& request) {
  const auto import = co_await FindVisibleImport(services, request);
  if (!import) co_return std::unexpected(import.error());
  ParameterReader parameters(request);
  const PageRequest page =
      ReadPage(parameters, kRefusedList, [](std::string_view key) { return ParseRow(key).has_value(); });
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  const std::int64_t after = page.after.empty() ? 0 : *ParseRow(page.after);
  const auto rows = co_await ReadRows(
      services, request, kNoun, {.what = RoomFor::kAnswer},
      [&] { return services.store.ListRefusedRows(import->id, after, page.limit + 1, request.asker()); }, CellBytes);
  if (!rows) co_return std::unexpected(rows.error());
  co_return co_await RespondWithPage(request.loop, page, *rows, RefusedRowJson,
                                     [](const RefusedRow& row) { return std::to_string(row.row); });
}

std::string Joined(const std::vector<FieldError>& errors, const std::string& (*part)(const FieldError&)) {
  std::string joined;
  for (const FieldError& error : errors) {
    if (part(error).empty()) continue;
    if (!joined.empty()) joined += " / ";
    joined += part(error);
  }
  return joined;
}

const std::string& FieldOf(const FieldError& error) { return error.field; }
const std::string& DetailOf(const FieldError& error) { return error.complaint.text(); }

// The refused rows with their cells, so that the corrected file can be imported.
Async<ApiResponse> DownloadRefused(ApiServices& services, ApiRequest& request) {
  const auto import = co_await FindVisibleImport(services, request);
  if (!import) co_return std::unexpected(import.error());
  const auto rows = co_await ReadRows(
      services, request, kNoun, {.what = RoomFor::kAnswer},
      [&] {
        constexpr auto kAll = static_cast<std::size_t>(kImportRefusedRowsKept);
        return services.store.ListRefusedRows(import->id, 0, kAll, request.asker());
      },
      CellBytes);
  if (!rows) co_return std::unexpected(rows.error());
  std::vector<std::string> line = {"row", "field", "problem"};
  for (const std::string& name : import->header) line.push_back(InertCell(name));
  std::string csv = std::string(kByteOrderMark) + ToCsvLine(line, import->delimiter) + "\r\n";
  TurnBudget budget;
  for (const RefusedRow& row : *rows) {
    if (budget.Spend(3 * CellBytes(row))) co_await NextTurn(request.loop);
    line = {std::to_string(row.row), Joined(row.errors, FieldOf), Joined(row.errors, DetailOf)};
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

Async<ApiResponse> CancelImport(ApiServices& services, ApiRequest& request) {
  if (auto problem = CheckNoFields(request)) co_return std::unexpected(*std::move(problem));
  const auto found = co_await FindVisibleImport(services, request);
  if (!found) co_return std::unexpected(found.error());
  std::optional<AuditEntry> audit;
  if (found->state == ImportState::kRunning) {
    audit = MakeAuditEntry(services, ActorOf(request),
                           {.action = AuditAction::kImportCanceled, .subject = SubjectOf(*found)});
  }
  const auto canceled =
      co_await services.store.CancelImport(found->id, services.clock.Now(), request.Keep(Respond), std::move(audit));
  if (!canceled) co_return std::unexpected(FromRefusal(canceled.error(), kNoun));
  co_return Respond(*canceled);
}

}  // namespace

void AddImportRoutes(Router& router, ApiServices&) {
  router.Add({"POST",
              "/api/venues/{venue_id}/imports",
              Access::kWrite,
              StartImport,
              {"kind", "columns", "delimiter", "encoding", "skip_unknown", "dry_run"}});
  router.Add({"GET", "/api/venues/{venue_id}/imports", Access::kRead, ListImports, {"limit", "cursor"}});
  router.Add({"GET", "/api/imports/{id}", Access::kRead, GetImport});
  router.Add({"GET", "/api/imports/{id}/errors", Access::kRead, ListRefused, {"limit", "cursor"}});
  router.Add({"GET", "/api/imports/{id}/errors.csv", Access::kRead, DownloadRefused});
  router.Add({"POST", "/api/imports/{id}/cancel", Access::kWrite, CancelImport});
}

}  // namespace shakehook
