// A Loop runs callbacks and coroutines one at a time, so that data that lives on it needs no lock.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/loop_watch.h"

namespace shakehook {

namespace asio = boost::asio;

// The concrete executor: a type-erased one costs some microseconds a request.
using Executor = asio::io_context::executor_type;

// A coroutine that runs on a Loop.
template <class T = void>
using Async = asio::awaitable<T, Executor>;

using Task = std::move_only_function<void()>;

class Loop {
 public:
  // Earliest first; the number keeps timers of one moment in the order they were set.
  using TimerKey = std::pair<SteadyTime, std::uint64_t>;

  explicit Loop(Clock& clock);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  Clock& clock() const { return clock_; }
  asio::io_context& context() { return context_; }
  Executor executor() { return context_.get_executor(); }

  // Measures the turns that Run takes. Once, before it runs.
  void Watch(LoopWatch::Options options) { watch_ = std::make_unique<LoopWatch>(std::move(options)); }
  // Null: nobody watches.
  const LoopWatch* watch() const { return watch_.get(); }

  void Post(Task task);

  // Starts a coroutine on the loop; an exception that leaves it is a bug and ends the program.
  void Spawn(Async<> coroutine);

  // Runs `task` once, not before `at`.
  TimerKey CallAt(SteadyTime at, Task task);
  // Drops the timer's task; nothing happens if it ran already.
  void Cancel(const TimerKey& key);

  // For production: runs until Stop(). Timers fire only while Run runs: if a timer came due as Run ended, its queued
  // task does nothing when Poll runs it later.
  void Run();
  void Stop();

  // Under a virtual clock, or after Run. Poll runs what is ready, and what becomes ready by that; returns how many
  // callbacks ran.
  std::size_t Poll();
  std::optional<SteadyTime> NextTimer() const;
  // Runs the timers that are due by the clock.
  void RunTimers();

 private:
  struct Alarm;
  void Arm();

  Clock& clock_;
  std::map<TimerKey, Task> timers_;
  std::uint64_t timers_made_ = 0;
  bool running_ = false;  // inside Run
  std::unique_ptr<LoopWatch> watch_;
  asio::io_context context_;
  // Wakes Run() for the earliest timer; absent under a virtual clock. It lives as long as the loop, because its handler
  // may still be queued when Run() has returned.
  std::unique_ptr<Alarm> alarm_;
};

// Suspends the calling coroutine, which must run on `loop`, until `at`.
Async<> SleepUntil(Loop& loop, SteadyTime at);

}  // namespace shakehook
