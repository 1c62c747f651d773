#include "store/config_cache.h"

#include <algorithm>

namespace shakehook {
namespace {

template <class Map, class Key>
typename Map::mapped_type FindIn(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : found->second;
}

// Returns up to `limit` values of an ordered map, from `from` on, that `keep` accepts.
template <class Map, class Keep>
auto Page(const Map& map, typename Map::const_iterator from, std::size_t limit, const Keep& keep) {
  std::vector<typename Map::mapped_type> page;
  for (auto entry = from; entry != map.end() && page.size() < limit; ++entry) {
    if (keep(*entry->second)) page.push_back(entry->second);
  }
  return page;
}

template <class T>
void EraseById(std::vector<std::shared_ptr<const T>>& values, const auto& id) {
  std::erase_if(values, [&](const auto& value) { return value->id == id; });
}

}  // namespace

std::uint64_t ConfigCache::RevisionOf(const VenueId& venue) const {
  const ReaderLock lock(mutex_);
  const auto found = venues_.find(venue.text);
  if (found == venues_.end()) return 0;
  const auto of_scope = [&](const Scope& scope) REQUIRES_SHARED(mutex_) {
    const auto revision = scope_revisions_.find(scope);
    return revision == scope_revisions_.end() ? 0 : revision->second;
  };
  const std::uint64_t own = of_scope(Scope::Of(venue));
  const auto& group = found->second->venues_group_id;
  return group ? std::max(own, of_scope(Scope::Of(*group))) : own;
}

SharedVenuesGroup ConfigCache::FindVenuesGroup(const VenuesGroupId& id) const {
  const ReaderLock lock(mutex_);
  return FindIn(groups_, id.text);
}
SharedVenue ConfigCache::FindVenue(const VenueId& id) const {
  const ReaderLock lock(mutex_);
  return FindIn(venues_, id.text);
}
SharedCustomField ConfigCache::FindCustomField(const Uuid& uuid) const {
  const ReaderLock lock(mutex_);
  const auto position = field_positions_.find(uuid);
  return position == field_positions_.end() ? nullptr : FindIn(fields_, position->second);
}
SharedWebhook ConfigCache::FindWebhook(const WebhookId& id) const {
  const ReaderLock lock(mutex_);
  return FindIn(webhooks_, id);
}
SharedWebhook ConfigCache::FindWebhook(WebhookNumber number) const {
  const ReaderLock lock(mutex_);
  return FindIn(webhooks_by_number_, number);
}
SharedApiKey ConfigCache::FindApiKey(const ApiKeyId& id) const {
  const ReaderLock lock(mutex_);
  return FindIn(keys_, id);
}
SharedApiKey ConfigCache::FindApiKeyByHash(const Digest& hash) const {
  const ReaderLock lock(mutex_);
  return FindIn(keys_by_hash_, hash);
}
SharedInbox ConfigCache::FindInbox(const InboxId& id) const {
  const ReaderLock lock(mutex_);
  return FindIn(inboxes_, id);
}
SharedInbox ConfigCache::FindInboxByToken(const std::string& token) const {
  const ReaderLock lock(mutex_);
  return FindIn(inboxes_by_token_, token);
}

SharedUser ConfigCache::FindUser(const UserId& id) const {
  const ReaderLock lock(mutex_);
  return FindIn(users_, id);
}
SharedUser ConfigCache::FindUserByEmail(std::string_view email) const {
  const ReaderLock lock(mutex_);
  return FindIn(users_by_email_, EmailKey(email));
}
std::size_t ConfigCache::UserCount() const {
  const ReaderLock lock(mutex_);
  return users_.size();
}
std::size_t ConfigCache::AdministratorCount() const {
  const ReaderLock lock(mutex_);
  return static_cast<std::size_t>(
      std::ranges::count_if(users_, [](const auto& entry) { return entry.second->role == Role::kAdministrator; }));
}

std::vector<SharedVenuesGroup> ConfigCache::ListVenuesGroups(
    const std::string& after, std::size_t limit, const std::function<bool(const VenuesGroup&)>& keep) const {
  const ReaderLock lock(mutex_);
  return Page(groups_, groups_.upper_bound(after), limit, keep);
}
std::vector<SharedVenue> ConfigCache::ListVenues(const std::string& after, std::size_t limit,
                                                 const std::function<bool(const Venue&)>& keep) const {
  const ReaderLock lock(mutex_);
  return Page(venues_, venues_.upper_bound(after), limit, keep);
}
std::vector<SharedWebhook> ConfigCache::ListWebhooks(const std::optional<WebhookId>& after, std::size_t limit,
                                                     const std::function<bool(const Webhook&)>& keep) const {
  const ReaderLock lock(mutex_);
  return Page(webhooks_, after ? webhooks_.upper_bound(*after) : webhooks_.begin(), limit, keep);
}
std::vector<SharedApiKey> ConfigCache::ListApiKeys(const std::optional<ApiKeyId>& after, std::size_t limit,
                                                   const std::function<bool(const ApiKey&)>& keep) const {
  const ReaderLock lock(mutex_);
  return Page(keys_, after ? keys_.upper_bound(*after) : keys_.begin(), limit, keep);
}
std::vector<SharedUser> ConfigCache::ListUsers(const std::optional<UserId>& after, std::size_t limit,
                                               const std::function<bool(const User&)>& keep) const {
  const ReaderLock lock(mutex_);
  return Page(users_, after ? users_.upper_bound(*after) : users_.begin(), limit, keep);
}
std::vector<SharedInbox> ConfigCache::ListInboxes(const std::optional<InboxId>& after, std::size_t limit,
                                                  const std::function<bool(const Inbox&)>& keep) const {
  const ReaderLock lock(mutex_);
  return Page(inboxes_, after ? inboxes_.upper_bound(*after) : inboxes_.begin(), limit, keep);
}
std::vector<SharedCustomField> ConfigCache::ListCustomFields(
    const std::function<bool(const CustomField&)>& keep) const {
  const ReaderLock lock(mutex_);
  return Page(fields_, fields_.begin(), fields_.size(), keep);
}

std::vector<SharedCustomField> ConfigCache::CustomFieldsOf(const Venue& venue, ResourceKind kind) const {
  std::vector<SharedCustomField> fields;
  const ReaderLock lock(mutex_);
  const auto add = [&](const Scope& scope) REQUIRES_SHARED(mutex_) {
    const auto found = scope_fields_.find(scope);
    if (found == scope_fields_.end()) return;
    for (const SharedCustomField& field : found->second) {
      if (field->collection == kind) fields.push_back(field);
    }
  };
  if (scope_fields_.empty()) return fields;
  add(Scope::Of(venue.id));
  if (venue.venues_group_id) add(Scope::Of(*venue.venues_group_id));
  std::ranges::sort(fields, {}, [](const SharedCustomField& field) { return field->position; });
  return fields;
}

std::vector<SharedWebhook> ConfigCache::Match(const Venue& venue, EventType type) const {
  std::vector<SharedWebhook> matching;
  const ReaderLock lock(mutex_);
  const auto add = [&](const Scope& scope) REQUIRES_SHARED(mutex_) {
    const auto found = subscriptions_.find(scope);
    if (found == subscriptions_.end()) return;
    const auto& subscribed = found->second[static_cast<std::size_t>(type)];
    matching.insert(matching.end(), subscribed.begin(), subscribed.end());
  };
  add(Scope::Of(venue.id));
  if (venue.venues_group_id) add(Scope::Of(*venue.venues_group_id));
  return matching;
}

ConfigCache::ScopeCounts ConfigCache::CountsOf(const Scope& scope) const {
  const ReaderLock lock(mutex_);
  const auto found = counts_.find(scope);
  return found == counts_.end() ? ScopeCounts() : found->second;
}

void ConfigCache::CountOut(const Scope& scope, std::size_t ScopeCounts::* kind) {
  const auto found = counts_.find(scope);
  --(found->second.*kind);
  if (found->second == ScopeCounts()) counts_.erase(found);
}

std::vector<SharedVenue> ConfigCache::VenuesOf(const VenuesGroupId& group) const {
  std::vector<SharedVenue> venues;
  const ReaderLock lock(mutex_);
  const auto found = group_venues_.find(group);
  if (found == group_venues_.end()) return venues;
  for (const VenueId& id : found->second) venues.push_back(FindIn(venues_, id.text));
  return venues;
}

std::vector<SharedWebhook> ConfigCache::WebhooksOf(const Scope& scope) const {
  std::vector<SharedWebhook> webhooks;
  const ReaderLock lock(mutex_);
  const auto found = subscriptions_.find(scope);
  if (found == subscriptions_.end()) return webhooks;
  for (const auto& subscribed : found->second) {
    for (const SharedWebhook& webhook : subscribed) {
      if (std::ranges::find(webhooks, webhook) == webhooks.end()) webhooks.push_back(webhook);
    }
  }
  return webhooks;
}

void ConfigCache::Put(SharedVenuesGroup group) {
  const WriterLock lock(mutex_);
  std::string id = group->id.text;
  groups_.insert_or_assign(std::move(id), std::move(group));
}

void ConfigCache::Put(SharedVenue venue) {
  const WriterLock lock(mutex_);
  SharedVenue& slot = venues_[venue->id.text];
  if (!slot || slot->venues_group_id != venue->venues_group_id) Revise(Scope::Of(venue->id));
  if (slot && slot->venues_group_id) std::erase(group_venues_[*slot->venues_group_id], slot->id);
  if (venue->venues_group_id) group_venues_[*venue->venues_group_id].push_back(venue->id);
  slot = std::move(venue);
}

void ConfigCache::Put(SharedCustomField field) {
  const WriterLock lock(mutex_);
  const auto existing = field_positions_.find(field->uuid);
  // A label is no part of a payload.
  if (existing == field_positions_.end() || fields_[existing->second]->options != field->options) Revise(field->scope);
  if (existing == field_positions_.end()) CountIn(field->scope, &ScopeCounts::custom_fields);
  auto& of_scope = scope_fields_[field->scope];
  std::erase_if(of_scope, [&](const SharedCustomField& other) { return other->uuid == field->uuid; });
  of_scope.push_back(field);
  std::ranges::sort(of_scope, {}, [](const SharedCustomField& other) { return other->position; });
  field_positions_[field->uuid] = field->position;
  fields_[field->position] = std::move(field);
}

void ConfigCache::Put(SharedWebhook webhook) {
  const WriterLock lock(mutex_);
  SharedWebhook& slot = webhooks_[webhook->id];
  if (slot) {
    Unindex(*slot);
  } else {
    CountIn(webhook->scope, &ScopeCounts::webhooks);
  }
  ByType& subscribed = subscriptions_[webhook->scope];
  for (const EventType type : kEventTypes) {
    if (webhook->events.Has(type)) subscribed[static_cast<std::size_t>(type)].push_back(webhook);
  }
  webhooks_by_number_[webhook->number] = webhook;
  slot = std::move(webhook);
}

void ConfigCache::Put(SharedApiKey key) {
  const WriterLock lock(mutex_);
  SharedApiKey& slot = keys_[key->id];
  if (slot) {
    keys_by_hash_.erase(slot->hash);
  } else {
    CountIn(key->scope, &ScopeCounts::api_keys);
  }
  keys_by_hash_[key->hash] = key;
  slot = std::move(key);
}

void ConfigCache::Put(SharedUser user) {
  const WriterLock lock(mutex_);
  SharedUser& slot = users_[user->id];
  if (slot) users_by_email_.erase(EmailKey(slot->email));
  users_by_email_[EmailKey(user->email)] = user;
  slot = std::move(user);
}

void ConfigCache::Put(SharedInbox inbox) {
  const WriterLock lock(mutex_);
  inboxes_by_token_[inbox->token] = inbox;
  SharedInbox& slot = inboxes_[inbox->id];
  if (!slot) CountIn(inbox->scope, &ScopeCounts::inboxes);
  slot = std::move(inbox);
}

void ConfigCache::Remove(const VenuesGroupId& id) {
  const WriterLock lock(mutex_);
  groups_.erase(id.text);
  group_venues_.erase(id);
  scope_revisions_.erase(Scope::Of(id));
}

void ConfigCache::Remove(const VenueId& id) {
  const WriterLock lock(mutex_);
  const auto found = venues_.find(id.text);
  if (found == venues_.end()) return;
  if (found->second->venues_group_id) std::erase(group_venues_[*found->second->venues_group_id], id);
  venues_.erase(found);
  scope_revisions_.erase(Scope::Of(id));  // a venue that is made again gets a later one
}

void ConfigCache::RemoveCustomField(const Uuid& uuid) {
  const WriterLock lock(mutex_);
  const auto position = field_positions_.find(uuid);
  if (position == field_positions_.end()) return;
  const Scope& scope = fields_[position->second]->scope;
  Revise(scope);
  CountOut(scope, &ScopeCounts::custom_fields);
  auto& of_scope = scope_fields_[scope];
  std::erase_if(of_scope, [&](const SharedCustomField& field) { return field->uuid == uuid; });
  fields_.erase(position->second);
  field_positions_.erase(position);
}

void ConfigCache::Remove(const WebhookId& id) {
  const WriterLock lock(mutex_);
  const auto found = webhooks_.find(id);
  if (found == webhooks_.end()) return;
  Unindex(*found->second);
  CountOut(found->second->scope, &ScopeCounts::webhooks);
  webhooks_by_number_.erase(found->second->number);
  webhooks_.erase(found);
}

void ConfigCache::Remove(const ApiKeyId& id) {
  const WriterLock lock(mutex_);
  const auto found = keys_.find(id);
  if (found == keys_.end()) return;
  keys_by_hash_.erase(found->second->hash);
  CountOut(found->second->scope, &ScopeCounts::api_keys);
  keys_.erase(found);
}

void ConfigCache::Remove(const UserId& id) {
  const WriterLock lock(mutex_);
  const auto found = users_.find(id);
  if (found == users_.end()) return;
  users_by_email_.erase(EmailKey(found->second->email));
  users_.erase(found);
}

void ConfigCache::Remove(const InboxId& id) {
  const WriterLock lock(mutex_);
  const auto found = inboxes_.find(id);
  if (found == inboxes_.end()) return;
  inboxes_by_token_.erase(found->second->token);
  CountOut(found->second->scope, &ScopeCounts::inboxes);
  inboxes_.erase(found);
}

void ConfigCache::Unindex(const Webhook& webhook) {
  const auto found = subscriptions_.find(webhook.scope);
  if (found == subscriptions_.end()) return;
  bool empty = true;
  for (auto& subscribed : found->second) {
    EraseById(subscribed, webhook.id);
    empty = empty && subscribed.empty();
  }
  if (empty) subscriptions_.erase(found);
}

}  // namespace shakehook
