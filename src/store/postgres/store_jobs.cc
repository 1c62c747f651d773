// How PostgresStore keeps the jobs: imports, replays, and the erasure of a resource's history.
#include <utility>

#include "store/postgres/postgres_store.h"
#include "store/postgres/tables/discard_rows.h"
#include "store/postgres/tables/erasure.h"
#include "store/postgres/tables/import_rows.h"
#include "store/postgres/tables/replay_rows.h"

namespace shakehook::postgres {

// --- Erasure ---

namespace {

// Runs the verb, and writes its entry if the verb succeeds.
template <class T>
Async<Stored<T>> WithAudit(Async<Stored<T>> verb, std::optional<AuditEntry> entry, AuditRows& audit,
                           Transaction& transaction) {
  auto result = co_await std::move(verb);
  if (result && entry) co_await audit.Add(*std::move(entry), transaction);
  co_return result;
}

}  // namespace

Async<Stored<Erasure>> PostgresStore::EraseHistory(VenueId venue, ResourceKind kind, ResourceId id,
                                                   std::optional<Position> before, std::optional<AuditEntry> audit) {
  return Write<Erasure>([this, erase = ToErase{std::move(venue), kind, std::move(id), before},
                         audit = std::move(audit)](Transaction& transaction) {
    return WithAudit<Erasure>(EraseStep(erase, config_, directory_, transaction), audit, audit_, transaction);
  });
}

// --- Imports ---

namespace {

// A step of an import: its rows are a group of changes of their own.
Async<Stored<ImportProgress>> RunStep(ImportStep step, ChangeVerb& rows, ChangeGroup::Parts parts, AuditRows& audit,
                                      Transaction& transaction) {
  co_await parts.config.Share(transaction.connection());
  const auto refused = co_await HoldImport(step.id, step.from, transaction.connection());
  if (!refused) co_return ImportProgress::kElsewhere;
  if (!rows.changes.empty()) {
    ChangeGroup group(parts, {&rows});
    static_cast<void>(co_await group.Run(transaction));
    if (!rows.result) co_return std::unexpected(rows.result.error());
  }
  WriteProgress(step, *refused, transaction);
  if (step.finished) co_await audit.Add(*step.finished, transaction);
  co_return ImportProgress::kMoved;
}

}  // namespace

Async<Stored<Done>> PostgresStore::AddImportChunk(ImportId id, VenueId, std::int64_t number, std::string bytes) {
  return Write<Done>([this, id, number, bytes = std::move(bytes)](Transaction& transaction) -> Async<Stored<Done>> {
    postgres::AddImportChunk(id, number, bytes, clock_.Now(), options_.node, transaction);
    co_return Done();
  });
}

Async<Stored<Done>> PostgresStore::StartImport(Import import, std::optional<IdempotencyRecordOf<Done>> response,
                                               AuditEntry audit) {
  const ImportId id = import.id;
  auto started = co_await Write<Done>(
      [this, import = std::move(import), audit = std::move(audit)](Transaction& transaction) {
        return WithAudit<Done>(postgres::StartImport(import, config_, directory_, transaction), audit, audit_,
                               transaction);
      },
      std::move(response));
  if (!started && started.error().kind != Refusal::Kind::kUnavailable) {
    static_cast<void>(co_await Write<Done>([id](Transaction& transaction) -> Async<Stored<Done>> {
      DropChunks(id, transaction);
      co_return Done();
    }));
  }
  co_return started;
}

Async<Stored<Import>> PostgresStore::CancelImport(ImportId id, Timestamp now,
                                                  std::optional<IdempotencyRecordOf<Import>> response,
                                                  std::optional<AuditEntry> audit) {
  return Write<Import>(
      [this, id, now, audit = std::move(audit)](Transaction& transaction) {
        return WithAudit<Import>(postgres::CancelImport(id, now, transaction), audit, audit_, transaction);
      },
      std::move(response));
}

Async<Stored<ImportProgress>> PostgresStore::MoveImport(ImportStep step, std::vector<ResourceChange> changes) {
  ChangeVerb rows{.changes = std::move(changes), .announced = {}, .response = {}};
  std::function<Async<Stored<ImportProgress>>()> run = [&] {
    return changes_slot_.Run<ImportProgress>(
        [&](Transaction& transaction) { return RunStep(step, rows, change_parts(), audit_, transaction); });
  };
  auto moved = co_await thread_.Run<Stored<ImportProgress>>(std::move(run));
  writable_ = moved || moved.error().kind != Refusal::Kind::kUnavailable;
  co_return moved;
}

Async<Stored<std::vector<Import>>> PostgresStore::ListRunningImports() {
  return ReadOn<std::vector<Import>>([](Connection& connection) { return postgres::ListRunningImports(connection); });
}

Async<Stored<std::string>> PostgresStore::ReadImportChunk(ImportId id, std::int64_t number) {
  return ReadOn<std::string>(
      [id, number](Connection& connection) { return postgres::ReadImportChunk(id, number, connection); });
}

Async<Stored<std::optional<Import>>> PostgresStore::GetImport(ImportId id, Asker) {
  return ReadOn<std::optional<Import>>([id](Connection& connection) { return FindImport(id, connection); });
}

Async<Stored<std::vector<Import>>> PostgresStore::ListImports(VenueId venue, std::optional<ImportId> before,
                                                              std::size_t limit, Asker) {
  using Imports = std::vector<Import>;
  return ReadOn<Imports>([this, venue = std::move(venue), before, limit](Connection& connection) -> Async<Imports> {
    const auto number = directory_.VenueNumber(venue);
    if (!number) co_return Imports();
    co_return co_await postgres::ListImports(*number, before, limit, connection);
  });
}

Async<Stored<std::vector<RefusedRow>>> PostgresStore::ListRefusedRows(ImportId id, std::int64_t after,
                                                                      std::size_t limit, Asker) {
  return ReadOn<std::vector<RefusedRow>>(
      [id, after, limit](Connection& connection) { return postgres::ListRefusedRows(id, after, limit, connection); });
}

// --- Replays ---

Async<bool> PostgresStore::SettleDiscard(WebhookNumber webhook) {
  const auto discards = co_await ReadOn<Discards>([webhook](Connection& connection) {
    std::set<WebhookNumber> webhooks = {webhook};
    return ReadDiscards(std::move(webhooks), connection);
  });
  if (!discards) co_return false;
  co_return discards->empty() || co_await FinishDiscard(webhook);
}

Async<Stored<std::int64_t>> PostgresStore::CountReplay(WebhookNumber webhook, ReplayFilter filter, Asker asker) {
  static_cast<void>(co_await SettleDiscard(webhook));
  ReplayCount count{.webhook = config_cache().FindWebhook(webhook), .filter = filter};
  while (count.webhook && !count.complete && !asker.gone.stop_requested()) {
    auto step =
        co_await ReadOn<ReplayCount>([&count](Connection& connection) { return ContinueCount(count, connection); });
    if (!step) co_return std::unexpected(step.error());
    count = *std::move(step);
  }
  co_return count.counted;
}

Async<Stored<Done>> PostgresStore::StartReplay(Replay replay, std::optional<IdempotencyRecordOf<Done>> response,
                                               std::optional<AuditEntry> audit) {
  return Write<Done>(
      [this, replay, audit = std::move(audit)](Transaction& transaction) {
        return WithAudit<Done>(postgres::StartReplay(replay, by_hand(), transaction), audit, audit_, transaction);
      },
      std::move(response));
}

Async<Stored<Replay>> PostgresStore::CancelReplay(ReplayId id, Timestamp now,
                                                  std::optional<IdempotencyRecordOf<Replay>> response,
                                                  std::optional<AuditEntry> audit) {
  return Write<Replay>(
      [this, id, now, audit = std::move(audit)](Transaction& transaction) {
        return WithAudit<Replay>(postgres::CancelReplay(id, now, transaction), audit, audit_, transaction);
      },
      std::move(response));
}

Async<Stored<std::vector<ReplayId>>> PostgresStore::ListRunningReplays() {
  return ReadOn<std::vector<ReplayId>>([](Connection& connection) { return postgres::ListRunningReplays(connection); });
}

// A reader finds what there is to do, so that the writer only does it.
Async<Stored<ReplayStep>> PostgresStore::ContinueReplay(ReplayId id, Timestamp now) {
  auto work = co_await ReadOn<ReplayWork>(
      [this, id](Connection& connection) { return FindReplayWork(id, directory_.config_cache(), connection); });
  if (!work) co_return std::unexpected(work.error());
  if (work->discarding) static_cast<void>(co_await FinishDiscard(*work->discarding));
  if (work->step != ReplayStep::kMoved) co_return work->step;
  co_return co_await Write<ReplayStep>([this, work = *std::move(work), now](Transaction& transaction) {
    return postgres::ContinueReplay(work, now, by_hand(), random_, transaction);
  });
}

Async<Stored<std::optional<Replay>>> PostgresStore::GetReplay(ReplayId id, Asker) {
  return ReadOn<std::optional<Replay>>([id](Connection& connection) { return FindReplay(id, connection); });
}

Async<Stored<std::vector<Replay>>> PostgresStore::ListReplays(WebhookNumber webhook, std::optional<ReplayId> before,
                                                              std::size_t limit, Asker) {
  return ReadOn<std::vector<Replay>>([webhook, before, limit](Connection& connection) {
    return postgres::ListReplays(webhook, before, limit, connection);
  });
}

}  // namespace shakehook::postgres
