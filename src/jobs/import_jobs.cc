#include "jobs/import_jobs.h"

#include <optional>
#include <utility>

#include "base/csv_parser.h"
#include "model/audit_detail.h"
#include "records/version_conflict.h"
#include "records/write_refusal.h"

namespace shakehook {
namespace {

constexpr std::int64_t kStepBytes = 512 * 1024;

}  // namespace

Async<Stored<std::vector<Uuid>>> ImportJobs::ListRunning() {
  auto imports = co_await store_.ListRunningImports();
  if (!imports) co_return std::unexpected(std::move(imports.error()));
  running_.clear();
  std::vector<Uuid> jobs;
  for (Import& import : *imports) {
    jobs.push_back(import.id.uuid);
    running_.insert_or_assign(import.id.uuid, std::move(import));
  }
  co_return jobs;
}

Async<std::expected<JobStep, std::string>> ImportJobs::Step(Uuid job) {
  SetLoopWork({"importing", "a file"});
  const Import& import = running_.at(job);
  const auto rows = co_await ReadRows(import);
  if (!rows) co_return std::unexpected(rows.error().detail);
  StepUnderWay step{.import = import, .rows = *rows};
  const auto attempt = [this, &step](int conflicts) -> Async<std::optional<std::expected<JobStep, std::string>>> {
    if (conflicts > 0) co_await TakeTurns(step);
    for (;;) {
      const auto tried = co_await Try(step);
      if (!tried) co_return std::unexpected(tried.error());
      if (*tried == Tried::kMoved) co_return JobStep::kMoved;
      if (*tried == Tried::kConflict) co_return std::nullopt;
    }
  };
  auto moved = co_await RetryOnVersionConflict(attempt);
  if (!moved) co_return std::unexpected("other requests kept changing its records");
  co_return *std::move(moved);
}

// The step is tried without turns too, if there are none.
Async<> ImportJobs::TakeTurns(StepUnderWay& step) {
  if (!step.turns.empty()) co_return;
  auto taken = co_await records_.turns.TakeAll(loop_, std::move(step.names));
  if (taken) step.turns = *std::move(taken);
}

Async<std::expected<ImportJobs::Tried, std::string>> ImportJobs::Try(StepUnderWay& step) {
  const Import& import = step.import;
  // The user or key that started the import had the right to; it is not checked again for each step.
  const auto basis = RecordBasis::Read(store_.config_cache(), Scope::All(), import.venue_id, import.kind);
  if (!basis) co_return std::unexpected("the venue is deleted");  // the import is canceled with it
  ImportStepBuilder builder(store_, records_.builder, loop_, import, *basis);
  auto built = co_await builder.Build(step.rows, step.refused);
  if (!built) co_return std::unexpected(built.error().detail);
  const std::vector<std::size_t> row_of = std::move(built->row_of);
  step.names.clear();
  for (const ResourceChange& change : built->changes) {
    step.names.push_back(TurnOf(change.kind, change.venue_id, change.id));
  }
  const auto moved = co_await store_.MoveImport(std::move(built->step), std::move(built->changes));
  if (moved) co_return Tried::kMoved;
  const Refusal& refusal = moved.error();
  switch (refusal.kind) {
    case Refusal::Kind::kVersionConflict:
    case Refusal::Kind::kExists:
      co_return Tried::kConflict;
    case Refusal::Kind::kMissing:
      if (refusal.index < row_of.size() && store_.config_cache().FindVenue(import.venue_id)) {
        step.refused.push_back(RefusedForItsAccount(step, row_of[refusal.index]));
        co_return Tried::kRowRefused;
      }
      break;
    default:
      break;
  }
  co_return std::unexpected(refusal.detail);
}

RefusedRow ImportJobs::RefusedForItsAccount(const StepUnderWay& step, std::size_t row) {
  return {.row = step.import.counts.done + static_cast<std::int64_t>(row) + 1,
          .errors = {{"account_id", NoSuchAccount()}},
          .cells = step.rows.rows[row].cells};
}

Async<bool> ImportJobs::GiveUp(Uuid job, std::string reason) {
  const Import& import = running_.at(job);
  AuditEntry::Actor actor = import.started_by;
  actor.scope = Scope::Of(import.venue_id);
  const AuditDetails details("could_not_go_on", "ended by the server, because it could not go on: {reason}", reason);
  AuditEntry entry{.id = records_.builder.NewUuid(),
                   .at = records_.builder.Now(),
                   .actor = std::move(actor),
                   .action = AuditAction::kImportCanceled,
                   .subject = AuditEntry::Subject{.kind = "import", .id = import.id.ToString(), .name = {}},
                   .detail = details.ToStored()};
  const auto canceled = co_await store_.CancelImport(import.id, records_.builder.Now(), std::nullopt, std::move(entry));
  co_return canceled.has_value();
}

Async<Stored<ImportRowsRead>> ImportJobs::ReadRows(const Import& import) {
  constexpr auto kChunk = static_cast<std::int64_t>(kImportChunkBytes);
  ImportRowsRead read{.end = import.offset, .next_line = import.line};
  CsvParser parser(import.delimiter, import.line_end, import.line);
  for (std::int64_t place = import.offset; !read.last;) {
    const auto chunk = co_await store_.ReadImportChunk(import.id, place / kChunk);
    if (!chunk) co_return std::unexpected(chunk.error());
    const auto skipped = static_cast<std::size_t>(place % kChunk);
    read.last = chunk->size() <= skipped;
    if (read.last) {
      parser.End();
    } else {
      parser.Add(std::string_view(*chunk).substr(skipped));
      place += static_cast<std::int64_t>(chunk->size() - skipped);
    }
    for (CsvRecord record; parser.Next(record);) {
      record.end += import.offset;
      read.end = record.end;
      read.next_line = record.next_line;
      read.rows.push_back(std::move(record));
      if (read.rows.size() == kImportStepRows || read.end - import.offset >= kStepBytes) {
        read.last = false;
        co_return read;
      }
    }
  }
  co_return read;
}

}  // namespace shakehook
