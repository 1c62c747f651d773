#include "base/line_writer.h"

#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <deque>
#include <system_error>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/thread.h"

namespace shakehook {
namespace {

constexpr Milliseconds kRetryDelay{1'000};

// Returns as many whole lines as a pipe takes in one piece.
std::string_view NextPiece(std::string_view text) {
  if (text.size() <= PIPE_BUF) return text;
  const std::size_t fits = text.substr(0, PIPE_BUF).rfind('\n');
  if (fits != std::string_view::npos) return text.substr(0, fits + 1);
  return text.substr(0, text.find('\n') == std::string_view::npos ? text.size() : text.find('\n') + 1);
}

}  // namespace

struct LineWriter::State {
  State(int descriptor_used, Notice notice_made) : descriptor(descriptor_used), notice(std::move(notice_made)) {}

  const int descriptor;
  const Notice notice;

  mutable Mutex mutex;
  Condition work;  // there is a text, or the end
  Condition idle;  // everything is written, or a write failed
  std::deque<std::string> waiting GUARDED_BY(mutex);
  std::size_t bytes GUARDED_BY(mutex) = 0;
  std::uint64_t dropped GUARDED_BY(mutex) = 0;
  std::uint64_t dropped_untold GUARDED_BY(mutex) = 0;
  bool started GUARDED_BY(mutex) = false;
  bool writing GUARDED_BY(mutex) = false;
  std::uint64_t failures GUARDED_BY(mutex) = 0;
  bool ended GUARDED_BY(mutex) = false;

  void DropOldest() REQUIRES(mutex) {
    bytes -= waiting.front().size();
    waiting.pop_front();
    ++dropped;
    ++dropped_untold;
  }
  bool Done() const REQUIRES(mutex) { return waiting.empty() && !writing && dropped_untold == 0; }

  // Empty once the writer has ended.
  std::string Take();
  void WriteOut(std::string_view text);
  // Notes a failure and waits until it is time to try again; false: the writer has ended.
  bool WaitAfterFailure();
};

std::string LineWriter::State::Take() {
  std::uint64_t untold = 0;
  {
    MutexLock lock(mutex);
    writing = false;
    if (Done()) idle.NotifyAll();
    while (Done() && !ended) work.Wait(mutex);
    if (ended) return {};
    writing = true;
    untold = std::exchange(dropped_untold, 0);
    if (untold == 0) {
      std::string text = std::move(waiting.front());
      waiting.pop_front();
      bytes -= text.size();
      return text;
    }
  }
  return notice(untold);
}

bool LineWriter::State::WaitAfterFailure() {
  MutexLock lock(mutex);
  ++failures;
  idle.NotifyAll();
  if (!ended) work.WaitFor(mutex, kRetryDelay);
  return !ended;
}

void LineWriter::State::WriteOut(std::string_view text) {
  while (!text.empty()) {
    const std::string_view piece = NextPiece(text);
    const ssize_t written = ::write(descriptor, piece.data(), piece.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      // Another process that shares the descriptor has made it non-blocking.
      pollfd writable{.fd = descriptor, .events = POLLOUT, .revents = 0};
      ::poll(&writable, 1, static_cast<int>(kRetryDelay.count()));
      MutexLock lock(mutex);
      if (ended) return;
      continue;
    }
    if (written < 0) {
      if (!WaitAfterFailure()) return;
      continue;
    }
    text.remove_prefix(written);
    MutexLock lock(mutex);
    if (ended) return;
  }
}

LineWriter::LineWriter(int descriptor, Notice notice)
    : state_(std::make_shared<State>(descriptor, std::move(notice))) {}

LineWriter::~LineWriter() {
  State& state = *state_;
  MutexLock lock(state.mutex);
  state.ended = true;
  state.work.NotifyAll();
}

void LineWriter::Run(State& state) {
  for (std::string text = state.Take(); !text.empty(); text = state.Take()) state.WriteOut(text);
}

void LineWriter::Write(std::string text) {
  if (text.empty()) return;
  State& state = *state_;
  MutexLock lock(state.mutex);
  state.bytes += text.size();
  state.waiting.push_back(std::move(text));
  while (state.waiting.size() > 1 && (state.waiting.size() > kTextsMax || state.bytes > kBytesMax)) state.DropOldest();
  if (!state.started) {
    try {
      std::thread([shared = state_] {
        NameThread("output");
        Run(*shared);
      }).detach();
      state.started = true;
    } catch (const std::system_error&) {
      return;  // no thread can be started now; the next text tries again
    }
  }
  state.work.NotifyOne();
}

bool LineWriter::Flush(Milliseconds at_most) {
  State& state = *state_;
  MutexLock lock(state.mutex);
  if (!state.started) return state.Done();
  const SystemClock clock;
  const SteadyTime deadline = clock.Steady() + at_most;
  const std::uint64_t failures = state.failures;
  state.work.NotifyAll();  // the writer tries the texts that failed before once more
  while (!state.Done() && state.failures == failures) {
    const SteadyTime now = clock.Steady();
    if (now >= deadline) break;
    state.idle.WaitFor(state.mutex, deadline - now);
  }
  return state.Done();
}

std::uint64_t LineWriter::dropped() const {
  const State& state = *state_;
  MutexLock lock(state.mutex);
  return state.dropped;
}

}  // namespace shakehook
