#include "store/postgres/postgres_store.h"

#include <future>
#include <stdexcept>

#include "store/postgres/engine/migrations.h"
#include "store/postgres/tables/owed_reads.h"
#include "store/postgres/tables/resource_reads.h"
#include "store/postgres/tables/session_rows.h"

namespace shakehook::postgres {
namespace {

// The settings of POSTGRES' sessions that are the same for all. Timeouts that the server keeps come before ours.
Connection::Options OptionsOf(const PostgresOptions& options, const char* statement_timeout, const char* read_only) {
  return {.parameters = options.parameters,
          .session = {{"statement_timeout", statement_timeout},
                      {"idle_in_transaction_session_timeout", "1s"},
                      {"synchronous_commit", "on"},
                      {"default_transaction_read_only", read_only},
                      {"client_connection_check_interval", "1s"}}};
}

// The slots of a node's writers.
constexpr int kRareSlot = 0;
constexpr int kChangesSlot = 1;

// Counters are kept by writer: a number for each slot of each node.
constexpr int kSlotsOfNode = 16;
int WriterNumber(int node, int slot) { return node * kSlotsOfNode + slot; }

// Groups look rows up by their keys alone. A plan that was made while a table was nearly empty would read all of it.
Connection::Options WithPlansForKeys(Connection::Options options) {
  for (const char* const setting :
       {"enable_seqscan", "enable_hashjoin", "enable_mergejoin", "enable_bitmapscan", "enable_memoize", "jit"}) {
    options.session.emplace_back(setting, "off");
  }
  options.session.emplace_back("plan_cache_mode", "force_generic_plan");
  return options;
}

}  // namespace

PostgresStore::PostgresStore(PostgresOptions options, const SecretBox& box, Clock& clock, Random& random)
    : options_(std::move(options)),
      clock_(clock),
      random_(random),
      directory_(box, random),
      config_(directory_, audit_, box, random, options_.config_limits),
      idempotency_records_(box, random),
      changes_slot_(
          thread_.loop(), WithPlansForKeys(OptionsOf(options_, "5s", "off")),
          {.node = options_.node, .slot = kChangesSlot}, [this](Transaction& transaction) { Committed(transaction); },
          options_.fail_commit),
      rare_(
          thread_.loop(), OptionsOf(options_, "5s", "off"), {.node = options_.node, .slot = kRareSlot},
          [this](Transaction& transaction) { Committed(transaction); }, options_.fail_commit),
      readers_(thread_.loop(), OptionsOf(options_, "2s", "on"), options_.readers) {}

// Connections and what waits in them go before the loop, and after its thread.
PostgresStore::~PostgresStore() { thread_.Stop(); }

std::string PostgresStore::Open() {
  std::promise<std::string> opened;
  auto result = opened.get_future();
  thread_.loop().Post([this, &opened] {
    thread_.loop().Spawn([](PostgresStore& store, std::promise<std::string>& done) -> Async<> {
      done.set_value(co_await store.OpenOnThread());
    }(*this, opened));
  });
  return result.get();
}

Async<std::string> PostgresStore::OpenOnThread() {
  std::string failure;
  try {
    co_await rare_.connection().Open();
    failure = co_await Migrate(rare_.connection());
    if (failure.empty()) failure = co_await config_.Open(rare_.connection());
    if (failure.empty()) {
      co_await rare_.Claim();
      co_await changes_slot_.Claim();
      changes_.emplace(thread_.loop(), changes_slot_,
                       ChangeGroup::Parts{config_, directory_, idempotency_records_, config_.delivery_ids(), clock_,
                                          random_, WriterNumber(options_.node, kChangesSlot)});
    }
  } catch (const std::runtime_error& error) {
    failure = error.what();
  }
  if (!failure.empty()) failure = "cannot open the PostgreSQL database: " + failure;
  co_return failure;
}

void PostgresStore::Committed(Transaction& transaction) {
  if (transaction.commit.empty()) return;
  for (CommitListener* const listener : listeners_) listener->OnCommit(transaction.commit);
}

template <class T>
Async<Stored<T>> PostgresStore::WithRecord(Change<T> change, IdempotencyRecordOf<T> response, IdempotencyRows& records,
                                           Transaction& transaction) {
  auto result = co_await change(transaction);
  if (result) {
    records.Keep({response.key, response.request, response.write(*result), response.created_at}, transaction);
  }
  co_return result;
}

template <class T>
Async<Stored<T>> PostgresStore::Write(Change<T> change, std::optional<IdempotencyRecordOf<T>> response) {
  if (response) {
    change = [change = std::move(change), response = *std::move(response), this](Transaction& transaction) {
      return WithRecord<T>(change, response, idempotency_records_, transaction);
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

Async<Stored<Done>> PostgresStore::WriteChanges(ChangeVerb verb) {
  std::function<Async<Stored<Done>>()> run = [this, &verb] { return changes_->Write(std::move(verb)); };
  auto result = co_await thread_.Run<Stored<Done>>(std::move(run));
  writable_ = result || result.error().kind != Refusal::Kind::kUnavailable;
  co_return result;
}

// --- Verbs ---

Async<Stored<Done>> PostgresStore::Apply(std::vector<ResourceChange> changes,
                                         std::optional<IdempotencyRecordOf<Done>> response) {
  return WriteChanges({.changes = std::move(changes), .announced = {}, .response = std::move(response)});
}

Async<Stored<Done>> PostgresStore::Publish(SharedEvent event, std::uint64_t revision, Switch must_follow,
                                           std::optional<IdempotencyRecordOf<Done>> response) {
  return WriteChanges({.changes = {},
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

// --- Reading ---

Async<Stored<std::vector<std::optional<StoredResource>>>> PostgresStore::GetResources(VenueId venue, ResourceKind kind,
                                                                                      std::vector<ResourceId> ids,
                                                                                      Asker) {
  using Resources = std::vector<std::optional<StoredResource>>;
  return ReadOn<Resources>(
      [this, venue = std::move(venue), kind, ids = std::move(ids)](Connection& connection) -> Async<Resources> {
        const auto number = directory_.VenueNumber(venue);
        if (!number) co_return Resources(ids.size());
        co_return co_await postgres::GetResources(*number, kind, ids, connection);
      });
}

Async<Stored<std::vector<StoredResource>>> PostgresStore::ListResources(ResourceQuery query) {
  using Resources = std::vector<StoredResource>;
  return ReadOn<Resources>([this, query = std::move(query)](Connection& connection) -> Async<Resources> {
    const auto number = directory_.VenueNumber(query.venue_id);
    if (!number) co_return Resources();
    co_return co_await postgres::ListResources(*number, query, connection);
  });
}

Async<Stored<std::optional<ListedEvent>>> PostgresStore::GetEvent(EventId id, Asker) {
  return ReadOn<std::optional<ListedEvent>>([id](Connection& connection) { return FindEvent(id, connection); });
}

Async<Stored<std::vector<WebhookHealth>>> PostgresStore::GetHealth(std::vector<WebhookNumber> webhooks, Asker) {
  return ReadOn<std::vector<WebhookHealth>>(
      [webhooks = std::move(webhooks)](Connection& connection) { return ReadHealth(webhooks, connection); });
}

// --- Configuration, sessions and the audit log ---

Async<Stored<Done>> PostgresStore::SaveConfig(ConfigChange change, std::optional<IdempotencyRecordOf<Done>> response) {
  return Write<Done>(
      [this, change = std::move(change)](Transaction& transaction) { return config_.Save(change, transaction); },
      std::move(response));
}

Async<Stored<Done>> PostgresStore::KeepRecord(IdempotencyRecordOf<Done> response) {
  return Write<Done>([](Transaction&) -> Async<Stored<Done>> { co_return Done(); }, std::move(response));
}

Async<Stored<Done>> PostgresStore::BeginSession(Session session, AuditEntry audit) {
  return Write<Done>([this, session, audit = std::move(audit)](Transaction& transaction) {
    return config_.BeginSession(session, audit, transaction);
  });
}

Async<Stored<std::optional<Session>>> PostgresStore::FindSession(Digest token_hash) {
  return ReadOn<std::optional<Session>>(
      [token_hash](Connection& connection) { return postgres::FindSession(token_hash, connection); });
}

Async<Stored<Done>> PostgresStore::UseSession(Digest token_hash, Timestamp now) {
  return Write<Done>([token_hash, now](Transaction& transaction) -> Async<Stored<Done>> {
    postgres::UseSession(token_hash, now, transaction);
    co_return Done();
  });
}

namespace {

Async<Stored<Done>> EndWithAudit(Digest token_hash, AuditEntry entry, AuditRows& audit, Transaction& transaction) {
  if (!co_await EndSession(token_hash, transaction)) co_return Refuse(Refusal::Kind::kMissing, "the session has ended");
  co_await audit.Add(std::move(entry), transaction);
  co_return Done();
}

Async<Stored<Done>> AddToAudit(AuditEntry entry, AuditRows& audit, Transaction& transaction) {
  co_await audit.Add(std::move(entry), transaction);
  co_return Done();
}

}  // namespace

Async<Stored<Done>> PostgresStore::EndSession(Digest token_hash, AuditEntry audit) {
  return Write<Done>([this, token_hash, audit = std::move(audit)](Transaction& transaction) {
    return EndWithAudit(token_hash, audit, audit_, transaction);
  });
}

Async<Stored<std::vector<Session>>> PostgresStore::ListSessions(UserId user, Asker) {
  return ReadOn<std::vector<Session>>(
      [user](Connection& connection) { return postgres::ListSessions(user, connection); });
}

Async<Stored<Done>> PostgresStore::WriteAudit(AuditEntry entry) {
  return Write<Done>(
      [this, entry = std::move(entry)](Transaction& transaction) { return AddToAudit(entry, audit_, transaction); });
}

Async<Stored<std::vector<ListedAuditEntry>>> PostgresStore::ListAudit(AuditQuery query) {
  return ReadOn<std::vector<ListedAuditEntry>>(
      [query = std::move(query)](Connection& connection) { return AuditRows::List(query, connection); });
}

Async<Stored<std::optional<IdempotencyRecord>>> PostgresStore::FindIdempotencyRecord(Digest key, Timestamp since,
                                                                                     Asker) {
  return ReadOn<std::optional<IdempotencyRecord>>(
      [this, key, since](Connection& connection) { return idempotency_records_.Find(key, since, connection); });
}

}  // namespace shakehook::postgres
