// StoreThread is the thread that all connections to PostgreSQL live on, with its loop. A verb of the store is a
// coroutine there; its caller waits on a loop of its own.
//
// Ownership: what lives on the loop is destroyed after Stop, and before this.
// Threads:   Run from any loop; Stop once, from another thread than this one.
// Loss:      callers that wait when it stops are dropped.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "base/loop.h"
#include "base/loop_work.h"
#include "base/memory_reserve.h"
#include "store/refusal.h"

namespace shakehook::postgres {

class StoreThread {
 public:
  StoreThread();
  ~StoreThread();
  StoreThread(const StoreThread&) = delete;
  StoreThread& operator=(const StoreThread&) = delete;

  Loop& loop() { return loop_; }
  void Stop();

  // Runs `work` on the thread, and resumes with its result on the caller's loop. `work` must not throw.
  template <class T>
  Async<T> Run(std::function<Async<T>()> work) {
    const Executor executor = co_await asio::this_coro::executor;
    const KeptLoopWork kept;
    T result = co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void(T)>(
        [this, &work, executor](auto handler) {
          const UnrefusableWork unrefusable;
          loop_.Post([this, job = Job<T, decltype(handler)>{std::move(work), executor, std::move(handler)}]() mutable {
            loop_.Spawn(Finish(std::move(job)));
          });
        },
        asio::use_awaitable_t<Executor>());
    kept.Restore();
    co_return result;
  }

 private:
  template <class T, class Handler>
  struct Job {
    std::function<Async<T>()> work;
    asio::executor_work_guard<Executor> caller;
    Handler handler;

    Job(std::function<Async<T>()> work, const Executor& executor, Handler handler)
        : work(std::move(work)), caller(executor), handler(std::move(handler)) {}
  };

  template <class T, class Handler>
  static Async<> Finish(Job<T, Handler> job) {
    T result = co_await job.work();
    const UnrefusableWork unrefusable;
    asio::post(job.caller.get_executor(), [handler = std::move(job.handler), result = std::move(result)]() mutable {
      std::move(handler)(std::move(result));
    });
  }

  SystemClock clock_;
  Loop loop_;
  std::thread thread_;
};

}  // namespace shakehook::postgres
