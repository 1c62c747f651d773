// Supervisor tells systemd how the server is doing, as sd_notify(3) says: one datagram a message, to the socket
// that NOTIFY_SOCKET names. Where nobody listens (a terminal, a container) it tells nobody.
//
// Loss:    a message that cannot be sent is dropped; the first time the log says so.
// Threads: used by the main thread alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "cli/settings.h"

namespace shakehook {

class Supervisor {
 public:
  // Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID.
  explicit Supervisor(const Environment& environment);
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  // The server accepts requests. `status` is shown by `systemctl status`.
  void TellReady(std::string_view status);
  void TellStopping(std::string_view status);
  // The server is not stuck. Without one of these in the watchdog's time systemd kills it and starts it again.
  void TellAlive();

  // How often TellAlive is to be called: a third of the watchdog's time. Nothing: there is no watchdog.
  std::optional<Milliseconds> alive_interval() const { return alive_interval_; }

 private:
  void Send(const std::string& message);

  std::string address_;  // "/run/systemd/notify", or "@" and an abstract name; empty: nobody
  int socket_ = -1;
  bool has_failed_ = false;
  std::optional<Milliseconds> alive_interval_;
};

}  // namespace shakehook
