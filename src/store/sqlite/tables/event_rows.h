// Accounts, contacts and their events as they change: each change with its event, which every webhook that it matches
// is owed from then on.
//
// Threads: the writer's.
#pragma once

#include "base/clock.h"
#include "base/random.h"
#include "store/resource_rules.h"
#include "store/sqlite/engine/select.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/engine/write_session.h"
#include "store/sqlite/tables/config_rows.h"
#include "store/sqlite/tables/health_rows.h"
#include "store/sqlite/tables/owed_rows.h"
#include "store/sqlite/tables/search_changes.h"
#include "store/sqlite/tables/stored_delivery_ids.h"
#include "store/store.h"

namespace shakehook::sqlite {

class EventRows {
 public:
  EventRows(Connection& connection, const ConfigRows& config, HealthRows& health, OwedRows& owed, Clock& clock,
            Random& random);

  // The three verbs of store.h. What a refused one has written is taken back.
  Stored<Done> Apply(const std::vector<ResourceChange>& changes, WriteSession& session);
  Stored<Done> Publish(const SharedEvent& event, std::uint64_t revision, Switch must_follow, WriteSession& session);
  Stored<Done> OweTest(WebhookNumber webhook, DeliveryId id, const SharedEvent& event, WriteSession& session);

 private:
  using Purpose = OwedDelivery::Purpose;

  // An event as it is owed.
  struct Owed {
    const SharedEvent& event;
    Position position;
    ResourceNumber resource;
    Timestamp created_at;
  };
  // Whom events of a type and venue are owed to; the same for all of a batch.
  struct Matched {
    VenueId venue;
    EventType type = EventType::kAccountCreated;
    std::vector<SharedWebhook> webhooks;
  };
  struct StoredRow {
    ResourceNumber number;
    std::int64_t version = 0;
    Timestamp last_timestamp;
    std::int64_t last_event = 0;
    bool deleted = true;
    std::string name, search;
  };

  Stored<Done> ApplyOne(const ResourceChange& change, WriteSession& session);
  // Refuses a change that does not fit what is stored. `existing`: the resource's row. Writes nothing.
  Stored<Done> Check(const ResourceChange& change, std::int64_t venue, const std::optional<StoredRow>& existing);
  // Stores a change of a resource that has a row, and notes it for searches if they find it otherwise than before.
  void UpdateRow(const ResourceChange& change, std::int64_t venue, const StoredRow& row, Position position);
  // The row of a resource that only its events tell of.
  void InsertWithoutData(const Event& event, std::int64_t venue, ResourceNumber number, Position position);
  static std::optional<ResourceState> StateOf(const std::optional<StoredRow>& row);
  std::optional<StoredRow> Find(std::int64_t venue, ResourceKind kind, const ResourceId& id);
  Position InsertEvent(const Event& event, std::int64_t venue, ResourceNumber resource,
                       std::optional<std::int64_t> previous, Timestamp now);
  const std::vector<SharedWebhook>& Matching(const Event& event, const WriteSession& session);
  // Owes the event to all that it matches.
  void OweToMatching(const Owed& owed, WriteSession& session);
  static void Tell(const SharedWebhook& webhook, DeliveryId id, const Owed& owed, Purpose purpose,
                   WriteSession& session);
  // Takes back what a refused verb has noted; `first` is the first position that it gave.
  void TakeBack(WriteSession& session, std::size_t told_before, Position first);

  Connection& connection_;
  const ConfigRows& config_;
  HealthRows& health_;
  OwedRows& owed_;
  Clock& clock_;
  Random& random_;
  const StoredDeliveryIds ids_;
  SearchChanges search_changes_;
  std::int64_t next_position_;
  std::int64_t next_resource_;
  std::optional<Matched> matching_;       // by the verb that runs
  std::vector<WebhookNumber> rows_owed_;  // by the verb that runs: those that it made rows of pending_delivery for
  Select<struct StoredRowColumns> find_resource_;
  Statement insert_resource_, update_resource_, replace_resource_, set_last_event_;
  Statement find_account_, find_contact_of_;
  Statement insert_event_, insert_pending_;
};

}  // namespace shakehook::sqlite
