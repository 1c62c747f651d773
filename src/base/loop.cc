#include "base/loop.h"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "base/check.h"
#include "base/log.h"
#include "base/memory_reserve.h"

namespace shakehook {

struct Loop::Alarm {
  explicit Alarm(asio::io_context& context) : timer(context) {}
  asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor> timer;
  std::optional<SteadyTime> armed_for;
};

Loop::Loop(Clock& clock) : clock_(clock), context_(1) {}

// Coroutines that wait for a timer go before the context they run on.
Loop::~Loop() { std::exchange(timers_, {}).clear(); }

void Loop::Post(Task task) {
  const UnrefusableWork unrefusable;
  asio::post(context_, std::move(task));
}

void Loop::Spawn(Async<> coroutine) {
  // It belongs to no request, even if a request begins it: nobody answers for a failed allocation of it.
  const UnrefusableWork unrefusable;
  asio::co_spawn(context_.get_executor(), std::move(coroutine), [](std::exception_ptr failure) {
    if (!failure) return;
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      LogError("a coroutine ended with an exception", {{"error", error.what()}});
    }
    CHECK(!failure);
  });
}

Loop::TimerKey Loop::CallAt(SteadyTime at, Task task) {
  const TimerKey key(at, ++timers_made_);
  timers_.emplace(key, std::move(task));
  Arm();
  return key;
}

void Loop::Cancel(const TimerKey& key) { timers_.erase(key); }

void Loop::Arm() {
  if (!running_ || timers_.empty()) return;
  const SteadyTime earliest = timers_.begin()->first.first;
  if (alarm_->armed_for && *alarm_->armed_for <= earliest) return;
  alarm_->armed_for = earliest;
  alarm_->timer.expires_after(std::max(Microseconds(0), earliest - clock_.Steady()));
  alarm_->timer.async_wait([this](const boost::system::error_code& error) {
    // Armed again for an earlier moment, or Run has returned.
    if (error || !running_) return;
    alarm_->armed_for.reset();
    RunTimers();
    Arm();
  });
}

void Loop::Run() {
  CHECK(!running_);
  if (!alarm_) alarm_ = std::make_unique<Alarm>(context_);
  const asio::executor_work_guard<Executor> work(context_.get_executor());
  running_ = true;
  current_loop_watch = watch_.get();
  Arm();
  context_.run();
  current_loop_watch = nullptr;
  running_ = false;
  alarm_->timer.cancel();
  alarm_->armed_for.reset();
}

void Loop::Stop() { context_.stop(); }

std::size_t Loop::Poll() {
  context_.restart();
  return context_.poll();
}

std::optional<SteadyTime> Loop::NextTimer() const {
  if (timers_.empty()) return std::nullopt;
  return timers_.begin()->first.first;
}

void Loop::RunTimers() {
  const SteadyTime now = clock_.Steady();
  while (!timers_.empty() && timers_.begin()->first.first <= now) {
    auto timer = timers_.extract(timers_.begin());
    timer.mapped()();
  }
}

Async<> SleepUntil(Loop& loop, SteadyTime at) {
  const KeptLoopWork work;
  co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void()>(
      [&loop, at](auto handler) {
        const UnrefusableWork unrefusable;
        loop.CallAt(at, Task(std::move(handler)));
      },
      asio::use_awaitable_t<Executor>());
  work.Restore();
}

}  // namespace shakehook
