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
#include "store/postgres/change_writer.h"
#include "store/postgres/engine/reader_pool.h"
#include "store/postgres/engine/store_thread.h"
#include "store/postgres/engine/writer_slot.h"
#include "store/postgres/tables/audit_rows.h"
#include "store/postgres/tables/config_rows.h"
#include "store/postgres/tables/directory.h"
#include "store/postgres/tables/idempotency_rows.h"
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

  Async<Stored<OwedPage>> TakeOwed(Lease lease, WebhookNumber webhook, Position after, Ordering ordering,
                                   OwedPageLimit limit) override;

  Async<Stored<std::vector<std::optional<StoredResource>>>> GetResources(VenueId venue, ResourceKind kind,
                                                                         std::vector<ResourceId> ids,
                                                                         Asker asker) override;
  Async<Stored<std::vector<StoredResource>>> ListResources(ResourceQuery query) override;
  Async<Stored<std::optional<ListedEvent>>> GetEvent(EventId id, Asker asker) override;
  Async<Stored<std::vector<WebhookHealth>>> GetHealth(std::vector<WebhookNumber> webhooks, Asker asker) override;

 private:
  template <class T>
  using Change = std::function<Async<Stored<T>>(Transaction&)>;
  template <class T>
  using Read = std::function<Async<T>(Connection&)>;

  // Runs on the store's thread. The record is made of what the change returns.
  template <class T>
  Async<Stored<T>> Write(Change<T> change, std::optional<IdempotencyRecordOf<T>> response = {});
  template <class T>
  Async<Stored<T>> ReadOn(Read<T> read);
  template <class T>
  static Async<Stored<T>> WithRecord(Change<T> change, IdempotencyRecordOf<T> response, IdempotencyRows& records,
                                     Transaction& transaction);

  Async<Stored<Done>> WriteChanges(ChangeVerb verb);
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
  WriterSlot changes_slot_;
  std::optional<ChangeWriter> changes_;  // once the store is open
  WriterSlot rare_;                      // for changes of the configuration, and all that is no hot path
  ReaderPool readers_;
};

}  // namespace shakehook::postgres
