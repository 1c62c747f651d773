// The signals that ask the program to end, taken one by one by the thread that waits for them; the others that would
// kill it are ignored.
//
//   TERM, INT    The program ends after what is in flight; a second one ends it at once.
//   QUIT         The same; ignored where it was ignored at the start, as a shell does for `&`.
//   HUP          The server reads its settings again and opens its log file again (HangUp::kReloads), unless the
//                terminal that it was started from is gone: then it ends as the other commands do, but a second HUP
//                does not hurry them: a shell and the system both send one. Ignored where it was ignored at the start
//                (nohup).
//   XCPU         A limit of the system: the program ends likewise; it comes every second and does not hurry.
//   PIPE, XFSZ   Ignored: the write fails, with EPIPE or EFBIG.
//   TTIN, TTOU   Ignored: a server in the background of a terminal goes on.
//   USR1, USR2, ALRM, VTALRM, PROF, IO, PWR and the real-time signals are ignored.
// TSTP, STOP, CONT are left to the system: the program stops, and goes on.
//
// Threads: made by the main thread before any other starts, so that all inherit its mask; waited for by one thread.
#pragma once

#include <csignal>

#include "base/clock.h"

namespace shakehook {

class StopSignals {
 public:
  enum class HangUp { kEnds, kReloads };

  // Blocks the signals that are waited for, in this thread and in those that it starts, and ignores the others.
  explicit StopSignals(HangUp hang_up = HangUp::kEnds);

  enum class Came { kYes, kNo, kReload };
  // Returns when a signal has come: kYes or kReload.
  Came Wait();
  Came WaitFor(Milliseconds at_most);
  // Tells whether the signal asks for a reload, and for no end.
  bool Reloads(int signal) const;

  // After Wait: tells whether a signal hurries the program on. A signal within kSameMax of the first does not: a
  // terminal sends Ctrl-C to a whole group, and the process that started this one passes it on again.
  static constexpr Milliseconds kSameMax{100};
  Came WaitForSecond(Milliseconds at_most);
  bool Hurries(int signal) const;

  const sigset_t& set() const { return signals_; }

 private:
  const HangUp hang_up_;
  const bool had_terminal_;
  const SystemClock clock_;
  sigset_t signals_;
  SteadyTime first_at_;
};

}  // namespace shakehook
