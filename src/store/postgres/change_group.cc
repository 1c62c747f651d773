#include "store/postgres/change_group.h"

#include <algorithm>

namespace shakehook::postgres {
namespace {

// Listeners are told of so many deliveries of a commit; of the rest they hear which webhooks are owed more.
constexpr std::size_t kToldMax = 16'384;

}  // namespace

NamedResources ChangeGroup::Named() const {
  NamedResources named;
  const auto number = [this](const VenueId& venue) { return parts_.directory.VenueNumber(venue); };
  for (const ChangeVerb* const verb : verbs_) {
    if (verb->announced) {
      const auto venue = number(verb->announced->venue_id);
      if (venue) named.changed.insert({*venue, KindOf(verb->announced->type), verb->announced->resource_id});
    }
    for (const ResourceChange& change : verb->changes) {
      const auto venue = number(change.venue_id);
      if (!venue) continue;
      const bool deletes = change.data.empty() && change.kind == ResourceKind::kAccount;
      (deletes ? named.deleted_accounts : named.changed).insert({*venue, change.kind, change.id});
      if (!change.account_id.empty()) {
        named.named_accounts.insert({*venue, ResourceKind::kAccount, ResourceId{change.account_id}});
      }
    }
  }
  return named;
}

Async<Stored<Done>> ChangeGroup::Run(Transaction& transaction) {
  Connection& connection = transaction.connection();
  co_await parts_.config.Share(connection);
  const NamedResources named = Named();
  rows_ = co_await LockResources(named, connection);
  contacts_ = co_await CountContactsOf(named.deleted_accounts, connection);
  std::size_t count = 0;
  for (const ChangeVerb* const verb : verbs_) count += verb->size();
  numbers_ = co_await DrawNumbers(count, connection);
  now_ = parts_.clock.Now();
  std::map<Digest, Timestamp> kept = co_await FindKept(connection);
  bool any = false;
  for (ChangeVerb* const verb : verbs_) {
    if (const auto& response = verb->response) {
      const auto before = kept.find(response->key);
      if (before != kept.end() && response->IsAnsweredBy(before->second)) {
        verb->result = std::unexpected(AlreadyAnswered());
        continue;
      }
    }
    before_ = {.events = events_.size(), .pending = pending_.size(), .told = transaction.commit.owed.size()};
    verb->result = Decide(*verb, transaction.commit);
    if (!verb->result) {
      TakeBack(std::exchange(before_, {}), transaction.commit);
      continue;
    }
    any = true;
    if (const auto& response = verb->response) {
      kept[response->key] = response->created_at;
      parts_.idempotency_records.Keep(
          {response->key, response->request, response->write(*verb->result), response->created_at}, transaction);
    }
  }
  WriteResources(rows_, transaction);
  WriteEvents(events_, now_, transaction);
  WritePending(pending_, now_, parts_.writer, transaction);
  if (!any) co_return std::unexpected(Refusal{.kind = Refusal::Kind::kMissing, .detail = "no verb of the group"});
  co_return Done();
}

Async<std::map<Digest, Timestamp>> ChangeGroup::FindKept(Connection& connection) const {
  std::vector<Digest> keys;
  for (const ChangeVerb* const verb : verbs_) {
    if (verb->response) keys.push_back(verb->response->key);
  }
  return IdempotencyRows::FindTimes(std::move(keys), connection);
}

Stored<Done> ChangeGroup::Decide(const ChangeVerb& verb, Commit& commit) {
  if (verb.announced) return Announce(verb, commit);
  for (std::size_t i = 0; i < verb.changes.size(); ++i) {
    auto decided = DecideOne(verb.changes[i], commit);
    if (decided) continue;
    decided.error().index = i;
    return decided;
  }
  return Done();
}

Stored<Done> ChangeGroup::DecideOne(const ResourceChange& change, Commit& commit) {
  const auto venue = parts_.directory.VenueNumber(change.venue_id);
  const std::uint64_t revision = parts_.directory.config_cache().RevisionOf(change.venue_id);
  if (const auto checked = CheckRevision(change.revision, venue ? revision : 0); !checked) return checked;
  const ResourceKey key{*venue, change.kind, change.id};
  const auto state = StateOf(key);
  if (const auto checked = CheckChange(change, state); !checked) return checked;
  if (!change.account_id.empty()) {
    const auto account = StateOf({*venue, ResourceKind::kAccount, ResourceId{change.account_id}});
    const auto checked = CheckAccount(account && account->live ? Presence::kPresent : Presence::kAbsent);
    if (!checked) return checked;
  }
  const bool deletes = change.data.empty();
  if (deletes) {
    const auto named = contacts_.find(key);
    const bool is_named = named != contacts_.end() && named->second > 0;
    const auto checked = CheckDeletion(state, is_named ? Presence::kPresent : Presence::kAbsent);
    if (!checked) return checked;
  }
  ResourceRow& row = Touch(key);
  if (row.write != ResourceRow::Write::kInsert) row.write = ResourceRow::Write::kContent;
  if (change.kind == ResourceKind::kContact) {
    CountContact(*venue, row.account_id, -1);
    row.account_id = deletes ? std::string() : change.account_id;
    CountContact(*venue, row.account_id, 1);
  }
  row.content = deletes ? nullptr : &change;
  row.state = {.version = row.state.version + 1, .last_timestamp = change.event->timestamp, .live = !deletes};
  const Position position = AddEvent(change.event, *venue, row);
  Owe(change.event, position, row.number, commit);
  return Done();
}

Stored<Done> ChangeGroup::Announce(const ChangeVerb& verb, Commit& commit) {
  const Event& event = *verb.announced;
  const auto venue = parts_.directory.VenueNumber(event.venue_id);
  const std::uint64_t revision = parts_.directory.config_cache().RevisionOf(event.venue_id);
  if (const auto checked = CheckRevision(verb.revision, venue ? revision : 0); !checked) return checked;
  const ResourceKey key{*venue, KindOf(event.type), event.resource_id};
  const auto state = StateOf(key);
  if (const auto checked = CheckAnnouncement(event, verb.must_follow, state); !checked) return checked;
  ResourceRow& row = Touch(key);
  if (row.write == ResourceRow::Write::kNothing) row.write = ResourceRow::Write::kAnnounce;
  if (!state) row.state.version = 1;
  row.state.last_timestamp = state ? std::max(state->last_timestamp, event.timestamp) : event.timestamp;
  const Position position = AddEvent(verb.announced, *venue, row);
  Owe(verb.announced, position, row.number, commit);
  return Done();
}

std::optional<ResourceState> ChangeGroup::StateOf(const ResourceKey& key) const {
  const auto found = rows_.find(key);
  if (found == rows_.end()) return std::nullopt;
  return found->second.state;
}

ResourceRow& ChangeGroup::Touch(const ResourceKey& key) {
  const auto found = rows_.find(key);
  if (found != rows_.end()) {
    before_.rows.emplace_back(key, found->second);
    return found->second;
  }
  before_.rows.emplace_back(key, std::nullopt);
  ResourceRow& row = rows_[key];
  row.number = {numbers_.resources.Next()};
  row.write = ResourceRow::Write::kInsert;
  return row;
}

// Only accounts that are to be deleted are counted.
void ChangeGroup::CountContact(std::int64_t venue, const std::string& account_id, std::int64_t change) {
  if (account_id.empty()) return;
  const ResourceKey account{venue, ResourceKind::kAccount, ResourceId{account_id}};
  const auto found = contacts_.find(account);
  if (found == contacts_.end()) return;
  found->second += change;
  before_.contacts[account] += change;
}

void ChangeGroup::TakeBack(Before before, Commit& commit) {
  for (auto entry = before.rows.rbegin(); entry != before.rows.rend(); ++entry) {
    if (entry->second) {
      rows_[entry->first] = *entry->second;
    } else {
      rows_.erase(entry->first);
    }
  }
  for (const auto& [account, change] : before.contacts) contacts_[account] -= change;
  events_.resize(before.events);
  pending_.resize(before.pending);
  commit.owed.resize(before.told);
}

Position ChangeGroup::AddEvent(const SharedEvent& event, std::int64_t venue, ResourceRow& row) {
  const Position position{numbers_.positions.Next()};
  events_.push_back(
      {.event = event, .position = position, .venue = venue, .resource = row.number, .previous = row.last_event});
  row.last_event = position;
  return position;
}

void ChangeGroup::Owe(const SharedEvent& event, Position position, ResourceNumber resource, Commit& commit) {
  const ConfigCache& config_cache = parts_.directory.config_cache();
  const SharedVenue venue = config_cache.FindVenue(event->venue_id);
  for (const SharedWebhook& webhook : config_cache.Match(*venue, event->type)) {
    const DeliveryKey key{position, webhook->number};
    auto id = parts_.ids.Compute(key, now_);
    const bool is_computed = id.has_value();
    if (!is_computed) id = DeliveryId{Uuid::MakeV7(now_, parts_.random)};  // the numbers are too large
    pending_.push_back({.webhook = webhook->number,
                        .position = position,
                        .resource = resource,
                        .id = is_computed ? std::nullopt : id});
    if (commit.owed.size() >= kToldMax || !commit.owed_more.empty()) {
      if (told_more_.insert(webhook->number).second) commit.owed_more.push_back({webhook});
      continue;
    }
    commit.owed.push_back({.webhook = webhook,
                           .delivery = {.key = key,
                                        .id = *id,
                                        .resource = resource,
                                        .event = event,
                                        .purpose = OwedDelivery::Purpose::kDeliver,
                                        .trigger = AttemptTrigger::kAutomatic,
                                        .attempts_made = 0,
                                        .retries_made = 0,
                                        .created_at = now_,
                                        .due = {}}});
  }
}

}  // namespace shakehook::postgres
