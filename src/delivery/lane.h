// A Lane sends the deliveries of its share of the webhooks, on one loop and through one transport: it serves them in
// turn, within each one's limits, reads back what memory does not hold, and records what became of each attempt.
//
// Ownership: owns the queues; store, loop, transport and metrics outlive it.
// Threads:   lives on its loop, the constructor aside. Destroyed after that loop has ended.
// Loss:      holds nothing that the store does not.
#pragma once

#include <deque>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/random.h"
#include "delivery/backpressure.h"
#include "delivery/concurrency_limit.h"
#include "delivery/delivery_metrics.h"
#include "delivery/dispatcher.h"
#include "delivery/fair_scheduler.h"
#include "delivery/own_faults.h"
#include "delivery/request_builder.h"
#include "delivery/schedule_clock.h"
#include "delivery/webhook_queue.h"
#include "net/transport.h"
#include "store/store.h"

namespace shakehook {

class Lane {
 public:
  Lane(Store& store, Dispatcher::Lane parts, const Dispatcher::Options& options, DeliveryMetrics& metrics,
       OwnFaults& own_faults);
  ~Lane();

  // The changes of a commit to this lane's webhooks, in the commit's order.
  struct CommitUpdate {
    std::vector<Commit::Changed> changed;
    std::vector<Commit::Canceled> canceled;
    std::vector<Commit::Owed> owed;
    std::vector<Commit::OwedMore> owed_more;
    SteadyTime posted_at{};
    std::vector<Commit::Due> due;
    std::vector<ResourceNumber> erased;

    bool empty() const {
      return changed.empty() && canceled.empty() && owed.empty() && owed_more.empty() && due.empty() && erased.empty();
    }
  };
  void OnCommit(CommitUpdate update);
  // How late the lane is; from any thread.
  const Backpressure& pace() const { return backpressure_; }

  // Takes the webhooks with deliveries that were pending before the start, and the time from which the retries
  // continue.
  void Start(Lease lease, std::vector<OwedWebhook> owed, Timestamp schedule_time);
  // No new attempts; `done` is called once those under way are recorded.
  void Drain(Task done);

 private:
  // The lane's state of one webhook.
  struct Recipient;

  Recipient& Find(const SharedWebhook& webhook, WebhookQueue::Start start);
  void Configure(Recipient& recipient, const SharedWebhook& webhook);
  // Takes the data of erased_ out of what waits.
  void Erase();
  // Changes the recipient's queue, and keeps count of what waits in memory.
  template <class F>
  void Change(Recipient& recipient, F change);
  // Fresh deliveries of the tenant that wait in memory: so many were counted, so many are there now.
  void CountWaiting(FairScheduler::Tenant tenant, std::size_t before, std::size_t now);

  // Has the webhook get a turn, to start what it may.
  void Enqueue(Recipient& recipient);
  // An attempt that counts as under way.
  struct Started {
    Recipient* recipient;
    OwedDelivery delivery;
  };
  // Starts what may start, a webhook after the other.
  void Pump();
  // The same, when what runs now has come to an end.
  void PumpSoon();
  // Returns the next attempt that may start, of the webhook whose turn it is.
  std::optional<Started> StartNext();
  // Returns the webhook's next delivery, if an attempt of it may start now.
  std::optional<OwedDelivery> StartOne(Recipient& recipient, SteadyTime now);
  // Sets the alarm for when webhooks that fail may go on.
  void WakeFailing();
  // Sets an alarm for when there may be memory again.
  void WakeWithMemory();
  // Sends a delivery, and then, itself, what may start once that has ended: to begin a coroutine for each costs more
  // than all else that is done here for it.
  Async<> Send(Started first);
  void End(const Started& started, SteadyTime began, Exchange exchange, AttemptResult result);
  // The attempt did not come about for want of something of ours: it is tried again soon, and not counted.
  void Postpone(Started started, const Exchange& exchange);
  void WatchOwnFaults();
  // Wakes the webhook at `at`.
  void WakeAt(Recipient& recipient, SteadyTime at);
  // Reads back what the queue asks for, and sets the alarm for its next retry.
  void Refill(Recipient& recipient);
  // Returns how much one queue may hold, by how much waits in all of them or is being read back.
  WebhookQueue::Room Room() const {
    return waiting_bytes_ + reading_bytes_ > options_.waiting_bytes_max ? WebhookQueue::kLittleRoom
                                                                        : WebhookQueue::Room();
  }
  // `room`: what was set aside for the page.
  Async<> ReadFresh(Recipient& recipient, Position after, WebhookQueue::Room room);
  Async<> ReadDue(Recipient& recipient, WebhookQueue::Room room);

  void RecordSoon(AttemptResult result);
  Async<> RecordAll();

  void DropRemoved(WebhookNumber number);
  // Remembers that the webhook has nothing to do now, and forgets the longest idle of too many.
  void KeepIdle(Recipient& recipient);
  void Drop(WebhookNumber number);
  void CheckDrained();

  Store& store_;
  Loop& loop_;
  Transport& transport_;
  Random& random_;
  const Dispatcher::Options& options_;
  DeliveryMetrics& metrics_;
  OwnFaults& own_faults_;
  ScheduleClock schedule_clock_;

  Lease lease_;
  bool started_ = false;
  std::unordered_map<WebhookNumber, std::unique_ptr<Recipient>> recipients_;
  FairScheduler scheduler_;
  std::deque<WebhookNumber> idle_;  // who had nothing to do when last served, the longest ago first
  bool pumping_ = false;
  bool pump_posted_ = false;
  bool failing_alarm_set_ = false;
  bool memory_alarm_set_ = false;
  bool watching_own_faults_ = false;
  // Resources whose data was erased, and that the queues have not been gone through for: that is done a few times a
  // second for all together, and before anything of them is sent or added.
  std::unordered_set<ResourceNumber> erased_;
  bool erasing_soon_ = false;
  std::size_t waiting_bytes_ = 0;  // in all queues
  std::size_t reading_bytes_ = 0;  // the most that the reads under way may bring
  Backpressure::Waiting waiting_;  // fresh deliveries in all queues
  Backpressure backpressure_;
  std::vector<AttemptResult> unrecorded_;
  std::size_t being_recorded_ = 0;  // results that the store was given
  bool recording_ = false;
  Task drained_;
};

}  // namespace shakehook
