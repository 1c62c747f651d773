#include "api/import_runner.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include "api/import_row.h"
#include "base/csv_parser.h"
#include "base/log.h"

namespace shakehook {
namespace {

// Few enough that no commit takes long.
constexpr std::size_t kStepRows = 200;
constexpr Microseconds kPauseMin{2'000};
// After the store could not be read or written.
constexpr Milliseconds kStorePause{1'000};

// With its authority an import goes on: whoever started it was asked then.
ApiKey RunnersKey() {
  ApiKey key;
  key.scope = Scope::All();
  key.rights.Add(Right::kManage);
  return key;
}

AuditEntry FinishedEntry(ApiServices& services, const Import& import, const ImportCounts& counts) {
  // What an import's starter could see is not kept with it; the venue it is.
  AuditEntry::Actor actor = import.started_by;
  actor.scope = Scope::Of(import.venue_id);
  return {.id = services.NewUuid(),
          .at = services.clock.Now(),
          .actor = std::move(actor),
          .action = AuditAction::kImportFinished,
          .subject = AuditEntry::Subject{.kind = "import", .id = import.id.ToString(), .name = {}},
          .detail = std::to_string(counts.created) + " created, " + std::to_string(counts.updated) + " changed, " +
                    std::to_string(counts.unchanged) + " as they were, " + std::to_string(counts.refused) +
                    " refused, in the venue " + import.venue_id.text};
}

}  // namespace

struct ImportRunner::Built {
  ImportStep step;
  std::vector<ResourceChange> changes;
  std::vector<std::size_t> row_of;  // by change: its index in the rows
};

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
    for (Import& import : *running) {
      const SteadyTime started = loop_->clock().Steady();
      const bool moved = co_await Step(std::move(import));
      // At most half of the time goes into imports, however slow the disk is.
      const SteadyTime ended = loop_->clock().Steady();
      const Microseconds pause = moved ? std::max(kPauseMin, ended - started) : Microseconds(kStorePause);
      co_await SleepUntil(*loop_, ended + pause);
    }
  }
}

Async<bool> ImportRunner::Step(Import import) {
  const ApiKey key = RunnersKey();
  const auto rows = co_await ReadRows(import);
  if (!rows) co_return false;
  std::vector<RefusedRow> refused;     // found only by trying
  std::vector<EditTurns::Turn> turns;  // once somebody else was faster
  for (int attempt = 0; attempt < kChangeAttemptsMax;) {
    const auto basis = ResourceBasis::Read(services_.directory(), key, import.venue_id.text, import.kind);
    if (!basis) co_return false;  // the venue is being deleted, and the import canceled with it
    auto built = co_await Build(import, *basis, *rows, refused);
    if (!built) co_return false;
    const std::vector<std::size_t> row_of = std::move(built->row_of);
    std::vector<EditTurns::Name> names;
    for (const ResourceChange& change : built->changes)
      names.push_back({NounOf(change.kind), change.venue_id.text, change.id.text});
    const auto moved = co_await services_.store.MoveImport(std::move(built->step), std::move(built->changes));
    if (moved) co_return true;
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
      co_return false;
    }
  }
  co_return true;
}

Async<Stored<ImportRunner::Rows>> ImportRunner::ReadRows(const Import& import) {
  constexpr auto kChunk = static_cast<std::int64_t>(kImportChunkBytes);
  Rows rows;
  CsvParser parser(import.delimiter);
  CsvRecord record;
  const auto add = [&](std::int64_t end) {
    rows.rows.push_back({std::move(record.cells), record.too_long, end});
    rows.end = end;
  };
  for (std::int64_t place = import.offset;;) {
    const auto chunk = co_await services_.store.ReadImportChunk(import.id, place / kChunk);
    if (!chunk) co_return std::unexpected(chunk.error());
    const auto skipped = static_cast<std::size_t>(place % kChunk);
    if (chunk->size() <= skipped) {
      rows.last = true;
      if (parser.Finish(record)) add(place);
      rows.end = place;
      co_return rows;
    }
    std::string_view text = std::string_view(*chunk).substr(skipped);
    const std::int64_t end = place + static_cast<std::int64_t>(text.size());
    while (parser.Next(text, record)) {
      add(end - static_cast<std::int64_t>(text.size()));
      if (rows.rows.size() == kStepRows) co_return rows;
    }
    place = end;
  }
}

// Ends before a row whose id stands in a row before: that one is put first.
Async<Stored<ImportRunner::Built>> ImportRunner::Build(const Import& import, const ResourceBasis& basis,
                                                       const Rows& rows, std::vector<RefusedRow> refused) {
  struct Item {
    std::size_t row = 0;
    std::optional<ResourceId> id;
    Json patch;
  };
  Built built;
  ImportStep& step = built.step;
  step.id = import.id;
  step.from = import.offset;
  step.to = rows.end;
  const auto number_of = [&](std::size_t row) { return import.counts.done + static_cast<std::int64_t>(row) + 1; };
  std::vector<Item> items;
  std::set<std::string> seen, accounts;
  std::size_t taken = 0;
  for (; taken < rows.rows.size(); ++taken) {
    const Row& row = rows.rows[taken];
    const auto refuse = [&](std::vector<FieldError> errors) {
      step.refused.push_back({number_of(taken), std::move(errors), row.cells});
    };
    if (row.too_long) {
      refuse({{"",
               "is longer than " + std::to_string(kCsvRecordBytesMax / 1024) + " KiB; perhaps a quote is not closed"}});
      continue;
    }
    if (std::ranges::find(refused, number_of(taken), &RefusedRow::row) != refused.end()) continue;
    auto patch = ReadImportRow(basis, import.columns, import.delimiter, row.cells);
    if (!patch) {
      refuse(std::move(patch.error()));
      continue;
    }
    if (patch->object()->empty()) {
      ++step.counts.unchanged;
      continue;
    }
    Item item{.row = taken};
    if (const Json* const id = patch->Find("id")) {
      if (!seen.insert(*id->text()).second) break;
      item.id = ResourceId{*id->text()};
    }
    if (const Json* const account = patch->Find("account_id")) accounts.insert(*account->text());
    item.patch = *std::move(patch);
    items.push_back(std::move(item));
  }
  if (taken < rows.rows.size()) step.to = rows.rows[taken - 1].end;
  for (RefusedRow& row : refused) {
    if (row.row <= number_of(taken) - 1) step.refused.push_back(std::move(row));
  }

  std::vector<ResourceId> ids, account_ids;
  for (const Item& item : items) {
    if (item.id) ids.push_back(*item.id);
  }
  for (const std::string& account : accounts) account_ids.push_back({account});
  auto stored = co_await services_.store.GetResources(basis.venue->id, basis.kind, std::move(ids));
  if (!stored) co_return std::unexpected(stored.error());
  const auto found = co_await services_.store.GetResources(basis.venue->id, ResourceKind::kAccount, account_ids);
  if (!found) co_return std::unexpected(found.error());
  for (std::size_t i = 0; i < account_ids.size(); ++i) {
    const auto& account = (*found)[i];
    if (account && !account->data.empty()) accounts.erase(account_ids[i].text);
  }
  // What is left of `accounts` names none.
  auto next = stored->begin();
  for (const Item& item : items) {
    std::optional<StoredResource> before_stored;
    if (item.id) before_stored = std::move(*next++);
    const auto refuse = [&](std::vector<FieldError> errors) {
      step.refused.push_back({number_of(item.row), std::move(errors), rows.rows[item.row].cells});
    };
    const Json* const account = item.patch.Find("account_id");
    if (account != nullptr && accounts.contains(*account->text())) {
      refuse({{"account_id", "names no account of the venue"}});
      continue;
    }
    ChangeOrigin origin{.timestamp = services_.clock.Now()};
    if (before_stored) {
      origin = {before_stored->version, NextTimestamp(origin.timestamp, before_stored->last_timestamp)};
    }
    const bool is_there = before_stored && !before_stored->data.empty();
    Resource before(basis.kind);
    if (is_there) {
      before = basis.Parse(before_stored->data);
    } else {
      before.id = item.id ? *item.id : ResourceId{services_.NewUuid().ToString()};
      before.created_at = origin.timestamp;
    }
    Resource resource = before;
    if (auto errors = Merge(resource, item.patch, basis.fields); !errors.empty()) {
      refuse(std::move(errors));
      continue;
    }
    if (is_there && resource == before) {
      ++step.counts.unchanged;
      continue;
    }
    ++(is_there ? step.counts.updated : step.counts.created);
    built.changes.push_back(BuildPut(services_, basis, resource, is_there ? Verb::kUpdated : Verb::kCreated, origin));
    built.row_of.push_back(item.row);
  }
  std::ranges::sort(step.refused, {}, &RefusedRow::row);
  step.counts.done = static_cast<std::int64_t>(taken);
  step.counts.refused = static_cast<std::int64_t>(step.refused.size());
  if (rows.last && taken == rows.rows.size()) {
    ImportCounts all = import.counts;
    all.created += step.counts.created;
    all.updated += step.counts.updated;
    all.unchanged += step.counts.unchanged;
    all.refused += step.counts.refused;
    step.finished = FinishedEntry(services_, import, all);
  }
  co_return built;
}

}  // namespace shakehook
