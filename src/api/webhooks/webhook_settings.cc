#include "api/webhooks/webhook_settings.h"

#include <algorithm>

#include "api/access/visible.h"
#include "api/http/field_reader.h"
#include "api/webhooks/visible_webhooks.h"
#include "api/webhooks/webhook_headers.h"
#include "api/webhooks/webhook_json.h"
#include "model/disable_policy.h"

namespace shakehook {
namespace {

Switch ToSwitch(bool on) { return on ? Switch::kOn : Switch::kOff; }

void ReadUrl(FieldReader& fields, const AddressPolicy& policy, Webhook& webhook) {
  auto url = fields.PresentText("url", kUrlBytesMax);
  if (!url || *url == webhook.url) return;
  if (auto reason = WhyUrlIsRefused(*url, policy)) fields.Refuse("url", *std::move(reason));
  webhook.url = *std::move(url);
}

void ReadEvents(FieldReader& fields, Webhook& webhook) {
  const auto events =
      fields.PresentEvents("events", ParseEventType, {"names_no_event", "there is no event type with this name"});
  if (!events) return;
  webhook.events = {};
  for (const EventType type : *events) webhook.events.Add(type);
}

void ReadOrdering(FieldReader& fields, Webhook& webhook) {
  if (!fields.Has("ordering")) return;
  const auto text = fields.Text("ordering");
  const auto ordering = ParseOrdering(text.value_or("relaxed"));
  if (!ordering) fields.Refuse("ordering", {"not_one_of", "must be {choices}", "\"relaxed\" or \"strict\""});
  webhook.ordering = ordering.value_or(Ordering::kRelaxed);
}

void ReadRetrySchedule(FieldReader& fields, Webhook& webhook) {
  if (!fields.Has("retry_schedule")) return;
  const auto text = fields.Text("retry_schedule");
  const auto kind = ParseScheduleKind(text.value_or("standard"));
  if (!kind) fields.Refuse("retry_schedule", {"not_one_of", "must be {choices}", "\"standard\" or \"extended\""});
  webhook.retry_schedule = kind.value_or(ScheduleKind::kStandard);
}

void ReadHeaders(FieldReader& fields, Webhook& webhook) {
  if (!fields.Has("headers")) return;
  const Json* const headers = fields.Object("headers");
  webhook.headers = headers == nullptr ? CustomHeaders() : ReadCustomHeaders(fields, *headers, webhook.headers);
}

void ReadNumbers(FieldReader& fields, Webhook& webhook) {
  const auto read = [&](std::string_view name, int max, std::optional<int>& setting) {
    if (!fields.Has(name)) return;
    const auto value = fields.Integer(name, 1, max);
    setting = value ? std::optional(static_cast<int>(*value)) : std::nullopt;
  };
  read("max_concurrent", kMaxConcurrentMax, webhook.max_concurrent);
  read("max_per_second", kMaxPerSecondMax, webhook.max_per_second);
  read("disable_after_days", kDisableAfterDaysMax, webhook.disable_after_days);
}

void ReadEnabled(FieldReader& fields, Webhook& webhook) {
  if (!fields.Has("enabled")) return;
  webhook.enabled = ToSwitch(fields.Boolean("enabled").value_or(true));
  if (webhook.enabled == Switch::kOn) webhook.disabled_reason.clear();
}

// Takes the settings of the webhook that `copy_of` names, the values of its headers among them. A copy has an id, a
// secret and a scope of its own, and is enabled, whatever the source is.
void ReadSource(FieldReader& fields, const ApiServices& services, const Principal& principal, Webhook& webhook) {
  const auto id = fields.Text("copy_of");
  if (!id) return;
  const auto source = FindVisibleWebhook(services.config_cache(), principal, *id);
  if (!source) {
    fields.Refuse("copy_of", {"names_no_webhook", "there is no webhook with this id"});
    return;
  }
  const Webhook& from = **source;
  // The rules for addresses may have changed since the source was made.
  if (!fields.Has("url")) {
    if (auto reason = WhyUrlIsRefused(from.url, services.policy)) fields.Refuse("url", *std::move(reason));
  }
  webhook.name = from.name;
  webhook.url = from.url;
  webhook.events = from.events;
  webhook.ordering = from.ordering;
  webhook.standard_headers = from.standard_headers;
  webhook.headers = from.headers;
  webhook.max_concurrent = from.max_concurrent;
  webhook.max_per_second = from.max_per_second;
  webhook.retry_schedule = from.retry_schedule;
  webhook.disable_after_days = from.disable_after_days;
}

// Reads the fields that a creation and an edit have in common.
void ReadSettings(FieldReader& fields, const AddressPolicy& policy, Webhook& webhook) {
  if (auto name = fields.PresentName("name", kWebhookNameCharactersMax)) webhook.name = *std::move(name);
  ReadUrl(fields, policy, webhook);
  ReadEvents(fields, webhook);
  ReadEnabled(fields, webhook);
  ReadOrdering(fields, webhook);
  if (fields.Has("standard_headers")) {
    webhook.standard_headers = ToSwitch(fields.Boolean("standard_headers").value_or(false));
  }
  ReadHeaders(fields, webhook);
  ReadNumbers(fields, webhook);
  ReadRetrySchedule(fields, webhook);
}

}  // namespace

std::optional<Complaint> WhyUrlIsRefused(const std::string& url, const AddressPolicy& policy) {
  const auto target = ParseTargetUrl(url);
  if (!target) return target.error();
  const auto allowed = policy.CheckUrl(*target);
  if (!allowed) return allowed.error();
  return std::nullopt;
}

std::optional<Problem> ReadNewWebhook(const Json& body, const ApiServices& services, const Principal& principal,
                                      Webhook& webhook) {
  FieldReader fields(body);
  if (!fields.ok()) return fields.Finish();
  const bool copied = fields.IsText("copy_of");
  for (const std::string_view name : {"name", "url", "events", "scope"}) {
    if (!fields.Has(name) && (!copied || name == "scope")) fields.Refuse(name, {"required", "is required"});
  }
  ReadSource(fields, services, principal, webhook);
  ReadSettings(fields, services.policy, webhook);
  if (const Json* const scope = fields.Any("scope")) {
    FieldReader scope_fields(*scope, "scope");
    if (scope_fields.ok()) {
      if (auto read = ReadScope(scope_fields, services.config_cache(), principal, Switch::kOff))
        webhook.scope = *std::move(read);
    }
    fields.Take(scope_fields.Errors());
  }
  return fields.Finish();
}

std::optional<Problem> MergeWebhook(const Json& patch, const ApiServices& services, Webhook& webhook, Switch& discard) {
  FieldReader fields(patch);
  if (!fields.ok()) return fields.Finish();
  fields.Unchangeable("id", webhook.id.ToString());
  fields.Unchangeable("scope", ToJson(webhook.scope));
  fields.Unchangeable("created_at", UnixMs(webhook.created_at));
  fields.Unchangeable("updated_at", UnixMs(webhook.updated_at));
  ReadSettings(fields, services.policy, webhook);
  discard = ToSwitch(fields.Boolean("discard").value_or(false));
  if (discard == Switch::kOn && (!fields.Has("enabled") || webhook.enabled == Switch::kOff)) {
    fields.Refuse("discard", {"discard_without_enable", "is allowed only together with \"enabled\": true"});
  }
  return fields.Finish();
}

}  // namespace shakehook
