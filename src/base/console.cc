#include "base/console.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/line_writer.h"

namespace shakehook {
namespace {

constexpr Milliseconds kFlushMax{1'000};

using MakeNotice = std::string (*)(std::uint64_t dropped);

std::string PlainNotice(std::uint64_t dropped) {
  return "(" + std::to_string(dropped) + " lines are missing here: they were not read in time)\n";
}

// The process has one of each. It is never destroyed: other threads may write until the process is gone.
struct Console {
  std::atomic<MakeNotice> log_notice = PlainNotice;
  LineWriter output{STDOUT_FILENO, PlainNotice};
  LineWriter log{STDERR_FILENO, [this](std::uint64_t dropped) { return log_notice.load()(dropped); }};
};

Console& TheConsole() {
  static Console& console = *new Console;
  return console;
}

}  // namespace

void OpenStandardFiles() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
    if (::fcntl(descriptor, F_GETFD) >= 0) continue;
    // The lowest free number is this one.
    if (::open("/dev/null", descriptor == STDIN_FILENO ? O_RDONLY : O_WRONLY) < 0) return;
  }
}

void Print(std::string text) { TheConsole().output.Write(std::move(text)); }

void PrintLogLine(std::string line) { TheConsole().log.Write(std::move(line)); }

std::expected<void, std::string> SendLogTo(const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
  const bool taken = file >= 0 && ::dup3(file, STDERR_FILENO, 0) >= 0;
  const int error = errno;
  if (file >= 0) ::close(file);
  if (taken) return {};
  return std::unexpected("cannot open the log file " + path + ": " + std::generic_category().message(error));
}

std::uint64_t LogLinesDropped() { return TheConsole().log.dropped(); }

void SetDroppedLogLinesNotice(MakeNotice notice) { TheConsole().log_notice = notice; }

void FlushConsole() {
  TheConsole().output.Flush(kFlushMax);
  TheConsole().log.Flush(kFlushMax);
}

void PrintLastWords(std::string_view line) {
  TheConsole().log.Flush(kFlushMax);
  std::string text(line.substr(0, PIPE_BUF - 1));
  text.push_back('\n');
  // A pipe that can be written to takes PIPE_BUF bytes without waiting.
  pollfd writable{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
  if (::poll(&writable, 1, static_cast<int>(kFlushMax.count())) != 1) return;
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace shakehook
