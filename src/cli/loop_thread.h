// A LoopThread is the thread that a Loop runs on in production, and Await the bridge to it from a thread that may
// block.
#pragma once

#include <future>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>

#include "base/loop.h"

namespace shakehook {

// Threads: made, stopped and destroyed by one thread.
class LoopThread {
 public:
  // `name` is what tools show, 15 bytes at most.
  LoopThread(Loop& loop, const std::string& name);
  ~LoopThread() { Stop(); }
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;

  // Returns when the thread has ended. What the loop still holds stays there.
  void Stop();

 private:
  Loop& loop_;
  std::thread thread_;
};

// Runs the coroutine that `make` makes on a loop that runs on another thread, and waits for its result.
template <class Make>
auto Await(Loop& loop, Make make) {
  using Result = typename std::invoke_result_t<Make>::value_type;
  struct Call {
    static Async<> Run(Make& make, std::promise<Result>& promise) { promise.set_value(co_await make()); }
  };
  std::promise<Result> promise;
  auto result = promise.get_future();
  loop.Post([&loop, &make, &promise] { loop.Spawn(Call::Run(make, promise)); });
  return result.get();
}

}  // namespace shakehook
