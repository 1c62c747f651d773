// A StopGuard ends the process while the main thread is busy and cannot take a signal: during a start that takes long
// (a migration, a log to recover), and while the parts of the server are taken down. It may end it at any moment,
// because all that was answered is on disk.
//
// Threads: made and destroyed by the main thread; one of its own waits for signals and for the deadline.
#pragma once

#include <cstdint>
#include <optional>
#include <thread>

#include "cli/stop_signals.h"

namespace shakehook {

class StopGuard {
 public:
  enum class Phase : std::uint8_t {
    kStart,  // any signal but a reload ends it, with exit code 0: nothing was promised yet
    kEnd,    // a second signal ends it with exit code 1, the deadline with 0
  };

  StopGuard(const StopSignals& signals, Phase phase, std::optional<Milliseconds> at_most);
  // Waits for the thread.
  ~StopGuard();
  // Ends the program as a second signal does; for the main thread, where that waits for one.
  [[noreturn]] static void EndBySecondSignal();

  StopGuard(const StopGuard&) = delete;
  StopGuard& operator=(const StopGuard&) = delete;

 private:
  void Watch(std::optional<Milliseconds> at_most);
  bool Ends(int signal) const;

  const StopSignals& signals_;
  const Phase phase_;
  const int signals_file_;  // readable when a signal waits
  const int done_file_;     // readable when the main thread is done
  std::thread thread_;
};

}  // namespace shakehook
