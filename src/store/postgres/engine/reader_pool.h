// ReaderPool runs reads on connections of its own: what is free takes the next one, in the order in which they came. A
// read is one statement, or some short ones, and sees what was committed when each began.
//
// Failures: a connection that broke is opened again, and the read run once more; what cannot be read then is
//           kUnavailable, and what finds too many waiting is kBusy.
// Threads:  its loop's.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/postgres/engine/connection.h"
#include "store/refusal.h"

namespace shakehook::postgres {

class ReaderPool {
 public:
  // Precondition: `connections` is at least 1.
  ReaderPool(Loop& loop, const Connection::Options& options, int connections);

  template <class T>
  Async<Stored<T>> Run(std::function<Async<T>(Connection&)> read) {
    std::optional<T> result;
    const auto run = [&](Connection& connection) { return Keep(read(connection), result); };
    const std::optional<Refusal> failure = co_await RunAny(run);
    if (failure) co_return std::unexpected(*failure);
    co_return *std::move(result);
  }

 private:
  static constexpr int kTriesMax = 2;
  static constexpr std::size_t kWaitingMax = 1'000;
  using Read = std::function<Async<>(Connection&)>;

  template <class T>
  static Async<> Keep(Async<T> read, std::optional<T>& result) {
    result = co_await std::move(read);
  }
  Async<std::optional<Refusal>> RunAny(Read read);
  // Returns a connection that nobody uses; null: too many wait.
  Async<Connection*> Take();
  void GiveBack(Connection& connection);

  Loop& loop_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> free_;
  std::deque<std::move_only_function<void(Connection*)>> waiting_;
};

}  // namespace shakehook::postgres
