// Store keeps everything that must not be lost, and is the one truth of it. Its verbs are those of the domain; each is
// one transaction, asynchronous, and may be committed together with others that wait at the same time (group commit).
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
#include "model/api_key.h"
#include "model/audit_entry.h"
#include "model/custom_field.h"
#include "model/delivery.h"
#include "model/event.h"
#include "model/import.h"
#include "model/inbox.h"
#include "model/replay.h"
#include "model/resource.h"
#include "model/search_text.h"
#include "model/session.h"
#include "model/statistics.h"
#include "model/user.h"
#include "model/venue.h"
#include "model/webhook.h"
#include "store/asker.h"
#include "store/commit_listener.h"
#include "store/directory.h"
#include "store/refusal.h"

namespace shakehook {

// The right to send pending deliveries. The embedded store has one eternal lease; several nodes share work by leases
// that end, and a result that is recorded under an old epoch is refused.
struct Lease {
  std::int64_t epoch = 1;
};

// The answer to a POST that carried an Idempotency-Key, kept in the transaction of the change that it tells of, so that
// a repetition gets the same answer even if this process died in between (CONTRACT §4: 24 h).
struct KeptAnswer {
  Digest key{};      // from credential, path and Idempotency-Key
  Digest request{};  // the digest of the body
  std::string answer;
  Timestamp created_at;
};

// One change of a resource with its event. The bytes are final, made on the caller's loop so that the writer only
// stores.
struct ResourceChange {
  VenueId venue_id;
  ResourceKind kind = ResourceKind::kAccount;
  ResourceId id;
  // The version that the change was built from; 0: the resource never existed. A deleted resource has a version too: to
  // make it again, the change is built from that.
  std::int64_t expected_version = 0;
  // Directory::RevisionOf(venue_id) when the payload was built; kStale where it is another by now.
  std::uint64_t revision = 0;
  std::string data;        // the resource's compact JSON; empty: it is deleted
  std::string email;       // for finding it; empty: none
  std::string account_id;  // a contact's; empty: none. The account must exist, else kMissing
  std::string search;      // model/search_text.h
  std::string name;        // model/sort_name.h
  Timestamp created_at;
  // Its event. Must be later than the resource's last one, else kStale with last_timestamp.
  SharedEvent event;
};

// The result of one step of EraseHistory.
struct Erasure {
  std::int64_t events = 0;       // events that were looked at
  std::optional<Position> next;  // the next step's start; absent: there is nothing left
};

// A resource as stored. Its version counts its changes, also over a deletion.
struct StoredResource {
  ResourceId id;
  std::int64_t version = 0;
  Timestamp last_timestamp;  // its newest event's
  std::string data;          // empty: deleted (only its id and times are left)
};

// All listings are newest first unless they say otherwise, and go on after a cursor's key.
struct ResourceQuery {
  VenueId venue_id;
  ResourceKind kind = ResourceKind::kAccount;
  SearchQuery search;      // empty: all
  std::string email;       // exactly (ASCII case aside); empty: all
  std::string account_id;  // empty: all
  std::string after;       // the id before the page; listed by id
  std::size_t limit = 50;
  Asker asker = {};
};

// The key that a list of many resources is sorted by. Contacts without an e-mail come last, in both directions. A page
// by name looks at all names (100,000 of them: some 20 ms), every other page only at what it shows.
enum class ResourceSort : std::uint8_t { kName, kCreatedAt, kUpdatedAt, kEmail };
enum class SortDirection : std::uint8_t { kAscending, kDescending };

// The place of a resource in such a list. Resources with the same key are in the order in which they were made.
struct ResourcePlace {
  std::string text;  // kName, kEmail; empty: it has no e-mail
  Timestamp time;    // kCreatedAt, kUpdatedAt
  VenueId venue_id;
  ResourceId id;
};
struct SortedResourceQuery {
  std::vector<VenueId> venues;
  ResourceKind kind = ResourceKind::kAccount;
  SearchQuery search;  // empty: all
  ResourceSort sort = ResourceSort::kCreatedAt;
  SortDirection direction = SortDirection::kDescending;
  std::optional<ResourcePlace> after;
  std::size_t limit = 50;
  Asker asker = {};
};
struct SortedResource {
  ResourcePlace place;
  StoredResource resource;
};

struct EventQuery {
  std::vector<VenueId> venues;  // empty: all venues
  std::optional<EventType> type;
  std::optional<ResourceId> resource_id;
  std::optional<Timestamp> since, until;  // since <= timestamp < until
  std::optional<Position> before;
  std::size_t limit = 50;
  Asker asker = {};
};
struct ListedEvent {
  Position position;
  SharedEvent event;
};

// Whose last attempt was answered with a status code from `first` to `last`; kNone: whose was not answered.
struct AnswerFilter {
  static constexpr int kNone = 0;

  int first = kNone;
  int last = kNone;
};

struct DeliveryQuery {
  std::optional<std::vector<WebhookNumber>> webhooks;  // absent: all
  DeliveryStatuses statuses;                           // empty: all
  EventTypes events;                                   // empty: all
  std::optional<ResourceId> resource_id;
  std::optional<VenueId> venue;
  std::optional<AnswerFilter> answer;     // a delivered one always has an answer of 200 to 299
  std::optional<Timestamp> since, until;  // since <= created_at < until
  std::optional<DeliveryKey> before;      // ordered by position, then webhook, both descending
  std::size_t limit = 50;
  Asker asker = {};
};

struct DeliveryDetail {
  Delivery delivery;
  SharedEvent event;
  std::vector<Attempt> attempts;        // oldest first
  std::vector<SharedWebhook> versions;  // the webhook as each attempt used it; same length
};

// `expected_version` 0: create (kExists if the id is taken); else the version edited (kStale if it is another by now).
template <class T>
struct ConfigPut {
  T value;  // `version`, `number` and `position` are set by the store
  std::int64_t expected_version = 0;
};
template <class Id>
struct ConfigDelete {
  Id id;
  std::optional<std::int64_t> expected_version;  // absent: whatever it is
};

// A change of the configuration.
//
// A user that is put under another epoch has no sessions afterwards.
struct ConfigChange {
  template <class T>
  using Put = ConfigPut<T>;
  template <class Id>
  using Delete = ConfigDelete<Id>;
  struct CustomFieldId {
    Uuid uuid;
  };
  using Any = std::variant<Put<VenuesGroup>, Put<Venue>, Put<CustomField>, Put<Webhook>, Put<ApiKey>, Put<User>,
                           Put<Inbox>, Delete<VenuesGroupId>, Delete<VenueId>, Delete<CustomFieldId>, Delete<WebhookId>,
                           Delete<ApiKeyId>, Delete<UserId>, Delete<InboxId>>;
  Any change;
  std::vector<AuditEntry> audit = {};  // written in the same transaction
  // With an edit of a webhook: its pending deliveries are canceled in the same transaction.
  Switch discard = Switch::kOff;
};

// Newest first.
struct AuditQuery {
  std::optional<AuditAction> action;
  std::optional<Timestamp> since, until;  // since <= at < until
  std::optional<Position> before;
  std::size_t limit = 50;
  Asker asker = {};
};
struct ListedAuditEntry {
  Position position;
  AuditEntry entry;
};
// How many entries are kept: of failed sign-ins, which strangers make; of whoever sees everything; of all who share one
// other scope. Where there are more, those go that are the oldest of whoever has most: nobody pushes out what a quieter
// one did. And none is kept for longer than kAuditAgeMax.
inline constexpr std::int64_t kFailedSignInsKept = 10'000;
inline constexpr std::int64_t kAuditEntriesKept = 100'000;
inline constexpr std::int64_t kAuditEntriesOfScopeKept = 20'000;
inline constexpr Milliseconds kAuditAgeMax = std::chrono::days(400);

// The result of an attempt for its delivery (delivery/outcome.h decides it).
struct AttemptResult {
  enum class Verdict : std::uint8_t {
    kDelivered,
    kRetry,  // is retried at `retry_at`
    kFailed,
    kGone,  // failed, and the webhook is to be disabled (410)
  };
  // As the delivery was when it was taken.
  DeliveryKey key;
  DeliveryId id;
  OwedDelivery::Purpose purpose = OwedDelivery::Purpose::kDeliver;
  Timestamp created_at;

  Attempt attempt;
  Verdict verdict = Verdict::kDelivered;
  std::optional<Timestamp> retry_at;
  Timestamp ended_at;
};

// A page of a webhook's pending deliveries. `more`: the limit left some out.
// The most that a page of pending deliveries may contain: a number of deliveries, and a size of their payloads
// together, after which no further one is added. A page has at least one delivery if there is one.
struct OwedPageLimit {
  std::size_t deliveries = 0;
  std::size_t payload_bytes = std::numeric_limits<std::size_t>::max();
};

struct OwedPage {
  std::vector<OwedDelivery> deliveries;
  bool more = false;
  Position until;                     // TakeOwed: all up to here is in the page, or must wait for its resource's retry
  std::optional<Timestamp> next_due;  // TakeDue: the earliest due time after the page's
};

// kByHand: tests and what was redelivered, which go out even while the webhook is disabled.
enum class WhichDue : std::uint8_t { kAll, kByHand };

// The result of one step of a replay.
enum class ReplayStep : std::uint8_t {
  kMoved,   // there may be more
  kWaits,   // enough deliveries wait to be sent: again in a moment
  kPaused,  // its webhook is disabled: again when it is enabled
  kEnded,
};

// One step of an import: the rows from one place of the file to another.
struct ImportStep {
  ImportId id;
  std::int64_t from = 0;  // Import::offset that the step was built from
  std::int64_t to = 0;
  std::int64_t to_line = 0;  // Import::line of `to`
  ImportCounts counts;       // the counts of these rows alone
  std::vector<RefusedRow> refused;
  std::optional<AuditEntry> finished;  // it was the last: the import is done at the entry's time
};
enum class ImportProgress : std::uint8_t {
  kMoved,
  kElsewhere,  // it was canceled, or another step went first: nothing was done
};
inline constexpr std::size_t kImportChunkBytes = 64 * 1024;

struct OwedWebhook {
  WebhookNumber webhook;
  std::optional<Timestamp> next_due;  // the first retry or delivery sent by hand; absent: none waits
  std::optional<Timestamp> last_due;  // the last of these
};

// A webhook's pending deliveries, beside their count in its health.
struct OwedSummary {
  std::int64_t retrying = 0;          // wait for a retry; counted up to kRetryingCountMax
  std::optional<Timestamp> next_due;  // the next retry
};
inline constexpr std::int64_t kRetryingCountMax = 10'000;

class Store {
 public:
  virtual ~Store() = default;

  // Before the first verb. The listeners must live until the store is destroyed.
  virtual void AddListener(CommitListener& listener) = 0;
  virtual const Directory& directory() const = 0;
  // Tells whether the last write worked; /readyz reports it.
  virtual bool writable() const = 0;

  // --- Changes. `answer` is kept, and `audit` written, in the same transaction, where given. ---

  // All or nothing, in order. Deleting an account (data empty) is refused with kStale while a contact that no change
  // before it in the list has freed still names it.
  virtual Async<Stored<Done>> Apply(std::vector<ResourceChange> changes, std::optional<KeptAnswer> answer) = 0;
  // Stores an event of a CRM that keeps its own records, and owes it to whom it matches. The event's timestamp must be
  // later than its resource's last one where `must_follow` is kOn (kStale with last_timestamp otherwise); an announced
  // event with a time of its own may be earlier.
  virtual Async<Stored<Done>> Publish(SharedEvent event, std::uint64_t revision, Switch must_follow,
                                      std::optional<KeptAnswer> answer) = 0;
  virtual Async<Stored<Done>> SaveConfig(ConfigChange change, std::optional<KeptAnswer> answer) = 0;
  // Owes a test's event to one webhook, under the given delivery id.
  virtual Async<Stored<Done>> OweTest(WebhookNumber webhook, DeliveryId id, SharedEvent event,
                                      std::optional<KeptAnswer> answer) = 0;
  // Makes a delivery due at once, its next attempt `manual`: a pending one now, a failed or canceled one from the start
  // of its schedule, a delivered one once more. Returns the delivery after that. kMissing: no such delivery, or purged.
  virtual Async<Stored<Delivery>> Redeliver(DeliveryId id, Timestamp now, std::optional<KeptAnswer> answer) = 0;
  // Cancels a webhook's pending deliveries, all at once for whoever reads; returns how many. If they are very many,
  // their records are written in steps that other changes do not wait for, and the verb returns when that is done.
  virtual Async<Stored<std::int64_t>> Discard(WebhookNumber webhook, Timestamp now, std::optional<KeptAnswer> answer,
                                              std::optional<AuditEntry> audit = {}) = 0;
  // Erases the data of a deleted resource from a bounded number of its events, the newest first, from what their
  // deliveries' receivers answered, and from what waits to be sent: `before` is where the last step ended (absent: the
  // first step, which writes `audit`). kMissing: there is nothing of such a resource; kExists: it is not deleted.
  virtual Async<Stored<Erasure>> EraseHistory(VenueId venue, ResourceKind kind, ResourceId id,
                                              std::optional<Position> before, std::optional<AuditEntry> audit) = 0;
  // Replaces the answer that a change kept under the same key, when the result of the change is known only some time
  // after it.
  virtual Async<Stored<Done>> ReplaceAnswer(KeptAnswer answer) = 0;

  // --- Sessions and the audit log ---

  // Notes when its user signed in. Drops what is over of all sessions, and of the user's own the oldest beyond
  // kSessionsPerUserMax. kMissing: the user was deleted, or has begun another epoch.
  virtual Async<Stored<Done>> BeginSession(Session session, AuditEntry audit) = 0;
  // Returns the session even if it is over, which the caller decides; a deleted user has none.
  virtual Async<Stored<std::optional<Session>>> FindSession(Digest token_hash) = 0;
  // Notes its last use; nothing happens where it has ended.
  virtual Async<Stored<Done>> UseSession(Digest token_hash, Timestamp now) = 0;
  // kMissing: it has ended already.
  virtual Async<Stored<Done>> EndSession(Digest token_hash, AuditEntry audit) = 0;

  virtual Async<Stored<Done>> WriteAudit(AuditEntry entry) = 0;
  virtual Async<Stored<std::vector<ListedAuditEntry>>> ListAudit(AuditQuery query) = 0;

  // --- Sending pending deliveries ---

  virtual Async<Stored<Lease>> HoldLeases() = 0;
  // Returns every webhook that has a pending delivery.
  virtual Async<Stored<std::vector<OwedWebhook>>> ListOwed() = 0;
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

  // How many deliveries a replay would send again, or make.
  virtual Async<Stored<std::int64_t>> CountReplay(WebhookNumber webhook, ReplayFilter filter, Asker asker = {}) = 0;
  // kExists: one of the webhook is running, or very many are. What comes to fit the filter after this is not sent.
  virtual Async<Stored<Done>> StartReplay(Replay replay, std::optional<KeptAnswer> answer,
                                          std::optional<AuditEntry> audit = {}) = 0;
  // Returns the replay after that; one that has ended stays so. Deliveries that it has made due are sent all the same.
  virtual Async<Stored<Replay>> CancelReplay(ReplayId id, Timestamp now, std::optional<KeptAnswer> answer,
                                             std::optional<AuditEntry> audit = {}) = 0;
  virtual Async<Stored<std::vector<ReplayId>>> ListRunningReplays() = 0;
  // Runs one small step of a running replay: makes some deliveries due, their next attempt by hand and their schedule
  // from the start (as Redeliver, but no pending delivery), or makes missing ones. Listeners hear that something is
  // due.
  virtual Async<Stored<ReplayStep>> ContinueReplay(ReplayId id, Timestamp now) = 0;

  // --- Imports ---

  // The file comes first, in chunks of kImportChunkBytes (the last one may be smaller), numbered from 0. What is never
  // started is dropped at the next start of the store.
  virtual Async<Stored<Done>> AddImportChunk(ImportId id, std::int64_t number, std::string bytes) = 0;
  // kExists: one into the venue is running, or very many are; its chunks are dropped then.
  virtual Async<Stored<Done>> StartImport(Import import, std::optional<KeptAnswer> answer, AuditEntry audit) = 0;
  // Returns the import after that; one that has ended stays so. Rows that were written stay.
  virtual Async<Stored<Import>> CancelImport(ImportId id, Timestamp now, std::optional<KeptAnswer> answer,
                                             std::optional<AuditEntry> audit) = 0;
  virtual Async<Stored<std::vector<Import>>> ListRunningImports() = 0;
  // Empty: the file has no such chunk (any more).
  virtual Async<Stored<std::string>> ReadImportChunk(ImportId id, std::int64_t number) = 0;
  // As Apply, and in the same transaction the import moves on; so no row is put twice or left out.
  virtual Async<Stored<ImportProgress>> MoveImport(ImportStep step, std::vector<ResourceChange> changes) = 0;
  virtual Async<Stored<std::optional<Import>>> GetImport(ImportId id, Asker asker = {}) = 0;
  virtual Async<Stored<std::vector<Import>>> ListImports(VenueId venue, std::optional<ImportId> before,
                                                         std::size_t limit, Asker asker = {}) = 0;
  // By row, those behind `after`.
  virtual Async<Stored<std::vector<RefusedRow>>> ListRefusedRows(ImportId id, std::int64_t after, std::size_t limit,
                                                                 Asker asker = {}) = 0;

  // --- Reading ---

  // Returns them in the order of the ids; nullopt for an id that never existed.
  virtual Async<Stored<std::vector<std::optional<StoredResource>>>> GetResources(VenueId venue, ResourceKind kind,
                                                                                 std::vector<ResourceId> ids,
                                                                                 Asker asker = {}) = 0;
  virtual Async<Stored<std::vector<StoredResource>>> ListResources(ResourceQuery query) = 0;
  virtual Async<Stored<std::vector<SortedResource>>> ListSortedResources(SortedResourceQuery query) = 0;
  // The contacts of an account, `limit` at most.
  virtual Async<Stored<std::vector<StoredResource>>> ContactsOf(VenueId venue, ResourceId account, std::size_t limit,
                                                                Asker asker = {}) = 0;
  virtual Async<Stored<std::optional<ListedEvent>>> GetEvent(EventId id, Asker asker = {}) = 0;
  virtual Async<Stored<std::vector<ListedEvent>>> ListEvents(EventQuery query) = 0;
  virtual Async<Stored<std::optional<DeliveryDetail>>> GetDelivery(DeliveryId id, Asker asker = {}) = 0;
  virtual Async<Stored<std::vector<Delivery>>> ListDeliveries(DeliveryQuery query) = 0;
  virtual Async<Stored<std::optional<Replay>>> GetReplay(ReplayId id, Asker asker = {}) = 0;
  virtual Async<Stored<std::vector<Replay>>> ListReplays(WebhookNumber webhook, std::optional<ReplayId> before,
                                                         std::size_t limit, Asker asker = {}) = 0;
  virtual Async<Stored<std::vector<WebhookHealth>>> GetHealth(std::vector<WebhookNumber> webhooks,
                                                              Asker asker = {}) = 0;
  // For each webhook the hours of [since, until) that have any, in order.
  virtual Async<Stored<std::vector<std::vector<HourlyStatistics>>>> GetStatistics(std::vector<WebhookNumber> webhooks,
                                                                                  Timestamp since, Timestamp until,
                                                                                  Asker asker = {}) = 0;
  virtual Async<Stored<OwedSummary>> GetOwed(WebhookNumber webhook, Asker asker = {}) = 0;
  // An answer kept under the key since `since`.
  virtual Async<Stored<std::optional<KeptAnswer>>> FindAnswer(Digest key, Timestamp since, Asker asker = {}) = 0;

  // --- Keeping house ---

  // Runs one small step of dropping events that ended before `before` with their deliveries and attempts, but never a
  // pending delivery of an enabled webhook; pending ones of disabled webhooks become canceled first. Kept answers
  // before `answers_before` are dropped, statistics when no window shows them any more, and replays and imports that
  // ended before `before`. Returns how many rows were dropped; 0: nothing is left to purge.
  virtual Async<Stored<std::int64_t>> Purge(Timestamp before, Timestamp answers_before, std::size_t limit) = 0;
};

}  // namespace shakehook
