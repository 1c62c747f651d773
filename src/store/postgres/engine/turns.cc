#include "store/postgres/engine/turns.h"

#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "base/loop_work.h"
#include "base/memory_reserve.h"

namespace shakehook::postgres {

Async<bool> Turns::Begin(std::size_t most) {
  if (!std::exchange(taken_, true)) co_return true;
  if (waiting_.size() >= most) co_return false;
  const KeptLoopWork work;
  co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void()>(
      [this](auto handler) {
        const UnrefusableWork unrefusable;
        waiting_.push_back(Task(std::move(handler)));
      },
      asio::use_awaitable_t<Executor>());
  work.Restore();
  co_return true;
}

// The turn passes on without being free in between, so that nobody overtakes.
void Turns::End() {
  if (waiting_.empty()) {
    taken_ = false;
    return;
  }
  Task next = std::move(waiting_.front());
  waiting_.pop_front();
  loop_.Post(std::move(next));
}

}  // namespace shakehook::postgres
