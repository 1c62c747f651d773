#include "store/config_rules.h"

namespace shakehook {
namespace {

// "2 contacts, 1 webhook"
class Holdings {
 public:
  void Add(std::int64_t count, std::string_view one) {
    if (count == 0) return;
    if (!text_.empty()) text_ += ", ";
    text_ += std::to_string(count) + " " + std::string(one) + (count == 1 ? "" : one.ends_with("x") ? "es" : "s");
  }
  // Refuses if there is anything.
  Stored<Done> Check() const {
    if (text_.empty()) return Done();
    return Refuse(Refusal::Kind::kNotEmpty, text_);
  }

 private:
  std::string text_;
};

// Adds what a scope contains in the directory, apart from venues and resources.
void AddScopeHoldings(const ConfigCache& config_cache, const Scope& scope, Holdings& holdings) {
  const auto count = [](const auto& values) { return static_cast<std::int64_t>(values.size()); };
  holdings.Add(count(config_cache.WebhooksOf(scope)), "webhook");
  holdings.Add(count(config_cache.ListCustomFields([&](const CustomField& field) { return field.scope == scope; })),
               "custom field");
  holdings.Add(count(config_cache.ListApiKeys({}, SIZE_MAX, [&](const ApiKey& key) { return key.scope == scope; })),
               "API key");
  holdings.Add(count(config_cache.ListUsers({}, SIZE_MAX, [&](const User& user) { return user.scope == scope; })),
               "user");
  holdings.Add(count(config_cache.ListInboxes({}, SIZE_MAX, [&](const Inbox& inbox) { return inbox.scope == scope; })),
               "inbox");
}

}  // namespace

Stored<Done> CheckRoom(const Scope& scope, std::size_t count, std::size_t most, std::string_view what) {
  if (count < most) return Done();
  const std::string_view where = scope.kind == Scope::Kind::kVenue         ? "The venue"
                                 : scope.kind == Scope::Kind::kVenuesGroup ? "The venues group"
                                                                           : "The server";
  return std::unexpected(Refusal{.kind = Refusal::Kind::kFull,
                                 .detail = "there is no room for more " + std::string(what),
                                 .limit = {.where = where, .what = what, .count = count, .max = most}});
}

Stored<Done> CheckScope(const ConfigCache& config_cache, const Scope& scope) {
  const bool exists = scope.kind == Scope::Kind::kAll ||
                      (scope.kind == Scope::Kind::kVenuesGroup && config_cache.FindVenuesGroup({scope.id})) ||
                      (scope.kind == Scope::Kind::kVenue && config_cache.FindVenue({scope.id}));
  if (!exists) return Refuse(Refusal::Kind::kMissing, "the venue or venues group does not exist");
  return Done();
}

template <class Value>
Stored<Done> ConfigRules::CheckPlace(const Value& value, bool is_new, std::size_t ConfigCache::ScopeCounts::* count,
                                     std::size_t most, std::string_view what) const {
  if (auto exists = CheckScope(config_cache_, value.scope); !exists || !is_new) return exists;
  return CheckRoom(value.scope, config_cache_.CountsOf(value.scope).*count, most, what);
}

// --- What is made or edited ---

Stored<Done> ConfigRules::Check(const ConfigPut<VenuesGroup>& put) const {
  return CheckVersion(config_cache_.FindVenuesGroup(put.value.id), put.expected_version, "a venues group with this id");
}

Stored<Done> ConfigRules::Check(const ConfigPut<Venue>& put) const {
  const auto existing = config_cache_.FindVenue(put.value.id);
  if (auto checked = CheckVersion(existing, put.expected_version, "a venue with this id"); !checked) return checked;
  if (put.value.venues_group_id && !config_cache_.FindVenuesGroup(*put.value.venues_group_id)) {
    return Refuse(Kind::kMissing, "the venues group does not exist");
  }
  return Done();
}

Stored<Done> ConfigRules::Check(const ConfigPut<CustomField>& put) const {
  const auto existing = config_cache_.FindCustomField(put.value.uuid);
  if (auto checked = CheckVersion(existing, put.expected_version, "a custom field with this code"); !checked) {
    return checked;
  }
  return CheckPlace(put.value, !existing, &ConfigCache::ScopeCounts::custom_fields, limits_.custom_fields,
                    "custom fields");
}

Stored<Done> ConfigRules::Check(const ConfigPut<Webhook>& put, const SharedWebhook& existing) const {
  if (auto checked = CheckVersion(existing, put.expected_version, "a webhook with this id"); !checked) return checked;
  return CheckPlace(put.value, !existing, &ConfigCache::ScopeCounts::webhooks, limits_.webhooks, "webhooks");
}

Stored<Done> ConfigRules::Check(const ConfigPut<ApiKey>& put) const {
  const auto existing = config_cache_.FindApiKey(put.value.id);
  if (auto checked = CheckVersion(existing, put.expected_version, "an API key with this id"); !checked) return checked;
  const auto same_hash = config_cache_.FindApiKeyByHash(put.value.hash);
  if (same_hash && same_hash->id != put.value.id) return Refuse(Kind::kExists, "this API key exists already");
  return CheckPlace(put.value, !existing, &ConfigCache::ScopeCounts::api_keys, limits_.api_keys, "API keys");
}

Stored<Done> ConfigRules::Check(const ConfigPut<User>& put) const {
  const auto existing = config_cache_.FindUser(put.value.id);
  if (auto checked = CheckVersion(existing, put.expected_version, "a user with this id"); !checked) return checked;
  const auto same_email = config_cache_.FindUserByEmail(put.value.email);
  if (same_email && same_email->id != put.value.id) {
    return Refuse(Kind::kExists, "a user with this e-mail address exists already");
  }
  if (auto exists = CheckScope(config_cache_, put.value.scope); !exists) return exists;
  if (existing && existing->role == Role::kAdministrator && put.value.role != Role::kAdministrator &&
      config_cache_.AdministratorCount() == 1) {
    return Refuse(Kind::kLast, "it is the last administrator");
  }
  return Done();
}

Stored<Done> ConfigRules::Check(const ConfigPut<Inbox>& put) const {
  const auto existing = config_cache_.FindInbox(put.value.id);
  if (auto checked = CheckVersion(existing, put.expected_version, "an inbox with this id"); !checked) return checked;
  return CheckPlace(put.value, !existing, &ConfigCache::ScopeCounts::inboxes, limits_.inboxes, "inboxes");
}

// --- What is deleted ---

Stored<Done> ConfigRules::Check(const ConfigDelete<VenuesGroupId>& remove) const {
  const auto existing = config_cache_.FindVenuesGroup(remove.id);
  if (auto checked = CheckRemoval(existing, remove.expected_version); !checked) return checked;
  Holdings holdings;
  holdings.Add(static_cast<std::int64_t>(config_cache_.VenuesOf(remove.id).size()), "venue");
  AddScopeHoldings(config_cache_, Scope::Of(remove.id), holdings);
  return holdings.Check();
}

Stored<Done> ConfigRules::Check(const ConfigDelete<VenueId>& remove, const RecordCounts& records) const {
  const auto existing = config_cache_.FindVenue(remove.id);
  if (auto checked = CheckRemoval(existing, remove.expected_version); !checked) return checked;
  Holdings holdings;
  holdings.Add(records.accounts, "account");
  holdings.Add(records.contacts, "contact");
  AddScopeHoldings(config_cache_, Scope::Of(remove.id), holdings);
  return holdings.Check();
}

Stored<Done> ConfigRules::Check(const ConfigDelete<ConfigChange::CustomFieldId>& remove) const {
  return CheckRemoval(config_cache_.FindCustomField(remove.id.uuid), remove.expected_version);
}

Stored<Done> ConfigRules::Check(const ConfigDelete<WebhookId>& remove, const SharedWebhook& existing) const {
  return CheckRemoval(existing, remove.expected_version);
}

Stored<Done> ConfigRules::Check(const ConfigDelete<ApiKeyId>& remove) const {
  return CheckRemoval(config_cache_.FindApiKey(remove.id), remove.expected_version);
}

Stored<Done> ConfigRules::Check(const ConfigDelete<UserId>& remove) const {
  const auto existing = config_cache_.FindUser(remove.id);
  if (auto checked = CheckRemoval(existing, remove.expected_version); !checked) return checked;
  if (existing->role == Role::kAdministrator && config_cache_.AdministratorCount() == 1) {
    return Refuse(Kind::kLast, "it is the last administrator");
  }
  return Done();
}

Stored<Done> ConfigRules::Check(const ConfigDelete<InboxId>& remove) const {
  return CheckRemoval(config_cache_.FindInbox(remove.id), remove.expected_version);
}

}  // namespace shakehook
