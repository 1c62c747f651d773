// Deliveries, pages and positions for the tests of a WebhookQueue.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "delivery/webhook_queue.h"

namespace shakehook {

using Which = WebhookQueue::Which;
using Verdict = AttemptResult::Verdict;

inline OwedDelivery Owed(std::int64_t position, std::int64_t resource) {
  OwedDelivery delivery;
  delivery.key = {{position}, {1}};
  delivery.resource = {resource};
  auto event = std::make_shared<Event>();
  event->payload = "0123456789";
  delivery.event = std::move(event);
  return delivery;
}

inline OwedDelivery OwedWithData(std::int64_t position, std::int64_t resource) {
  OwedDelivery delivery = Owed(position, resource);
  auto event = std::make_shared<Event>(*delivery.event);
  event->resource_id = {"c"};
  event->payload = "with data";
  delivery.event = std::move(event);
  return delivery;
}

inline int CountWithData(const std::vector<OwedDelivery>& deliveries) {
  return static_cast<int>(std::ranges::count_if(
      deliveries, [](const OwedDelivery& delivery) { return delivery.event->payload == "with data"; }));
}

inline OwedDelivery Due(std::int64_t position, std::int64_t resource) {
  OwedDelivery delivery = Owed(position, resource);
  delivery.due = Timestamp();
  delivery.attempts_made = delivery.retries_made = 1;
  return delivery;
}

inline OwedDelivery ByHand(std::int64_t position, std::int64_t resource) {
  OwedDelivery delivery = Due(position, resource);
  delivery.trigger = AttemptTrigger::kManual;
  return delivery;
}

inline OwedPage Page(std::vector<OwedDelivery> deliveries, bool more = false) {
  return {.deliveries = std::move(deliveries), .more = more, .next_due = {}};
}

// Calls Next() until it returns nullopt; returns the deliveries.
inline std::vector<OwedDelivery> TakeAll(WebhookQueue& queue, Which which = Which::kAny) {
  std::vector<OwedDelivery> taken;
  while (auto delivery = queue.Next(which)) taken.push_back(*delivery);
  return taken;
}

inline std::vector<std::int64_t> Positions(const std::vector<OwedDelivery>& deliveries) {
  std::vector<std::int64_t> positions;
  for (const OwedDelivery& delivery : deliveries) positions.push_back(delivery.key.position.value);
  return positions;
}

inline std::vector<std::int64_t> TakePositions(WebhookQueue& queue, Which which = Which::kAny) {
  return Positions(TakeAll(queue, which));
}

inline std::optional<Timestamp> RetryAt(Verdict verdict) {
  return verdict == Verdict::kRetry ? std::optional(Timestamp()) : std::nullopt;
}

inline void End(WebhookQueue& queue, const OwedDelivery& delivery, Verdict verdict) {
  queue.Ended(delivery, RetryAt(verdict));
  queue.Recorded(delivery.key.position);
}

using Expected = std::vector<std::int64_t>;

inline WebhookQueue Relaxed() { return {Ordering::kRelaxed, Switch::kOn, WebhookQueue::Start::kEmpty}; }
inline WebhookQueue Strict() { return {Ordering::kStrict, Switch::kOn, WebhookQueue::Start::kEmpty}; }

}  // namespace shakehook
