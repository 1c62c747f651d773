#include "jobs/replay_jobs.h"

#include <optional>
#include <utility>

namespace shakehook {

Async<Stored<std::vector<Uuid>>> ReplayJobs::ListRunning() {
  auto replays = co_await store_.ListRunningReplays();
  if (!replays) co_return std::unexpected(std::move(replays.error()));
  std::vector<Uuid> jobs;
  for (const ReplayId& replay : *replays) jobs.push_back(replay.uuid);
  co_return jobs;
}

Async<std::expected<JobStep, std::string>> ReplayJobs::Step(Uuid job) {
  const auto step = co_await store_.ContinueReplay({job}, clock_.Now());
  if (!step) co_return std::unexpected(step.error().detail);
  switch (*step) {
    case ReplayStep::kMoved:
    case ReplayStep::kEnded:
      co_return JobStep::kMoved;
    case ReplayStep::kWaits:
      co_return JobStep::kWaits;
    case ReplayStep::kPaused:
      break;
  }
  co_return JobStep::kHeld;
}

Async<bool> ReplayJobs::GiveUp(Uuid job, std::string) {
  const auto canceled = co_await store_.CancelReplay({job}, clock_.Now(), std::nullopt);
  co_return canceled.has_value();
}

}  // namespace shakehook
