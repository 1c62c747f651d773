// JobRunner runs the stored jobs of one kind (imports, replays, the purge): a small step of each in turn. Steps take at
// most half of the time, however slow the disk is, so that other users of the store hardly notice. It lists the running
// jobs only while there are some, and after a wake. A job whose steps fail again and again, though the store can write,
// is given up.
//
// Ownership: kind and loop outlive its work; destroyed after the loop has ended.
// Threads:   Wake and OnCommit from any thread; everything else on its loop.
// Loss:      holds nothing that the store does not; jobs go on where they were after the first Wake().
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/loop.h"
#include "base/uuid.h"
#include "store/commit_listener.h"
#include "store/refusal.h"

namespace shakehook {

// The result of one step of a job.
enum class JobStep : std::uint8_t {
  kMoved,  // there may be more to do at once
  kWaits,  // it can go on when other parts have done their work: in some 50 ms
  kHeld,   // it is held up by somebody's decision, such as a disabled webhook: in a second
};

// JobKind is one kind of job. All functions run on the runner's loop, except StartedBy.
class JobKind {
 public:
  virtual ~JobKind() = default;

  // Names a job of the kind in the log: "an import", "the purge".
  virtual std::string_view name() const = 0;
  // Tells whether the commit started a job of this kind. Runs on the store's writer thread.
  virtual bool StartedBy(const Commit&) const { return false; }
  // Tells whether the store can write: a step that fails while it cannot is not the job's fault.
  virtual bool CanWrite() const = 0;
  virtual Async<Stored<std::vector<Uuid>>> ListRunning() = 0;
  // Makes a step of a job that ListRunning named. The error says why it could not, for the log.
  virtual Async<std::expected<JobStep, std::string>> Step(Uuid job) = 0;
  // Ends a job whose steps fail for `reason`. Returns false if that failed too; it is tried again after the next step.
  virtual Async<bool> GiveUp(Uuid job, std::string reason) = 0;
};

// A job is given up when this many of its steps have failed, one after the other.
inline constexpr int kJobFailuresMax = 20;

class JobRunner final : public CommitListener {
 public:
  JobRunner(JobKind& kind, Loop& loop) : kind_(kind), loop_(loop) {}

  // Lists the running jobs.
  void Wake();
  void OnCommit(const Commit& commit) override;

 private:
  struct Failures {
    int count = 0;  // steps that failed one after the other
    SteadyTime next_try;
  };

  void Continue();
  Async<> Run();
  // Makes a step of each; returns how long to wait before the next.
  Async<Microseconds> StepAll(std::vector<Uuid> running);
  Async<> Failed(Uuid job, std::string reason);

  JobKind& kind_;
  Loop& loop_;
  std::unordered_map<Uuid, Failures> failures_;
  bool running_ = false;
  bool woken_ = false;  // since the running jobs were listed last
};

}  // namespace shakehook
