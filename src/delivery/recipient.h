// A Recipient is what a Lane knows of one webhook: its settings as the lane uses them, its queue, its limits, and what
// is under way.
//
// Threads: one loop's.
#pragma once

#include <algorithm>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "delivery/lane.h"
#include "net/target_url.h"

namespace shakehook {

struct Lane::Recipient {
  Recipient(SharedWebhook settings, FairScheduler::Tenant owner, WebhookQueue::Start start)
      : webhook(std::move(settings)),
        queue(webhook->ordering, webhook->enabled, start),
        builder(*webhook),
        url(UrlOf(*webhook)),
        tenant(owner) {}

  // The attempts of one webhook to the server itself (inboxes) that may be under way: each is a request that its API
  // has to answer, beside those of its clients.
  static constexpr int kToItselfMax = 4;

  void SetConcurrentMax(const Transport& transport) {
    concurrent_max = webhook->max_concurrent;
    if (url && transport.IsOfThisServer(**url))
      concurrent_max = std::min(concurrent_max.value_or(kToItselfMax), kToItselfMax);
  }

  static std::expected<std::shared_ptr<const TargetUrl>, std::string> UrlOf(const Webhook& webhook) {
    auto url = ParseTargetUrl(webhook.url);
    if (!url) return std::unexpected(url.error().text());
    return std::make_shared<const TargetUrl>(*std::move(url));
  }

  SharedWebhook webhook;
  WebhookQueue queue;
  RequestBuilder builder;
  std::expected<std::shared_ptr<const TargetUrl>, std::string> url;
  FairScheduler::Tenant tenant;       // all webhooks of a venues group and of its venues have the same
  std::optional<int> concurrent_max;  // the webhook's own setting, or what the server bears of itself
  ConcurrencyLimit limit;
  SteadyTime next_by_rate{};  // max_per_second: no attempt before
  int under_way = 0;
  SteadyTime held_until{};  // after a fault of our own: no attempt before, but by hand
  int own_faults_in_a_row = 0;
  std::optional<FairScheduler::Standing> waits;  // for a turn
  bool in_idle = false;
  bool removed = false;  // the webhook was deleted; goes when its attempts have ended
  bool reading_fresh = false;
  bool reading_due = false;
  std::optional<Loop::TimerKey> alarm;

  // Tells whether the loop no longer refers to it.
  bool Unused() const { return under_way == 0 && !reading_fresh && !reading_due; }
  // All that would be lost with it is what it learned of the endpoint.
  bool Idle(SteadyTime now) const {
    return Unused() && !waits && queue.idle() && now >= next_by_rate && now >= limit.not_before();
  }
};

template <class F>
void Lane::Change(Recipient& recipient, F change) {
  const std::size_t bytes_before = recipient.queue.bytes();
  const std::size_t window_before = recipient.queue.window_size();
  change(recipient.queue);
  waiting_bytes_ += recipient.queue.bytes() - bytes_before;
  CountWaiting(recipient.tenant, window_before, recipient.queue.window_size());
}

}  // namespace shakehook
