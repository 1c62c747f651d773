#include "delivery/dispatcher.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <iterator>
#include <memory>
#include <utility>

#include "base/check.h"
#include "base/log.h"
#include "delivery/delivery_metrics.h"
#include "delivery/lane.h"
#include "delivery/own_faults.h"
#include "store/owner_scope.h"

namespace shakehook {
namespace {

constexpr Milliseconds kStartPause{1'000};
// At the start the newest attempt of at most this many webhooks is compared with the wall clock, to detect a clock that
// was set back.
constexpr std::size_t kLookedAtMax = 1'000;

constexpr std::size_t kWaitingBytesOfLaneMin = 4 * 1024 * 1024;

Dispatcher::Options OfOneLane(Dispatcher::Options of_all, std::size_t lanes) {
  of_all.waiting_bytes_max =
      std::max(of_all.waiting_bytes_max / std::max<std::size_t>(lanes, 1), kWaitingBytesOfLaneMin);
  return of_all;
}

constexpr std::size_t kOwedPerTurn = 2'048;

// Splits what a lane is told of a commit, so that no turn of its loop takes long. The order stays as it was.
std::vector<shakehook::Lane::CommitUpdate> InTurns(shakehook::Lane::CommitUpdate update) {
  std::vector<shakehook::Lane::CommitUpdate> parts;
  auto owed = std::exchange(update.owed, {});
  auto next = std::make_move_iterator(owed.begin());
  auto left = owed.size();
  for (; left > kOwedPerTurn; left -= kOwedPerTurn) {
    auto& part = parts.emplace_back();
    part.posted_at = update.posted_at;
    part.changed = std::exchange(update.changed, {});
    part.canceled = std::exchange(update.canceled, {});
    part.owed.assign(next, next + kOwedPerTurn);
    next += kOwedPerTurn;
  }
  update.owed.assign(next, std::make_move_iterator(owed.end()));
  parts.push_back(std::move(update));
  return parts;
}

}  // namespace

struct Dispatcher::State {
  State(Store& where, std::vector<Dispatcher::Lane> lane_parts, Options how, prometheus::Registry& registry)
      : store(where),
        options(OfOneLane(how, lane_parts.size())),
        metrics(registry),
        own_faults(registry),
        parts(std::move(lane_parts)) {
    CHECK(!parts.empty());
    for (const Dispatcher::Lane& lane : parts) {
      lanes.push_back(std::make_unique<shakehook::Lane>(store, lane, options, metrics, own_faults));
    }
  }

  // Numbers are given in order, so they spread evenly.
  std::size_t LaneOf(WebhookNumber webhook) const { return static_cast<std::size_t>(webhook.value) % lanes.size(); }

  Async<> Start();
  Milliseconds LongestWait(WebhookNumber number, Timestamp wall) const;
  Async<Timestamp> FindScheduleTime(const std::vector<OwedWebhook>& owed);

  Store& store;
  const Options options;
  DeliveryMetrics metrics;
  OwnFaults own_faults;
  const std::vector<Dispatcher::Lane> parts;
  std::vector<std::unique_ptr<shakehook::Lane>> lanes;
  std::atomic<std::size_t> lanes_to_drain = 0;
};

Dispatcher::Dispatcher(Store& store, std::vector<Lane> lanes, Options options, prometheus::Registry& metrics)
    : state_(std::make_unique<State>(store, std::move(lanes), options, metrics)) {}

Dispatcher::~Dispatcher() = default;

// Returns how far ahead a retry of the webhook may have been stored. One that was edited a short time ago may have had
// the extended schedule until then.
Milliseconds Dispatcher::State::LongestWait(WebhookNumber number, Timestamp wall) const {
  const Milliseconds extended = options.schedule.Extended().WaitMax();
  const SharedWebhook webhook = store.config_cache().FindWebhook(number);
  if (!webhook) return options.schedule.WaitMax();
  const bool edited = webhook->updated_at <= wall && wall - webhook->updated_at < extended;
  return edited ? extended : options.schedule.Of(webhook->retry_schedule).WaitMax();
}

// Returns the wall clock, unless it has gone back since the retries were stored. Then it returns the time when they
// were stored, so that they continue from there. Attempts in the future, or retries further ahead than the longest
// delay, show that it has gone back.
Async<Timestamp> Dispatcher::State::FindScheduleTime(const std::vector<OwedWebhook>& owed) {
  const Timestamp wall = parts[0].loop->clock().Now();
  std::vector<OwedWebhook> ahead;
  std::ranges::copy_if(owed, std::back_inserter(ahead),
                       [wall](const OwedWebhook& webhook) { return webhook.last_due && *webhook.last_due > wall; });
  if (ahead.empty()) co_return wall;
  std::ranges::sort(ahead, std::greater(), &OwedWebhook::last_due);
  Timestamp time = wall;
  for (const OwedWebhook& webhook : ahead)
    time = std::max(time, *webhook.last_due - LongestWait(webhook.webhook, wall));

  std::vector<WebhookNumber> furthest;
  for (const OwedWebhook& webhook : ahead) {
    if (furthest.size() < kLookedAtMax) furthest.push_back(webhook.webhook);
  }
  const auto health = co_await store.GetHealth(std::move(furthest));
  if (health) {
    for (const WebhookHealth& webhook : *health) {
      time = std::max({time, webhook.last_failed_at.value_or(wall), webhook.last_delivered_at.value_or(wall)});
    }
  }
  if (time == wall) co_return wall;
  LogWarning("the clock has gone back since the last run; retries go on by the time of that run");
  // The first of them need not wait again; the others keep their distance to it.
  std::optional<Timestamp> first;
  for (const OwedWebhook& webhook : ahead) {
    if (*webhook.next_due >= time && (!first || *webhook.next_due < *first)) first = webhook.next_due;
  }
  co_return first.value_or(time);
}

// Runs on the first lane's loop.
Async<> Dispatcher::State::Start() {
  for (;;) {
    const auto lease = co_await store.HoldLeases();
    auto owed = lease ? co_await store.ListOwed() : Stored<std::vector<OwedWebhook>>(std::unexpected(lease.error()));
    if (owed) {
      const Timestamp schedule_time = co_await FindScheduleTime(*owed);
      std::vector<std::vector<OwedWebhook>> shares(lanes.size());
      for (const OwedWebhook& webhook : *owed) shares[LaneOf(webhook.webhook)].push_back(webhook);
      for (std::size_t i = 0; i < lanes.size(); ++i) {
        parts[i].loop->Post([lane = lanes[i].get(), lease = *lease, share = std::move(shares[i]),
                             schedule_time]() mutable { lane->Start(lease, std::move(share), schedule_time); });
      }
      co_return;
    }
    LogError("cannot read the pending deliveries; trying again", {{"reason", owed.error().detail}});
    Loop& loop = *parts[0].loop;
    co_await SleepUntil(loop, loop.clock().Steady() + kStartPause);
  }
}

void Dispatcher::Start() {
  State* const state = state_.get();
  state->parts[0].loop->Post([state] { state->parts[0].loop->Spawn(state->Start()); });
}

void Dispatcher::Drain(Task done) {
  State* const state = state_.get();
  state->lanes_to_drain = state->lanes.size();
  auto shared_done = std::make_shared<Task>(std::move(done));
  for (std::size_t i = 0; i < state->lanes.size(); ++i) {
    state->parts[i].loop->Post([state, i, shared_done] {
      state->lanes[i]->Drain([state, shared_done] {
        if (--state->lanes_to_drain == 0) (*shared_done)();
      });
    });
  }
}

Microseconds Dispatcher::ResponseDelay(const Scope& scope) const {
  std::optional<Backpressure::Tenant> tenant;
  if (scope.kind != Scope::Kind::kAll) tenant = std::hash<Scope>()(OwnerOf(scope, state_->store.config_cache()));
  Microseconds longest{0};
  const SteadyTime now = state_->parts[0].loop->clock().Steady();
  for (const auto& lane : state_->lanes) longest = std::max(longest, lane->pace().Delay(now, tenant));
  return longest;
}

void Dispatcher::OnCommit(const Commit& commit) {
  std::vector<shakehook::Lane::CommitUpdate> update(state_->lanes.size());
  for (const Commit::Changed& changed : commit.changed)
    update[state_->LaneOf(changed.number)].changed.push_back(changed);
  for (const Commit::Canceled& canceled : commit.canceled) {
    update[state_->LaneOf(canceled.webhook)].canceled.push_back(canceled);
  }
  for (const Commit::Owed& owed : commit.owed) update[state_->LaneOf(owed.delivery.key.webhook)].owed.push_back(owed);
  for (const Commit::OwedMore& more : commit.owed_more)
    update[state_->LaneOf(more.webhook->number)].owed_more.push_back(more);
  for (const Commit::Due& due : commit.due) update[state_->LaneOf(due.webhook->number)].due.push_back(due);
  for (std::size_t i = 0; i < update.size(); ++i) {
    update[i].erased = commit.erased;
    if (update[i].empty()) continue;
    update[i].posted_at = state_->parts[i].loop->clock().Steady();
    for (shakehook::Lane::CommitUpdate& part : InTurns(std::move(update[i]))) {
      state_->parts[i].loop->Post(
          [lane = state_->lanes[i].get(), part = std::move(part)]() mutable { lane->OnCommit(std::move(part)); });
    }
  }
}

}  // namespace shakehook
