#include "cli/supervisor.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <system_error>

#include "base/log.h"

namespace shakehook {
namespace {

constexpr Milliseconds kIntervalMin{10};
constexpr Milliseconds kIntervalMax = std::chrono::hours(1);

std::string Variable(const Environment& environment, std::string_view name) {
  const auto found = environment.find(name);
  return found == environment.end() ? "" : found->second;
}

std::optional<std::uint64_t> Number(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// The watchdog is meant for the process that WATCHDOG_PID names, not for one that inherited the variables.
std::optional<Milliseconds> AliveInterval(const Environment& environment) {
  const auto microseconds = Number(Variable(environment, "WATCHDOG_USEC"));
  if (!microseconds || *microseconds == 0) return std::nullopt;
  const std::string process = Variable(environment, "WATCHDOG_PID");
  if (!process.empty() && Number(process) != static_cast<std::uint64_t>(::getpid())) return std::nullopt;
  const std::uint64_t third_ms = std::min<std::uint64_t>(*microseconds / 3 / 1'000, kIntervalMax.count());
  return std::max(kIntervalMin, Milliseconds(third_ms));
}

}  // namespace

Supervisor::Supervisor(const Environment& environment)
    : address_(Variable(environment, "NOTIFY_SOCKET")),
      alive_interval_(address_.empty() ? std::nullopt : AliveInterval(environment)) {
  if (!address_.empty()) socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

Supervisor::~Supervisor() {
  if (socket_ >= 0) ::close(socket_);
}

void Supervisor::TellReady(std::string_view status) { Send("READY=1\nSTATUS=" + std::string(status)); }
void Supervisor::TellStopping(std::string_view status) { Send("STOPPING=1\nSTATUS=" + std::string(status)); }
void Supervisor::TellAlive() { Send("WATCHDOG=1"); }

void Supervisor::Send(const std::string& message) {
  if (address_.empty()) return;
  sockaddr_un to{.sun_family = AF_UNIX};
  const bool fits = address_.size() < sizeof to.sun_path && (address_[0] == '/' || address_[0] == '@');
  int error = fits ? 0 : EAFNOSUPPORT;
  if (fits) {
    std::ranges::copy(address_, to.sun_path);
    if (address_[0] == '@') to.sun_path[0] = '\0';
    const auto bytes = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
    const auto sent =
        ::sendto(socket_, message.data(), message.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&to), bytes);
    if (sent < 0) error = errno;
  }
  if (error == 0 || has_failed_) return;
  has_failed_ = true;
  LogWarning("cannot tell the supervisor how the server is doing",
             {{"socket", address_}, {"error", std::generic_category().message(error)}});
}

}  // namespace shakehook
