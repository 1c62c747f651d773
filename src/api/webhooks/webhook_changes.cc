#include "api/webhooks/webhook_changes.h"

#include <utility>

#include "api/webhooks/webhook_json.h"
#include "base/json.h"
#include "model/masked_url.h"

namespace shakehook {
namespace {

// The settings that differ.
class Changes {
 public:
  template <class T>
  void Add(std::string_view field, const T& before, const T& after) {
    if (before != after) AddEntry(field, Json(before), Json(after));
  }
  void AddEntry(std::string_view field, Json before, Json after) {
    Json entry{Json::Object()};
    entry.Add("field", field);
    entry.Add("before", std::move(before));
    entry.Add("after", std::move(after));
    entries_.push_back(std::move(entry));
  }
  std::string Text() && { return entries_.empty() ? std::string() : ToString(Json(std::move(entries_))); }

 private:
  Json::Array entries_;
};

Json EventsJson(EventTypes events) {
  Json::Array names;
  for (const EventType type : kEventTypes) {
    if (events.Has(type)) names.emplace_back(ToString(type));
  }
  return Json(std::move(names));
}

Json HeadersJson(const Webhook& webhook) {
  Json::Array names;
  for (const auto& [name, value] : webhook.headers) names.emplace_back(name);
  return Json(std::move(names));
}

Json UrlJson(const std::string& url) { return url.empty() ? Json() : Json(MaskedUrl(url)); }

}  // namespace

std::string WebhookChanges(const std::optional<Webhook>& edited, const Webhook& after) {
  const Webhook& before = edited ? *edited : Webhook();
  Changes changes;
  changes.Add("name", before.name, after.name);
  if (before.url != after.url) changes.AddEntry("url", UrlJson(before.url), UrlJson(after.url));
  if (before.events != after.events) changes.AddEntry("events", EventsJson(before.events), EventsJson(after.events));
  if (before.ordering != after.ordering) {
    changes.AddEntry("ordering", ToString(before.ordering), ToString(after.ordering));
  }
  changes.Add("standard_headers", before.standard_headers == Switch::kOn, after.standard_headers == Switch::kOn);
  // A value may have changed and no name: then the names are the same.
  if (before.headers != after.headers) changes.AddEntry("headers", HeadersJson(before), HeadersJson(after));
  changes.Add("max_concurrent", before.max_concurrent, after.max_concurrent);
  changes.Add("max_per_second", before.max_per_second, after.max_per_second);
  if (before.retry_schedule != after.retry_schedule) {
    changes.AddEntry("retry_schedule", ToString(before.retry_schedule), ToString(after.retry_schedule));
  }
  changes.Add("disable_after_days", before.disable_after_days, after.disable_after_days);
  return std::move(changes).Text();
}

}  // namespace shakehook
