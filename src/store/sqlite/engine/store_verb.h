// A verb of the Store that changes something, and the coroutine that waits for it; and how failures of SQLite are
// reported.
#pragma once

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/loop_work.h"
#include "base/memory_reserve.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/engine/writer.h"
#include "store/store.h"

namespace shakehook::sqlite {

// Tells whether the error is a condition of the machine, which another order of the verbs would not change.
inline bool IsMachinesFault(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CANTOPEN:
    case SQLITE_NOMEM:
    case SQLITE_PERM:
      return true;
    default:
      return false;
  }
}

inline Refusal Unavailable(const std::string& reason) {
  return {.kind = Refusal::Kind::kUnavailable, .detail = "the store cannot be used now: " + reason};
}

template <class T>
class StoreVerb final : public WriteVerb {
 public:
  using RunFunction = std::function<Stored<T>(WriteSession&)>;
  using Handler = std::move_only_function<void(Stored<T>)>;

  StoreVerb(asio::io_context& caller, Ticket ticket, RunFunction run, Handler handler)
      : WriteVerb(caller, ticket), run_(std::move(run)), handler_(std::move(handler)) {}

  void Run(WriteSession& session) override { result_ = run_(session); }
  void Fail(const std::string& reason) override { result_ = std::unexpected(Unavailable(reason)); }
  void Complete() override { handler_(*std::move(result_)); }

 private:
  RunFunction run_;
  Handler handler_;
  std::optional<Stored<T>> result_;
};

// Runs the verb with the others that wait for the writer, and resumes on its caller's loop once that is committed.
template <class T>
Async<Stored<T>> RunVerb(Writer& writer, WriteVerb::Ticket ticket, typename StoreVerb<T>::RunFunction run) {
  const Executor executor = co_await asio::this_coro::executor;
  asio::io_context& caller = executor.context();
  const KeptLoopWork work;
  Stored<T> result = co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void(Stored<T>)>(
      [&writer, &caller, ticket, &run](auto handler) {
        const UnrefusableWork unrefusable;
        writer.Submit(std::make_unique<StoreVerb<T>>(caller, ticket, std::move(run), std::move(handler)));
      },
      asio::use_awaitable_t<Executor>());
  work.Restore();
  co_return result;
}

}  // namespace shakehook::sqlite
