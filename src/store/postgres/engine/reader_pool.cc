#include "store/postgres/engine/reader_pool.h"

#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "base/check.h"
#include "base/loop_work.h"
#include "base/memory_reserve.h"

namespace shakehook::postgres {

ReaderPool::ReaderPool(Loop& loop, const Connection::Options& options, int connections) : loop_(loop) {
  CHECK(connections > 0);
  for (int i = 0; i < connections; ++i) {
    connections_.push_back(std::make_unique<Connection>(loop, options));
    free_.push_back(connections_.back().get());
  }
}

Async<Connection*> ReaderPool::Take() {
  if (!free_.empty()) {
    Connection* const connection = free_.back();
    free_.pop_back();
    co_return connection;
  }
  if (waiting_.size() >= kWaitingMax) co_return nullptr;
  const KeptLoopWork work;
  Connection* const connection =
      co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void(Connection*)>(
          [this](auto handler) {
            const UnrefusableWork unrefusable;
            waiting_.push_back(std::move(handler));
          },
          asio::use_awaitable_t<Executor>());
  work.Restore();
  co_return connection;
}

// A connection passes from hand to hand while reads wait, so that nobody overtakes.
void ReaderPool::GiveBack(Connection& connection) {
  if (waiting_.empty()) {
    free_.push_back(&connection);
    return;
  }
  loop_.Post([next = std::move(waiting_.front()), &connection]() mutable { next(&connection); });
  waiting_.pop_front();
}

Async<std::optional<Refusal>> ReaderPool::RunAny(Read read) {
  Connection* const connection = co_await Take();
  if (connection == nullptr) {
    co_return Refusal{.kind = Refusal::Kind::kBusy, .detail = "too many reads wait"};
  }
  std::optional<Refusal> failure;
  for (int tries = 0; tries < kTriesMax; ++tries) {
    bool lost = false;
    failure.reset();
    try {
      if (!connection->open()) co_await connection->Open();
      co_await read(*connection);
    } catch (const PostgresError& error) {
      lost = error.lost();
      failure = Refusal{.kind = Refusal::Kind::kUnavailable,
                        .detail = std::string("the store cannot be used now: ") + error.what()};
    }
    if (!lost) break;
  }
  GiveBack(*connection);
  co_return failure;
}

}  // namespace shakehook::postgres
