// ChangeGroup is a group of verbs that change accounts and contacts, in one transaction of two phases: the first reads
// and locks all that they name, then each verb is decided in memory, in their order, on what was read and what the
// verbs before it changed; the second writes all of it, a statement a table. A refused verb adds nothing.
//
// Ownership: the verbs outlive it.
// Threads:   the store's.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "store/delivery_ids.h"
#include "store/postgres/engine/transaction.h"
#include "store/postgres/tables/config_rows.h"
#include "store/postgres/tables/directory.h"
#include "store/postgres/tables/event_rows.h"
#include "store/postgres/tables/idempotency_rows.h"
#include "store/postgres/tables/resource_rows.h"
#include "store/store.h"

namespace shakehook::postgres {

// Store::Apply, or Store::Publish of one event.
struct ChangeVerb {
  std::vector<ResourceChange> changes;  // Apply's
  SharedEvent announced;                // Publish's
  std::uint64_t revision = 0;
  Switch must_follow = Switch::kOff;
  std::optional<IdempotencyRecordOf<Done>> response;

  Stored<Done> result = Done();

  std::size_t size() const { return announced ? 1 : changes.size(); }
};

class ChangeGroup {
 public:
  struct Parts {
    ConfigRows& config;
    const Directory& directory;
    IdempotencyRows& idempotency_records;
    const DeliveryIds& ids;
    Clock& clock;
    Random& random;
    int writer = 0;  // the number that this writer's counters have
  };

  ChangeGroup(const Parts& parts, std::vector<ChangeVerb*> verbs) : parts_(parts), verbs_(std::move(verbs)) {}

  // Decides and writes all; sets the verbs' results. Returns a refusal if nothing is to be committed.
  Async<Stored<Done>> Run(Transaction& transaction);

 private:
  // How things were before a verb, for one that is refused after it changed something.
  struct Before {
    std::vector<std::pair<ResourceKey, std::optional<ResourceRow>>> rows;
    std::map<ResourceKey, std::int64_t> contacts;
    std::size_t events = 0, pending = 0, told = 0;
  };

  NamedResources Named() const;
  // Returns when the responses that are kept under the verbs' keys already were made.
  Async<std::map<Digest, Timestamp>> FindKept(Connection& connection) const;
  Stored<Done> Decide(const ChangeVerb& verb, Commit& commit);
  Stored<Done> DecideOne(const ResourceChange& change, Commit& commit);
  Stored<Done> Announce(const ChangeVerb& verb, Commit& commit);
  void TakeBack(Before before, Commit& commit);
  // Notes how the row is before it is changed. Returns the row, which is made if there is none.
  ResourceRow& Touch(const ResourceKey& key);
  void CountContact(std::int64_t venue, const std::string& account_id, std::int64_t change);
  Position AddEvent(const SharedEvent& event, std::int64_t venue, ResourceRow& row);
  void Owe(const SharedEvent& event, Position position, ResourceNumber resource, Commit& commit);
  std::optional<ResourceState> StateOf(const ResourceKey& key) const;

  const Parts parts_;
  const std::vector<ChangeVerb*> verbs_;
  Timestamp now_;
  GroupNumbers numbers_;
  ResourceRows rows_;
  std::map<ResourceKey, std::int64_t> contacts_;  // that name the accounts which are to be deleted
  std::vector<EventRow> events_;
  std::vector<PendingRow> pending_;
  std::unordered_set<WebhookNumber> told_more_;
  Before before_;  // the verb that is decided began with this
};

}  // namespace shakehook::postgres
