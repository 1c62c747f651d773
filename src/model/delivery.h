// A delivery is one event that must reach one webhook; an attempt is one HTTP try of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/time.h"
#include "model/event.h"
#include "model/ids.h"
#include "model/webhook.h"

namespace shakehook {

// The numbers are stored.
enum class DeliveryStatus : std::uint8_t { kPending = 0, kDelivered = 1, kFailed = 2, kCanceled = 3 };
std::string_view ToString(DeliveryStatus status);
std::optional<DeliveryStatus> ParseDeliveryStatus(std::string_view text);

// A set of statuses, as the bits of their numbers.
struct DeliveryStatuses {
  std::uint8_t bits = 0;

  static DeliveryStatuses Of(std::initializer_list<DeliveryStatus> list) {
    DeliveryStatuses statuses;
    for (const DeliveryStatus status : list) statuses.Add(status);
    return statuses;
  }
  bool operator==(const DeliveryStatuses&) const = default;
  bool Has(DeliveryStatus status) const { return (bits >> static_cast<int>(status)) & 1; }
  void Add(DeliveryStatus status) { bits |= static_cast<std::uint8_t>(1 << static_cast<int>(status)); }
  bool empty() const { return bits == 0; }
};

// The numbers are stored. kManual: a person sends this one delivery, and it goes first. kReplay: a person sends many,
// and each waits its turn among the deliveries that are due.
enum class AttemptTrigger : std::uint8_t { kAutomatic = 0, kManual = 1, kReplay = 2 };
// "automatic" or "manual"
std::string_view ToString(AttemptTrigger trigger);

// Why an attempt failed. The numbers are stored.
enum class FailureClass : std::uint8_t {
  kNone = 0,
  kStatus = 1,            // a response outside 200-299
  kTimeout = 2,           // status line and headers did not come in time
  kDns = 3,               // the name does not resolve
  kForbiddenAddress = 4,  // the address policy refuses where the name leads
  kConnectionRefused = 5,
  kUnreachable = 6,
  kConnectionClosed = 7,  // closed or reset before a whole response head
  kTls = 8,
  kInvalidResponse = 9,  // the response is no HTTP, or its head is too large
  kInternal = 10,        // this server could not try (out of sockets)
};
// "status", "timeout", "dns", ...
std::string_view ToString(FailureClass failure);

struct AttemptError {
  FailureClass failure = FailureClass::kNone;
  std::string message;  // for a person

  bool operator==(const AttemptError&) const = default;
};

// Absent if the attempt did not get to the step, or did not need it because of a kept-alive connection.
struct Timings {
  std::optional<Microseconds> dns, connect, tls, first_byte;

  bool operator==(const Timings&) const = default;
};

struct Attempt {
  int number = 1;  // counts all attempts of the delivery, from 1
  AttemptTrigger trigger = AttemptTrigger::kAutomatic;
  Timestamp started_at;
  Microseconds duration{};
  std::int64_t webhook_version = 1;  // the version whose URL, headers and secrets it used
  std::optional<int> status_code;
  AttemptError error;
  // Computed for this attempt; the other request headers follow from the webhook's version and the delivery.
  Digest signature{};              // in Bookingshake-Signature
  std::string standard_signature;  // in webhook-signature; empty if the webhook does not use it
  std::string response_headers;    // lines "Name: value\r\n" as received
  std::string response_body;       // the first bytes, as received
  Switch response_truncated = Switch::kOff;
  Timings timings;

  bool operator==(const Attempt&) const = default;
};

// How an attempt went, in short.
struct AttemptSummary {
  Timestamp started_at;
  Microseconds duration{};
  std::optional<int> status_code;
  FailureClass failure = FailureClass::kNone;

  bool operator==(const AttemptSummary&) const = default;
};

// The internal key of a delivery: at most one exists for an event and a webhook.
struct DeliveryKey {
  Position position;
  WebhookNumber webhook;

  auto operator<=>(const DeliveryKey&) const = default;
};

// A delivery as the API shows it, without its payload and attempts.
struct Delivery {
  DeliveryKey key;
  DeliveryId id;
  WebhookId webhook_id;
  EventId event_id;
  EventType event = EventType::kAccountCreated;
  EventOrigin origin = EventOrigin::kChange;
  ResourceId resource_id;
  VenueId venue_id;
  DeliveryStatus status = DeliveryStatus::kPending;
  int attempt_count = 0;
  std::optional<Timestamp> next_attempt_at;  // only while it is pending
  Timestamp created_at;
  std::optional<Timestamp> delivered_at;
  std::optional<AttemptSummary> last_attempt;

  bool operator==(const Delivery&) const = default;
};

// A pending delivery with all that is needed to send it.
struct OwedDelivery {
  // kAgain: it is delivered, and a person sends it again; it stays delivered whatever the attempt's result is.
  enum class Purpose : std::uint8_t { kDeliver = 0, kTest = 1, kAgain = 2 };

  DeliveryKey key;
  DeliveryId id;
  ResourceNumber resource;  // deliveries of one resource are ordered
  SharedEvent event;
  Purpose purpose = Purpose::kDeliver;
  AttemptTrigger trigger = AttemptTrigger::kAutomatic;  // the trigger of its next attempt
  int attempts_made = 0;
  int retries_made = 0;  // retries of the present schedule
  Timestamp created_at;
  std::optional<Timestamp> due;  // absent: never tried, due at once
};

}  // namespace shakehook

template <>
struct std::hash<shakehook::DeliveryKey> {
  std::size_t operator()(const shakehook::DeliveryKey& key) const {
    return std::hash<std::int64_t>()(key.position.value * 0x9e3779b97f4a7c15 + key.webhook.value);
  }
};
