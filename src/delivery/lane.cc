#include "delivery/lane.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/log.h"
#include "delivery/outcome.h"
#include "net/target_url.h"

namespace shakehook {
namespace {

// At most so many attempts of one lane at a time: each holds a socket.
constexpr std::size_t kUnderWayMax = 6'000;
// Results that wait to be stored; beyond, no attempt starts, because the store does not keep up or cannot write.
constexpr std::size_t kUnrecordedMax = 20'000;
constexpr std::size_t kRecordBatchMax = 1'000;
constexpr std::size_t kFreshPage = 512;
// Payloads that wait in memory; beyond, a queue keeps only a small window and reads the rest back when it drains.
constexpr std::size_t kWaitingBytesMax = 48 * 1024 * 1024;
constexpr std::size_t kSmallWindow = 16;
// After the store could not be read or written.
constexpr Milliseconds kStorePause{1'000};

std::expected<std::shared_ptr<const TargetUrl>, std::string> SharedUrl(const Webhook& webhook) {
  auto url = ParseTargetUrl(webhook.url);
  if (!url) return std::unexpected(std::move(url.error()));
  return std::make_shared<const TargetUrl>(*std::move(url));
}

}  // namespace

struct Lane::Recipient {
  Recipient(SharedWebhook settings, WebhookQueue::Start start)
      : webhook(std::move(settings)),
        queue(webhook->ordering, webhook->enabled, start),
        builder(*webhook),
        url(SharedUrl(*webhook)) {}

  SharedWebhook webhook;
  WebhookQueue queue;
  RequestBuilder builder;
  std::expected<std::shared_ptr<const TargetUrl>, std::string> url;
  ConcurrencyLimit limit;
  SteadyTime next_by_rate{};  // max_per_second: no attempt before
  int under_way = 0;
  std::optional<Turns::Standing> waits;  // for a turn
  bool in_idle = false;
  bool removed = false;  // the webhook was deleted; goes when its attempts have ended
  bool reading_fresh = false;
  bool reading_due = false;
  std::optional<Loop::TimerKey> alarm;

  // Nothing on the loop refers to it.
  bool Unused() const { return under_way == 0 && !reading_fresh && !reading_due; }
  // All that would be lost with it is what it learned of the endpoint.
  bool Idle(SteadyTime now) const {
    return Unused() && !waits && queue.idle() && now >= next_by_rate && now >= limit.not_before();
  }
};

Lane::Lane(Store& store, Dispatcher::Lane parts, const Dispatcher::Options& options, DeliveryMetrics& metrics)
    : store_(store),
      loop_(*parts.loop),
      transport_(*parts.transport),
      random_(*parts.random),
      options_(options),
      metrics_(metrics),
      schedule_clock_(loop_.clock(), options.schedule.WaitMax()) {}

Lane::~Lane() = default;

// --- What commits tell ---

Lane::Recipient& Lane::Find(const SharedWebhook& webhook, WebhookQueue::Start start) {
  auto& recipient = recipients_[webhook->number];
  if (!recipient) recipient = std::make_unique<Recipient>(webhook, start);
  return *recipient;
}

template <class F>
void Lane::Change(Recipient& recipient, F change) {
  const std::size_t bytes_before = recipient.queue.bytes();
  const std::size_t window_before = recipient.queue.window_size();
  change(recipient.queue);
  waiting_bytes_ += recipient.queue.bytes() - bytes_before;
  waiting_ += recipient.queue.window_size() - window_before;
}

void Lane::Configure(Recipient& recipient, const SharedWebhook& webhook) {
  recipient.webhook = webhook;
  recipient.builder = RequestBuilder(*webhook);
  recipient.url = SharedUrl(*webhook);
  Change(recipient, [&](WebhookQueue& queue) { queue.Configure(webhook->ordering, webhook->enabled); });
}

void Lane::Hear(News news) {
  for (const Commit::Changed& change : news.changed) {
    const auto found = recipients_.find(change.number);
    if (change.webhook) {
      // One that is not here may have been forgotten while it was off and owed something.
      if (found != recipients_.end()) {
        Configure(*found->second, change.webhook);
        Enqueue(*found->second);
      } else if (change.webhook->enabled == Switch::kOn) {
        Recipient& recipient = Find(change.webhook, WebhookQueue::Start::kOwes);
        recipient.queue.HearOfDue(Timestamp());  // unknown: the next read tells
        Enqueue(recipient);
      }
    } else if (found != recipients_.end()) {
      found->second->removed = true;
      DropRemoved(change.number);
    }
  }
  for (const Commit::Canceled& canceled : news.canceled) {
    const auto found = recipients_.find(canceled.webhook);
    if (found == recipients_.end()) continue;
    Change(*found->second, [&](WebhookQueue& queue) { queue.Cancel(canceled.until); });
  }
  for (Commit::Owed& owed : news.owed) {
    Recipient& recipient = Find(owed.webhook, started_ ? WebhookQueue::Start::kEmpty : WebhookQueue::Start::kOwes);
    if (recipient.removed) continue;
    recipient.queue.SetWindowMax(waiting_bytes_ > kWaitingBytesMax ? kSmallWindow : WebhookQueue::kWindowMax);
    Change(recipient, [&](WebhookQueue& queue) { queue.Add(std::move(owed.delivery)); });
    Enqueue(recipient);
  }
  for (const Commit::Due& due : news.due) {
    Recipient& recipient = Find(due.webhook, started_ ? WebhookQueue::Start::kEmpty : WebhookQueue::Start::kOwes);
    if (recipient.removed) continue;
    recipient.queue.HearOfDue(due.at);
    Enqueue(recipient);
  }
  for (const ResourceNumber resource : news.erased) {
    for (const auto& [number, recipient] : recipients_) {
      Change(*recipient, [&](WebhookQueue& queue) { queue.Erase(resource); });
    }
  }
  if (!news.owed.empty()) pace_.Hear(news.posted_at, loop_.clock().Steady(), waiting_);
  Pump();
}

void Lane::Start(Lease lease, std::vector<OwedWebhook> owed, Timestamp schedule_time) {
  lease_ = lease;
  schedule_clock_.Begin(schedule_time);
  started_ = true;
  for (const OwedWebhook& entry : owed) {
    const SharedWebhook webhook = store_.directory().FindWebhook(entry.webhook);
    if (!webhook) continue;
    Recipient& recipient = Find(webhook, WebhookQueue::Start::kOwes);
    recipient.queue.HearOfDue(entry.next_due);
    Enqueue(recipient);
  }
  Pump();
}

// --- Starting attempts ---

void Lane::Enqueue(Recipient& recipient) {
  // What was sent by hand does not wait for those that fail.
  const bool fails = recipient.limit.failing() && !recipient.queue.HasReady(WebhookQueue::Which::kUrgent);
  if (recipient.waits && (fails || *recipient.waits == Turns::Standing::kDelivers)) return;
  recipient.waits = fails ? Turns::Standing::kFails : Turns::Standing::kDelivers;
  turns_.Add(recipient.webhook->number, *recipient.waits);
}

// A coroutine that is spawned runs at once, up to where it first waits; one that need not wait at all ends here.
void Lane::Pump() {
  if (std::exchange(pumping_, true)) return;
  while (auto started = StartNext()) loop_.Spawn(Send(*std::move(started)));
  pumping_ = false;
}

void Lane::PumpSoon() {
  if (std::exchange(pump_posted_, true)) return;
  loop_.Post([this] {
    pump_posted_ = false;
    Pump();
  });
}

std::optional<Lane::Started> Lane::StartNext() {
  if (!started_ || drained_) return std::nullopt;
  while (under_way_ < kUnderWayMax && unrecorded_.size() < kUnrecordedMax) {
    const SteadyTime now = loop_.clock().Steady();
    const auto turn = turns_.Next(now);
    if (!turn) {
      WakeFailing();
      break;
    }
    const auto found = recipients_.find(turn->webhook);
    if (found == recipients_.end()) continue;
    Recipient& recipient = *found->second;
    if (recipient.waits != turn->standing) continue;  // it has had its turn before the others that fail
    recipient.waits.reset();
    if (auto delivery = StartOne(recipient, now)) {
      turns_.Begin(*turn, now);
      Enqueue(recipient);
      return Started{&recipient, *std::move(delivery)};
    }
    Refill(recipient);
    KeepIdle(recipient);
  }
  return std::nullopt;
}

void Lane::WakeFailing() {
  const auto at = turns_.next_at();
  if (!at || std::exchange(failing_alarm_set_, true)) return;
  loop_.CallAt(*at, [this] {
    failing_alarm_set_ = false;
    Pump();
  });
}

std::optional<OwedDelivery> Lane::StartOne(Recipient& recipient, SteadyTime now) {
  const Webhook& webhook = *recipient.webhook;
  WebhookQueue& queue = recipient.queue;
  if (recipient.removed || !queue.HasReady(WebhookQueue::Which::kAny)) return std::nullopt;
  if (webhook.max_concurrent && recipient.under_way >= *webhook.max_concurrent) return std::nullopt;
  if (now < recipient.next_by_rate) {
    WakeAt(recipient, recipient.next_by_rate);
    return std::nullopt;
  }
  auto which = WebhookQueue::Which::kAny;
  if (recipient.under_way >= recipient.limit.Get(webhook.max_concurrent)) {
    which = WebhookQueue::Which::kUrgent;
  } else if (now < recipient.limit.not_before()) {
    which = WebhookQueue::Which::kUrgent;
    WakeAt(recipient, recipient.limit.not_before());
  }
  if (!queue.HasReady(which)) return std::nullopt;
  std::optional<OwedDelivery> delivery;
  Change(recipient, [&](WebhookQueue& waiting) { delivery = waiting.Next(which); });
  if (!delivery) return std::nullopt;
  if (webhook.max_per_second) recipient.next_by_rate = now + Microseconds(1'000'000) / *webhook.max_per_second;
  ++recipient.under_way;
  ++under_way_;
  metrics_.AttemptStarted();
  return delivery;
}

Async<> Lane::Send(Started first) {
  std::optional<Started> started = std::move(first);
  while (started) {
    Recipient& recipient = *started->recipient;
    const OwedDelivery& delivery = started->delivery;
    const SteadyTime began = loop_.clock().Steady();
    AttemptResult result{
        .key = delivery.key, .id = delivery.id, .purpose = delivery.purpose, .created_at = delivery.created_at};
    result.attempt.number = delivery.attempts_made + 1;
    result.attempt.trigger = delivery.trigger;
    result.attempt.started_at = loop_.clock().Now();
    result.attempt.webhook_version = recipient.webhook->version;

    SignedHeaders headers = recipient.builder.Build(delivery, result.attempt.started_at);
    result.attempt.signature = headers.signature;
    result.attempt.standard_signature = std::move(headers.standard_signature);
    Exchange exchange;
    if (recipient.url) {
      exchange = co_await transport_.Post({.url = *recipient.url,
                                           .headers = std::move(headers.lines),
                                           .body = {delivery.event, &delivery.event->payload},
                                           .deadline = began + options_.timeout});
    } else {
      exchange.failure = TransportFailure::kForbiddenAddress;
      exchange.message = recipient.url.error();
    }
    End(*started, began, std::move(exchange), std::move(result));
    started = StartNext();
    // What else may start goes out after this one, each in its turn.
    PumpSoon();
  }
}

void Lane::End(const Started& started, SteadyTime began, Exchange exchange, AttemptResult result) {
  Recipient& recipient = *started.recipient;
  const OwedDelivery& delivery = started.delivery;
  const SteadyTime ended = loop_.clock().Steady();
  result.attempt.duration = ended - began;
  result.ended_at = result.attempt.started_at + std::chrono::ceil<Milliseconds>(result.attempt.duration);
  const Outcome outcome = Decide(exchange, delivery, options_.schedule, result.ended_at, random_.Unit());
  result.verdict = outcome.verdict;
  if (outcome.retry_at) result.retry_at = schedule_clock_.After(*outcome.retry_at - result.ended_at);
  const auto retry_at = result.retry_at;
  Describe(std::move(exchange), result.attempt);

  if (delivery.purpose != OwedDelivery::Purpose::kTest) {
    if (outcome.verdict == AttemptResult::Verdict::kDelivered) {
      recipient.limit.Succeeded();
    } else {
      recipient.limit.Failed(ended);
    }
  }
  metrics_.CountAttempt(outcome.verdict, result.attempt.duration);
  Change(recipient, [&](WebhookQueue& queue) { queue.Ended(delivery, retry_at); });
  --recipient.under_way;
  --under_way_;
  RecordSoon(std::move(result));
  Enqueue(recipient);
}

void Lane::WakeAt(Recipient& recipient, SteadyTime at) {
  if (recipient.alarm) {
    if (recipient.alarm->first <= at) return;
    loop_.Cancel(*recipient.alarm);
  }
  recipient.alarm = loop_.CallAt(at, [this, number = recipient.webhook->number] {
    const auto found = recipients_.find(number);
    if (found == recipients_.end()) return;
    found->second->alarm.reset();
    Enqueue(*found->second);
    Pump();
  });
}

// --- Reading back ---

void Lane::Refill(Recipient& recipient) {
  if (recipient.removed || drained_) return;
  WebhookQueue& queue = recipient.queue;
  const Timestamp now = schedule_clock_.Now();
  // That a read is under way counts from now on, however soon its coroutine begins.
  if (queue.WantsFresh()) {
    recipient.reading_fresh = true;
    loop_.Spawn(ReadFresh(recipient, queue.BeginFresh()));
  }
  if (queue.WantsDue(now)) {
    recipient.reading_due = true;
    queue.BeginDue();
    loop_.Spawn(ReadDue(recipient));
  } else if (queue.next_due() && *queue.next_due() > now) {
    WakeAt(recipient, schedule_clock_.When(*queue.next_due()));
  }
}

Async<> Lane::ReadFresh(Recipient& recipient, Position after) {
  const WebhookNumber number = recipient.webhook->number;
  auto page = co_await store_.TakeOwed(lease_, number, after, recipient.webhook->ordering, kFreshPage);
  recipient.reading_fresh = false;
  if (page) {
    Change(recipient, [&](WebhookQueue& queue) { queue.AddFresh(*std::move(page)); });
    Enqueue(recipient);
  } else {
    recipient.queue.FreshFailed();
    WakeAt(recipient, loop_.clock().Steady() + kStorePause);
  }
  DropRemoved(number);
  Pump();
}

Async<> Lane::ReadDue(Recipient& recipient) {
  const WebhookNumber number = recipient.webhook->number;
  const WhichDue which = recipient.webhook->enabled == Switch::kOn ? WhichDue::kAll : WhichDue::kByHand;
  auto page = co_await store_.TakeDue(lease_, number, schedule_clock_.Now(), which, WebhookQueue::kDuePage);
  recipient.reading_due = false;
  if (page) {
    Change(recipient, [&](WebhookQueue& queue) { queue.AddDue(*std::move(page)); });
    Enqueue(recipient);
  } else {
    recipient.queue.DueFailed();
    WakeAt(recipient, loop_.clock().Steady() + kStorePause);
  }
  DropRemoved(number);
  Pump();
}

// --- Recording ---

void Lane::RecordSoon(AttemptResult result) {
  unrecorded_.push_back(std::move(result));
  if (std::exchange(recording_, true)) return;
  // Posted, so that what ends in the same turn of the loop is recorded together.
  loop_.Post([this] { loop_.Spawn(RecordAll()); });
}

Async<> Lane::RecordAll() {
  while (!unrecorded_.empty()) {
    std::vector<AttemptResult> batch = std::exchange(unrecorded_, {});
    if (batch.size() > kRecordBatchMax) {
      unrecorded_.assign(std::make_move_iterator(batch.begin() + kRecordBatchMax),
                         std::make_move_iterator(batch.end()));
      batch.resize(kRecordBatchMax);
    }
    for (;;) {
      const auto recorded = co_await store_.Record(lease_, batch);
      if (recorded || recorded.error().kind != Refusal::Kind::kUnavailable) break;
      co_await SleepUntil(loop_, loop_.clock().Steady() + kStorePause);
    }
    metrics_.CountRecorded(batch);
    for (const AttemptResult& result : batch) {
      const auto found = recipients_.find(result.key.webhook);
      if (found == recipients_.end()) continue;
      found->second->queue.Recorded(result.key.position);
      Enqueue(*found->second);
      DropRemoved(result.key.webhook);
    }
    Pump();
  }
  recording_ = false;
  CheckDrained();
}

// --- Ending ---

// Forgets a webhook that was deleted, once nothing on the loop refers to it.
void Lane::DropRemoved(WebhookNumber number) {
  const auto found = recipients_.find(number);
  if (found != recipients_.end() && found->second->removed && found->second->Unused()) Drop(number);
}

void Lane::KeepIdle(Recipient& recipient) {
  if (recipient.in_idle || !recipient.Unused() || !recipient.queue.idle()) return;
  recipient.in_idle = true;
  idle_.push_back(recipient.webhook->number);
  if (idle_.size() <= options_.idle_webhooks_max) return;
  const WebhookNumber longest = idle_.front();
  idle_.pop_front();
  const auto found = recipients_.find(longest);
  if (found == recipients_.end()) return;
  found->second->in_idle = false;
  if (found->second->Idle(loop_.clock().Steady())) Drop(longest);
}

void Lane::Drop(WebhookNumber number) {
  const auto found = recipients_.find(number);
  if (found->second->alarm) loop_.Cancel(*found->second->alarm);
  waiting_bytes_ -= found->second->queue.bytes();
  waiting_ -= found->second->queue.window_size();
  recipients_.erase(found);
}

void Lane::Drain(Task done) {
  drained_ = std::move(done);
  CheckDrained();
}

void Lane::CheckDrained() {
  if (drained_ && under_way_ == 0 && !recording_ && unrecorded_.empty()) std::exchange(drained_, [] {})();
}

}  // namespace shakehook
