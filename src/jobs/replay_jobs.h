// ReplayJobs runs the replays: each step makes some deliveries due again.
//
// Ownership: store and clock outlive it.
// Threads:   lives on one loop; StartedBy on the store's writer thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "jobs/job_runner.h"
#include "store/store.h"

namespace shakehook {

class ReplayJobs final : public JobKind {
 public:
  ReplayJobs(Store& store, Clock& clock) : store_(store), clock_(clock) {}

  std::string_view name() const override { return "a replay"; }
  bool StartedBy(const Commit& commit) const override { return !commit.replays.empty(); }
  bool CanWrite() const override { return store_.writable(); }
  Async<Stored<std::vector<Uuid>>> ListRunning() override;
  Async<std::expected<JobStep, std::string>> Step(Uuid job) override;
  // Cancels the replay; deliveries that it has made due are sent.
  Async<bool> GiveUp(Uuid job, std::string reason) override;

 private:
  Store& store_;
  Clock& clock_;
};

}  // namespace shakehook
