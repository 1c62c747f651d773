// PostgresStore is the Store on PostgreSQL, for several nodes. Not all of its verbs are built: until they are, the
// class is abstract, so that nothing can offer it.
//
// Threads: as Store. Everything runs on one thread, `postgres`; callers wait on their own loops.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/secret_box.h"
#include "store/config_limits.h"
#include "store/postgres/change_group.h"
#include "store/postgres/engine/reader_pool.h"
#include "store/postgres/engine/store_thread.h"
#include "store/postgres/engine/writer_slot.h"
#include "store/postgres/group_writer.h"
#include "store/postgres/redelivery.h"
#include "store/postgres/result_group.h"
#include "store/postgres/tables/audit_rows.h"
#include "store/postgres/tables/config_rows.h"
#include "store/postgres/tables/directory.h"
#include "store/postgres/tables/idempotency_rows.h"
#include "store/postgres/tables/purge.h"
#include "store/store.h"

namespace shakehook::postgres {

struct PostgresOptions {
  std::vector<std::pair<std::string, std::string>> parameters;  // libpq's
  int node = 1;  // another process with the same number takes this one's place
  int readers = 3;
  ConfigLimits config_limits = {};
  // For tests: called before each commit, on the store's thread; if it returns true, the commit fails.
  std::function<bool()> fail_commit = {};
};

class PostgresStore : public Store {
 public:
  // `box`, `clock` and `random` outlive it; `random` is the store's own.
  PostgresStore(PostgresOptions options, const SecretBox& box, Clock& clock, Random& random);
  ~PostgresStore() override;

  // Connects, brings the schema up to date and reads the configuration: before the first verb. Returns one line that
  // says why it cannot; empty: it has. Blocks until then.
  std::string Open();

  void AddListener(CommitListener& listener) override { listeners_.push_back(&listener); }
  const ConfigCache& config_cache() const override { return directory_.config_cache(); }
  bool writable() const override { return writable_; }

  Async<Stored<Done>> Apply(std::vector<ResourceChange> changes,
                            std::optional<IdempotencyRecordOf<Done>> response) override;
  Async<Stored<Done>> Publish(SharedEvent event, std::uint64_t revision, Switch must_follow,
                              std::optional<IdempotencyRecordOf<Done>> response) override;
  Async<Stored<Done>> SaveConfig(ConfigChange change, std::optional<IdempotencyRecordOf<Done>> response) override;
  Async<Stored<Done>> KeepRecord(IdempotencyRecordOf<Done> response) override;

  Async<Stored<Done>> BeginSession(Session session, AuditEntry audit) override;
  Async<Stored<std::optional<Session>>> FindSession(Digest token_hash) override;
  Async<Stored<Done>> UseSession(Digest token_hash, Timestamp now) override;
  Async<Stored<Done>> EndSession(Digest token_hash, AuditEntry audit) override;
  Async<Stored<std::vector<Session>>> ListSessions(UserId user, Asker asker) override;

  Async<Stored<Done>> WriteAudit(AuditEntry entry) override;
  Async<Stored<std::vector<ListedAuditEntry>>> ListAudit(AuditQuery query) override;

  Async<Stored<std::optional<IdempotencyRecord>>> FindIdempotencyRecord(Digest key, Timestamp since,
                                                                        Asker asker) override;

  Async<Stored<DeliveryDetail>> OweTest(WebhookNumber webhook, DeliveryId id, SharedEvent event,
                                        std::optional<IdempotencyRecordOf<DeliveryDetail>> response) override;
  Async<Stored<DeliveryDetail>> FinishTest(DeliveryId id, IdempotencyRecordOf<DeliveryDetail> response) override;
  Async<Stored<Delivery>> Redeliver(DeliveryId id, Timestamp now,
                                    std::optional<IdempotencyRecordOf<Delivery>> response) override;
  Async<Stored<std::int64_t>> MakeRetriesDue(WebhookNumber webhook, Timestamp now,
                                             std::optional<AuditEntry> audit) override;
  Async<Stored<std::int64_t>> Discard(WebhookNumber webhook, Timestamp now,
                                      std::optional<IdempotencyRecordOf<std::int64_t>> response,
                                      std::optional<AuditEntry> audit) override;

  Async<Stored<Lease>> HoldLeases() override;
  Async<Stored<std::vector<OwedWebhook>>> ListOwed() override;
  Async<Stored<std::vector<OwedSinceWhen>>> ListOwedSince(WebhookNumber after, std::size_t limit) override;
  Async<Stored<OwedPage>> TakeOwed(Lease lease, WebhookNumber webhook, Position after, Ordering ordering,
                                   OwedPageLimit limit) override;
  Async<Stored<OwedPage>> TakeDue(Lease lease, WebhookNumber webhook, Timestamp now, WhichDue which,
                                  OwedPageLimit limit) override;
  Async<Stored<Done>> Record(Lease lease, std::vector<AttemptResult> results) override;

  Async<Stored<std::vector<std::optional<StoredResource>>>> GetResources(VenueId venue, ResourceKind kind,
                                                                         std::vector<ResourceId> ids,
                                                                         Asker asker) override;
  Async<Stored<std::vector<StoredResource>>> ListResources(ResourceQuery query) override;
  Async<Stored<std::vector<SortedResource>>> ListSortedResources(SortedResourceQuery query) override;
  Async<Stored<std::optional<ListedEvent>>> GetEvent(EventId id, Asker asker) override;
  Async<Stored<std::vector<ListedEvent>>> ListEvents(EventQuery query) override;
  Async<Stored<std::optional<DeliveryDetail>>> GetDelivery(DeliveryId id, Asker asker) override;
  Async<Stored<std::vector<Delivery>>> ListDeliveries(DeliveryQuery query) override;
  Async<Stored<std::vector<WebhookHealth>>> GetHealth(std::vector<WebhookNumber> webhooks, Asker asker) override;
  Async<Stored<std::vector<std::vector<HourlyStatistics>>>> GetStatistics(std::vector<WebhookNumber> webhooks,
                                                                          Timestamp since, Timestamp until,
                                                                          Asker asker) override;
  Async<Stored<OwedSummary>> GetOwed(WebhookNumber webhook, Asker asker) override;

  Async<Stored<Erasure>> EraseHistory(VenueId venue, ResourceKind kind, ResourceId id, std::optional<Position> before,
                                      std::optional<AuditEntry> audit) override;
  Async<Stored<Done>> AddImportChunk(ImportId id, VenueId venue, std::int64_t number, std::string bytes) override;
  Async<Stored<Done>> StartImport(Import import, std::optional<IdempotencyRecordOf<Done>> response,
                                  AuditEntry audit) override;
  Async<Stored<Import>> CancelImport(ImportId id, Timestamp now, std::optional<IdempotencyRecordOf<Import>> response,
                                     std::optional<AuditEntry> audit) override;
  Async<Stored<ImportProgress>> MoveImport(ImportStep step, std::vector<ResourceChange> changes) override;
  Async<Stored<std::vector<Import>>> ListRunningImports() override;
  Async<Stored<std::string>> ReadImportChunk(ImportId id, std::int64_t number) override;
  Async<Stored<std::optional<Import>>> GetImport(ImportId id, Asker asker) override;
  Async<Stored<std::vector<Import>>> ListImports(VenueId venue, std::optional<ImportId> before, std::size_t limit,
                                                 Asker asker) override;
  Async<Stored<std::vector<RefusedRow>>> ListRefusedRows(ImportId id, std::int64_t after, std::size_t limit,
                                                         Asker asker) override;

  Async<Stored<std::int64_t>> CountReplay(WebhookNumber webhook, ReplayFilter filter, Asker asker) override;
  Async<Stored<Done>> StartReplay(Replay replay, std::optional<IdempotencyRecordOf<Done>> response,
                                  std::optional<AuditEntry> audit) override;
  Async<Stored<Replay>> CancelReplay(ReplayId id, Timestamp now, std::optional<IdempotencyRecordOf<Replay>> response,
                                     std::optional<AuditEntry> audit) override;
  Async<Stored<std::vector<ReplayId>>> ListRunningReplays() override;
  Async<Stored<ReplayStep>> ContinueReplay(ReplayId id, Timestamp now) override;
  Async<Stored<std::optional<Replay>>> GetReplay(ReplayId id, Asker asker) override;
  Async<Stored<std::vector<Replay>>> ListReplays(WebhookNumber webhook, std::optional<ReplayId> before,
                                                 std::size_t limit, Asker asker) override;

  Async<Stored<std::int64_t>> Purge(Timestamp before, Timestamp idempotency_records_before, std::size_t limit) override;

 private:
  // The slots of a node's writers. Counters are kept by writer: a number for each slot of each node.
  static constexpr int kRareSlot = 0;
  static constexpr int kChangesSlot = 1;
  static constexpr int kResultsSlot = 2;
  static constexpr int kSlotsOfNode = 16;
  int WriterNumber(int slot) const { return options_.node * kSlotsOfNode + slot; }

  template <class T>
  using Change = std::function<Async<Stored<T>>(Transaction&)>;
  template <class T>
  using Read = std::function<Async<T>(Connection&)>;

  // A request's record is kept once; one that the same request has kept before may be replaced.
  enum class Keeps : std::uint8_t { kOnce, kInsteadOfItsOwn };

  // Runs on the store's thread. The record is made of what the change returns.
  template <class T>
  Async<Stored<T>> Write(Change<T> change, std::optional<IdempotencyRecordOf<T>> response = {},
                         Keeps keeps = Keeps::kOnce);
  template <class T>
  Async<Stored<T>> ReadOn(Read<T> read);
  template <class T>
  static Async<Stored<T>> WithRecord(Change<T> change, IdempotencyRecordOf<T> response, Keeps keeps,
                                     IdempotencyRows& records, Transaction& transaction);

  // Gives the verb to the writer of its kind.
  template <class Verb>
  Async<Stored<Done>> WriteInGroup(std::optional<GroupWriter<Verb>>& writer, Verb verb);
  Async<Stored<Done>> WriteChanges(std::vector<ChangeVerb*> verbs);
  Async<Stored<Done>> WriteResults(std::vector<ResultVerb*> verbs);
  // Writes what is left to write of a webhook's discard; returns whether it could. What is left then, the purge writes.
  Async<bool> FinishDiscard(WebhookNumber webhook);
  // The same, of a webhook that may have none.
  Async<bool> SettleDiscard(WebhookNumber webhook);
  // Returns the numbers of those that exist. On the store's thread.
  std::vector<std::int64_t> NumbersOf(const std::vector<VenueId>& venues) const;
  ChangeGroup::Parts change_parts() {
    return {config_, directory_, idempotency_records_,      config_.delivery_ids(),
            clock_,  random_,    WriterNumber(kChangesSlot)};
  }
  ByHandParts by_hand() { return {config_, directory_, clock_, WriterNumber(kRareSlot)}; }
  Async<std::string> OpenOnThread();
  void Committed(Transaction& transaction);

  const PostgresOptions options_;
  Clock& clock_;
  Random& random_;
  StoreThread thread_;
  std::vector<CommitListener*> listeners_;
  std::atomic<bool> writable_ = true;
  Directory directory_;
  AuditRows audit_;
  ConfigRows config_;
  IdempotencyRows idempotency_records_;
  postgres::Purge purge_{config_, directory_, WriterNumber(kRareSlot)};
  WriterSlot changes_slot_;
  WriterSlot results_slot_;
  std::optional<GroupWriter<ChangeVerb>> changes_;  // once the store is open
  std::optional<GroupWriter<ResultVerb>> results_;  // once the store is open
  WriterSlot rare_;                                 // for changes of the configuration, and all that is no hot path
  ReaderPool readers_;
};

template <class T>
Async<Stored<T>> PostgresStore::WithRecord(Change<T> change, IdempotencyRecordOf<T> response, Keeps keeps,
                                           IdempotencyRows& records, Transaction& transaction) {
  if (keeps == Keeps::kOnce) {
    std::vector<Digest> keys = {response.key};
    const auto kept = co_await IdempotencyRows::FindTimes(std::move(keys), transaction.connection());
    if (!kept.empty() && response.IsAnsweredBy(kept.begin()->second)) co_return std::unexpected(AlreadyAnswered());
  }
  auto result = co_await change(transaction);
  if (!result) co_return result;
  const IdempotencyRecord record{response.key, response.request, response.write(*result), response.created_at};
  if (keeps == Keeps::kOnce) {
    records.Keep(record, transaction);
  } else {
    records.Replace(record, transaction);
  }
  co_return result;
}

template <class T>
Async<Stored<T>> PostgresStore::Write(Change<T> change, std::optional<IdempotencyRecordOf<T>> response, Keeps keeps) {
  if (response) {
    change = [change = std::move(change), response = *std::move(response), keeps, this](Transaction& transaction) {
      return WithRecord<T>(change, response, keeps, idempotency_records_, transaction);
    };
  }
  std::function<Async<Stored<T>>()> run = [this, change = std::move(change)] { return rare_.Run<T>(change); };
  auto result = co_await thread_.Run<Stored<T>>(std::move(run));
  const bool failed = !result && result.error().kind == Refusal::Kind::kUnavailable;
  writable_ = !failed;
  co_return result;
}

template <class T>
Async<Stored<T>> PostgresStore::ReadOn(Read<T> read) {
  std::function<Async<Stored<T>>()> run = [this, read = std::move(read)] { return readers_.Run<T>(read); };
  co_return co_await thread_.Run<Stored<T>>(std::move(run));
}

template <class Verb>
Async<Stored<Done>> PostgresStore::WriteInGroup(std::optional<GroupWriter<Verb>>& writer, Verb verb) {
  std::function<Async<Stored<Done>>()> run = [&writer, &verb] { return writer->Write(std::move(verb)); };
  auto result = co_await thread_.Run<Stored<Done>>(std::move(run));
  writable_ = result || result.error().kind != Refusal::Kind::kUnavailable;
  co_return result;
}

}  // namespace shakehook::postgres
