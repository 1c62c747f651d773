#include "store/sqlite/sqlite_store.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "store/sqlite/checkpoints.h"
#include "store/sqlite/database_file.h"
#include "store/sqlite/discard_steps.h"
#include "store/sqlite/engine/files_in_place.h"
#include "store/sqlite/engine/store_verb.h"
#include "store/sqlite/engine/write_tickets.h"
#include "store/sqlite/group_commit.h"
#include "store/sqlite/purge_step.h"
#include "store/sqlite/readers.h"
#include "store/sqlite/replay_step.h"
#include "store/sqlite/retry_steps.h"
#include "store/sqlite/sqlite_notices.h"
#include "store/sqlite/store_metrics.h"
#include "store/sqlite/store_reads.h"
#include "store/sqlite/tables/config_rows.h"
#include "store/sqlite/tables/config_save.h"
#include "store/sqlite/tables/delivery_rows.h"
#include "store/sqlite/tables/erasure.h"
#include "store/sqlite/tables/event_rows.h"
#include "store/sqlite/tables/import_rows.h"
#include "store/sqlite/tables/purge.h"
#include "store/sqlite/tables/search_indexer.h"
#include "store/sqlite/tables/stored_delivery_ids.h"

namespace shakehook {
namespace sqlite {
namespace {

using Ticket = WriteVerb::Ticket;

// A writer that is at one group for longer than this is stuck, or its disk is.
constexpr Microseconds kGroupTimeMax{20'000'000};

// The verbs that change something, in the order of store.h; StoreReads has the others.
class SqliteStore final : public StoreReads {
 public:
  SqliteStore(SqliteOptions options, std::unique_ptr<FileLock> lock, std::unique_ptr<Connection> connection,
              const SecretBox& box, Clock& clock, Random& random)
      : StoreReads(box),
        options_(std::move(options)),
        lock_(std::move(lock)),
        second_descriptor_(options_.path),
        connection_(std::move(connection)),
        files_(options_.path, second_descriptor_.get()),
        clock_(clock),
        random_(random),
        search_indexer_(*connection_, options_, random),
        idempotency_records_(*connection_, box, random),
        health_(*connection_),
        statistics_(*connection_),
        owed_(*connection_, health_, options_.owed_block),
        cancelations_(*connection_, health_, statistics_, owed_, options_.discard_step_rows),
        group_commit_(
            *connection_, config_cache_, {health_, statistics_, owed_, cancelations_}, [this] { CheckDisk(); },
            metrics_),
        config_(*connection_, box, random, options_.config_limits),
        events_(*connection_, config_, health_, owed_, clock, random),
        audit_(*connection_),
        server_changes_(config_, audit_, random),
        told_(*connection_, box, random),
        deliveries_(*connection_,
                    {health_, statistics_, possibly_pending_, owed_, cancelations_, server_changes_, told_.incidents}),
        replays_(*connection_, {deliveries_, health_, possibly_pending_, owed_, cancelations_}, random),
        imports_(*connection_, config_, events_, audit_),
        erasure_(*connection_, config_),
        config_save_({config_, cancelations_, owed_, replays_, imports_, health_, statistics_, audit_}, config_cache_,
                     clock),
        purge_(*connection_, {health_, statistics_, possibly_pending_, owed_, cancelations_, replays_, imports_}) {
    CheckMasterKey(*connection_, box_, random_);
    config_.Load(config_cache_);
    const bool threads = options_.execution == SqliteOptions::Execution::kThreads;
    readers_ = std::make_unique<Readers>(options_.path, threads ? std::max(1, options_.readers) : 0);
    checkpoints_ = std::make_unique<Checkpoints>(
        *connection_, options_.path, second_descriptor_.get(), SynchronousSetting(options_.durable),
        threads ? Checkpoints::Mode::kThread : Checkpoints::Mode::kInline,
        threads ? Checkpoints::kLengths : Checkpoints::kInlineLengths, metrics_);
    writer_ = std::make_unique<Writer>(
        threads ? Writer::Mode::kThread : Writer::Mode::kInline,
        [this](auto& group) {
          const bool writable = group_commit_.Run(group);
          log_shares_.Count(group, checkpoints_->log());
          return writable;
        },
        [this](Microseconds held_for) {
          checkpoints_->AfterCommit(held_for);
          search_indexer_.AfterCommit();
        },
        threads ? [this](TenantKey tenant) { return log_shares_.MayWrite(tenant, checkpoints_->log()); }
                : WriteQueue::MayWrite());
    notices_ = std::make_unique<SqliteNotices>(
        SqliteNotices::Rows{told_.channels, told_.notices, told_.incidents, audit_, idempotency_records_}, *writer_,
        *readers_);
    search_indexer_.Start(*writer_);
  }
  ~SqliteStore() override { search_indexer_.Stop(); }

  void AddListener(CommitListener& listener) override { group_commit_.AddListener(listener); }
  const ConfigCache& config_cache() const override { return config_cache_; }
  bool writable() const override {
    return group_commit_.writable() && writer_->TimeAtGroup(SystemClock().Steady()) < kGroupTimeMax;
  }

  Async<Stored<Done>> Apply(std::vector<ResourceChange> changes,
                            std::optional<IdempotencyRecordOf<Done>> response) override {
    return Write(
        tickets_.Of(changes), std::move(response),
        [this, changes = std::move(changes)](WriteSession& session) { return events_.Apply(changes, session); });
  }

  Async<Stored<Done>> Publish(SharedEvent event, std::uint64_t revision, Switch must_follow,
                              std::optional<IdempotencyRecordOf<Done>> response) override {
    return Write(tickets_.Of(*event), std::move(response),
                 [this, event = std::move(event), revision, must_follow](WriteSession& session) {
                   return events_.Publish(event, revision, must_follow, session);
                 });
  }

  Async<Stored<Done>> SaveConfig(ConfigChange change, std::optional<IdempotencyRecordOf<Done>> response) override {
    const auto canceled = config_save_.WebhookToCancel(change);
    const Ticket ticket = tickets_.Of(change);
    const auto save = [this, &change](WriteSession& session) { return config_save_.Run(change, session); };
    auto saved = co_await Write(ticket, std::move(response), save);
    if (saved && canceled) co_await FinishDiscard(*canceled, tickets_.Of(*canceled), discard_parts());
    co_return saved;
  }

  Async<Stored<DeliveryDetail>> OweTest(WebhookNumber webhook, DeliveryId id, SharedEvent event,
                                        std::optional<IdempotencyRecordOf<DeliveryDetail>> response) override {
    const auto owe = [this, webhook, id, event = std::move(event)](WriteSession& session) -> Stored<DeliveryDetail> {
      if (auto owed = events_.OweTest(webhook, id, event, session); !owed) return std::unexpected(owed.error());
      return deliveries_.ReadDetail(id);
    };
    return Write(tickets_.Of(webhook), std::move(response), owe);
  }

  Async<Stored<DeliveryDetail>> FinishTest(DeliveryId id, IdempotencyRecordOf<DeliveryDetail> response) override {
    const auto read = [this, id](WriteSession&) { return deliveries_.ReadDetail(id); };
    return Write(WriteTickets::kOfNobody, {},
                 idempotency_records_.Replacing<DeliveryDetail>(std::move(response), read));
  }

  Async<Stored<Done>> KeepRecord(IdempotencyRecordOf<Done> response) override {
    const auto nothing = [](WriteSession&) -> Stored<Done> { return Done(); };
    return Write(WriteTickets::kOfNobody, std::move(response), nothing);
  }

  Async<Stored<Delivery>> Redeliver(DeliveryId id, Timestamp now,
                                    std::optional<IdempotencyRecordOf<Delivery>> response) override {
    for (;;) {
      const auto redeliver = [this, id, now](WriteSession& s) { return deliveries_.Redeliver(id, now, s); };
      auto redelivered = co_await Write(WriteTickets::kOfNobody, response, redeliver);
      if (redelivered || !IsStillCanceling(redelivered.error())) co_return redelivered;
      const auto step = co_await StepDiscards(discard_parts());
      if (!step) co_return std::unexpected(step.error());
    }
  }

  Async<Stored<std::int64_t>> MakeRetriesDue(WebhookNumber webhook, Timestamp now,
                                             std::optional<AuditEntry> audit) override {
    return sqlite::MakeRetriesDue({.webhook = webhook, .now = now}, std::move(audit), tickets_.Of(webhook),
                                  {retries_, audit_, config_cache_, *writer_, *readers_});
  }

  Async<Stored<std::int64_t>> Discard(WebhookNumber webhook, Timestamp now,
                                      std::optional<IdempotencyRecordOf<std::int64_t>> response,
                                      std::optional<AuditEntry> audit) override {
    const auto discard = [this, webhook, now](WriteSession& s) { return cancelations_.CancelOf(webhook, now, s); };
    auto canceled = co_await Write(DiscardTicket(tickets_.Of(webhook), discard_parts()), std::move(response),
                                   audit_.With<std::int64_t>(std::move(audit), discard));
    if (canceled) co_await FinishDiscard(webhook, tickets_.Of(webhook), discard_parts());
    co_return canceled;
  }

  Async<Stored<Erasure>> EraseHistory(VenueId venue, ResourceKind kind, ResourceId id, std::optional<Position> before,
                                      std::optional<AuditEntry> audit) override {
    const Ticket ticket = tickets_.Of(venue, ErasureRows::kRowsAStep);
    const auto erase = [this, venue = std::move(venue), kind, id = std::move(id), before](WriteSession& session) {
      return erasure_.Step(venue, kind, id, before, session);
    };
    return Write(ticket, {}, audit_.With<Erasure>(std::move(audit), erase));
  }

  Async<Stored<Done>> BeginSession(Session begun, AuditEntry audit) override {
    const auto begin = [this, begun](WriteSession& session) { return config_.users().BeginSession(begun, session); };
    return Write(WriteTickets::kConfiguration, {}, audit_.With<Done>(std::move(audit), begin));
  }

  Async<Stored<Done>> UseSession(Digest token_hash, Timestamp now) override {
    return Write(WriteTickets::kInBackground, {}, [this, token_hash, now](WriteSession&) -> Stored<Done> {
      config_.users().UseSession(token_hash, now);
      return Done();
    });
  }

  Async<Stored<Done>> EndSession(Digest token_hash, AuditEntry audit) override {
    const auto end = [this, token_hash](WriteSession&) { return config_.users().EndSession(token_hash); };
    return Write(WriteTickets::kOfNobody, {}, audit_.With<Done>(std::move(audit), end));
  }

  Async<Stored<Done>> WriteAudit(AuditEntry entry) override {
    const auto nothing = [](WriteSession&) -> Stored<Done> { return Done(); };
    return Write(WriteTickets::kOfNobody, {}, audit_.With<Done>(std::move(entry), nothing));
  }

  // --- Sending pending deliveries. The file has one process, so its lease is eternal. ---

  Async<Stored<Lease>> HoldLeases() override { co_return Lease(); }

  Async<Stored<Done>> Record(Lease, std::vector<AttemptResult> results) override {
    return Write(WriteTickets::kResults, {},
                 [this, results = std::move(results)](WriteSession& session) -> Stored<Done> {
                   for (const AttemptResult& result : results) deliveries_.Record(result, session);
                   return Done();
                 });
  }

  Async<Stored<std::int64_t>> CountReplay(WebhookNumber webhook, ReplayFilter filter, Asker asker) override {
    return sqlite::CountReplay(webhook, filter, std::move(asker), replay_parts());
  }

  Async<Stored<Done>> StartReplay(Replay replay, std::optional<IdempotencyRecordOf<Done>> response,
                                  std::optional<AuditEntry> audit) override {
    const auto start = [this, replay = std::move(replay)](WriteSession& session) {
      return replays_.Start(replay, session);
    };
    return Write(WriteTickets::kOfNobody, std::move(response), audit_.With<Done>(std::move(audit), start));
  }

  Async<Stored<Replay>> CancelReplay(ReplayId id, Timestamp now, std::optional<IdempotencyRecordOf<Replay>> response,
                                     std::optional<AuditEntry> audit) override {
    const auto cancel = [this, id, now](WriteSession&) { return replays_.Cancel(id, now); };
    return Write(WriteTickets::kOfNobody, std::move(response), audit_.With<Replay>(std::move(audit), cancel));
  }

  Async<Stored<ReplayStep>> ContinueReplay(ReplayId id, Timestamp now) override {
    return StepReplay(id, now, replay_parts());
  }

  Async<Stored<Done>> AddImportChunk(ImportId id, VenueId venue, std::int64_t number, std::string bytes) override {
    return Write(
        tickets_.OfBytes(venue, bytes.size()), {},
        [this, id, number, bytes = std::move(bytes)](WriteSession&) { return imports_.AddChunk(id, number, bytes); });
  }

  Async<Stored<Done>> StartImport(Import import, std::optional<IdempotencyRecordOf<Done>> response,
                                  AuditEntry audit) override {
    const ImportId id = import.id;
    const auto start = [this, import = std::move(import)](WriteSession& session) {
      return imports_.Start(import, session);
    };
    auto started =
        co_await Write(WriteTickets::kOfNobody, std::move(response), audit_.With<Done>(std::move(audit), start));
    if (!started && started.error().kind == Refusal::Kind::kAnswered) co_await DropChunks(id);
    co_return started;
  }

  Async<Stored<Import>> CancelImport(ImportId id, Timestamp now, std::optional<IdempotencyRecordOf<Import>> response,
                                     std::optional<AuditEntry> audit) override {
    const auto cancel = [this, id, now](WriteSession&) { return imports_.Cancel(id, now); };
    return Write(WriteTickets::kOfNobody, std::move(response), audit_.With<Import>(std::move(audit), cancel));
  }

  Async<Stored<ImportProgress>> MoveImport(ImportStep step, std::vector<ResourceChange> changes) override {
    Ticket ticket = tickets_.Of(changes);
    ticket.urgency = WriteVerb::Urgency::kMayWait;
    return Write(ticket, {}, [this, step = std::move(step), changes = std::move(changes)](WriteSession& session) {
      return imports_.Move(step, changes, session);
    });
  }

  NoticeStore& notices() override { return *notices_; }
  Async<Stored<std::int64_t>> Purge(Timestamp before, Timestamp idempotency_records_before,
                                    std::size_t limit) override {
    return StepPurge({.now = clock_.Now(),
                      .before = before,
                      .idempotency_records_before = idempotency_records_before,
                      .rows = limit},
                     purge_, possibly_pending_, *writer_, *readers_);
  }

  Readers& readers() override { return *readers_; }

 private:
  // The record is made of what `verb` returns: a Stored<T>.
  template <class F, class T = typename std::invoke_result_t<F&, WriteSession&>::value_type>
  Async<Stored<T>> Write(Ticket ticket, std::type_identity_t<std::optional<IdempotencyRecordOf<T>>> response, F verb) {
    typename StoreVerb<T>::RunFunction run = std::move(verb);
    if (response) run = idempotency_records_.With<T>(*std::move(response), std::move(run));
    return RunVerb<T>(*writer_, ticket, std::move(run));
  }

  // Drops what was stored of an import that does not begin.
  Async<Stored<Done>> DropChunks(ImportId id) {
    return Write(WriteTickets::kInBackground, {}, [this, id](WriteSession&) { return imports_.DropChunks(id); });
  }

  DiscardParts discard_parts() { return {cancelations_, *writer_, *readers_}; }
  ReplayParts replay_parts() { return {replays_, config_cache_, discard_parts()}; }
  void CheckDisk() const {
    files_.Check();
    if (options_.fail_commit && options_.fail_commit()) throw SqliteError(SQLITE_FULL, "database or disk is full");
  }

  const SqliteOptions options_;
  prometheus::Registry unasked_metrics_;  // where nobody asks
  StoreMetrics metrics_{options_.metrics != nullptr ? *options_.metrics : unasked_metrics_};
  const std::unique_ptr<FileLock> lock_;
  const SecondDescriptor second_descriptor_;      // closed after all connections
  const std::unique_ptr<Connection> connection_;  // the writer's
  const FilesInPlace files_;
  Clock& clock_;
  Random& random_;
  ConfigCache config_cache_;
  const WriteTickets tickets_{config_cache_};
  SearchIndexer search_indexer_;
  IdempotencyRows idempotency_records_;
  HealthRows health_;
  StatisticsRows statistics_;
  OwedRows owed_;
  Cancelations cancelations_;
  GroupCommit group_commit_;
  LogShares log_shares_{Checkpoints::kLengths.most};
  ConfigRows config_;
  EventRows events_;
  PossiblyPending possibly_pending_;
  AuditRows audit_;
  ServerChanges server_changes_;
  NoticeTables told_;
  DeliveryRows deliveries_;
  ReplayRows replays_;
  RetryRows retries_{*connection_};
  ImportRows imports_;
  ErasureRows erasure_;
  ConfigSave config_save_;
  sqlite::Purge purge_;

  std::unique_ptr<Readers> readers_;
  std::unique_ptr<Checkpoints> checkpoints_;
  std::unique_ptr<SqliteNotices> notices_;
  std::unique_ptr<Writer> writer_;  // stops first
};

}  // namespace
}  // namespace sqlite

std::expected<std::unique_ptr<Store>, std::string> OpenSqliteStore(SqliteOptions options, const SecretBox& box,
                                                                   Clock& clock, Random& random) {
  auto lock = sqlite::FileLock::Acquire(options.path);
  if (!lock) return std::unexpected(lock.error());
  auto connection = sqlite::OpenDatabase(options.path, options.durable);
  if (!connection) return std::unexpected(connection.error());
  const std::string path = options.path;
  try {
    sqlite::StoredDeliveryIds::MakeKey(**connection, random);
    return std::make_unique<sqlite::SqliteStore>(std::move(options), *std::move(lock), *std::move(connection), box,
                                                 clock, random);
  } catch (const std::runtime_error& error) {
    return std::unexpected("cannot open the database " + path + ": " + error.what());
  }
}

}  // namespace shakehook
