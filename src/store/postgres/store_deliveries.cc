// How PostgresStore writes changes, and what becomes of their deliveries.
#include <algorithm>
#include <utility>

#include "store/postgres/postgres_store.h"
#include "store/postgres/tables/delivery_list.h"
#include "store/postgres/tables/delivery_reads.h"
#include "store/postgres/tables/discard_rows.h"
#include "store/postgres/tables/owed_reads.h"
#include "store/postgres/tables/retry_rows.h"
#include "store/postgres/tables/statistics_rows.h"

namespace shakehook::postgres {

// --- Groups ---

namespace {

Async<Stored<Done>> RunGroup(ChangeGroup::Parts parts, std::vector<ChangeVerb*> verbs, Transaction& transaction) {
  ChangeGroup group(parts, std::move(verbs));
  co_return co_await group.Run(transaction);
}

// How a group of results is run.
struct ResultRun {
  ResultGroup::Gate gate = ResultGroup::Gate::kShared;
  Switch wants_attempts = Switch::kOff;
  bool must_run_alone = false;  // set by the group
};

Async<Stored<Done>> RunGroup(ResultGroup::Parts parts, std::vector<ResultVerb*> verbs, ResultRun& run,
                             Transaction& transaction) {
  ResultGroup group(parts, std::move(verbs), run.gate);
  run.must_run_alone = !co_await group.Run(run.wants_attempts, transaction);
  if (run.must_run_alone) co_return Refuse(Refusal::Kind::kMissing, "the group disables a webhook");
  co_return Done();
}

}  // namespace

Async<Stored<Done>> PostgresStore::WriteChanges(std::vector<ChangeVerb*> verbs) {
  co_return co_await changes_slot_.Run<Done>(
      [parts = change_parts(), verbs](Transaction& transaction) { return RunGroup(parts, verbs, transaction); });
}

Async<Stored<Done>> PostgresStore::WriteResults(std::vector<ResultVerb*> verbs) {
  const ResultGroup::Parts parts{
      config_, directory_, audit_, config_.delivery_ids(), random_, WriterNumber(kResultsSlot)};
  const bool wants = std::ranges::any_of(listeners_, [](CommitListener* each) { return each->WantsAttempts(); });
  ResultRun run{.wants_attempts = wants ? Switch::kOn : Switch::kOff};
  const auto work = [parts, verbs, &run](Transaction& transaction) { return RunGroup(parts, verbs, run, transaction); };
  const auto written = co_await results_slot_.Run<Done>(work);
  if (!run.must_run_alone) co_return written;
  run.gate = ResultGroup::Gate::kAlone;
  co_return co_await results_slot_.Run<Done>(work);
}

// --- Changes and results ---

Async<Stored<Done>> PostgresStore::Apply(std::vector<ResourceChange> changes,
                                         std::optional<IdempotencyRecordOf<Done>> response) {
  return WriteInGroup<ChangeVerb>(changes_,
                                  {.changes = std::move(changes), .announced = {}, .response = std::move(response)});
}

Async<Stored<Done>> PostgresStore::Publish(SharedEvent event, std::uint64_t revision, Switch must_follow,
                                           std::optional<IdempotencyRecordOf<Done>> response) {
  return WriteInGroup<ChangeVerb>(changes_, {.changes = {},
                                             .announced = std::move(event),
                                             .revision = revision,
                                             .must_follow = must_follow,
                                             .response = std::move(response)});
}

Async<Stored<OwedPage>> PostgresStore::TakeOwed(Lease, WebhookNumber webhook, Position after, Ordering ordering,
                                                OwedPageLimit limit) {
  return ReadOn<OwedPage>([this, query = OwedQuery{webhook, after, ordering, limit}](Connection& connection) {
    return postgres::TakeOwed(query, config_.delivery_ids(), connection);
  });
}

Async<Stored<OwedPage>> PostgresStore::TakeDue(Lease, WebhookNumber webhook, Timestamp now, WhichDue which,
                                               OwedPageLimit limit) {
  return ReadOn<OwedPage>([this, query = DueQuery{webhook, now, which, limit}](Connection& connection) {
    return postgres::TakeDue(query, config_.delivery_ids(), connection);
  });
}

Async<Stored<Done>> PostgresStore::Record(Lease, std::vector<AttemptResult> results) {
  return WriteInGroup<ResultVerb>(results_, {.results = std::move(results)});
}

// One process sends for all, for ever, as long as it is the only one.
Async<Stored<Lease>> PostgresStore::HoldLeases() { co_return Lease(); }

Async<Stored<std::vector<OwedWebhook>>> PostgresStore::ListOwed() {
  return ReadOn<std::vector<OwedWebhook>>([](Connection& connection) { return postgres::ListOwed(connection); });
}

Async<Stored<std::vector<OwedSinceWhen>>> PostgresStore::ListOwedSince(WebhookNumber after, std::size_t limit) {
  return ReadOn<std::vector<OwedSinceWhen>>(
      [after, limit](Connection& connection) { return postgres::ListOwedSince(after, limit, connection); });
}

// --- By hand ---

namespace {

Refusal NoSuchWebhook() { return {.kind = Refusal::Kind::kMissing, .detail = "the webhook does not exist"}; }

Async<Stored<DeliveryDetail>> FindDetail(DeliveryId id, DeliveryIds ids, Connection& connection) {
  auto detail = co_await ReadDetail(id, ids, connection);
  if (!detail) co_return std::unexpected(NoSuchDelivery());
  co_return *std::move(detail);
}

// A discard with its entry of the audit log.
struct ToDiscard {
  WebhookNumber webhook;
  Timestamp now;
  std::optional<AuditEntry> audit;
};

Async<Stored<std::int64_t>> CancelAll(ToDiscard discard, ByHandParts parts, AuditRows& audit,
                                      Transaction& transaction) {
  co_await parts.config.Hold(transaction.connection());
  if (!parts.directory.config_cache().FindWebhook(discard.webhook)) co_return std::unexpected(NoSuchWebhook());
  const auto canceled = co_await CancelPending(discard.webhook, discard.now, parts.writer, transaction);
  if (discard.audit) co_await audit.Add(*discard.audit, transaction);
  co_return canceled;
}

// One page of retries; `audit` is written if any became due.
Async<Stored<std::int64_t>> MakePageDue(RetrySearch search, std::optional<AuditEntry> entry, ByHandParts parts,
                                        AuditRows& audit, Transaction& transaction) {
  co_await parts.config.Share(transaction.connection());
  const SharedWebhook webhook = parts.directory.config_cache().FindWebhook(search.webhook);
  if (!webhook) co_return std::unexpected(NoSuchWebhook());
  const auto made_due = co_await postgres::MakeRetriesDue(search, transaction);
  if (made_due == 0) co_return 0;
  transaction.commit.due.push_back({webhook, search.now});
  if (entry) co_await audit.Add(*std::move(entry), transaction);
  co_return made_due;
}

Async<Stored<Done>> StepOfDiscard(WebhookNumber webhook, bool& is_left, Transaction& transaction) {
  is_left = co_await StepDiscard(webhook, transaction);
  co_return Done();
}

}  // namespace

Async<Stored<DeliveryDetail>> PostgresStore::OweTest(WebhookNumber webhook, DeliveryId id, SharedEvent event,
                                                     std::optional<IdempotencyRecordOf<DeliveryDetail>> response) {
  return Write<DeliveryDetail>(
      [this, test = TestToOwe{webhook, id, std::move(event)}](Transaction& transaction) {
        return postgres::OweTest(test, by_hand(), transaction);
      },
      std::move(response));
}

Async<Stored<DeliveryDetail>> PostgresStore::FinishTest(DeliveryId id, IdempotencyRecordOf<DeliveryDetail> response) {
  return Write<DeliveryDetail>(
      [this, id](Transaction& transaction) { return FindDetail(id, config_.delivery_ids(), transaction.connection()); },
      std::move(response), Keeps::kInsteadOfItsOwn);
}

Async<Stored<Delivery>> PostgresStore::Redeliver(DeliveryId id, Timestamp now,
                                                 std::optional<IdempotencyRecordOf<Delivery>> response) {
  const auto key = co_await ReadOn<std::optional<DeliveryKey>>(
      [this, id](Connection& connection) { return FindDeliveryKey(id, config_.delivery_ids(), connection); });
  if (!key) co_return std::unexpected(key.error());
  if (!*key) co_return std::unexpected(NoSuchDelivery());
  for (;;) {
    auto redelivered = co_await Write<Delivery>(
        [this, key = **key, now](Transaction& transaction) {
          return postgres::Redeliver(key, now, by_hand(), transaction);
        },
        response);
    if (redelivered || !IsStillCanceling(redelivered.error())) co_return redelivered;
    if (!co_await FinishDiscard((*key)->webhook)) co_return redelivered;
  }
}

Async<Stored<std::int64_t>> PostgresStore::MakeRetriesDue(WebhookNumber webhook, Timestamp now,
                                                          std::optional<AuditEntry> audit) {
  if (!config_cache().FindWebhook(webhook)) co_return std::unexpected(NoSuchWebhook());
  std::int64_t made_due = 0;
  RetrySearch search{.webhook = webhook, .now = now};
  while (!search.complete) {
    auto page =
        co_await ReadOn<RetrySearch>([search](Connection& connection) { return FindRetries(search, connection); });
    if (!page) co_return std::unexpected(page.error());
    search = *std::move(page);
    if (search.positions.empty()) continue;
    const auto step = co_await Write<std::int64_t>(
        [this, search, entry = made_due == 0 ? audit : std::nullopt](Transaction& transaction) {
          return MakePageDue(search, entry, by_hand(), audit_, transaction);
        });
    if (!step) co_return step;
    made_due += *step;
  }
  co_return made_due;
}

Async<Stored<std::int64_t>> PostgresStore::Discard(WebhookNumber webhook, Timestamp now,
                                                   std::optional<IdempotencyRecordOf<std::int64_t>> response,
                                                   std::optional<AuditEntry> audit) {
  auto canceled = co_await Write<std::int64_t>(
      [this, discard = ToDiscard{webhook, now, std::move(audit)}](Transaction& transaction) {
        return CancelAll(discard, by_hand(), audit_, transaction);
      },
      std::move(response));
  if (canceled) co_await FinishDiscard(webhook);
  co_return canceled;
}

Async<bool> PostgresStore::FinishDiscard(WebhookNumber webhook) {
  for (bool is_left = true; is_left;) {
    const auto step = co_await Write<Done>(
        [webhook, &is_left](Transaction& transaction) { return StepOfDiscard(webhook, is_left, transaction); });
    if (!step) co_return false;
  }
  co_return true;
}

// --- Reading ---

Async<Stored<std::optional<DeliveryDetail>>> PostgresStore::GetDelivery(DeliveryId id, Asker) {
  return ReadOn<std::optional<DeliveryDetail>>(
      [this, id](Connection& connection) { return ReadDetail(id, config_.delivery_ids(), connection); });
}

Async<Stored<std::vector<Delivery>>> PostgresStore::ListDeliveries(DeliveryQuery query) {
  DeliveryListing listing{.query = std::move(query), .venue = {}};
  while (!listing.complete) {
    auto step = co_await ReadOn<DeliveryListing>([this, &listing](Connection& connection) {
      if (listing.query.venue) listing.venue = directory_.VenueNumber(*listing.query.venue);
      return ContinueList(listing, config_.delivery_ids(), connection);
    });
    if (!step) co_return std::unexpected(step.error());
    listing = *std::move(step);
  }
  co_return std::move(listing.page);
}

Async<Stored<std::vector<std::vector<HourlyStatistics>>>> PostgresStore::GetStatistics(
    std::vector<WebhookNumber> webhooks, Timestamp since, Timestamp until, Asker) {
  return ReadOn<std::vector<std::vector<HourlyStatistics>>>(
      [webhooks = std::move(webhooks), since, until](Connection& connection) {
        return ReadStatistics(webhooks, since, until, connection);
      });
}

Async<Stored<OwedSummary>> PostgresStore::GetOwed(WebhookNumber webhook, Asker) {
  return ReadOn<OwedSummary>([webhook](Connection& connection) { return SummarizeOwed(webhook, connection); });
}

// --- Keeping house ---

namespace {

Async<Stored<std::int64_t>> StepPurge(Purge::Limits limits, Purge& purge, Transaction& transaction) {
  co_return co_await purge.Step(limits, transaction);
}

}  // namespace

Async<Stored<std::int64_t>> PostgresStore::Purge(Timestamp before, Timestamp idempotency_records_before,
                                                 std::size_t limit) {
  const postgres::Purge::Limits limits{
      .now = clock_.Now(), .before = before, .idempotency_records_before = idempotency_records_before, .rows = limit};
  return Write<std::int64_t>(
      [this, limits](Transaction& transaction) { return StepPurge(limits, purge_, transaction); });
}

}  // namespace shakehook::postgres
