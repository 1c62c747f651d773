// A webhook is a subscription: where to POST which events of which scope, and with what secret to sign them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "model/event.h"
#include "model/ids.h"
#include "model/scope.h"

namespace shakehook {

// A set of event types, as the bits of their numbers.
struct EventTypes {
  std::uint8_t bits = 0;

  bool operator==(const EventTypes&) const = default;
  bool Has(EventType type) const { return (bits >> static_cast<int>(type)) & 1; }
  void Add(EventType type) { bits |= static_cast<std::uint8_t>(1 << static_cast<int>(type)); }
  bool empty() const { return bits == 0; }
};

// relaxed: of one resource, the next delivery starts after the attempt of the one before has ended.
// strict:  it starts when the one before is delivered, failed or canceled.
enum class Ordering : std::uint8_t { kRelaxed = 0, kStrict = 1 };

// When a failed delivery is tried again (delivery/retry_schedule.h). standard: the document's. extended: for days, for
// receivers that close at night.
enum class ScheduleKind : std::uint8_t { kStandard = 0, kExtended = 1 };

enum class Switch : std::uint8_t { kOff = 0, kOn = 1 };

// `previous` signs the document's own header until the overlap ends; then `current` does (CONTRACT §2, Rotation).
struct WebhookSecrets {
  std::string current;
  std::string previous;  // empty outside an overlap
  std::optional<Timestamp> overlap_ends_at;

  bool operator==(const WebhookSecrets&) const = default;
  bool InOverlap(Timestamp now) const { return overlap_ends_at && now < *overlap_ends_at; }
};

struct Webhook {
  WebhookNumber number;  // given by the store
  WebhookId id;
  std::string name;
  std::string url;
  EventTypes events;
  Scope scope;
  Switch enabled = Switch::kOn;
  std::string disabled_reason;  // why the server itself disabled it; empty if a person did or it is enabled
  Ordering ordering = Ordering::kRelaxed;
  Switch standard_headers = Switch::kOff;
  std::vector<std::pair<std::string, std::string>> headers;  // sent with each request; the values are credentials
  std::optional<int> max_concurrent;
  std::optional<int> max_per_second;
  ScheduleKind retry_schedule = ScheduleKind::kStandard;
  std::optional<int> disable_after_days;  // by the server; failures alone count (disable_policy.h)
  WebhookSecrets secrets;
  Timestamp created_at;
  Timestamp updated_at;
  std::int64_t version = 1;  // counts edits; an attempt records which version it used

  bool operator==(const Webhook&) const = default;
};

using SharedWebhook = std::shared_ptr<const Webhook>;

// The health that the store counts for a webhook as its attempts are recorded; its tests do not count.
struct WebhookHealth {
  std::int64_t consecutive_failures = 0;
  std::optional<Timestamp> failing_since;
  std::optional<Timestamp> last_delivered_at;
  std::optional<Timestamp> last_failed_at;
  std::int64_t pending = 0;

  bool operator==(const WebhookHealth&) const = default;
};

}  // namespace shakehook
