// The columns of the configuration's tables and of users, which both databases call alike, and what a row of them
// holds. `Row` reads a column by its name: a row of either database.
//
// Threads: those of the row.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/api_key.h"
#include "model/custom_field.h"
#include "model/inbox.h"
#include "model/user.h"
#include "model/venue.h"
#include "model/webhook.h"
#include "store/columns.h"
#include "store/config_texts.h"
#include "store/scope_columns.h"

namespace shakehook {

struct VenuesGroupColumns
    : Columns<Column<"id", VenuesGroupId>, Column<"name", std::string>, Column<"created_at", Timestamp>,
              Column<"updated_at", Timestamp>, Column<"version", std::int64_t>> {};

struct VenueColumns : Columns<Column<"number", std::int64_t>, Column<"id", VenueId>, Column<"name", std::string>,
                              Column<"venues_group", std::optional<VenuesGroupId>>, Column<"created_at", Timestamp>,
                              Column<"updated_at", Timestamp>, Column<"version", std::int64_t>> {};

struct CustomFieldColumns
    : Columns<Column<"position", std::int64_t>, Column<"uuid", Uuid>, Column<"scope_kind", Scope::Kind>,
              Column<"scope_id", std::string>, Column<"collection", ResourceKind>, Column<"label", std::string>,
              Column<"type", CustomFieldType>, Column<"required", Switch>, Column<"options", std::string_view>,
              Column<"created_at", Timestamp>, Column<"updated_at", Timestamp>, Column<"version", std::int64_t>> {};

struct WebhookColumns
    : Columns<Column<"number", WebhookNumber>, Column<"id", WebhookId>, Column<"name", std::string>,
              Column<"url", std::string>, Column<"events", std::uint8_t>, Column<"scope_kind", Scope::Kind>,
              Column<"scope_id", std::string>, Column<"enabled", Switch>, Column<"disabled_reason", std::string>,
              Column<"ordering", Ordering>, Column<"standard_headers", Switch>,
              Column<"max_concurrent", std::optional<int>>, Column<"max_per_second", std::optional<int>>,
              Column<"sealed", std::string_view>, Column<"overlap_ends_at", std::optional<Timestamp>>,
              Column<"created_at", Timestamp>, Column<"updated_at", Timestamp>, Column<"version", std::int64_t>,
              Column<"retry_schedule", ScheduleKind>, Column<"disable_after_days", std::optional<int>>> {};

struct ApiKeyColumns : Columns<Column<"id", ApiKeyId>, Column<"name", std::string>, Column<"scope_kind", Scope::Kind>,
                               Column<"scope_id", std::string>, Column<"rights", std::uint8_t>, Column<"hash", Digest>,
                               Column<"prefix", std::string>, Column<"expires_at", std::optional<Timestamp>>,
                               Column<"created_at", Timestamp>, Column<"version", std::int64_t>> {};

struct UserColumns
    : Columns<Column<"id", UserId>, Column<"name", std::string>, Column<"email", std::string>, Column<"role", Role>,
              Column<"scope_kind", Scope::Kind>, Column<"scope_id", std::string>, Column<"language", std::string>,
              Column<"password_hash", std::string>, Column<"epoch", std::int64_t>, Column<"created_at", Timestamp>,
              Column<"last_signed_in_at", std::optional<Timestamp>>, Column<"version", std::int64_t>,
              Column<"must_change_password", Switch>, Column<"link_kind", std::optional<UserLink::Kind>>,
              Column<"link_hash", std::optional<Digest>>, Column<"link_expires_at", std::optional<Timestamp>>,
              Column<"second_factor", std::string_view>> {};

struct InboxColumns
    : Columns<Column<"id", InboxId>, Column<"name", std::string>, Column<"scope_kind", Scope::Kind>,
              Column<"scope_id", std::string>, Column<"token", std::string>, Column<"behaviour", InboxBehaviour>,
              Column<"created_at", Timestamp>, Column<"version", std::int64_t>> {};

template <class Row>
VenuesGroup ReadVenuesGroup(const Row& row) {
  return {.id = row.template Get<"id">(),
          .name = row.template Get<"name">(),
          .created_at = row.template Get<"created_at">(),
          .updated_at = row.template Get<"updated_at">(),
          .version = row.template Get<"version">()};
}

template <class Row>
Venue ReadVenue(const Row& row) {
  return {.id = row.template Get<"id">(),
          .name = row.template Get<"name">(),
          .venues_group_id = row.template Get<"venues_group">(),
          .created_at = row.template Get<"created_at">(),
          .updated_at = row.template Get<"updated_at">(),
          .version = row.template Get<"version">()};
}

template <class Row>
CustomField ReadCustomField(const Row& row) {
  return {.uuid = row.template Get<"uuid">(),
          .position = row.template Get<"position">(),
          .scope = ReadScope(row),
          .collection = row.template Get<"collection">(),
          .label = row.template Get<"label">(),
          .type = row.template Get<"type">(),
          .required = row.template Get<"required">(),
          .options = ReadOptions(row.template Get<"options">()),
          .created_at = row.template Get<"created_at">(),
          .updated_at = row.template Get<"updated_at">(),
          .version = row.template Get<"version">()};
}

template <class Row>
Webhook ReadWebhook(const Row& row, const ConfigSecrets& secrets) {
  Webhook webhook{.number = row.template Get<"number">(),
                  .id = row.template Get<"id">(),
                  .name = row.template Get<"name">(),
                  .url = row.template Get<"url">(),
                  .events = {row.template Get<"events">()},
                  .scope = ReadScope(row),
                  .enabled = row.template Get<"enabled">(),
                  .disabled_reason = row.template Get<"disabled_reason">(),
                  .ordering = row.template Get<"ordering">(),
                  .standard_headers = row.template Get<"standard_headers">(),
                  .headers = {},
                  .max_concurrent = row.template Get<"max_concurrent">(),
                  .max_per_second = row.template Get<"max_per_second">(),
                  .retry_schedule = row.template Get<"retry_schedule">(),
                  .disable_after_days = row.template Get<"disable_after_days">(),
                  .secrets = {},
                  .created_at = row.template Get<"created_at">(),
                  .updated_at = row.template Get<"updated_at">(),
                  .version = row.template Get<"version">()};
  webhook.secrets.overlap_ends_at = row.template Get<"overlap_ends_at">();
  secrets.Unseal(row.template Get<"sealed">(), webhook);
  return webhook;
}

template <class Row>
ApiKey ReadApiKey(const Row& row) {
  return {.id = row.template Get<"id">(),
          .name = row.template Get<"name">(),
          .scope = ReadScope(row),
          .rights = {row.template Get<"rights">()},
          .hash = row.template Get<"hash">(),
          .prefix = row.template Get<"prefix">(),
          .expires_at = row.template Get<"expires_at">(),
          .created_at = row.template Get<"created_at">(),
          .version = row.template Get<"version">()};
}

template <class Row>
User ReadUser(const Row& row, const ConfigSecrets& secrets) {
  std::optional<UserLink> link;
  const auto kind = row.template Get<"link_kind">();
  const auto hash = row.template Get<"link_hash">();
  const auto expires_at = row.template Get<"link_expires_at">();
  if (kind && hash && expires_at) link = {.kind = *kind, .token_hash = *hash, .expires_at = *expires_at};
  return {.id = row.template Get<"id">(),
          .name = row.template Get<"name">(),
          .email = row.template Get<"email">(),
          .role = row.template Get<"role">(),
          .scope = ReadScope(row),
          .language = row.template Get<"language">(),
          .password_hash = row.template Get<"password_hash">(),
          .epoch = row.template Get<"epoch">(),
          .created_at = row.template Get<"created_at">(),
          .last_signed_in_at = row.template Get<"last_signed_in_at">(),
          .version = row.template Get<"version">(),
          .must_change_password = row.template Get<"must_change_password">(),
          .link = link,
          .second_factor = secrets.UnsealSecondFactor(row.template Get<"second_factor">())};
}

template <class Row>
Inbox ReadInbox(const Row& row) {
  return {.id = row.template Get<"id">(),
          .name = row.template Get<"name">(),
          .scope = ReadScope(row),
          .token = row.template Get<"token">(),
          .behaviour = row.template Get<"behaviour">(),
          .created_at = row.template Get<"created_at">(),
          .version = row.template Get<"version">()};
}

}  // namespace shakehook
