#include "base/loop_turn.h"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace shakehook {

Async<> NextTurn(Loop& loop) {
  const KeptLoopWork work;
  co_await asio::post(loop.executor(), asio::use_awaitable_t<Executor>());
  work.Restore();
}

}  // namespace shakehook
