#include "delivery/lane.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/memory_reserve.h"
#include "delivery/attempt_trace.h"
#include "delivery/outcome.h"
#include "delivery/recipient.h"
#include "store/owner_scope.h"

namespace shakehook {
namespace {

// Results that are not stored yet; beyond, no attempt starts, because the store does not keep up or cannot write. If
// the process is killed, the deliveries that they are of come twice.
constexpr std::size_t kUnrecordedMax = 5'000;
// After a fault of our own, a webhook waits: first so long, doubled with each further one.
constexpr Microseconds kOwnFaultPause{100'000};
constexpr Microseconds kOwnFaultPauseMax{2'000'000};
// Going through all that waits takes some milliseconds.
constexpr Microseconds kErasePause{100'000};
// A turn of the loop starts some hundred attempts, or fewer of large payloads: some milliseconds.
constexpr std::size_t kAttemptCost = 8 * 1024;
constexpr std::size_t kCostPerTurn = 1024 * 1024;
// Without memory no attempt starts for so long.
constexpr Microseconds kMemoryPause{100'000};

std::size_t SlotsOf(const OwedDelivery& delivery) { return FairScheduler::SlotsFor(delivery.event->payload.size()); }

}  // namespace

Lane::Lane(Store& store, Dispatcher::Lane parts, const Dispatcher::Options& options, DeliveryMetrics& metrics,
           OwnFaults& own_faults)
    : store_(store),
      loop_(*parts.loop),
      transport_(*parts.transport),
      random_(*parts.random),
      options_(options),
      metrics_(metrics),
      own_faults_(own_faults),
      schedule_clock_(loop_.clock(), options.schedule.WaitMax()),
      scheduler_(options.under_way_max) {}

Lane::~Lane() = default;

// --- What commits tell ---

Lane::Recipient& Lane::Find(const SharedWebhook& webhook, WebhookQueue::Start start) {
  auto& recipient = recipients_[webhook->number];
  if (!recipient) {
    const Scope owner = OwnerOf(webhook->scope, store_.config_cache());
    recipient = std::make_unique<Recipient>(webhook, std::hash<Scope>()(owner), start);
    recipient->SetConcurrentMax(transport_);
  }
  return *recipient;
}

void Lane::Configure(Recipient& recipient, const SharedWebhook& webhook) {
  recipient.webhook = webhook;
  recipient.builder = RequestBuilder(*webhook);
  recipient.url = Recipient::UrlOf(*webhook);
  recipient.SetConcurrentMax(transport_);
  Change(recipient, [&](WebhookQueue& queue) { queue.Configure(webhook->ordering, webhook->enabled); });
}

void Lane::OnCommit(CommitUpdate update) {
  for (const Commit::Changed& change : update.changed) {
    const auto found = recipients_.find(change.number);
    if (change.webhook) {
      // A webhook that is not here may have been forgotten while it was disabled with pending deliveries.
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
  for (const Commit::Canceled& canceled : update.canceled) {
    const auto found = recipients_.find(canceled.webhook);
    if (found == recipients_.end()) continue;
    Change(*found->second, [&](WebhookQueue& queue) { queue.Cancel(canceled.until); });
    Enqueue(*found->second);
  }
  for (Commit::Owed& owed : update.owed) {
    // A resource that was erased may have been made again.
    if (!erased_.empty() && erased_.contains(owed.delivery.resource)) Erase();
    Recipient& recipient = Find(owed.webhook, started_ ? WebhookQueue::Start::kEmpty : WebhookQueue::Start::kOwes);
    if (recipient.removed) continue;
    recipient.queue.SetRoom(Room());
    Change(recipient, [&](WebhookQueue& queue) { queue.Add(std::move(owed.delivery)); });
    Enqueue(recipient);
  }
  if (!update.owed_more.empty()) Erase();
  for (const Commit::OwedMore& more : update.owed_more) {
    Recipient& recipient = Find(more.webhook, started_ ? WebhookQueue::Start::kEmpty : WebhookQueue::Start::kOwes);
    if (recipient.removed) continue;
    recipient.queue.HearOfMore();
    Enqueue(recipient);
  }
  for (const Commit::Due& due : update.due) {
    Recipient& recipient = Find(due.webhook, started_ ? WebhookQueue::Start::kEmpty : WebhookQueue::Start::kOwes);
    if (recipient.removed) continue;
    recipient.queue.HearOfDue(due.at);
    Enqueue(recipient);
  }
  erased_.insert(update.erased.begin(), update.erased.end());
  if (!erased_.empty() && !std::exchange(erasing_soon_, true)) {
    loop_.CallAt(loop_.clock().Steady() + kErasePause, [this] {
      erasing_soon_ = false;
      Erase();
    });
  }
  if (!update.owed.empty()) backpressure_.OnCommit(update.posted_at, loop_.clock().Steady(), waiting_);
  Pump();
}

void Lane::Erase() {
  const auto erased = std::exchange(erased_, {});
  if (erased.empty()) return;
  for (const auto& [number, recipient] : recipients_) {
    if (recipient->queue.idle()) continue;
    Change(*recipient, [&](WebhookQueue& queue) { queue.Erase(erased); });
  }
}

void Lane::Start(Lease lease, std::vector<OwedWebhook> owed, Timestamp schedule_time) {
  lease_ = lease;
  schedule_clock_.Begin(schedule_time);
  started_ = true;
  for (const OwedWebhook& entry : owed) {
    const SharedWebhook webhook = store_.config_cache().FindWebhook(entry.webhook);
    if (!webhook) continue;
    Recipient& recipient = Find(webhook, WebhookQueue::Start::kOwes);
    recipient.queue.HearOfDue(entry.next_due);
    Enqueue(recipient);
  }
  Pump();
}

// --- Starting attempts ---

void Lane::Enqueue(Recipient& recipient) {
  // A delivery that was sent by hand does not wait with failing webhooks.
  const bool fails = recipient.limit.failing() && !recipient.queue.HasReady(WebhookQueue::Which::kUrgent);
  if (recipient.waits && (fails || *recipient.waits == FairScheduler::Standing::kDelivers)) return;
  recipient.waits = fails ? FairScheduler::Standing::kFails : FairScheduler::Standing::kDelivers;
  scheduler_.Add(recipient.webhook->number, recipient.tenant, *recipient.waits);
}

// A spawned coroutine runs at once, up to its first wait; a coroutine without a wait ends here.
void Lane::Pump() {
  if (pump_posted_ || std::exchange(pumping_, true)) return;
  std::size_t cost = 0;
  while (auto started = StartNext()) {
    cost += kAttemptCost + started->delivery.event->payload.size();
    loop_.Spawn(Send(*std::move(started)));
    if (cost >= kCostPerTurn) {
      PumpSoon();
      break;
    }
  }
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
  if (MemoryIsShort()) {
    WakeWithMemory();
    return std::nullopt;
  }
  while (scheduler_.under_way() < options_.under_way_max && unrecorded_.size() + being_recorded_ < kUnrecordedMax) {
    const SteadyTime now = loop_.clock().Steady();
    const auto turn = scheduler_.Next(now);
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
      scheduler_.Begin(*turn, now, SlotsOf(*delivery));
      Enqueue(recipient);
      return Started{&recipient, *std::move(delivery)};
    }
    Refill(recipient);
    KeepIdle(recipient);
  }
  return std::nullopt;
}

void Lane::WakeFailing() {
  const auto at = scheduler_.next_at();
  if (!at || std::exchange(failing_alarm_set_, true)) return;
  loop_.CallAt(*at, [this] {
    failing_alarm_set_ = false;
    Pump();
  });
}

void Lane::WakeWithMemory() {
  if (std::exchange(memory_alarm_set_, true)) return;
  loop_.CallAt(loop_.clock().Steady() + kMemoryPause, [this] {
    memory_alarm_set_ = false;
    RefillMemoryReserve();
    Pump();
  });
}

std::optional<OwedDelivery> Lane::StartOne(Recipient& recipient, SteadyTime now) {
  const Webhook& webhook = *recipient.webhook;
  WebhookQueue& queue = recipient.queue;
  if (recipient.removed || !queue.HasReady(WebhookQueue::Which::kAny)) return std::nullopt;
  if (recipient.concurrent_max && recipient.under_way >= *recipient.concurrent_max) return std::nullopt;
  if (now < recipient.next_by_rate) {
    WakeAt(recipient, recipient.next_by_rate);
    return std::nullopt;
  }
  auto which = WebhookQueue::Which::kAny;
  if (now < recipient.held_until) {
    WakeAt(recipient, recipient.held_until);
    // Only urgent deliveries start now, and none of a disabled webhook, because all of its deliveries are urgent.
    if (webhook.enabled == Switch::kOff) return std::nullopt;
    which = WebhookQueue::Which::kUrgent;
  } else if (recipient.under_way >= recipient.limit.Get(recipient.concurrent_max)) {
    which = WebhookQueue::Which::kUrgent;
  } else if (now < recipient.limit.not_before()) {
    which = WebhookQueue::Which::kUrgent;
    WakeAt(recipient, recipient.limit.not_before());
  }
  if (!queue.HasReady(which)) return std::nullopt;
  std::optional<OwedDelivery> delivery;
  Change(recipient, [&](WebhookQueue& waiting) { delivery = waiting.Next(which); });
  if (!delivery) return std::nullopt;
  if (!erased_.empty() && erased_.contains(delivery->resource)) queue.EraseTaken(*delivery);
  if (webhook.max_per_second) recipient.next_by_rate = now + Microseconds(1'000'000) / *webhook.max_per_second;
  ++recipient.under_way;
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
    AttemptTrace trace(options_.tracer, delivery, {recipient.tenant}, recipient.url.value_or(nullptr));
    headers.lines += trace.HeaderLine(*recipient.webhook);
    Exchange exchange;
    if (recipient.url) {
      exchange = co_await transport_.Post({.url = *recipient.url,
                                           .tenant = recipient.tenant,
                                           .headers = std::move(headers.lines),
                                           .body = {delivery.event, &delivery.event->payload},
                                           .deadline = began + options_.timeout});
    } else {
      exchange.failure = TransportFailure::kForbiddenAddress;
      exchange.message = recipient.url.error();
    }
    // A test is answered with what there is to say.
    if (exchange.own_fault && delivery.purpose != OwedDelivery::Purpose::kTest) {
      Postpone(*std::move(started), exchange);
    } else {
      trace.End(*recipient.webhook, delivery, exchange);
      End(*started, began, std::move(exchange), std::move(result));
    }
    started = StartNext();
    // Further attempts that may start go out after this one, each in its turn.
    PumpSoon();
  }
}

void Lane::End(const Started& started, SteadyTime began, Exchange exchange, AttemptResult result) {
  Recipient& recipient = *started.recipient;
  const OwedDelivery& delivery = started.delivery;
  const SteadyTime ended = loop_.clock().Steady();
  result.attempt.duration = ended - began;
  result.ended_at = result.attempt.started_at + std::chrono::ceil<Milliseconds>(result.attempt.duration);
  const RetrySchedule schedule = options_.schedule.Of(recipient.webhook->retry_schedule);
  const Outcome outcome = Decide(exchange, delivery, schedule, result.ended_at, random_.Unit());
  result.verdict = outcome.verdict;
  if (outcome.retry_in) result.retry_at = schedule_clock_.After(*outcome.retry_in);
  const auto retry_at = result.retry_at;
  if (!exchange.own_fault) recipient.own_faults_in_a_row = 0;
  Describe(std::move(exchange), result.attempt);

  if (delivery.purpose != OwedDelivery::Purpose::kTest) {
    if (outcome.verdict == AttemptResult::Verdict::kDelivered) {
      recipient.limit.Succeeded(result.attempt.duration, recipient.under_way);
    } else {
      recipient.limit.Failed(ended);
    }
  }
  metrics_.CountAttempt(result);
  Change(recipient, [&](WebhookQueue& queue) { queue.Ended(delivery, retry_at); });
  --recipient.under_way;
  scheduler_.End(recipient.tenant, SlotsOf(delivery));
  RecordSoon(std::move(result));
  Enqueue(recipient);
}

void Lane::Postpone(Started started, const Exchange& exchange) {
  Recipient& recipient = *started.recipient;
  const SteadyTime now = loop_.clock().Steady();
  if (now >= recipient.held_until) {  // several that were under way together count as one
    const int doublings = std::min(recipient.own_faults_in_a_row++, 10);
    recipient.held_until = now + std::min(kOwnFaultPauseMax, kOwnFaultPause * (1 << doublings));
  }
  own_faults_.Observe(*exchange.own_fault, exchange.message, now);
  WatchOwnFaults();
  metrics_.AttemptPostponed();
  const std::size_t slots = SlotsOf(started.delivery);
  Change(recipient, [&](WebhookQueue& queue) { queue.PutBack(std::move(started.delivery)); });
  --recipient.under_way;
  scheduler_.End(recipient.tenant, slots);
  Enqueue(recipient);
  DropRemoved(recipient.webhook->number);
  CheckDrained();
}

void Lane::WatchOwnFaults() {
  if (std::exchange(watching_own_faults_, true)) return;
  loop_.CallAt(loop_.clock().Steady() + OwnFaults::kOverAfter, [this] {
    watching_own_faults_ = false;
    if (own_faults_.Look(loop_.clock().Steady())) WatchOwnFaults();
  });
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
  CountWaiting(found->second->tenant, found->second->queue.window_size(), 0);
  recipients_.erase(found);
}

void Lane::CountWaiting(FairScheduler::Tenant tenant, std::size_t before, std::size_t now) {
  if (before == now) return;
  const auto found = waiting_.try_emplace(tenant).first;
  found->second += now - before;
  if (found->second == 0) waiting_.erase(found);
}

void Lane::Drain(Task done) {
  drained_ = std::move(done);
  CheckDrained();
}

void Lane::CheckDrained() {
  if (drained_ && scheduler_.under_way() == 0 && !recording_ && unrecorded_.empty()) std::exchange(drained_, [] {})();
}

}  // namespace shakehook
