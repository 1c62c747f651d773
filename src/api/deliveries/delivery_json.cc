#include "api/deliveries/delivery_json.h"

#include <algorithm>
#include <map>

#include "api/http/time_json.h"
#include "api/webhooks/webhook_json.h"
#include "base/ascii.h"
#include "base/encoding.h"
#include "base/utf8.h"
#include "model/failure_code.h"
#include "net/target_url.h"

namespace shakehook {
namespace {

Json TimingsJson(const Timings& timings) {
  Json json{Json::Object()};
  json.Add("dns_ms", MillisecondsJson(timings.dns));
  json.Add("connect_ms", MillisecondsJson(timings.connect));
  json.Add("tls_ms", MillisecondsJson(timings.tls));
  json.Add("first_byte_ms", MillisecondsJson(timings.first_byte));
  return json;
}

Json ErrorJson(const AttemptError& error, const std::optional<int>& status) {
  if (error.failure == FailureClass::kNone) return {};
  Json params{Json::Object()};
  if (status) params.Add("status", *status);
  Json json{Json::Object()};
  json.Add("class", ToString(error.failure));
  json.Add("message", ToValidUtf8(error.message));
  json.Add("code", FailureCode(error.failure, status));
  json.Add("params", std::move(params));
  return json;
}

Json SummaryJson(const std::optional<AttemptSummary>& attempt) {
  if (!attempt) return {};
  const bool failed = attempt->failure != FailureClass::kNone;
  Json json{Json::Object()};
  json.Add("started_at", UnixMs(attempt->started_at));
  json.Add("duration_ms", MillisecondsJson(attempt->duration));
  json.Add("status_code", attempt->status_code);
  json.Add("error_class", failed ? Json(ToString(attempt->failure)) : Json());
  json.Add("error_code", failed ? Json(FailureCode(attempt->failure, attempt->status_code)) : Json());
  return json;
}

// The request headers as they were sent (CONTRACT §2): the attempt kept some, and the others follow from the webhook
// and the delivery.
Json RequestHeadersJson(const Attempt& attempt, const Delivery& delivery, const Webhook& webhook,
                        std::optional<std::size_t> payload_bytes) {
  constexpr std::int64_t kMsPerSecond = 1000;
  const std::string id = delivery.id.ToString();
  Json json{Json::Object()};
  if (const auto url = ParseTargetUrl(webhook.url)) json.Add("Host", url->host_header);
  json.Add("Content-Type", "application/json");
  json.Add("User-Agent", "Bookingshake-Webhooks/1.0");
  json.Add("Bookingshake-Signature", ToHex(attempt.signature));
  json.Add("Idempotency-Key", id);
  if (!attempt.standard_signature.empty()) {
    json.Add("webhook-id", id);
    json.Add("webhook-timestamp", std::to_string(UnixMs(attempt.started_at) / kMsPerSecond));
    json.Add("webhook-signature", attempt.standard_signature);
  }
  if (delivery.origin == EventOrigin::kTest) json.Add("Bookingshake-Test", "true");
  for (const auto& [name, value] : webhook.headers) json.Add(name, kMask);
  if (payload_bytes) json.Add("Content-Length", std::to_string(*payload_bytes));
  return json;
}

// Reads lines "Name: value\r\n"; values of a repeated name are joined, as RFC 9110, section 5.3, allows.
Json ResponseHeadersJson(std::string_view lines) {
  std::vector<std::pair<std::string, std::string>> headers;
  std::map<std::string, std::size_t> by_name;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find("\r\n"));
    lines.remove_prefix(std::min(lines.size(), line.size() + 2));
    const std::size_t colon = line.find(':');
    std::string name = ToValidUtf8(line.substr(0, colon));
    std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    const auto [known, is_new] = by_name.emplace(LowerAscii(name), headers.size());
    if (is_new) {
      headers.emplace_back(std::move(name), ToValidUtf8(value));
    } else {
      std::string& joined = headers[known->second].second;
      joined += ", ";
      joined += ToValidUtf8(value);
    }
  }
  Json json{Json::Object()};
  for (auto& [name, value] : headers) json.Add(std::move(name), std::move(value));
  return json;
}

// Returns the waits of the schedule that follow the next attempt. A delivery that was sent by hand began it again.
std::span<const Milliseconds> WaitsAhead(const DeliveryDetail& detail, std::span<const Milliseconds> retry_waits) {
  if (detail.delivery.status != DeliveryStatus::kPending || detail.delivery.origin == EventOrigin::kTest) return {};
  std::size_t made = 0;
  for (const Attempt& attempt : detail.attempts) {
    made = attempt.trigger == AttemptTrigger::kManual ? 1 : made + 1;
  }
  // After the last attempt of a schedule it waits only because somebody sends it again.
  if (made > retry_waits.size()) made = 0;
  return retry_waits.subspan(made);
}

}  // namespace

Json DeliveryJson(const Delivery& delivery) {
  Json json{Json::Object()};
  json.Add("id", delivery.id.ToString());
  json.Add("webhook_id", delivery.webhook_id.ToString());
  json.Add("event_id", delivery.event_id.ToString());
  json.Add("event", ToString(delivery.event));
  json.Add("resource_id", delivery.resource_id.text);
  json.Add("venue_id", delivery.venue_id.text);
  json.Add("status", ToString(delivery.status));
  json.Add("attempt_count", delivery.attempt_count);
  json.Add("next_attempt_at", TimeJson(delivery.next_attempt_at));
  json.Add("created_at", UnixMs(delivery.created_at));
  json.Add("delivered_at", TimeJson(delivery.delivered_at));
  json.Add("test", delivery.origin == EventOrigin::kTest);
  json.Add("last_attempt", SummaryJson(delivery.last_attempt));
  return json;
}

Json AttemptJson(const Attempt& attempt, const Delivery& delivery, const Webhook& webhook,
                 std::optional<std::size_t> payload_bytes, UrlView view) {
  const bool answered = attempt.status_code.has_value();
  Json json{Json::Object()};
  json.Add("number", attempt.number);
  json.Add("trigger", ToString(attempt.trigger));
  json.Add("started_at", UnixMs(attempt.started_at));
  json.Add("duration_ms", MillisecondsJson(attempt.duration));
  json.Add("url", ShownUrl(webhook.url, view));
  json.Add("status_code", attempt.status_code);
  json.Add("error", ErrorJson(attempt.error, attempt.status_code));
  json.Add("request_headers", RequestHeadersJson(attempt, delivery, webhook, payload_bytes));
  json.Add("response_headers", answered ? ResponseHeadersJson(attempt.response_headers) : Json());
  json.Add("response_body", answered ? Json(ToValidUtf8(attempt.response_body)) : Json());
  json.Add("response_truncated", attempt.response_truncated == Switch::kOn);
  json.Add("timings", TimingsJson(attempt.timings));
  return json;
}

Json DeliveryDetailJson(const DeliveryDetail& detail, UrlView view, std::span<const Milliseconds> retry_waits) {
  Json json = DeliveryJson(detail.delivery);
  json.Add("payload", detail.event->payload);
  Json::Array attempts;
  for (std::size_t i = 0; i < detail.attempts.size(); ++i) {
    attempts.push_back(
        AttemptJson(detail.attempts[i], detail.delivery, *detail.versions[i], detail.event->payload.size(), view));
  }
  json.Add("attempts", Json(std::move(attempts)));
  Json::Array waits;
  for (const Milliseconds wait : WaitsAhead(detail, retry_waits)) waits.push_back(wait.count());
  json.Add("retry_waits_ms", Json(std::move(waits)));
  return json;
}

}  // namespace shakehook
