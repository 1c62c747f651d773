#include "store/postgres/postgres_store.h"

#include <future>
#include <stdexcept>

#include "store/postgres/engine/migrations.h"
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

}  // namespace

PostgresStore::PostgresStore(PostgresOptions options, const SecretBox& box, Clock&, Random& random)
    : options_(std::move(options)),
      directory_(box, random),
      config_(directory_, audit_, box, random, options_.config_limits),
      idempotency_records_(box, random),
      rare_(
          thread_.loop(), OptionsOf(options_, "5s", "off"), {.node = options_.node, .slot = 0},
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
    if (failure.empty()) co_await rare_.Claim();
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

// --- Verbs ---

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
