// The store's side of a Lane: deliveries are read back, results are recorded.
#include <algorithm>
#include <utility>

#include "delivery/lane.h"
#include "delivery/recipient.h"

namespace shakehook {
namespace {

constexpr std::size_t kRecordBatchMax = 1'000;
// After the store could not be read or written.
constexpr Milliseconds kStorePause{1'000};

}  // namespace

// --- Reading back ---

void Lane::Refill(Recipient& recipient) {
  if (recipient.removed || drained_) return;
  WebhookQueue& queue = recipient.queue;
  const Timestamp now = schedule_clock_.Now();
  queue.SetRoom(Room());
  const WebhookQueue::Room room = queue.room();
  // That a read is under way counts from now on, however soon its coroutine begins.
  if (queue.WantsFresh()) {
    recipient.reading_fresh = true;
    reading_bytes_ += room.page_bytes;
    loop_.Spawn(ReadFresh(recipient, queue.BeginFresh(), room));
  }
  if (queue.WantsDue(now)) {
    recipient.reading_due = true;
    reading_bytes_ += room.page_bytes;
    queue.BeginDue();
    loop_.Spawn(ReadDue(recipient, room));
  } else if (queue.next_due() && *queue.next_due() > now) {
    WakeAt(recipient, schedule_clock_.When(*queue.next_due()));
  }
}

Async<> Lane::ReadFresh(Recipient& recipient, Position after, WebhookQueue::Room room) {
  const WebhookNumber number = recipient.webhook->number;
  auto page = co_await store_.TakeOwed(lease_, number, after, recipient.webhook->ordering,
                                       {.deliveries = room.fresh_page, .payload_bytes = room.page_bytes});
  recipient.reading_fresh = false;
  reading_bytes_ -= room.page_bytes;
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

Async<> Lane::ReadDue(Recipient& recipient, WebhookQueue::Room room) {
  const WebhookNumber number = recipient.webhook->number;
  const WhichDue which = recipient.webhook->enabled == Switch::kOn ? WhichDue::kAll : WhichDue::kByHand;
  auto page = co_await store_.TakeDue(lease_, number, schedule_clock_.Now(), which,
                                      {.deliveries = room.due_page, .payload_bytes = room.page_bytes});
  recipient.reading_due = false;
  reading_bytes_ -= room.page_bytes;
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
    being_recorded_ += batch.size();
    for (;;) {
      const auto recorded = co_await store_.Record(lease_, batch);
      if (recorded || recorded.error().kind != Refusal::Kind::kUnavailable) break;
      co_await SleepUntil(loop_, loop_.clock().Steady() + kStorePause);
    }
    being_recorded_ -= batch.size();
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

}  // namespace shakehook
