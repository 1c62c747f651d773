#include "store/sqlite/tables/config_rows.h"

#include <utility>

#include "store/config_rules.h"
#include "store/sqlite/engine/select.h"

namespace shakehook::sqlite {
ConfigRules ConfigRows::Rules(const WriteSession& session) const { return {session.config_cache(), limits_}; }

ConfigRows::ConfigRows(Connection& connection, const SecretBox& box, Random& random, const ConfigLimits& limits)
    : connection_(connection),
      secrets_(box, random),
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
  if (const auto checked = Rules(session).Check(put); !checked) return checked;
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
  if (const auto checked = Rules(session).Check(put); !checked) return checked;
  const auto existing = session.config_cache().FindVenue(put.value.id);
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
  if (const auto checked = Rules(session).Check(put); !checked) return checked;
  const auto existing = session.config_cache().FindCustomField(put.value.uuid);
  auto field = std::make_shared<CustomField>(put.value);
  field->version = put.expected_version + 1;
  const std::string options = OptionsText(field->options);
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
  if (const auto checked = Rules(session).Check(put, existing); !checked) return checked;
  auto webhook = std::make_shared<Webhook>(put.value);
  webhook->version = put.expected_version + 1;
  webhook->number = existing ? existing->number : WebhookNumber{next_webhook_};
  SaveWebhook(*webhook);
  session.AfterCommit([this, number = webhook->number] { next_webhook_ = std::max(next_webhook_, number.value + 1); });
  session.ChangeWebhook(webhook);
  return Done();
}

void ConfigRows::SaveWebhook(const Webhook& webhook) {
  const std::string sealed = secrets_.Seal(webhook);
  upsert_webhook_.Run(webhook.number, webhook.id, webhook.name, webhook.url, webhook.events.bits, webhook.scope.kind,
                      webhook.scope.id, webhook.enabled, webhook.disabled_reason, webhook.ordering,
                      webhook.standard_headers, webhook.max_concurrent, webhook.max_per_second, Blob{sealed},
                      webhook.secrets.overlap_ends_at, webhook.created_at, webhook.updated_at, webhook.version,
                      webhook.retry_schedule, webhook.disable_after_days);
  insert_webhook_version_.Run(webhook.number, webhook.version, webhook.url, webhook.standard_headers,
                              HeaderNamesText(webhook));
}

Stored<Done> ConfigRows::Put(const ConfigChange::Put<ApiKey>& put, WriteSession& session) {
  if (const auto checked = Rules(session).Check(put); !checked) return checked;
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
  if (const auto checked = Rules(session).Check(put); !checked) return checked;
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
  if (const auto checked = Rules(session).Check(remove); !checked) return checked;
  Statement(connection_, "DELETE FROM venues_group WHERE id = ?1").Run(remove.id);
  session.AfterCommit([&config_cache = session.config_cache_to_change(), id = remove.id] { config_cache.Remove(id); });
  return Done();
}

Stored<Done> ConfigRows::Remove(const ConfigChange::Delete<VenueId>& remove, WriteSession& session) {
  if (!session.config_cache().FindVenue(remove.id)) return Rules(session).Check(remove, RecordCounts());
  const std::int64_t number = *VenueNumber(remove.id);
  SelectOne<std::int64_t> count(connection_,
                                "SELECT count(*) FROM resource WHERE venue = ?1 AND kind = ?2 AND data IS NOT NULL");
  const RecordCounts records{.accounts = *count.First(number, ResourceKind::kAccount),
                             .contacts = *count.First(number, ResourceKind::kContact)};
  if (const auto checked = Rules(session).Check(remove, records); !checked) return checked;
  Statement(connection_, "UPDATE venue SET deleted = 1 WHERE number = ?1").Run(number);
  session.AfterCommit([this, &config_cache = session.config_cache_to_change(), id = remove.id] {
    venue_numbers_.erase(id);
    config_cache.Remove(id);
  });
  return Done();
}

Stored<Done> ConfigRows::Remove(const ConfigChange::Delete<ConfigChange::CustomFieldId>& remove,
                                WriteSession& session) {
  if (const auto checked = Rules(session).Check(remove); !checked) return checked;
  const auto existing = session.config_cache().FindCustomField(remove.id.uuid);
  Statement(connection_, "DELETE FROM custom_field WHERE position = ?1").Run(existing->position);
  session.AfterCommit([&config_cache = session.config_cache_to_change(), uuid = remove.id.uuid] {
    config_cache.RemoveCustomField(uuid);
  });
  return Done();
}

Stored<Done> ConfigRows::Remove(const ConfigChange::Delete<WebhookId>& remove, WriteSession& session) {
  const auto existing = session.FindWebhook(remove.id);
  if (const auto checked = Rules(session).Check(remove, existing); !checked) return checked;
  Statement(connection_, "UPDATE webhook SET deleted = 1, sealed = x'' WHERE number = ?1").Run(existing->number);
  session.RemoveWebhook(*existing);
  return Done();
}

Stored<Done> ConfigRows::Remove(const ConfigChange::Delete<ApiKeyId>& remove, WriteSession& session) {
  if (const auto checked = Rules(session).Check(remove); !checked) return checked;
  Statement(connection_, "DELETE FROM api_key WHERE id = ?1").Run(remove.id);
  session.AfterCommit([&config_cache = session.config_cache_to_change(), id = remove.id] { config_cache.Remove(id); });
  return Done();
}

Stored<Done> ConfigRows::Remove(const ConfigChange::Delete<InboxId>& remove, WriteSession& session) {
  if (const auto checked = Rules(session).Check(remove); !checked) return checked;
  Statement(connection_, "DELETE FROM inbox WHERE id = ?1").Run(remove.id);
  session.AfterCommit([&config_cache = session.config_cache_to_change(), id = remove.id] { config_cache.Remove(id); });
  return Done();
}

}  // namespace shakehook::sqlite
