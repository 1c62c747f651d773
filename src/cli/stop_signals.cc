#include "cli/stop_signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace shakehook {
namespace {

constexpr int kIgnored[] = {SIGPIPE, SIGXFSZ, SIGTTIN,   SIGTTOU, SIGUSR1, SIGUSR2,
                            SIGALRM, SIGPROF, SIGVTALRM, SIGIO,   SIGPWR,  SIGSTKFLT};

bool IsIgnored(int signal) {
  struct sigaction action{};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

// Tells whether the process has a terminal, which is still there.
bool HasTerminal() {
  const int terminal = ::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  if (terminal < 0) return false;
  ::close(terminal);
  return true;
}

}  // namespace

StopSignals::StopSignals(HangUp hang_up) : hang_up_(hang_up), had_terminal_(HasTerminal()) {
  for (const int signal : kIgnored) ::signal(signal, SIG_IGN);
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal) ::signal(signal, SIG_IGN);
  ::sigemptyset(&signals_);
  for (const int signal : {SIGTERM, SIGINT, SIGXCPU}) ::sigaddset(&signals_, signal);
  // A blocked signal would be taken although it is ignored.
  for (const int signal : {SIGHUP, SIGQUIT}) {
    if (!IsIgnored(signal)) ::sigaddset(&signals_, signal);
  }
  ::pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}

StopSignals::Came StopSignals::Wait() {
  int signal = 0;
  while (::sigwait(&signals_, &signal) != 0) {
  }
  if (Reloads(signal)) return Came::kReload;
  first_at_ = clock_.Steady();
  return Came::kYes;
}

StopSignals::Came StopSignals::WaitFor(Milliseconds at_most) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(at_most);
  const timespec limit{.tv_sec = seconds.count(), .tv_nsec = (at_most - seconds).count() * 1'000'000};
  const int signal = ::sigtimedwait(&signals_, nullptr, &limit);
  if (signal < 0) return Came::kNo;
  if (Reloads(signal)) return Came::kReload;
  first_at_ = clock_.Steady();
  return Came::kYes;
}

StopSignals::Came StopSignals::WaitForSecond(Milliseconds at_most) {
  const timespec limit{.tv_sec = 0, .tv_nsec = at_most.count() * 1'000'000};
  const int signal = ::sigtimedwait(&signals_, nullptr, &limit);
  return signal >= 0 && Hurries(signal) ? Came::kYes : Came::kNo;
}

bool StopSignals::Reloads(int signal) const {
  return signal == SIGHUP && hang_up_ == HangUp::kReloads && (!had_terminal_ || HasTerminal());
}

bool StopSignals::Hurries(int signal) const {
  return signal != SIGHUP && signal != SIGXCPU && clock_.Steady() - first_at_ > kSameMax;
}

}  // namespace shakehook
