// Dispatcher sends pending deliveries. Each webhook belongs to one lane, a loop with a transport of its own, so that
// threads share nothing of a webhook. Commits tell it of new deliveries; it reads the rest back from the store:
// deliveries that did not fit in memory, and retries when they are due.
//
// Ownership: the lanes' loops and transports, and the store, outlive it.
// Threads:   OnCommit on the store's writer thread; Start and Drain from any thread; all else on the lanes' loops.
// Loss:      holds nothing that the store does not; dropped at any time, Start() finds all of it again.
#pragma once

#include <prometheus/registry.h>

#include <memory>
#include <vector>

#include "base/random.h"
#include "delivery/retry_schedule.h"
#include "net/transport.h"
#include "store/store.h"

namespace shakehook {

class Tracer;

class Dispatcher final : public CommitListener {
 public:
  struct Options {
    Milliseconds timeout{5000};  // for one attempt
    RetrySchedule schedule;
    // This many webhooks without work keep what their lane has learned of them; beyond it, those that are idle longest
    // are forgotten.
    std::size_t idle_webhooks_max = 4096;
    // At most so many attempts of one lane at a time: each holds a socket and its payload. One with a large payload
    // counts as several. Tenants share them (fair_scheduler.h).
    std::size_t under_way_max = 6'000;
    // Payloads and entries that wait in memory or are being read back may take this much, in all lanes together: each
    // has an equal part. Beyond it a queue keeps only a little and reads the rest back when it drains.
    std::size_t waiting_bytes_max = 64 * 1024 * 1024;
    Tracer* tracer = nullptr;  // null: attempts are not traced; else it outlives the engine
  };
  struct Lane {
    Loop* loop;
    Transport* transport;
    Random* random;  // the lane's own
  };

  // `metrics` gets the engine's counters.
  Dispatcher(Store& store, std::vector<Lane> lanes, Options options, prometheus::Registry& metrics);
  ~Dispatcher() override;

  // Reads the deliveries that were pending before the start, and starts sending. Called once.
  void Start();
  // No new attempts from now on. Calls `done` on one of the loops when the attempts under way have ended and are
  // recorded.
  void Drain(Task done);

  // How long the API is to hold a change of this scope back now, because a lane does not keep up with the deliveries of
  // its owner, or (kAll) of anybody (backpressure.h). From any thread.
  Microseconds ResponseDelay(const Scope& scope) const;

  void OnCommit(const Commit& commit) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace shakehook
