#include "api/webhooks/webhook_json.h"

#include <algorithm>
#include <array>
#include <string>

#include "api/access/visible.h"
#include "api/http/time_json.h"
#include "model/disable_policy.h"
#include "model/masked_url.h"

namespace shakehook {
namespace {

constexpr std::array<std::string_view, 2> kOrderingNames = {"relaxed", "strict"};

constexpr std::array<std::string_view, 2> kScheduleNames = {"standard", "extended"};

std::string_view StateOf(const Webhook& webhook, const WebhookHealth& health) {
  if (webhook.enabled == Switch::kOff) return "disabled";
  if (health.consecutive_failures > 0) return "failing";
  if (!health.last_delivered_at && !health.last_failed_at) return "unused";
  return "healthy";
}

Json ReasonOf(const Webhook& webhook, const WebhookHealth& health) {
  if (webhook.enabled == Switch::kOff) {
    return webhook.disabled_reason.empty() ? Json() : Json(webhook.disabled_reason);
  }
  if (health.consecutive_failures == 0) return {};
  if (health.consecutive_failures == 1) return "The last attempt failed.";
  return "The last " + std::to_string(health.consecutive_failures) + " attempts failed.";
}

Json HealthJson(const Webhook& webhook, const WebhookHealth& health, const Judgement& judgement) {
  Json json{Json::Object()};
  json.Add("state", StateOf(webhook, health));
  json.Add("reason", ReasonOf(webhook, health));
  json.Add("consecutive_failures", health.consecutive_failures);
  json.Add("failing_since", TimeJson(health.failing_since));
  json.Add("last_delivered_at", TimeJson(health.last_delivered_at));
  json.Add("last_failed_at", TimeJson(health.last_failed_at));
  json.Add("pending", health.pending);
  json.Add("disables_at", TimeJson(DisablesAt(webhook, health)));
  json.Add("condition", ToString(judgement.condition));
  json.Add("code", judgement.code.empty() ? Json() : Json(judgement.code));
  Json params{Json::Object()};
  if (!judgement.unit.empty()) params.Add(std::string(judgement.unit), judgement.number);
  json.Add("params", std::move(params));
  return json;
}

}  // namespace

std::string_view ToString(Ordering ordering) { return kOrderingNames[static_cast<std::size_t>(ordering)]; }

std::optional<Ordering> ParseOrdering(std::string_view text) {
  const auto found = std::ranges::find(kOrderingNames, text);
  if (found == kOrderingNames.end()) return std::nullopt;
  return static_cast<Ordering>(found - kOrderingNames.begin());
}

std::string_view ToString(ScheduleKind kind) { return kScheduleNames[static_cast<std::size_t>(kind)]; }

std::optional<ScheduleKind> ParseScheduleKind(std::string_view text) {
  const auto found = std::ranges::find(kScheduleNames, text);
  if (found == kScheduleNames.end()) return std::nullopt;
  return static_cast<ScheduleKind>(found - kScheduleNames.begin());
}

UrlView UrlViewOf(const Principal& principal) {
  return principal.rights.Has(Right::kManage) ? UrlView::kWhole : UrlView::kMasked;
}

std::string ShownUrl(const std::string& url, UrlView view) { return view == UrlView::kWhole ? url : MaskedUrl(url); }

Json WebhookJson(const Webhook& webhook, const WebhookHealth& health, const Judgement& judgement, UrlView view) {
  Json json{Json::Object()};
  json.Add("id", webhook.id.ToString());
  json.Add("name", webhook.name);
  json.Add("url", ShownUrl(webhook.url, view));
  Json::Array events;
  for (const EventType type : kEventTypes) {
    if (webhook.events.Has(type)) events.emplace_back(ToString(type));
  }
  json.Add("events", Json(std::move(events)));
  json.Add("scope", ToJson(webhook.scope));
  json.Add("enabled", webhook.enabled == Switch::kOn);
  json.Add("ordering", ToString(webhook.ordering));
  json.Add("standard_headers", webhook.standard_headers == Switch::kOn);
  Json headers{Json::Object()};
  for (const auto& [name, value] : webhook.headers) headers.Add(name, kMask);
  json.Add("headers", std::move(headers));
  json.Add("max_concurrent", webhook.max_concurrent);
  json.Add("max_per_second", webhook.max_per_second);
  json.Add("retry_schedule", ToString(webhook.retry_schedule));
  json.Add("disable_after_days", webhook.disable_after_days);
  json.Add("health", HealthJson(webhook, health, judgement));
  json.Add("created_at", UnixMs(webhook.created_at));
  json.Add("updated_at", UnixMs(webhook.updated_at));
  return json;
}

}  // namespace shakehook
