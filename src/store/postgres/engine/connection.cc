#include "store/postgres/engine/connection.h"

#include <boost/asio/use_awaitable.hpp>

#include "base/check.h"
#include "base/loop_work.h"
#include "base/memory_reserve.h"

namespace shakehook::postgres {
namespace {

constexpr int kBinary = 1;

// Returns libpq's text without the newline at its end.
std::string Trimmed(const char* text) {
  std::string trimmed = text;
  while (!trimmed.empty() && trimmed.back() == '\n') trimmed.pop_back();
  return trimmed;
}

PostgresError ErrorOf(const PGresult* result) {
  const char* const state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* const message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  return {state == nullptr ? "" : state, message == nullptr ? Trimmed(PQresultErrorMessage(result)) : message};
}

// As libpq's parameter "options" has them: blanks and backslashes within a value are escaped.
std::string SessionOptions(const std::vector<std::pair<std::string, std::string>>& session) {
  std::string options;
  for (const auto& [name, value] : session) {
    options += options.empty() ? "-c " : " -c ";
    options += name + "=";
    for (const char character : value) {
      if (character == ' ' || character == '\\') options += '\\';
      options += character;
    }
  }
  return options;
}

}  // namespace

Connection::Connection(Loop& loop, Options options)
    : loop_(loop), options_(std::move(options)), socket_(loop.executor()) {}

Connection::~Connection() { Close(); }

void Connection::Close() {
  ++*generation_;
  EndWait();
  if (socket_.is_open()) socket_.release();
  awaits_readable_ = awaits_writable_ = false;
  if (connection_ != nullptr) PQfinish(std::exchange(connection_, nullptr));
  opening_ = running_ = broken_ = false;
  prepared_.clear();
}

void Connection::Lose(const std::string& reason) {
  std::string text = reason;
  if (connection_ != nullptr && *PQerrorMessage(connection_) != '\0' && !timed_out_) {
    text += ": " + Trimmed(PQerrorMessage(connection_));
  }
  Close();
  throw PostgresError("", text);
}

// --- Waiting ---

Async<> Connection::Changed() {
  const KeptLoopWork work;
  co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void()>(
      [this](auto handler) {
        const UnrefusableWork unrefusable;
        waiter_ = Task(std::move(handler));
      },
      asio::use_awaitable_t<Executor>());
  work.Restore();
}

void Connection::Wake() {
  if (waiter_) std::exchange(waiter_, nullptr)();
}

// libpq may have another socket at each step of connecting.
void Connection::Watch() {
  ++*generation_;
  if (socket_.is_open()) socket_.release();
  awaits_readable_ = awaits_writable_ = false;
  socket_.assign(PQsocket(connection_));
}

void Connection::AwaitReadable() {
  if (std::exchange(awaits_readable_, true)) return;
  socket_.async_wait(asio::posix::descriptor_base::wait_read,
                     [this, generation = generation_, begun = *generation_](const boost::system::error_code& error) {
                       if (*generation != begun || error) return;
                       awaits_readable_ = false;
                       OnReadable();
                     });
}

void Connection::AwaitWritable() {
  if (std::exchange(awaits_writable_, true)) return;
  socket_.async_wait(asio::posix::descriptor_base::wait_write,
                     [this, generation = generation_, begun = *generation_](const boost::system::error_code& error) {
                       if (*generation != begun || error) return;
                       awaits_writable_ = false;
                       Wake();
                     });
}

void Connection::OnReadable() {
  if (opening_) return Wake();
  if (PQconsumeInput(connection_) == 0) broken_ = true;
  TakeNotifications();
  if (running_) return Wake();
  if (!broken_) return AwaitReadable();
  Close();
  if (on_lost_) std::exchange(on_lost_, nullptr)();
}

void Connection::TakeNotifications() {
  while (PGnotify* const notification = PQnotifies(connection_)) {
    if (notified_) notified_(notification->relname, notification->extra);
    PQfreemem(notification);
  }
}

void Connection::BeginWait(Milliseconds max) {
  timed_out_ = false;
  deadline_ = loop_.CallAt(loop_.clock().Steady() + max, [this] {
    deadline_.reset();
    timed_out_ = true;
    Wake();
  });
}

void Connection::EndWait() {
  if (deadline_) loop_.Cancel(*std::exchange(deadline_, std::nullopt));
}

// --- Opening ---

Async<> Connection::Open() {
  CHECK(connection_ == nullptr);
  const std::string session = SessionOptions(options_.session);
  std::vector<const char*> names, values;
  for (const auto& [name, value] : options_.parameters) {
    names.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  names.insert(names.end(), {"options", "client_encoding", nullptr});
  values.insert(values.end(), {session.c_str(), "UTF8", nullptr});
  opening_ = true;
  BeginWait(options_.open_max);
  connection_ = PQconnectStartParams(names.data(), values.data(), 0);
  CHECK(connection_ != nullptr);  // out of memory
  if (PQstatus(connection_) == CONNECTION_BAD) Lose("cannot connect to PostgreSQL");
  PQsetNoticeProcessor(connection_, [](void*, const char*) {}, nullptr);
  for (PostgresPollingStatusType next = PGRES_POLLING_WRITING; next != PGRES_POLLING_OK;) {
    Watch();
    if (next == PGRES_POLLING_READING) {
      AwaitReadable();
    } else {
      AwaitWritable();
    }
    co_await Changed();
    if (timed_out_) Lose("PostgreSQL did not let this program connect in time");
    if (socket_.is_open()) socket_.release();
    next = PQconnectPoll(connection_);
    if (next == PGRES_POLLING_FAILED) Lose("cannot connect to PostgreSQL");
  }
  EndWait();
  opening_ = false;
  if (PQsetnonblocking(connection_, 1) != 0 || PQenterPipelineMode(connection_) == 0) {
    Lose("cannot use the connection to PostgreSQL");
  }
  Watch();
  AwaitReadable();
}

// --- Running ---

void Connection::CheckSent(int sent) {
  if (sent == 0) Lose("a statement cannot be sent to PostgreSQL");
}

void Connection::SendOne(const BoundStatement& statement, std::vector<Awaited>& awaited) {
  const Parameters& parameters = statement.parameters;
  const auto values = parameters.Values();
  const auto lengths = parameters.Lengths();
  const std::vector<int> formats(values.size(), kBinary);
  if (statement.preparation == Preparation::kOnce) {
    CheckSent(PQsendQueryParams(connection_, statement.sql.c_str(), parameters.size(), parameters.types().data(),
                                values.data(), lengths.data(), formats.data(), kBinary));
    awaited.push_back({});
    return;
  }
  auto prepared = prepared_.find(statement.sql);
  if (prepared == prepared_.end()) {
    prepared = prepared_.emplace(statement.sql, "s" + std::to_string(++names_made_)).first;
    CheckSent(PQsendPrepare(connection_, prepared->second.c_str(), statement.sql.c_str(), parameters.size(),
                            parameters.types().data()));
    awaited.push_back({.is_preparation = true, .statement = statement.sql});
  }
  CheckSent(PQsendQueryPrepared(connection_, prepared->second.c_str(), parameters.size(), values.data(), lengths.data(),
                                formats.data(), kBinary));
  awaited.push_back({});
}

// libpq moves all that is left whenever it has sent a part: a pipeline is handed over statement by statement, so that
// little is left.
Async<std::vector<Connection::Awaited>> Connection::Send(Pipeline pipeline) {
  std::vector<Awaited> awaited;
  for (const BoundStatement& statement : pipeline.statements()) {
    SendOne(statement, awaited);
    while (Flush() == Flushed::kPartly) co_await Ready();
  }
  CheckSent(PQpipelineSync(connection_));
  co_return awaited;
}

// While libpq has something left to send both directions are awaited: the server may not read on before its results
// are read.
Connection::Flushed Connection::Flush() {
  const int left = PQflush(connection_);
  if (left < 0) broken_ = true;
  if (left <= 0) return Flushed::kWholly;
  AwaitWritable();
  return Flushed::kPartly;
}

Async<> Connection::Ready() {
  if (broken_) Lose("the connection to PostgreSQL broke");
  AwaitReadable();
  co_await Changed();
  if (timed_out_) Lose("PostgreSQL does not answer");
}

Async<Result> Connection::Next() {
  // All that the server said before it closed the connection is read.
  for (Flush(); PQisBusy(connection_) != 0; Flush()) co_await Ready();
  co_return Result(PQgetResult(connection_));
}

Async<std::vector<Result>> Connection::Receive(std::vector<Awaited> awaited, std::optional<PostgresError>& failure) {
  std::vector<Result> results;
  for (const Awaited& one : awaited) {
    Result result = co_await Next();
    const ExecStatusType status = PQresultStatus(result.get());  // a null is PGRES_FATAL_ERROR
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
      if (one.is_preparation) prepared_.erase(one.statement);
      if (!failure && status != PGRES_PIPELINE_ABORTED) failure = ErrorOf(result.get());
    }
    if (!one.is_preparation) results.push_back(std::move(result));
    if (co_await Next()) Lose("PostgreSQL gave two results for one statement");
  }
  const Result end = co_await Next();
  if (PQresultStatus(end.get()) != PGRES_PIPELINE_SYNC) Lose("PostgreSQL gave more results than there were statements");
  co_return results;
}

Async<Results> Connection::Run(Pipeline pipeline) {
  CHECK(open() && !running_);
  running_ = true;
  BeginWait(options_.silence_max);
  std::optional<PostgresError> failure;
  auto awaited = co_await Send(std::move(pipeline));
  auto results = co_await Receive(std::move(awaited), failure);
  End();
  if (failure) throw *std::move(failure);
  co_return Results(std::move(results));
}

Async<std::int64_t> Connection::Run(BoundStatement statement) {
  Pipeline pipeline;
  const ChangePlace place = pipeline.Add(std::move(statement));
  const Results results = co_await Run(std::move(pipeline));
  co_return results.Changed(place);
}

void Connection::End() {
  running_ = false;
  EndWait();
  AwaitReadable();
}

// The protocol of a pipeline takes one statement at a time, so that a script leaves it.
Async<> Connection::Execute(std::string script) {
  CHECK(open() && !running_);
  running_ = true;
  BeginWait(options_.silence_max);
  if (PQexitPipelineMode(connection_) == 0 || PQsendQuery(connection_, script.c_str()) == 0) {
    Lose("a script cannot be sent to PostgreSQL");
  }
  std::optional<PostgresError> failure;
  while (const Result result = co_await Next()) {
    if (PQresultStatus(result.get()) == PGRES_FATAL_ERROR && !failure) failure = ErrorOf(result.get());
  }
  if (PQenterPipelineMode(connection_) == 0) Lose("cannot use the connection to PostgreSQL");
  End();
  if (failure) throw *std::move(failure);
}

Async<> Connection::Cancel(const Connection& other) {
  static_cast<void>(co_await Run(Statement("SELECT pg_cancel_backend($1::int4)").With(other.backend_pid())));
}

}  // namespace shakehook::postgres
