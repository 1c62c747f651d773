#include "api/import_runner.h"

#include <algorithm>
#include <utility>

#include "base/csv_parser.h"
#include "base/log.h"

namespace shakehook {
namespace {

constexpr std::int64_t kStepBytes = 512 * 1024;
constexpr Microseconds kPauseMin{2'000};
// After the store could not be read or written.
constexpr Milliseconds kStorePause{1'000};
constexpr int kFailuresMax = 20;

// With its authority an import goes on: whoever started it was asked then.
ApiKey RunnersKey() {
  ApiKey key;
  key.scope = Scope::All();
  key.rights.Add(Right::kManage);
  return key;
}

}  // namespace

void ImportRunner::Start(Loop& loop) {
  loop_ = &loop;
  Wake();
}

void ImportRunner::Wake() {
  if (loop_ == nullptr) return;
  loop_->Post([this] { Continue(); });
}

void ImportRunner::Continue() {
  woken_ = true;
  if (!std::exchange(running_, true)) loop_->Spawn(Run());
}

Async<> ImportRunner::Run() {
  for (;;) {
    woken_ = false;
    auto running = co_await services_.store.ListRunningImports();
    if (!running) {
      LogWarning("cannot read the imports; trying again", {{"reason", running.error().detail}});
      co_await SleepUntil(*loop_, loop_->clock().Steady() + kStorePause);
      continue;
    }
    if (running->empty() && !woken_) {
      running_ = false;
      co_return;
    }
    for (const Import& import : *running) {
      const SteadyTime started = loop_->clock().Steady();
      const auto moved = co_await Step(import);
      if (moved) {
        failures_.erase(import.id);
      } else if (services_.store.writable()) {
        co_await Failed(import, moved.error());
      }
      // At most half of the time goes into imports, however slow the disk is.
      const SteadyTime ended = loop_->clock().Steady();
      const Microseconds pause = moved ? std::max(kPauseMin, ended - started) : Microseconds(kStorePause);
      co_await SleepUntil(*loop_, ended + pause);
    }
  }
}

Async<std::expected<Done, std::string>> ImportRunner::Step(const Import& import) {
  const ApiKey key = RunnersKey();
  const auto rows = co_await ReadRows(import);
  if (!rows) co_return std::unexpected(rows.error().detail);
  std::vector<RefusedRow> refused;     // found only by trying
  std::vector<EditTurns::Turn> turns;  // once somebody else was faster
  for (int attempt = 0; attempt < kChangeAttemptsMax;) {
    const auto basis = ResourceBasis::Read(services_.directory(), key, import.venue_id.text, import.kind);
    if (!basis) co_return std::unexpected("the venue is deleted");  // and the import canceled with it
    auto built = co_await BuildImportStep(services_, *loop_, {import, *basis, refused}, *rows);
    if (!built) co_return std::unexpected(built.error().detail);
    const std::vector<std::size_t> row_of = std::move(built->row_of);
    std::vector<EditTurns::Name> names;
    for (const ResourceChange& change : built->changes)
      names.push_back({NounOf(change.kind), change.venue_id.text, change.id.text});
    const auto moved = co_await services_.store.MoveImport(std::move(built->step), std::move(built->changes));
    if (moved) co_return Done();
    const Refusal& refusal = moved.error();
    if (refusal.kind == Refusal::Kind::kMissing && refusal.index < row_of.size() &&
        services_.directory().FindVenue(import.venue_id)) {
      const std::size_t row = row_of[refusal.index];
      refused.push_back({.row = import.counts.done + static_cast<std::int64_t>(row) + 1,
                         .errors = {{"account_id", "names no account of the venue"}},
                         .cells = rows->rows[row].cells});
    } else if (refusal.kind == Refusal::Kind::kStale || refusal.kind == Refusal::Kind::kExists) {
      ++attempt;
      if (!turns.empty()) continue;
      auto taken = co_await services_.turns.TakeAll(*loop_, std::move(names));
      if (taken) turns = *std::move(taken);  // without, it is tried all the same
    } else {
      co_return std::unexpected(refusal.detail);
    }
  }
  co_return std::unexpected("its records are changed too often at the moment");
}

Async<> ImportRunner::Failed(const Import& import, std::string reason) {
  const int failures = ++failures_[import.id];
  if (failures == 1) {
    LogWarning("an import cannot go on; trying again", {{"import", import.id.ToString()}, {"reason", reason}});
  }
  if (failures < kFailuresMax) co_return;
  AuditEntry::Actor actor = import.started_by;
  actor.scope = Scope::Of(import.venue_id);
  AuditEntry entry{.id = services_.NewUuid(),
                   .at = loop_->clock().Now(),
                   .actor = std::move(actor),
                   .action = AuditAction::kImportCanceled,
                   .subject = AuditEntry::Subject{.kind = "import", .id = import.id.ToString(), .name = {}},
                   .detail = "ended by the server, because it could not go on: " + reason};
  const auto canceled =
      co_await services_.store.CancelImport(import.id, loop_->clock().Now(), std::nullopt, std::move(entry));
  if (!canceled) co_return;
  failures_.erase(import.id);
  LogError("an import is canceled, because it cannot go on", {{"import", import.id.ToString()}, {"reason", reason}});
}

Async<Stored<ImportRowsRead>> ImportRunner::ReadRows(const Import& import) {
  constexpr auto kChunk = static_cast<std::int64_t>(kImportChunkBytes);
  ImportRowsRead read{.end = import.offset, .next_line = import.line};
  CsvParser parser(import.delimiter, import.line_end, import.line);
  for (std::int64_t place = import.offset; !read.last;) {
    const auto chunk = co_await services_.store.ReadImportChunk(import.id, place / kChunk);
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
