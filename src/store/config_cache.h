// The ConfigCache is the configuration in memory: venues groups, venues, custom fields, webhooks, API keys and users,
// found by id and matched by index. Every request and every event uses it, so it never reads the database; the store
// fills it at start and changes it after each commit that changed the configuration.
//
// Ownership: holds immutable values; a value that it returned stays valid after it changes.
// Threads:   all functions from any thread.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/mutex.h"
#include "model/api_key.h"
#include "model/custom_field.h"
#include "model/inbox.h"
#include "model/scope.h"
#include "model/user.h"
#include "model/venue.h"
#include "model/webhook.h"

namespace shakehook {

using SharedVenue = std::shared_ptr<const Venue>;
using SharedVenuesGroup = std::shared_ptr<const VenuesGroup>;
using SharedCustomField = std::shared_ptr<const CustomField>;
using SharedApiKey = std::shared_ptr<const ApiKey>;
using SharedInbox = std::shared_ptr<const Inbox>;

class ConfigCache {
 public:
  // Returns the revision of the configuration that a venue's payloads are built from: the group that the venue belongs
  // to, and the custom fields of both with their types and options. It grows only when one of these changes, so that
  // one tenant's edits never make another tenant's changes stale. 0: there is no such venue. An event is stored only if
  // the revision is still the one that its payload was built from.
  std::uint64_t RevisionOf(const VenueId& venue) const;

  // Each returns null if there is none.
  SharedVenuesGroup FindVenuesGroup(const VenuesGroupId& id) const;
  SharedVenue FindVenue(const VenueId& id) const;
  SharedCustomField FindCustomField(const Uuid& uuid) const;
  SharedWebhook FindWebhook(const WebhookId& id) const;
  SharedWebhook FindWebhook(WebhookNumber number) const;
  SharedApiKey FindApiKey(const ApiKeyId& id) const;
  SharedApiKey FindApiKeyByHash(const Digest& hash) const;
  SharedUser FindUser(const UserId& id) const;
  SharedUser FindUserByEmail(std::string_view email) const;
  SharedInbox FindInbox(const InboxId& id) const;
  SharedInbox FindInboxByToken(const std::string& token) const;

  // Each returns a page of those after `after` (empty: from the start) that `keep` accepts, in the order of ids.
  std::vector<SharedVenuesGroup> ListVenuesGroups(const std::string& after, std::size_t limit,
                                                  const std::function<bool(const VenuesGroup&)>& keep) const;
  std::vector<SharedVenue> ListVenues(const std::string& after, std::size_t limit,
                                      const std::function<bool(const Venue&)>& keep) const;
  std::vector<SharedWebhook> ListWebhooks(const std::optional<WebhookId>& after, std::size_t limit,
                                          const std::function<bool(const Webhook&)>& keep) const;
  std::vector<SharedApiKey> ListApiKeys(const std::optional<ApiKeyId>& after, std::size_t limit,
                                        const std::function<bool(const ApiKey&)>& keep) const;
  std::vector<SharedUser> ListUsers(const std::optional<UserId>& after, std::size_t limit,
                                    const std::function<bool(const User&)>& keep) const;
  std::size_t UserCount() const;
  std::size_t AdministratorCount() const;
  std::vector<SharedInbox> ListInboxes(const std::optional<InboxId>& after, std::size_t limit,
                                       const std::function<bool(const Inbox&)>& keep) const;
  // Returns them in the order in which their definitions were made.
  std::vector<SharedCustomField> ListCustomFields(const std::function<bool(const CustomField&)>& keep) const;

  // Returns the custom fields of a venue's accounts or contacts: its own definitions and its group's, in the order they
  // were made.
  std::vector<SharedCustomField> CustomFieldsOf(const Venue& venue, ResourceKind kind) const;
  // Returns the webhooks, enabled or not, that get an event of this type in this venue.
  std::vector<SharedWebhook> Match(const Venue& venue, EventType type) const;

  // The numbers of things that a scope has itself, without those of its venues or its group.
  struct ScopeCounts {
    std::size_t webhooks = 0;
    std::size_t custom_fields = 0;
    std::size_t api_keys = 0;
    std::size_t inboxes = 0;

    bool operator==(const ScopeCounts&) const = default;
  };
  ScopeCounts CountsOf(const Scope& scope) const;

  // Returns the venues of a group, and the webhooks and custom fields of a scope, to check what a deletion would leave
  // behind.
  std::vector<SharedVenue> VenuesOf(const VenuesGroupId& group) const;
  std::vector<SharedWebhook> WebhooksOf(const Scope& scope) const;

  // For the store only. Put adds or replaces by id.
  void Put(SharedVenuesGroup group);
  void Put(SharedVenue venue);
  void Put(SharedCustomField field);
  void Put(SharedWebhook webhook);
  void Put(SharedApiKey key);
  void Put(SharedUser user);
  void Put(SharedInbox inbox);
  void Remove(const VenuesGroupId& id);
  void Remove(const VenueId& id);
  void RemoveCustomField(const Uuid& uuid);
  void Remove(const WebhookId& id);
  void Remove(const ApiKeyId& id);
  void Remove(const UserId& id);
  void Remove(const InboxId& id);

 private:
  using ByType = std::array<std::vector<SharedWebhook>, kEventTypeCount>;

  void Unindex(const Webhook& webhook) REQUIRES(mutex_);
  // Gives the scope a revision that no scope has had before.
  void Revise(const Scope& scope) REQUIRES(mutex_) { scope_revisions_[scope] = ++last_revision_; }

  // Counts one more, or one less, of a kind in the scope.
  void CountIn(const Scope& scope, std::size_t ScopeCounts::* kind) REQUIRES(mutex_) { ++(counts_[scope].*kind); }
  void CountOut(const Scope& scope, std::size_t ScopeCounts::* kind) REQUIRES(mutex_);

  mutable SharedMutex mutex_;
  std::uint64_t last_revision_ GUARDED_BY(mutex_) = 0;
  std::unordered_map<Scope, std::uint64_t> scope_revisions_ GUARDED_BY(mutex_);  // by venue and by venues group
  std::map<std::string, SharedVenuesGroup> groups_ GUARDED_BY(mutex_);
  std::map<std::string, SharedVenue> venues_ GUARDED_BY(mutex_);
  std::unordered_map<VenuesGroupId, std::vector<VenueId>> group_venues_ GUARDED_BY(mutex_);
  std::map<std::int64_t, SharedCustomField> fields_ GUARDED_BY(mutex_);  // by position
  std::unordered_map<Uuid, std::int64_t> field_positions_ GUARDED_BY(mutex_);
  std::unordered_map<Scope, std::vector<SharedCustomField>> scope_fields_ GUARDED_BY(mutex_);  // by position
  std::unordered_map<Scope, ScopeCounts> counts_ GUARDED_BY(mutex_);  // only scopes that are not empty
  std::map<WebhookId, SharedWebhook> webhooks_ GUARDED_BY(mutex_);
  std::unordered_map<WebhookNumber, SharedWebhook> webhooks_by_number_ GUARDED_BY(mutex_);
  std::unordered_map<Scope, ByType> subscriptions_ GUARDED_BY(mutex_);
  std::map<ApiKeyId, SharedApiKey> keys_ GUARDED_BY(mutex_);
  std::map<Digest, SharedApiKey> keys_by_hash_ GUARDED_BY(mutex_);
  std::map<UserId, SharedUser> users_ GUARDED_BY(mutex_);
  std::map<std::string, SharedUser> users_by_email_ GUARDED_BY(mutex_);  // by EmailKey
  std::map<InboxId, SharedInbox> inboxes_ GUARDED_BY(mutex_);
  std::unordered_map<std::string, SharedInbox> inboxes_by_token_ GUARDED_BY(mutex_);
};

}  // namespace shakehook
