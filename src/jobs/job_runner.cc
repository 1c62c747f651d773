#include "jobs/job_runner.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace shakehook {
namespace {

constexpr Microseconds kPauseMin{2'000};
constexpr Milliseconds kWaitPause{50};
constexpr Milliseconds kHeldPause{1'000};
// The pause after the store could not be read or written.
constexpr Milliseconds kStorePause{1'000};

}  // namespace

void JobRunner::Wake() {
  loop_.Post([this] { Continue(); });
}

void JobRunner::OnCommit(const Commit& commit) {
  if (kind_.StartedBy(commit)) Wake();
}

void JobRunner::Continue() {
  woken_ = true;
  if (!std::exchange(running_, true)) loop_.Spawn(Run());
}

Async<> JobRunner::Run() {
  for (;;) {
    woken_ = false;
    auto running = co_await kind_.ListRunning();
    Microseconds pause = kStorePause;
    if (!running) {
      LogWarning("cannot read whether " + std::string(kind_.name()) + " runs; trying again",
                 {{"reason", running.error().detail}});
    } else if (!running->empty()) {
      pause = co_await StepAll(*std::move(running));
    } else if (!woken_) {
      running_ = false;
      co_return;
    }
    co_await SleepUntil(loop_, loop_.clock().Steady() + pause);
  }
}

Async<Microseconds> JobRunner::StepAll(std::vector<Uuid> running) {
  Microseconds pause = kHeldPause;
  for (const Uuid& job : running) {
    const SteadyTime started = loop_.clock().Steady();
    if (const auto failed = failures_.find(job); failed != failures_.end() && started < failed->second.next_try) {
      continue;
    }
    const auto step = co_await kind_.Step(job);
    if (!step) {
      if (!kind_.CanWrite()) co_return kStorePause;
      co_await Failed(job, step.error());
      continue;
    }
    failures_.erase(job);
    if (*step == JobStep::kWaits) pause = std::min<Microseconds>(pause, kWaitPause);
    if (*step != JobStep::kMoved) continue;
    // At most half of the time goes into steps, however long they take.
    const SteadyTime ended = loop_.clock().Steady();
    pause = kPauseMin;
    co_await SleepUntil(loop_, ended + std::max(kPauseMin, ended - started));
  }
  co_return pause;
}

Async<> JobRunner::Failed(Uuid job, std::string reason) {
  const std::string name(kind_.name());
  Failures& failures = failures_[job];
  failures.next_try = loop_.clock().Steady() + kStorePause;
  const int count = ++failures.count;
  if (count == 1) {
    LogWarning(name + " cannot go on; trying again", {{"job", job.ToString()}, {"reason", reason}});
  }
  if (count < kJobFailuresMax) co_return;
  if (!co_await kind_.GiveUp(job, reason)) co_return;
  failures_.erase(job);
  LogError(name + " is canceled, because it cannot go on", {{"job", job.ToString()}, {"reason", reason}});
}

}  // namespace shakehook
