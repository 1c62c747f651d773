// WriterSlot runs transactions one after the other on a connection of its own, each under the fence of its row in the
// table `writer`: it holds the row's epoch, and counts its transactions there.
//
// Failures: a connection that broke is opened again and the transaction run again; if it broke at the COMMIT, the row
//           tells whether that was done. A transaction that meets another node's (a unique key, a deadlock) is run
//           again. What cannot be done within kTriesMax is kUnavailable, and so is all when somebody took the slot
//           over.
// Threads:  its loop's.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "store/postgres/engine/connection.h"
#include "store/postgres/engine/transaction.h"
#include "store/postgres/engine/turns.h"
#include "store/refusal.h"

namespace shakehook::postgres {

class WriterSlot {
 public:
  struct Key {
    int node = 1;
    int slot = 0;
  };
  // Tells that a transaction was committed, before its caller hears of it.
  using Committed = std::function<void(Transaction&)>;

  // `fail_commit`: while it returns true, no transaction is committed. Null: never.
  WriterSlot(Loop& loop, Connection::Options options, Key key, Committed committed, std::function<bool()> fail_commit);

  // Connects, and takes the slot from whoever had it. Throws PostgresError.
  Async<> Claim();
  Connection& connection() { return connection_; }
  // Tells whether the last transaction could be committed.
  bool writable() const { return writable_; }

  // Runs `work` in a transaction, perhaps several times; commits if it returns a value.
  template <class T>
  Async<Stored<T>> Run(std::function<Async<Stored<T>>(Transaction&)> work) {
    std::optional<Stored<T>> result;
    const auto run = [&](Transaction& transaction) { return Keep(work(transaction), result); };
    const std::optional<Refusal> failure = co_await RunAny(run);
    if (failure) co_return std::unexpected(*failure);
    co_return *std::move(result);
  }

 private:
  static constexpr int kTriesMax = 3;
  static constexpr std::size_t kWaitingMax = 1'000;
  static constexpr Milliseconds kReopenInterval{200};
  static constexpr Milliseconds kReopenMax{5'000};

  // How a try went.
  enum class Outcome : std::uint8_t {
    kDone,     // committed, or refused by the verb
    kFenced,   // another process has the slot
    kFailed,   // without any change
    kUnknown,  // the connection broke at the COMMIT
  };
  // Runs a verb; returns whether it has a value to be committed.
  using Work = std::function<Async<bool>(Transaction&)>;

  template <class T>
  static Async<bool> Keep(Async<Stored<T>> work, std::optional<Stored<T>>& result) {
    result = co_await std::move(work);
    co_return result->has_value();
  }

  // Returns why nothing was done; nullopt: the verb has its result.
  Async<std::optional<Refusal>> RunAny(Work work);
  Async<std::optional<Refusal>> RunInTurn(const Work& work);
  Async<Outcome> Try(const Work& work, Transaction& transaction);
  Async<> Commit(Transaction& transaction);
  // Rolls back; a connection that cannot is closed by that.
  Async<> RollBack();
  // Connects again, for kReopenMax at most; returns whether there is a connection.
  Async<bool> Reopen();
  // Returns whether the transaction whose COMMIT was not answered was committed.
  Async<Outcome> FindOut();

  Loop& loop_;
  Connection connection_;
  const Key key_;
  const Committed committed_;
  const std::function<bool()> fail_commit_;
  Turns turns_;
  std::int64_t epoch_ = 0;
  std::int64_t group_number_ = 0;  // the number of the last transaction that was begun
  bool committing_ = false;        // the COMMIT was sent
  bool writable_ = true;
  std::string why_;  // the last failure
};

}  // namespace shakehook::postgres
