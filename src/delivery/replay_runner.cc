#include "delivery/replay_runner.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace shakehook {
namespace {

constexpr Microseconds kPauseMin{2'000};
// Enough waits to be sent: until some of it is.
constexpr Milliseconds kWaitPause{50};
// All that run belong to webhooks that are disabled.
constexpr Milliseconds kDisabledPause{1'000};
// After the store could not be read or written.
constexpr Milliseconds kStorePause{1'000};
// A step that failed so often, while the store could be written, will not work.
constexpr int kFailuresMax = 20;

}  // namespace

void ReplayRunner::Start() {
  loop_.Post([this] { Wake(); });
}

void ReplayRunner::OnCommit(const Commit& commit) {
  if (!commit.replays.empty()) Start();
}

void ReplayRunner::Wake() {
  woken_ = true;
  if (!std::exchange(running_, true)) loop_.Spawn(Run());
}

Async<> ReplayRunner::Run() {
  for (;;) {
    woken_ = false;
    auto running = co_await store_.ListRunningReplays();
    Microseconds pause = kStorePause;
    if (!running) {
      LogWarning("cannot read the replays; trying again", {{"reason", running.error().detail}});
    } else if (!running->empty()) {
      pause = co_await StepAll(*std::move(running));
    } else if (!woken_) {
      running_ = false;
      co_return;
    }
    co_await SleepUntil(loop_, loop_.clock().Steady() + pause);
  }
}

Async<Microseconds> ReplayRunner::StepAll(std::vector<ReplayId> running) {
  Microseconds pause = kDisabledPause;
  for (const ReplayId id : running) {
    const SteadyTime started = loop_.clock().Steady();
    if (const auto failed = failures_.find(id); failed != failures_.end() && started < failed->second.next_try)
      continue;
    const auto step = co_await store_.ContinueReplay(id, loop_.clock().Now());
    if (!step) {
      if (!store_.writable()) co_return kStorePause;
      co_await Failed(id, step.error().detail);
      continue;
    }
    failures_.erase(id);
    if (*step == ReplayStep::kWaits) pause = std::min<Microseconds>(pause, kWaitPause);
    if (*step != ReplayStep::kMoved) continue;
    // At most half of the time goes into replays, however slow the disk is.
    const SteadyTime ended = loop_.clock().Steady();
    pause = kPauseMin;
    co_await SleepUntil(loop_, ended + std::max(kPauseMin, ended - started));
  }
  co_return pause;
}

Async<> ReplayRunner::Failed(ReplayId id, std::string reason) {
  Failures& failures = failures_[id];
  failures.next_try = loop_.clock().Steady() + kStorePause;
  if (++failures.count == 1) {
    LogWarning("a replay cannot go on; trying again", {{"replay", id.ToString()}, {"reason", reason}});
  }
  if (failures.count < kFailuresMax) co_return;
  const auto canceled = co_await store_.CancelReplay(id, loop_.clock().Now(), std::nullopt);
  if (!canceled) co_return;
  failures_.erase(id);
  LogError("a replay is canceled, because it cannot go on", {{"replay", id.ToString()}, {"reason", reason}});
}

}  // namespace shakehook
