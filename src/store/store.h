// Store keeps everything that must not be lost, and is the only place that does. Its verbs are those of the domain;
// each is one transaction, asynchronous, and may be committed together with others that wait at the same time (group
// commit).
//
// Results:  a verb's refusal is a value (Refusal), never an exception. When a verb that changes something returns, the
//           change is on disk. kUnavailable: nothing was changed, and the caller may try again.
// Order:    verbs that one caller awaits one after the other take effect in that order.
// Threads:  verbs from any Loop; each resumes on the loop of its caller. Commit listeners: see commit_listener.h.
// Lifetime: the store must be destroyed before the loops whose coroutines wait in it.
//
// The code outside store/ does not assume that this process is the only one: work is taken and results are recorded
// under a Lease, edits compare versions, and a payload is stored only if the configuration it was built from is
// unchanged.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/loop.h"
#include "base/result.h"
#include "model/replay.h"
#include "model/session.h"
#include "model/statistics.h"
#include "model/webhook.h"
#include "store/asker.h"
#include "store/commit_listener.h"
#include "store/config_cache.h"
#include "store/config_change.h"
#include "store/delivery_pages.h"
#include "store/event_query.h"
#include "store/idempotency_record.h"
#include "store/job_steps.h"
#include "store/refusal.h"
#include "store/resource_change.h"

namespace shakehook {

class NoticeStore;

class Store {
 public:
  virtual ~Store() = default;

  // Before the first verb. The listeners must live until the store is destroyed.
  virtual void AddListener(CommitListener& listener) = 0;
  virtual const ConfigCache& config_cache() const = 0;
  // Tells whether the last write worked, and none is late by far; /readyz reports it.
  virtual bool writable() const = 0;

  // --- Changes. `answer` is made of the result and kept, and `audit` written, in the same transaction, where given.
  // ---

  // Applies all or nothing, in order. Deleting an account (data empty) is refused with kVersionConflict while a contact
  // still refers to it, unless an earlier change in the list removes that reference.
  virtual Async<Stored<Done>> Apply(std::vector<ResourceChange> changes,
                                    std::optional<IdempotencyRecordOf<Done>> response) = 0;
  // Stores an event of a CRM that keeps its own records, with a delivery to each webhook that it matches. The event's
  // timestamp must be later than its resource's last one if `must_follow` is kOn (kVersionConflict with last_timestamp
  // otherwise); an announced event with a time of its own may be earlier.
  virtual Async<Stored<Done>> Publish(SharedEvent event, std::uint64_t revision, Switch must_follow,
                                      std::optional<IdempotencyRecordOf<Done>> response) = 0;
  virtual Async<Stored<Done>> SaveConfig(ConfigChange change, std::optional<IdempotencyRecordOf<Done>> response) = 0;
  // Stores a test's event with a delivery to one webhook, under the given delivery id. Returns the delivery.
  virtual Async<Stored<DeliveryDetail>> OweTest(WebhookNumber webhook, DeliveryId id, SharedEvent event,
                                                std::optional<IdempotencyRecordOf<DeliveryDetail>> response) = 0;
  // Reads the delivery of a test after its attempt, and keeps the response made of it in place of the one that OweTest
  // kept. kMissing: it was purged.
  virtual Async<Stored<DeliveryDetail>> FinishTest(DeliveryId id, IdempotencyRecordOf<DeliveryDetail> response) = 0;
  // Keeps the response to a request whose changes were verbs of their own, done before this one.
  virtual Async<Stored<Done>> KeepRecord(IdempotencyRecordOf<Done> response) = 0;
  // Makes a delivery due at once, its next attempt `manual`: a pending one now, a failed or canceled one from the start
  // of its schedule, a delivered one once more. Returns the delivery after that. kMissing: no such delivery, or purged.
  virtual Async<Stored<Delivery>> Redeliver(DeliveryId id, Timestamp now,
                                            std::optional<IdempotencyRecordOf<Delivery>> response) = 0;
  // Makes the deliveries of a webhook that wait for a retry due at `now`; returns how many became due. Their order
  // and trigger stay as they are, and the attempt takes none from the schedule: one that fails again waits as long as
  // it was to wait before. It is done in steps that other changes do not wait for; each delivery becomes due once at
  // most, whatever fails meanwhile. After a failure the caller may try again. `audit` is written if any became due.
  // kMissing: no such webhook.
  virtual Async<Stored<std::int64_t>> MakeRetriesDue(WebhookNumber webhook, Timestamp now,
                                                     std::optional<AuditEntry> audit = {}) = 0;
  // Cancels a webhook's pending deliveries, all at once for whoever reads; returns how many. If they are very many,
  // their records are written in steps that other changes do not wait for, and the verb returns when that is done.
  virtual Async<Stored<std::int64_t>> Discard(WebhookNumber webhook, Timestamp now,
                                              std::optional<IdempotencyRecordOf<std::int64_t>> response,
                                              std::optional<AuditEntry> audit = {}) = 0;
  // Erases the data of a deleted resource from a bounded number of its events, the newest first, from their receivers'
  // responses, and from pending deliveries: `before` is where the last step ended (absent: the first step, which writes
  // `audit`). kMissing: nothing is stored of such a resource; kExists: it is not deleted.
  virtual Async<Stored<Erasure>> EraseHistory(VenueId venue, ResourceKind kind, ResourceId id,
                                              std::optional<Position> before, std::optional<AuditEntry> audit) = 0;

  // --- Sessions and the audit log ---

  // Stores when its user signed in. Drops ended sessions of all users, and the user's own oldest ones beyond
  // kSessionsPerUserMax. kMissing: the user was deleted, or has another epoch.
  virtual Async<Stored<Done>> BeginSession(Session session, AuditEntry audit) = 0;
  // Returns the session even if it is over, which the caller decides; a deleted user has none.
  virtual Async<Stored<std::optional<Session>>> FindSession(Digest token_hash) = 0;
  // Stores its last use; nothing happens if it has ended.
  virtual Async<Stored<Done>> UseSession(Digest token_hash, Timestamp now) = 0;
  // kMissing: it has ended already.
  virtual Async<Stored<Done>> EndSession(Digest token_hash, AuditEntry audit) = 0;

  virtual Async<Stored<Done>> WriteAudit(AuditEntry entry) = 0;
  virtual Async<Stored<std::vector<ListedAuditEntry>>> ListAudit(AuditQuery query) = 0;

  // --- Sending pending deliveries ---

  virtual Async<Stored<Lease>> HoldLeases() = 0;
  // Returns every webhook that has a pending delivery.
  virtual Async<Stored<std::vector<OwedWebhook>>> ListOwed() = 0;
  // Returns the next `limit` webhooks behind `after`, by number, that are owed something, tests too.
  virtual Async<Stored<std::vector<OwedSinceWhen>>> ListOwedSince(WebhookNumber after, std::size_t limit) = 0;
  // Returns deliveries that were never tried, in order, after `after`. For a strict webhook it leaves out those whose
  // resource has a delivery that waits for its retry.
  virtual Async<Stored<OwedPage>> TakeOwed(Lease lease, WebhookNumber webhook, Position after, Ordering ordering,
                                           OwedPageLimit limit) = 0;
  // Returns deliveries that wait for a retry, or were sent by hand, and are due by `now`, by due time.
  virtual Async<Stored<OwedPage>> TakeDue(Lease lease, WebhookNumber webhook, Timestamp now, WhichDue which,
                                          OwedPageLimit limit) = 0;
  // May wait some milliseconds for the next commit.
  virtual Async<Stored<Done>> Record(Lease lease, std::vector<AttemptResult> results) = 0;

  // --- Replays ---

  // Returns how many deliveries a replay would send again, or make.
  virtual Async<Stored<std::int64_t>> CountReplay(WebhookNumber webhook, ReplayFilter filter, Asker asker = {}) = 0;
  // kExists: a replay of the webhook is running, or very many are. Deliveries that fit the filter only after this are
  // not sent.
  virtual Async<Stored<Done>> StartReplay(Replay replay, std::optional<IdempotencyRecordOf<Done>> response,
                                          std::optional<AuditEntry> audit = {}) = 0;
  // Returns the replay after that; one that has ended stays so. Deliveries that it has made due are sent all the same.
  virtual Async<Stored<Replay>> CancelReplay(ReplayId id, Timestamp now,
                                             std::optional<IdempotencyRecordOf<Replay>> response,
                                             std::optional<AuditEntry> audit = {}) = 0;
  virtual Async<Stored<std::vector<ReplayId>>> ListRunningReplays() = 0;
  // Runs one small step of a running replay: makes some deliveries due, their next attempt by hand and their schedule
  // from the start (as Redeliver, but no pending delivery), or makes missing ones. Listeners hear that something is
  // due.
  virtual Async<Stored<ReplayStep>> ContinueReplay(ReplayId id, Timestamp now) = 0;

  // --- Imports ---

  // The file comes first, in chunks of kImportChunkBytes (the last one may be smaller), numbered from 0. A file whose
  // import never begins is dropped at the next start of the store.
  virtual Async<Stored<Done>> AddImportChunk(ImportId id, VenueId venue, std::int64_t number, std::string bytes) = 0;
  // kExists: an import into the venue is running, or very many are; its chunks are dropped then, as with kAnswered.
  virtual Async<Stored<Done>> StartImport(Import import, std::optional<IdempotencyRecordOf<Done>> response,
                                          AuditEntry audit) = 0;
  // Returns the import after that; one that has ended stays so. Rows that were written stay.
  virtual Async<Stored<Import>> CancelImport(ImportId id, Timestamp now,
                                             std::optional<IdempotencyRecordOf<Import>> response,
                                             std::optional<AuditEntry> audit) = 0;
  virtual Async<Stored<std::vector<Import>>> ListRunningImports() = 0;
  // Empty: the file has no such chunk, or no longer.
  virtual Async<Stored<std::string>> ReadImportChunk(ImportId id, std::int64_t number) = 0;
  // Applies as Apply, and stores the import's progress in the same transaction; so no row is written twice or left out.
  virtual Async<Stored<ImportProgress>> MoveImport(ImportStep step, std::vector<ResourceChange> changes) = 0;
  virtual Async<Stored<std::optional<Import>>> GetImport(ImportId id, Asker asker = {}) = 0;
  virtual Async<Stored<std::vector<Import>>> ListImports(VenueId venue, std::optional<ImportId> before,
                                                         std::size_t limit, Asker asker = {}) = 0;
  // Returns them by row, those after `after`.
  virtual Async<Stored<std::vector<RefusedRow>>> ListRefusedRows(ImportId id, std::int64_t after, std::size_t limit,
                                                                 Asker asker = {}) = 0;

  // --- Reading ---

  // Returns them in the order of the ids; nullopt for an id that never existed.
  virtual Async<Stored<std::vector<std::optional<StoredResource>>>> GetResources(VenueId venue, ResourceKind kind,
                                                                                 std::vector<ResourceId> ids,
                                                                                 Asker asker = {}) = 0;
  virtual Async<Stored<std::vector<StoredResource>>> ListResources(ResourceQuery query) = 0;
  virtual Async<Stored<std::vector<SortedResource>>> ListSortedResources(SortedResourceQuery query) = 0;
  virtual Async<Stored<std::optional<ListedEvent>>> GetEvent(EventId id, Asker asker = {}) = 0;
  virtual Async<Stored<std::vector<ListedEvent>>> ListEvents(EventQuery query) = 0;
  virtual Async<Stored<std::optional<DeliveryDetail>>> GetDelivery(DeliveryId id, Asker asker = {}) = 0;
  virtual Async<Stored<std::vector<Delivery>>> ListDeliveries(DeliveryQuery query) = 0;
  virtual Async<Stored<std::optional<Replay>>> GetReplay(ReplayId id, Asker asker = {}) = 0;
  virtual Async<Stored<std::vector<Replay>>> ListReplays(WebhookNumber webhook, std::optional<ReplayId> before,
                                                         std::size_t limit, Asker asker = {}) = 0;
  virtual Async<Stored<std::vector<WebhookHealth>>> GetHealth(std::vector<WebhookNumber> webhooks,
                                                              Asker asker = {}) = 0;
  // Returns for each webhook the hours of [since, until) with any statistics, in order.
  virtual Async<Stored<std::vector<std::vector<HourlyStatistics>>>> GetStatistics(std::vector<WebhookNumber> webhooks,
                                                                                  Timestamp since, Timestamp until,
                                                                                  Asker asker = {}) = 0;
  virtual Async<Stored<OwedSummary>> GetOwed(WebhookNumber webhook, Asker asker = {}) = 0;
  // Returns a response kept under the key since `since`. A verb that is refused with kAnswered has it.
  virtual Async<Stored<std::optional<IdempotencyRecord>>> FindIdempotencyRecord(Digest key, Timestamp since,
                                                                                Asker asker = {}) = 0;

  // The channels that people are told by, and what they are to be told (notice_store.h). It lives as long as the store.
  virtual NoticeStore& notices() = 0;

  // --- Keeping house ---

  // Runs one small step of dropping events that ended before `before` with their deliveries and attempts, but never a
  // pending delivery of an enabled webhook; pending ones of disabled webhooks become canceled first. Idempotency
  // records before `idempotency_records_before` are dropped, statistics when no window shows them any more, and replays
  // and imports that ended before `before`. Returns how many rows were dropped; 0: nothing is left to purge.
  virtual Async<Stored<std::int64_t>> Purge(Timestamp before, Timestamp idempotency_records_before,
                                            std::size_t limit) = 0;

  // --- Where users are signed in ---

  // Returns a user's sessions, from the newest to the oldest, those too that are over: kSessionsPerUserMax at most.
  virtual Async<Stored<std::vector<Session>>> ListSessions(UserId user, Asker asker = {}) = 0;
};

}  // namespace shakehook
