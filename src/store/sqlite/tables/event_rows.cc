#include "store/sqlite/tables/event_rows.h"

#include <algorithm>

#include "base/ascii.h"

namespace shakehook::sqlite {
namespace {

std::optional<std::string_view> OrNull(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace

struct StoredRowColumns
    : Columns<Column<"number", ResourceNumber>, Column<"version", std::int64_t>, Column<"last_timestamp", Timestamp>,
              Column<"last_event", std::int64_t>, Column<"data IS NULL AS deleted", bool>,
              Column<"sort_name", std::string>, Column<"search", std::string>> {};

EventRows::EventRows(Connection& connection, const ConfigRows& config, HealthRows& health, OwedRows& owed, Clock& clock,
                     Random& random)
    : connection_(connection),
      config_(config),
      health_(health),
      owed_(owed),
      clock_(clock),
      random_(random),
      ids_(connection),
      search_changes_(connection),
      // Positions are never given twice while a row names them.
      next_position_(1 + std::max({connection.Integer("SELECT max(position) FROM event"),
                                   connection.Integer("SELECT max(position) FROM ended_delivery"),
                                   connection.Integer("SELECT max(until) FROM discard"),
                                   connection.Integer("SELECT max(last_event) FROM resource")})),
      next_resource_(1 + std::max(connection.Integer("SELECT max(number) FROM resource"),
                                  connection.Integer("SELECT max(resource) FROM event"))),
      find_resource_(connection, "FROM resource WHERE venue = ?1 AND kind = ?2 AND id = ?3"),
      insert_resource_(
          connection,
          "INSERT INTO resource (number, venue, kind, id, version, last_timestamp, last_event, data, email,"
          " account_id, search, sort_name, created_at)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"),
      // A column that is not set needs no work in the indexes.
      update_resource_(connection,
                       "UPDATE resource SET version = ?2, last_timestamp = ?3, last_event = ?4, data = ?5, email = ?6,"
                       " account_id = ?7 WHERE number = ?1"),
      replace_resource_(connection,
                        "UPDATE resource SET version = ?2, last_timestamp = ?3, last_event = ?4, data = ?5, email = ?6,"
                        " account_id = ?7, search = ?8, sort_name = ?9, created_at = ?10 WHERE number = ?1"),
      set_last_event_(connection, "UPDATE resource SET last_timestamp = ?2, last_event = ?3 WHERE number = ?1"),
      find_account_(connection,
                    Sql("SELECT 1 FROM resource WHERE venue = ?1 AND kind = {} AND id = ?2 AND data IS NOT NULL",
                        ResourceKind::kAccount)),
      find_contact_of_(connection, "SELECT 1 FROM resource WHERE venue = ?1 AND account_id = ?2 LIMIT 1"),
      insert_event_(
          connection,
          "INSERT INTO event (position, id, type, origin, timestamp, created_at, venue, venues_group, resource,"
          " previous, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"),
      insert_pending_(
          connection,
          Sql("INSERT INTO pending_delivery (webhook, position, id, resource, purpose, attempt_trigger, attempts_made,"
              " retries_made, created_at, due) VALUES (?1, ?2, ?3, ?4, ?5, {}, 0, 0, ?6, ?7)",
              AttemptTrigger::kAutomatic)) {}

Stored<Done> EventRows::Apply(const std::vector<ResourceChange>& changes, WriteSession& session) {
  matching_.reset();
  rows_owed_.clear();
  // One change checks everything before it writes; several need a savepoint to go back to.
  if (changes.size() == 1) return ApplyOne(changes[0], session);
  const std::size_t told_before = session.commit.owed.size();
  const Position first{next_position_};
  connection_.Execute("SAVEPOINT apply");
  for (std::size_t i = 0; i < changes.size(); ++i) {
    auto applied = ApplyOne(changes[i], session);
    if (applied) continue;
    connection_.Execute("ROLLBACK TO apply; RELEASE apply");
    TakeBack(session, told_before, first);
    applied.error().index = i;
    return applied;
  }
  connection_.Execute("RELEASE apply");
  return Done();
}

void EventRows::TakeBack(WriteSession& session, std::size_t told_before, Position first) {
  owed_.TakeBack(first);
  for (const WebhookNumber webhook : rows_owed_) --health_.Touch(webhook).pending;
  session.commit.owed.resize(told_before);
}

std::optional<EventRows::StoredRow> EventRows::Find(std::int64_t venue, ResourceKind kind, const ResourceId& id) {
  auto row = find_resource_.With(venue, kind, id);
  if (!row.Step()) return std::nullopt;
  return StoredRow{.number = row.Get<"number">(),
                   .version = row.Get<"version">(),
                   .last_timestamp = row.Get<"last_timestamp">(),
                   .last_event = row.Get<"last_event">(),
                   .deleted = row.Get<"deleted">(),
                   .name = row.Get<"sort_name">(),
                   .search = row.Get<"search">()};
}

std::optional<ResourceState> EventRows::StateOf(const std::optional<StoredRow>& row) {
  if (!row) return std::nullopt;
  return ResourceState{.version = row->version, .last_timestamp = row->last_timestamp, .live = !row->deleted};
}

Stored<Done> EventRows::Check(const ResourceChange& change, std::int64_t venue,
                              const std::optional<StoredRow>& existing) {
  const auto state = StateOf(existing);
  if (const auto checked = CheckChange(change, state); !checked) return checked;
  if (!change.account_id.empty()) {
    const bool found = find_account_.With(venue, change.account_id).Step();
    if (const auto checked = CheckAccount(found ? Presence::kPresent : Presence::kAbsent); !checked) return checked;
  }
  if (!change.data.empty()) return Done();
  const bool named = change.kind == ResourceKind::kAccount && find_contact_of_.With(venue, change.id).Step();
  return CheckDeletion(state, named ? Presence::kPresent : Presence::kAbsent);
}

Stored<Done> EventRows::ApplyOne(const ResourceChange& change, WriteSession& session) {
  const auto venue = config_.VenueNumber(change.venue_id);
  const std::uint64_t revision = session.config_cache().RevisionOf(change.venue_id);
  if (const auto checked = CheckRevision(change.revision, venue ? revision : 0); !checked) return checked;
  const auto existing = Find(*venue, change.kind, change.id);
  if (const auto checked = Check(change, *venue, existing); !checked) return checked;
  const ResourceNumber number = existing ? existing->number : ResourceNumber{next_resource_++};
  const Timestamp now = clock_.Now();
  const Position position =
      InsertEvent(*change.event, *venue, number, existing ? std::optional(existing->last_event) : std::nullopt, now);
  if (existing) {
    UpdateRow(change, *venue, *existing, position);
  } else {
    const std::string email = LowerAscii(change.email);
    insert_resource_.Run(number, *venue, change.kind, change.id, 1, change.event->timestamp, position, change.data,
                         OrNull(email), OrNull(change.account_id), change.search, change.name, change.created_at);
  }
  OweToMatching({change.event, position, number, now}, session);
  return Done();
}

void EventRows::UpdateRow(const ResourceChange& change, std::int64_t venue, const StoredRow& row, Position position) {
  const Timestamp at = change.event->timestamp;
  const std::string email = LowerAscii(change.email);
  const bool deletes = change.data.empty();
  const bool found_otherwise = row.deleted || deletes || row.name != change.name || row.search != change.search;
  if (!found_otherwise) {
    update_resource_.Run(row.number, row.version + 1, at, position, change.data, OrNull(email),
                         OrNull(change.account_id));
    return;
  }
  if (row.deleted) {
    search_changes_.NoteOfNothing(row.number, venue, change.kind);
  } else {
    search_changes_.Note(row.number, venue, change.kind, row.name, row.search);
  }
  if (deletes) {
    replace_resource_.Run(row.number, row.version + 1, at, position, nullptr, nullptr, nullptr, nullptr, nullptr,
                          nullptr);
  } else {
    replace_resource_.Run(row.number, row.version + 1, at, position, change.data, OrNull(email),
                          OrNull(change.account_id), change.search, change.name, change.created_at);
  }
}

void EventRows::InsertWithoutData(const Event& event, std::int64_t venue, ResourceNumber number, Position position) {
  insert_resource_.Run(number, venue, KindOf(event.type), event.resource_id, 1, event.timestamp, position, nullptr,
                       nullptr, nullptr, nullptr, nullptr, nullptr);
}

Stored<Done> EventRows::Publish(const SharedEvent& event, std::uint64_t revision, Switch must_follow,
                                WriteSession& session) {
  matching_.reset();
  rows_owed_.clear();
  const auto venue = config_.VenueNumber(event->venue_id);
  const std::uint64_t present = session.config_cache().RevisionOf(event->venue_id);
  if (const auto checked = CheckRevision(revision, venue ? present : 0); !checked) return checked;
  const auto existing = Find(*venue, KindOf(event->type), event->resource_id);
  if (const auto checked = CheckAnnouncement(*event, must_follow, StateOf(existing)); !checked) return checked;
  const ResourceNumber number = existing ? existing->number : ResourceNumber{next_resource_++};
  const Timestamp now = clock_.Now();
  const Position position =
      InsertEvent(*event, *venue, number, existing ? std::optional(existing->last_event) : std::nullopt, now);
  if (existing) {
    set_last_event_.Run(number, std::max(existing->last_timestamp, event->timestamp), position);
  } else {
    InsertWithoutData(*event, *venue, number, position);
  }
  OweToMatching({event, position, number, now}, session);
  return Done();
}

Stored<Done> EventRows::OweTest(WebhookNumber number, DeliveryId id, const SharedEvent& event, WriteSession& session) {
  const SharedWebhook webhook = session.FindWebhook(number);
  if (!webhook) {
    return std::unexpected(Refusal{.kind = Refusal::Kind::kMissing, .detail = "the webhook does not exist"});
  }
  // A test's resource is a sample of no venue: it has a row only so that it can be listed, and a venue only if the
  // sample names one that exists.
  const std::int64_t venue = config_.VenueNumber(event->venue_id).value_or(0);
  const auto existing = Find(-number.value, KindOf(event->type), event->resource_id);
  const ResourceNumber resource = existing ? existing->number : ResourceNumber{next_resource_++};
  const Timestamp now = clock_.Now();
  const Position position =
      InsertEvent(*event, venue, resource, existing ? std::optional(existing->last_event) : std::nullopt, now);
  if (existing) {
    set_last_event_.Run(resource, event->timestamp, position);
  } else {
    InsertWithoutData(*event, -number.value, resource, position);
  }
  insert_pending_.Run(number, position, StoredDeliveryIds::Stored(id), resource, Purpose::kTest, now, now);
  Tell(webhook, id, {event, position, resource, now}, Purpose::kTest, session);
  return Done();
}

Position EventRows::InsertEvent(const Event& event, std::int64_t venue, ResourceNumber resource,
                                std::optional<std::int64_t> previous, Timestamp now) {
  const Position position{next_position_++};
  insert_event_.Run(position, event.id, event.type, event.origin, event.timestamp, now, venue, event.venues_group_id,
                    resource, previous, event.payload);
  return position;
}

const std::vector<SharedWebhook>& EventRows::Matching(const Event& event, const WriteSession& session) {
  if (!matching_ || matching_->venue != event.venue_id || matching_->type != event.type) {
    const SharedVenue venue = session.config_cache().FindVenue(event.venue_id);
    matching_ = Matched{event.venue_id, event.type, session.config_cache().Match(*venue, event.type)};
  }
  return matching_->webhooks;
}

void EventRows::OweToMatching(const Owed& owed, WriteSession& session) {
  for (const SharedWebhook& matching : Matching(*owed.event, session)) {
    const DeliveryKey key{owed.position, matching->number};
    std::optional<DeliveryId> id;
    if (ids_.CanCompute(key, owed.created_at)) {
      owed_.Add(key);
    } else {
      // The numbers are too large: the id is random, and is kept in a row.
      id = DeliveryId{Uuid::MakeV7(owed.created_at, random_)};
      insert_pending_.Run(key, StoredDeliveryIds::Stored(*id), owed.resource, Purpose::kDeliver, owed.created_at,
                          nullptr);
      ++health_.Touch(key.webhook).pending;
      rows_owed_.push_back(key.webhook);
    }
    if (!session.MayTell()) {
      session.TellMore(matching);
    } else {
      if (!id) id = ids_.Compute(key, owed.created_at);
      Tell(session.AsChanged(matching), *id, owed, Purpose::kDeliver, session);
    }
  }
}

void EventRows::Tell(const SharedWebhook& webhook, DeliveryId id, const Owed& owed, Purpose purpose,
                     WriteSession& session) {
  const auto due = purpose == Purpose::kTest ? std::optional(owed.created_at) : std::nullopt;
  session.commit.owed.push_back({.webhook = webhook,
                                 .delivery = {.key = {owed.position, webhook->number},
                                              .id = id,
                                              .resource = owed.resource,
                                              .event = owed.event,
                                              .purpose = purpose,
                                              .trigger = AttemptTrigger::kAutomatic,
                                              .attempts_made = 0,
                                              .retries_made = 0,
                                              .created_at = owed.created_at,
                                              .due = due}});
}

}  // namespace shakehook::sqlite
