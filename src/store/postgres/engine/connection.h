// Connection is one connection to PostgreSQL: libpq in pipeline mode, its socket watched by a loop, so that nothing
// blocks. Statements of one pipeline are sent together; their values travel in binary. One pipeline runs at a time.
//
// A connection that breaks, or whose server is silent for too long, is closed; who uses it opens it again, and then
// every statement is prepared anew. A transaction that was open is gone with it.
//
// Ownership: the loop outlives it. Destroying it drops the coroutines that wait in it.
// Threads:   its loop's.
#pragma once

#include <libpq-fe.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/loop.h"
#include "store/postgres/engine/postgres_error.h"
#include "store/postgres/engine/statement.h"

namespace shakehook::postgres {

class Connection {
 public:
  struct Options {
    std::vector<std::pair<std::string, std::string>> parameters;  // libpq's: host, dbname, user, ...
    std::vector<std::pair<std::string, std::string>> session;     // the session's settings: statement_timeout, ...
    Milliseconds open_max{5'000};                                 // for connecting
    // For all results of a pipeline. The server's own statement_timeout should come first: this one finds that nobody
    // is there.
    Milliseconds silence_max{15'000};
  };
  using Notified = std::function<void(std::string_view channel, std::string_view payload)>;

  Connection(Loop& loop, Options options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Connects. Throws PostgresError.
  // Precondition: it is not open.
  Async<> Open();
  bool open() const { return connection_ != nullptr && !opening_; }

  // Runs all statements, and returns when all results are there. Throws PostgresError for the first one that failed;
  // a transaction that the pipeline began is then still open, unless the connection is lost.
  // Precondition: it is open, and no other pipeline runs.
  Async<Results> Run(Pipeline pipeline);
  // Returns how many rows the statement changed.
  Async<std::int64_t> Run(BoundStatement statement);
  template <class RowColumns>
  Async<Rows<RowColumns>> Run(BoundSelect<RowColumns> select) {
    Pipeline pipeline;
    const auto place = pipeline.Add(std::move(select));
    Results results = co_await Run(std::move(pipeline));
    co_return results.Take(place);
  }
  // Runs several statements without parameters, separated by semicolons, as one transaction.
  Async<> Execute(std::string script);

  // Cancels what another connection of the same user runs now; that then fails with kQueryCanceled, or ends if it was
  // ending. The other must begin nothing until this returns: it could be canceled instead.
  Async<> Cancel(const Connection& other);

  // Called for each notification to a channel that this connection listens to.
  void OnNotified(Notified notified) { notified_ = std::move(notified); }
  // Called once when an open connection that runs nothing turns out to be broken.
  void OnLost(Task lost) { on_lost_ = std::move(lost); }

  int server_version() const { return PQserverVersion(connection_); }
  int backend_pid() const { return PQbackendPID(connection_); }

 private:
  void Close();

  // A result that is awaited.
  struct Awaited {
    bool is_preparation = false;
    std::string statement;  // a preparation's
  };

  // Resumes when the socket is ready, or the deadline has passed.
  Async<> Changed();
  void Wake();
  void Watch();
  void AwaitReadable();
  void AwaitWritable();
  void OnReadable();
  void TakeNotifications();
  // Sets the time after which the connection counts as lost.
  void BeginWait(Milliseconds max);
  void EndWait();
  // Closes the connection, and throws why.
  [[noreturn]] void Lose(const std::string& reason);

  Async<std::vector<Awaited>> Send(Pipeline pipeline);
  void SendOne(const BoundStatement& statement, std::vector<Awaited>& awaited);
  void CheckSent(int sent);
  enum class Flushed : std::uint8_t { kWholly, kPartly };
  // Sends of what is left as much as the socket takes.
  Flushed Flush();
  // Waits until the socket takes or gives more.
  Async<> Ready();
  // Returns the next result; null: those of one statement have ended.
  Async<Result> Next();
  // Takes all results of the pipeline. Sets `failure` to the first error.
  Async<std::vector<Result>> Receive(std::vector<Awaited> awaited, std::optional<PostgresError>& failure);
  // The connection is idle again.
  void End();

  Loop& loop_;
  const Options options_;
  PGconn* connection_ = nullptr;
  bool opening_ = false;
  bool running_ = false;
  bool broken_ = false;
  bool timed_out_ = false;
  asio::posix::basic_stream_descriptor<Executor> socket_;
  // Grows whenever waits that were begun before must no longer be heard of.
  std::shared_ptr<std::uint64_t> generation_ = std::make_shared<std::uint64_t>(0);
  bool awaits_readable_ = false, awaits_writable_ = false;
  std::optional<Loop::TimerKey> deadline_;
  Task waiter_;
  Notified notified_;
  Task on_lost_;
  std::unordered_map<std::string, std::string> prepared_;  // the names of statements, by their text
  std::uint64_t names_made_ = 0;
};

}  // namespace shakehook::postgres
