// A replay sends many deliveries of one webhook again: a stored job that works in small steps, goes on after a restart,
// and can be canceled. Each delivery is sent as one redelivered by hand is, but in turn with what is new.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"
#include "model/delivery.h"
#include "model/event.h"
#include "model/ids.h"
#include "model/webhook.h"

namespace shakehook {

// Selects the deliveries that are sent again. Tests and pending deliveries are never selected.
struct ReplayFilter {
  DeliveryStatuses statuses;
  EventTypes events;                      // empty: all
  std::optional<Timestamp> since, until;  // since <= created_at < until; of a missing one: its event's
  Switch missing = Switch::kOff;          // also makes deliveries of events that the webhook asks for and never had

  bool operator==(const ReplayFilter&) const = default;
};

// The numbers are stored.
enum class ReplayState : std::uint8_t { kRunning = 0, kDone = 1, kCanceled = 2 };
std::string_view ToString(ReplayState state);

struct Replay {
  ReplayId id;
  WebhookNumber webhook;
  WebhookId webhook_id;
  ReplayFilter filter;
  ReplayState state = ReplayState::kRunning;
  std::int64_t matched = 0;  // when it began
  std::int64_t done = 0;     // made due by now
  Timestamp created_at;
  std::optional<Timestamp> ended_at;

  bool operator==(const Replay&) const = default;
};

}  // namespace shakehook
