// ReplayRunner goes on with the replays that run: a small step of each in turn, with pauses, so that those who wait for
// the store hardly notice. It asks the store only while one runs; a commit tells it of the next. A replay whose steps
// fail again and again, while others change the store, is canceled and the log says why.
//
// Ownership: store and loop outlive its work; destroyed after the loop has ended.
// Threads:   OnCommit on the store's writer thread; Start from any thread; all else on its loop.
// Loss:      holds nothing that the store does not; replays go on where they were after Start().
#pragma once

#include <unordered_map>

#include "store/store.h"

namespace shakehook {

class ReplayRunner final : public CommitListener {
 public:
  ReplayRunner(Store& store, Loop& loop) : store_(store), loop_(loop) {}

  // Goes on with those that ran before. Once.
  void Start();

  void OnCommit(const Commit& commit) override;

 private:
  void Wake();
  Async<> Run();
  // A step of each; answers how long to wait before the next.
  Async<Microseconds> StepAll(std::vector<ReplayId> running);
  // A step failed for `reason`.
  Async<> Failed(ReplayId id, std::string reason);

  Store& store_;
  Loop& loop_;
  struct Failures {
    int count = 0;  // steps that failed one after the other
    SteadyTime next_try;
  };
  std::unordered_map<ReplayId, Failures> failures_;
  bool running_ = false;
  bool woken_ = false;  // one was started since those that run were last read
};

}  // namespace shakehook
