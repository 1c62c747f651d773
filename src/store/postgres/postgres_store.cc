#include "store/postgres/postgres_store.h"

#include <future>
#include <stdexcept>

#include "store/postgres/engine/migrations.h"
#include "store/postgres/tables/event_list.h"
#include "store/postgres/tables/event_reads.h"
#include "store/postgres/tables/health_rows.h"
#include "store/postgres/tables/import_rows.h"
#include "store/postgres/tables/resource_reads.h"
#include "store/postgres/tables/session_rows.h"
#include "store/postgres/tables/sorted_resources.h"

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

// Rows are looked up by keys, or in the order of an index. A plan that was made while a table was nearly empty would
// read all of it.
Connection::Options WithPlansByIndex(Connection::Options options) {
  for (const char* const setting :
       {"enable_seqscan", "enable_hashjoin", "enable_mergejoin", "enable_bitmapscan", "enable_memoize", "jit"}) {
    options.session.emplace_back(setting, "off");
  }
  return options;
}

// Groups do the same again and again.
Connection::Options ForGroups(Connection::Options options) {
  options = WithPlansByIndex(std::move(options));
  options.session.emplace_back("plan_cache_mode", "force_generic_plan");
  return options;
}

constexpr std::size_t kWaitingMax = 10'000;  // verbs
constexpr GroupWriter<ChangeVerb>::Limits kChangeLimits{.group_max = 500, .waiting_max = kWaitingMax};
constexpr GroupWriter<ResultVerb>::Limits kResultLimits{.group_max = 1'000, .waiting_max = kWaitingMax};

}  // namespace

PostgresStore::PostgresStore(PostgresOptions options, const SecretBox& box, Clock& clock, Random& random)
    : options_(std::move(options)),
      clock_(clock),
      random_(random),
      directory_(box, random),
      config_(directory_, audit_, box, random, options_.config_limits),
      idempotency_records_(box, random),
      changes_slot_(
          thread_.loop(), ForGroups(OptionsOf(options_, "5s", "off")), {.node = options_.node, .slot = kChangesSlot},
          [this](Transaction& transaction) { Committed(transaction); }, options_.fail_commit),
      results_slot_(
          thread_.loop(), ForGroups(OptionsOf(options_, "5s", "off")), {.node = options_.node, .slot = kResultsSlot},
          [this](Transaction& transaction) { Committed(transaction); }, options_.fail_commit),
      rare_(
          thread_.loop(), WithPlansByIndex(OptionsOf(options_, "5s", "off")),
          {.node = options_.node, .slot = kRareSlot}, [this](Transaction& transaction) { Committed(transaction); },
          options_.fail_commit),
      readers_(thread_.loop(), WithPlansByIndex(OptionsOf(options_, "2s", "on")), options_.readers) {}

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
      co_await DropUnusedChunks(options_.node, rare_.connection());
      co_await changes_slot_.Claim();
      co_await results_slot_.Claim();
      changes_.emplace(thread_.loop(), kChangeLimits,
                       [this](std::vector<ChangeVerb*> verbs) { return WriteChanges(std::move(verbs)); });
      results_.emplace(thread_.loop(), kResultLimits,
                       [this](std::vector<ResultVerb*> verbs) { return WriteResults(std::move(verbs)); });
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

Async<Stored<std::vector<SortedResource>>> PostgresStore::ListSortedResources(SortedResourceQuery query) {
  SortedListing listing{.query = std::move(query), .venues = {}, .venue_ids = {}};
  while (!listing.complete) {
    auto step = co_await ReadOn<SortedListing>([this, &listing](Connection& connection) {
      listing.venues.clear();
      listing.venue_ids.clear();
      for (const VenueId& venue : listing.query.venues) {
        const auto number = directory_.VenueNumber(venue);
        if (!number) continue;
        listing.venues.push_back(*number);
        listing.venue_ids.push_back(venue);
      }
      return ContinueList(listing, connection);
    });
    if (!step) co_return std::unexpected(step.error());
    listing = *std::move(step);
  }
  co_return std::move(listing.page);
}

Async<Stored<std::optional<ListedEvent>>> PostgresStore::GetEvent(EventId id, Asker) {
  return ReadOn<std::optional<ListedEvent>>([id](Connection& connection) { return FindEvent(id, connection); });
}

Async<Stored<std::vector<ListedEvent>>> PostgresStore::ListEvents(EventQuery query) {
  EventListing listing{.query = std::move(query), .venues = {}};
  while (!listing.complete) {
    auto step = co_await ReadOn<EventListing>([this, &listing](Connection& connection) {
      listing.venues = NumbersOf(listing.query.venues);
      return ContinueList(listing, connection);
    });
    if (!step) co_return std::unexpected(step.error());
    listing = *std::move(step);
  }
  co_return std::move(listing.page);
}

std::vector<std::int64_t> PostgresStore::NumbersOf(const std::vector<VenueId>& venues) const {
  std::vector<std::int64_t> numbers;
  for (const VenueId& venue : venues) {
    if (const auto number = directory_.VenueNumber(venue)) numbers.push_back(*number);
  }
  return numbers;
}

Async<Stored<std::vector<WebhookHealth>>> PostgresStore::GetHealth(std::vector<WebhookNumber> webhooks, Asker) {
  return ReadOn<std::vector<WebhookHealth>>(
      [webhooks = std::move(webhooks)](Connection& connection) { return ReadHealth(webhooks, connection); });
}

// --- Configuration, sessions and the audit log ---

Async<Stored<Done>> PostgresStore::SaveConfig(ConfigChange change, std::optional<IdempotencyRecordOf<Done>> response) {
  const auto canceled = config_.WebhookToCancel(change);
  auto saved = co_await Write<Done>(
      [this, change = std::move(change)](Transaction& transaction) {
        return config_.Save(change, clock_.Now(), WriterNumber(kRareSlot), transaction);
      },
      std::move(response));
  if (saved && canceled) co_await FinishDiscard(*canceled);
  co_return saved;
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
