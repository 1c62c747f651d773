// The types of the store's verbs on deliveries: the pages that are handed out to be sent, the results that are
// recorded, and the queries that list deliveries.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "base/time.h"
#include "model/delivery.h"
#include "model/event.h"
#include "model/ids.h"
#include "store/asker.h"
#include "store/commit_listener.h"
#include "store/config_cache.h"

namespace shakehook {

// The right to send pending deliveries. The embedded store has one eternal lease; several nodes share work by leases
// that end, and a result that is recorded under an old epoch is refused.
struct Lease {
  std::int64_t epoch = 1;
};

// Selects deliveries whose last attempt was answered with a status code from `first` to `last`; kNone: was not
// answered.
struct ResponseFilter {
  static constexpr int kNone = 0;

  int first = kNone;
  int last = kNone;
};

struct DeliveryQuery {
  std::optional<std::vector<WebhookNumber>> webhooks;  // absent: all
  DeliveryStatuses statuses;                           // empty: all
  EventTypes events;                                   // empty: all
  std::optional<ResourceId> resource_id;
  std::optional<VenueId> venue;
  std::optional<ResponseFilter> response;  // a delivered one always has a response of 200 to 299
  std::optional<Timestamp> since, until;   // since <= created_at < until
  std::optional<DeliveryKey> before;       // ordered by position, then webhook, both descending
  std::size_t limit = 50;
  Asker asker = {};
};

struct DeliveryDetail {
  Delivery delivery;
  SharedEvent event;
  std::vector<Attempt> attempts;        // oldest first
  std::vector<SharedWebhook> versions;  // the webhook as each attempt used it; same length
};

// The result of an attempt for its delivery (delivery/outcome.h decides it).
struct AttemptResult {
  enum class Verdict : std::uint8_t {
    kDelivered,
    kRetry,  // is retried at `retry_at`
    kFailed,
    kGone,  // failed, and the webhook is to be disabled (410)
  };
  // As the delivery was when it was taken.
  DeliveryKey key;
  DeliveryId id;
  OwedDelivery::Purpose purpose = OwedDelivery::Purpose::kDeliver;
  Timestamp created_at;

  Attempt attempt;
  Verdict verdict = Verdict::kDelivered;
  std::optional<Timestamp> retry_at;
  Timestamp ended_at;
};

// The most that a page of pending deliveries may contain: a number of deliveries, and a size of their payloads
// together, after which no further one is added. A page has at least one delivery if there is one.
struct OwedPageLimit {
  std::size_t deliveries = 0;
  std::size_t payload_bytes = std::numeric_limits<std::size_t>::max();
};

// A page of a webhook's pending deliveries.
struct OwedPage {
  std::vector<OwedDelivery> deliveries;
  bool more = false;                  // the limit left some out
  Position until;                     // TakeOwed: all up to here is in the page, or must wait for its resource's retry
  std::optional<Timestamp> next_due;  // TakeDue: the earliest due time after the page's
};

// kByHand: tests and redelivered deliveries, which go out even while the webhook is disabled.
enum class WhichDue : std::uint8_t { kAll, kByHand };

struct OwedWebhook {
  WebhookNumber webhook;
  std::optional<Timestamp> next_due;  // the first retry or delivery sent by hand; absent: none waits
  std::optional<Timestamp> last_due;  // the last of these
};

// A webhook that is owed something, with the time of an event at or before the oldest of it.
struct OwedSinceWhen {
  WebhookNumber webhook;
  Timestamp since;

  bool operator==(const OwedSinceWhen&) const = default;
};

// A webhook's pending deliveries, beside their count in its health.
struct OwedSummary {
  std::int64_t retrying = 0;          // wait for a retry; counted up to kRetryingCountMax
  std::optional<Timestamp> next_due;  // the next retry
};
inline constexpr std::int64_t kRetryingCountMax = 10'000;

}  // namespace shakehook
