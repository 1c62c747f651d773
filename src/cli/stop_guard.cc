#include "cli/stop_guard.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cstdlib>

#include "base/console.h"
#include "base/log.h"
#include "base/thread.h"

namespace shakehook {
namespace {

constexpr int kSecondSignal = 1;

[[noreturn]] void EndNow(int code) {
  FlushConsole();
  std::_Exit(code);
}

}  // namespace

StopGuard::StopGuard(const StopSignals& signals, Phase phase, std::optional<Milliseconds> at_most)
    : signals_(signals),
      phase_(phase),
      signals_file_(::signalfd(-1, &signals.set(), SFD_CLOEXEC)),
      done_file_(::eventfd(0, EFD_CLOEXEC)),
      thread_([this, at_most] {
        NameThread("stop");
        Watch(at_most);
      }) {}

StopGuard::~StopGuard() {
  ::eventfd_write(done_file_, 1);
  thread_.join();
  ::close(signals_file_);
  ::close(done_file_);
}

bool StopGuard::Ends(int signal) const {
  if (signals_.Reloads(signal)) return false;
  return phase_ == Phase::kStart || signals_.Hurries(signal);
}

void StopGuard::Watch(std::optional<Milliseconds> at_most) {
  const SystemClock clock;
  const SteadyTime start = clock.Steady();
  for (;;) {
    pollfd files[] = {{.fd = done_file_, .events = POLLIN, .revents = 0},
                      {.fd = signals_file_, .events = POLLIN, .revents = 0}};
    int left_ms = -1;
    if (at_most) {
      const auto passed = std::chrono::duration_cast<Milliseconds>(clock.Steady() - start);
      left_ms = static_cast<int>(std::max(Milliseconds(0), *at_most - passed).count());
    }
    const int ready = ::poll(files, 2, left_ms);
    if (ready < 0) continue;  // interrupted
    if (files[0].revents != 0) return;
    if (ready == 0) {
      LogWarning("stopped before all parts had ended; pending deliveries are sent after the next start");
      EndNow(0);
    }
    signalfd_siginfo signal{};
    if (::read(signals_file_, &signal, sizeof signal) != sizeof signal) continue;
    if (!Ends(static_cast<int>(signal.ssi_signo))) continue;
    if (phase_ == Phase::kStart) {
      LogInfo("stopped before it was ready");
      EndNow(0);
    }
    EndBySecondSignal();
  }
}

void StopGuard::EndBySecondSignal() {
  LogWarning("ended at once by a second signal");
  EndNow(kSecondSignal);
}

}  // namespace shakehook
