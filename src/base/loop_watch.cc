#include "base/loop_watch.h"

#include <time.h>

#include "base/log.h"
#include "base/loop_watch_hooks.h"

namespace shakehook {
namespace {

SteadyTime CoarseSteady() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return SteadyTime(Microseconds(time.tv_sec * 1'000'000 + time.tv_nsec / 1'000));
}

void Tell(const LoopWatch& watch, const LoopWatch::Report& report) {
  LogWarning("a turn of a loop took too long",
             {{"loop", watch.options().name},
              {"what", watch.TextOf(report.work)},
              {"ms", std::to_string(std::chrono::floor<Milliseconds>(report.took).count())},
              {"others_since_last_told", std::to_string(report.untold)}});
}

}  // namespace

std::string LoopWatch::TextOf(const LoopWork& work) const {
  if (work.verb.empty()) return std::string(options_.usual_work);
  std::string text(work.verb);
  if (!work.object.empty()) text += ' ';
  text += work.object;
  return text;
}

std::optional<LoopWatch::Report> LoopWatch::EndSlow(SteadyTime now, Microseconds took) {
  slow_turns_.store(slow_turns() + 1, std::memory_order_relaxed);
  if (reported_at_ && now - *reported_at_ < kReportInterval) {
    ++untold_;
    return std::nullopt;
  }
  reported_at_ = now;
  return Report{.work = CurrentLoopWork(), .took = took, .untold = std::exchange(untold_, 0)};
}

void BeginLoopTurn() {
  if (current_loop_watch != nullptr) current_loop_watch->Begin(CoarseSteady());
}

void EndLoopTurn() {
  if (current_loop_watch == nullptr) return;
  const auto report = current_loop_watch->End(CoarseSteady());
  SetLoopWork({});
  if (report) Tell(*current_loop_watch, *report);
}

}  // namespace shakehook
