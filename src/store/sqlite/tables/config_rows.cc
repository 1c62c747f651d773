#include "store/sqlite/tables/config_rows.h"

#include <stdexcept>
#include <utility>

#include "base/check.h"
#include "base/json.h"
#include "store/sqlite/tables/config_checks.h"

namespace shakehook::sqlite {
namespace {

// "2 contacts, 1 webhook"
class Holdings {
 public:
  void Add(std::int64_t count, std::string_view one) {
    if (count == 0) return;
    if (!text_.empty()) text_ += ", ";
    text_ += std::to_string(count) + " " + std::string(one) + (count == 1 ? "" : one.ends_with("x") ? "es" : "s");
  }
  const std::string& text() const { return text_; }

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

std::string OptionsJson(const std::vector<CustomFieldOption>& options) {
  Json::Array array;
  for (const CustomFieldOption& option : options) {
    Json entry;
    entry.Add("label", Json(option.label)).Add("value", option.value);
    array.push_back(std::move(entry));
  }
  return ToString(Json(std::move(array)));
}

}  // namespace

ConfigRows::ConfigRows(Connection& connection, const SecretBox& box, Random& random, const ConfigLimits& limits)
    : connection_(connection),
      box_(box),
      random_(random),
      limits_(limits),
      users_(connection, box, random),
      insert_webhook_version_(connection,
                              "INSERT INTO webhook_version (webhook, version, url, standard_headers, header_names)"
                              " VALUES (?1, ?2, ?3, ?4, ?5)"),
      upsert_webhook_(connection,
                      "INSERT OR REPLACE INTO webhook (number, id, name, url, events, scope_kind, scope_id, enabled,"
                      " disabled_reason, ordering, standard_headers, max_concurrent, max_per_second, sealed,"
                      " overlap_ends_at, created_at, updated_at, version, retry_schedule, disable_after_days)"
                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,"
                      " ?20)") {}

std::optional<std::int64_t> ConfigRows::VenueNumber(const VenueId& id) const {
  const auto found = venue_numbers_.find(id);
  if (found == venue_numbers_.end()) return std::nullopt;
  return found->second;
}

// --- Secrets ---

std::string ConfigRows::Seal(const Webhook& webhook) {
  Json::Array headers;
  for (const auto& [name, value] : webhook.headers) headers.push_back(Json(Json::Array{Json(name), Json(value)}));
  Json secrets;
  secrets.Add("headers", Json(std::move(headers)))
      .Add("current", Json(webhook.secrets.current))
      .Add("previous", Json(webhook.secrets.previous));
  return box_.Seal(ToString(secrets), random_);
}

void ConfigRows::Unseal(std::string_view sealed, Webhook& webhook) const {
  const auto opened = box_.Open(sealed);
  if (!opened)
    throw std::runtime_error("a webhook's secret cannot be decrypted: the master key is not this database's");
  const auto secrets = ParseJson(*opened);
  CHECK(secrets);
  for (const Json& header : *secrets->Find("headers")->array()) {
    webhook.headers.emplace_back(*header.array()->at(0).text(), *header.array()->at(1).text());
  }
  webhook.secrets.current = *secrets->Find("current")->text();
  webhook.secrets.previous = *secrets->Find("previous")->text();
}

// --- Changes ---

Stored<Done> ConfigRows::Save(const ConfigChange& change, WriteSession& session) {
  return std::visit(
      [&](const auto& one) {
        if constexpr (requires { one.value; }) {
          return Put(one, session);
        } else {
          return Remove(one, session);
        }
      },
      change.change);
}

Stored<Done> ConfigRows::Put(const ConfigChange::Put<VenuesGroup>& put, WriteSession& session) {
  const auto existing = session.config_cache().FindVenuesGroup(put.value.id);
  if (const auto checked = CheckVersion(existing, put.expected_version, "a venues group with this id"); !checked)
    return checked;
  auto group = std::make_shared<VenuesGroup>(put.value);
  group->version = put.expected_version + 1;
  Statement(connection_,
            "INSERT OR REPLACE INTO venues_group (id, name, created_at, updated_at, version)"
            " VALUES (?1, ?2, ?3, ?4, ?5)")
      .Run(group->id, group->name, group->created_at, group->updated_at, group->version);
  session.AfterCommit(
      [&config_cache = session.config_cache_to_change(), group] { config_cache.Put(SharedVenuesGroup(group)); });
  return Done();
}

Stored<Done> ConfigRows::Put(const ConfigChange::Put<Venue>& put, WriteSession& session) {
  const auto existing = session.config_cache().FindVenue(put.value.id);
  if (const auto checked = CheckVersion(existing, put.expected_version, "a venue with this id"); !checked)
    return checked;
  if (put.value.venues_group_id && !session.config_cache().FindVenuesGroup(*put.value.venues_group_id)) {
    return Refuse(Kind::kMissing, "the venues group does not exist");
  }
  auto venue = std::make_shared<Venue>(put.value);
  venue->version = put.expected_version + 1;
  const std::int64_t number = existing ? *VenueNumber(venue->id) : next_venue_;
  Statement(connection_,
            "INSERT OR REPLACE INTO venue (number, id, name, venues_group, created_at, updated_at, version)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
      .Run(number, venue->id, venue->name, venue->venues_group_id, venue->created_at, venue->updated_at,
           venue->version);
  session.AfterCommit([this, &config_cache = session.config_cache_to_change(), venue, number] {
    next_venue_ = std::max(next_venue_, number + 1);
    venue_numbers_[venue->id] = number;
    config_cache.Put(SharedVenue(venue));
  });
  return Done();
}

Stored<Done> ConfigRows::Put(const ConfigChange::Put<CustomField>& put, WriteSession& session) {
  const auto existing = session.config_cache().FindCustomField(put.value.uuid);
  if (const auto checked = CheckVersion(existing, put.expected_version, "a custom field with this code"); !checked) {
    return checked;
  }
  if (!ScopeExists(session.config_cache(), put.value.scope)) {
    return Refuse(Kind::kMissing, "the venue or venues group does not exist");
  }
  if (const auto room = CheckRoom(put.value.scope, session.config_cache().CountsOf(put.value.scope).custom_fields,
                                  limits_.custom_fields, "custom fields");
      !existing && !room) {
    return room;
  }
  auto field = std::make_shared<CustomField>(put.value);
  field->version = put.expected_version + 1;
  const std::string options = OptionsJson(field->options);
  if (existing) {
    field->position = existing->position;
    Statement(connection_,
              "UPDATE custom_field SET label = ?2, required = ?3, options = ?4, updated_at = ?5,"
              " version = ?6 WHERE position = ?1")
        .Run(field->position, field->label, field->required, options, field->updated_at, field->version);
  } else {
    Statement(connection_,
              "INSERT INTO custom_field (uuid, scope_kind, scope_id, collection, label, type, required, options,"
              " created_at, updated_at, version) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")
        .Run(field->uuid, field->scope.kind, field->scope.id, field->collection, field->label, field->type,
             field->required, options, field->created_at, field->updated_at, field->version);
    field->position = sqlite3_last_insert_rowid(connection_.get());
  }
  session.AfterCommit(
      [&config_cache = session.config_cache_to_change(), field] { config_cache.Put(SharedCustomField(field)); });
  return Done();
}

Stored<Done> ConfigRows::Put(const ConfigChange::Put<Webhook>& put, WriteSession& session) {
  const auto existing = session.FindWebhook(put.value.id);
  if (const auto checked = CheckVersion(existing, put.expected_version, "a webhook with this id"); !checked)
    return checked;
  if (!ScopeExists(session.config_cache(), put.value.scope)) {
    return Refuse(Kind::kMissing, "the venue or venues group does not exist");
  }
  if (const auto room = CheckRoom(put.value.scope, session.config_cache().CountsOf(put.value.scope).webhooks,
                                  limits_.webhooks, "webhooks");
      !existing && !room) {
    return room;
  }
  auto webhook = std::make_shared<Webhook>(put.value);
  webhook->version = put.expected_version + 1;
  webhook->number = existing ? existing->number : WebhookNumber{next_webhook_};
  SaveWebhook(*webhook);
  session.AfterCommit([this, number = webhook->number] { next_webhook_ = std::max(next_webhook_, number.value + 1); });
  session.ChangeWebhook(webhook);
  return Done();
}

void ConfigRows::SaveWebhook(const Webhook& webhook) {
  const std::string sealed = Seal(webhook);
  upsert_webhook_.Run(webhook.number, webhook.id, webhook.name, webhook.url, webhook.events.bits, webhook.scope.kind,
                      webhook.scope.id, webhook.enabled, webhook.disabled_reason, webhook.ordering,
                      webhook.standard_headers, webhook.max_concurrent, webhook.max_per_second, Blob{sealed},
                      webhook.secrets.overlap_ends_at, webhook.created_at, webhook.updated_at, webhook.version,
                      webhook.retry_schedule, webhook.disable_after_days);
  Json::Array names;
  for (const auto& [name, value] : webhook.headers) names.push_back(Json(name));
  const std::string header_names = ToString(Json(std::move(names)));
  insert_webhook_version_.Run(webhook.number, webhook.version, webhook.url, webhook.standard_headers, header_names);
}

Stored<Done> ConfigRows::Put(const ConfigChange::Put<ApiKey>& put, WriteSession& session) {
  const auto existing = session.config_cache().FindApiKey(put.value.id);
  if (const auto checked = CheckVersion(existing, put.expected_version, "an API key with this id"); !checked)
    return checked;
  const auto same_hash = session.config_cache().FindApiKeyByHash(put.value.hash);
  if (same_hash && same_hash->id != put.value.id) return Refuse(Kind::kExists, "this API key exists already");
  if (!ScopeExists(session.config_cache(), put.value.scope)) {
    return Refuse(Kind::kMissing, "the venue or venues group does not exist");
  }
  if (const auto room = CheckRoom(put.value.scope, session.config_cache().CountsOf(put.value.scope).api_keys,
                                  limits_.api_keys, "API keys");
      !existing && !room) {
    return room;
  }
  auto key = std::make_shared<ApiKey>(put.value);
  key->version = put.expected_version + 1;
  Statement(
      connection_,
      "INSERT OR REPLACE INTO api_key (id, name, scope_kind, scope_id, rights, hash, prefix, expires_at, created_at,"
      " version) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")
      .Run(key->id, key->name, key->scope.kind, key->scope.id, key->rights.bits, key->hash, key->prefix,
           key->expires_at, key->created_at, key->version);
  session.AfterCommit([&config_cache = session.config_cache_to_change(), key] { config_cache.Put(SharedApiKey(key)); });
  return Done();
}

Stored<Done> ConfigRows::Put(const ConfigChange::Put<Inbox>& put, WriteSession& session) {
  const auto existing = session.config_cache().FindInbox(put.value.id);
  if (const auto checked = CheckVersion(existing, put.expected_version, "an inbox with this id"); !checked)
    return checked;
  if (!ScopeExists(session.config_cache(), put.value.scope)) {
    return Refuse(Kind::kMissing, "the venue or venues group does not exist");
  }
  if (const auto room = CheckRoom(put.value.scope, session.config_cache().CountsOf(put.value.scope).inboxes,
                                  limits_.inboxes, "inboxes");
      !existing && !room) {
    return room;
  }
  auto inbox = std::make_shared<Inbox>(put.value);
  inbox->version = put.expected_version + 1;
  Statement(connection_,
            "INSERT OR REPLACE INTO inbox (id, name, scope_kind, scope_id, token, behaviour, created_at, version)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
      .Run(inbox->id, inbox->name, inbox->scope.kind, inbox->scope.id, inbox->token, inbox->behaviour,
           inbox->created_at, inbox->version);
  session.AfterCommit(
      [&config_cache = session.config_cache_to_change(), inbox] { config_cache.Put(SharedInbox(inbox)); });
  return Done();
}

// --- Deletions ---

Stored<Done> ConfigRows::Remove(const ConfigChange::Delete<VenuesGroupId>& remove, WriteSession& session) {
  const auto existing = session.config_cache().FindVenuesGroup(remove.id);
  if (const auto checked = CheckRemoval(existing, remove.expected_version); !checked) return checked;
  Holdings holdings;
  holdings.Add(static_cast<std::int64_t>(session.config_cache().VenuesOf(remove.id).size()), "venue");
  AddScopeHoldings(session.config_cache(), Scope::Of(remove.id), holdings);
  if (!holdings.text().empty()) return Refuse(Kind::kNotEmpty, holdings.text());
  Statement(connection_, "DELETE FROM venues_group WHERE id = ?1").Run(remove.id);
  session.AfterCommit([&config_cache = session.config_cache_to_change(), id = remove.id] { config_cache.Remove(id); });
  return Done();
}

Stored<Done> ConfigRows::Remove(const ConfigChange::Delete<VenueId>& remove, WriteSession& session) {
  const auto existing = session.config_cache().FindVenue(remove.id);
  if (const auto checked = CheckRemoval(existing, remove.expected_version); !checked) return checked;
  const std::int64_t number = *VenueNumber(remove.id);
  Holdings holdings;
  SelectOne<std::int64_t> count(connection_,
                                "SELECT count(*) FROM resource WHERE venue = ?1 AND kind = ?2 AND data IS NOT NULL");
  for (const auto& [kind, name] :
       {std::pair(ResourceKind::kAccount, "account"), std::pair(ResourceKind::kContact, "contact")}) {
    holdings.Add(count.First(number, kind).value(), name);
  }
  AddScopeHoldings(session.config_cache(), Scope::Of(remove.id), holdings);
  if (!holdings.text().empty()) return Refuse(Kind::kNotEmpty, holdings.text());
  Statement(connection_, "UPDATE venue SET deleted = 1 WHERE number = ?1").Run(number);
  session.AfterCommit([this, &config_cache = session.config_cache_to_change(), id = remove.id] {
    venue_numbers_.erase(id);
    config_cache.Remove(id);
  });
  return Done();
}

Stored<Done> ConfigRows::Remove(const ConfigChange::Delete<ConfigChange::CustomFieldId>& remove,
                                WriteSession& session) {
  const auto existing = session.config_cache().FindCustomField(remove.id.uuid);
  if (const auto checked = CheckRemoval(existing, remove.expected_version); !checked) return checked;
  Statement(connection_, "DELETE FROM custom_field WHERE position = ?1").Run(existing->position);
  session.AfterCommit([&config_cache = session.config_cache_to_change(), uuid = remove.id.uuid] {
    config_cache.RemoveCustomField(uuid);
  });
  return Done();
}

Stored<Done> ConfigRows::Remove(const ConfigChange::Delete<WebhookId>& remove, WriteSession& session) {
  const auto existing = session.FindWebhook(remove.id);
  if (const auto checked = CheckRemoval(existing, remove.expected_version); !checked) return checked;
  Statement(connection_, "UPDATE webhook SET deleted = 1, sealed = x'' WHERE number = ?1").Run(existing->number);
  session.RemoveWebhook(*existing);
  return Done();
}

Stored<Done> ConfigRows::Remove(const ConfigChange::Delete<ApiKeyId>& remove, WriteSession& session) {
  const auto existing = session.config_cache().FindApiKey(remove.id);
  if (const auto checked = CheckRemoval(existing, remove.expected_version); !checked) return checked;
  Statement(connection_, "DELETE FROM api_key WHERE id = ?1").Run(remove.id);
  session.AfterCommit([&config_cache = session.config_cache_to_change(), id = remove.id] { config_cache.Remove(id); });
  return Done();
}

Stored<Done> ConfigRows::Remove(const ConfigChange::Delete<InboxId>& remove, WriteSession& session) {
  const auto existing = session.config_cache().FindInbox(remove.id);
  if (const auto checked = CheckRemoval(existing, remove.expected_version); !checked) return checked;
  Statement(connection_, "DELETE FROM inbox WHERE id = ?1").Run(remove.id);
  session.AfterCommit([&config_cache = session.config_cache_to_change(), id = remove.id] { config_cache.Remove(id); });
  return Done();
}

}  // namespace shakehook::sqlite
