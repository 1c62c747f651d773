#include "cli/stop_signals.h"

#include <cerrno>

namespace shakehook {

StopSignals::StopSignals() {
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);  // then a write answers EFBIG, which is a full disk like any other
  ::sigemptyset(&signals_);
  ::sigaddset(&signals_, SIGTERM);
  ::sigaddset(&signals_, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}

void StopSignals::Wait() {
  int signal = 0;
  while (::sigwait(&signals_, &signal) != 0) {
  }
}

StopSignals::Came StopSignals::WaitFor(Milliseconds at_most) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(at_most);
  const timespec limit{.tv_sec = seconds.count(), .tv_nsec = (at_most - seconds).count() * 1'000'000};
  return ::sigtimedwait(&signals_, nullptr, &limit) >= 0 ? Came::kYes : Came::kNo;
}

}  // namespace shakehook
