#include "net/http_client.h"

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <span>
#include <utility>

#include "base/check.h"
#include "net/connection_pool.h"
#include "net/dialer.h"

namespace shakehook {
namespace {

// Enough for a whole request, so that the response of a receiver which answers before it has read everything is read.
constexpr int kSendBufferBytes = 256 * 1024;

using boost::system::error_code;
constexpr asio::use_awaitable_t<Executor> kAwait;

void WriteHead(const PostRequest& request, std::string& out) {
  out.clear();
  out += "POST ";
  out += request.url->target;
  out += " HTTP/1.1\r\nHost: ";
  out += request.url->host_header;
  out += "\r\n";
  out += request.headers;
  out += "Content-Length: ";
  out += std::to_string(request.body->size());
  out += "\r\n\r\n";
}

bool IsEnd(const error_code& error) { return error == asio::error::eof || error == asio::ssl::error::stream_truncated; }

}  // namespace

struct HttpClient::State {
  State(Loop& loop, const AddressPolicy& policy, std::shared_ptr<TlsTrust> trust, Options options)
      : loop(loop),
        policy(policy),
        trust(std::move(trust)),
        egress(std::move(options.egress)),
        deadlines(loop),
        resolver(loop,
                 {.servers = std::move(options.name_servers),
                  // Elsewhere a name without a dot has no meaning.
                  .search = policy.opens_targets() ? DnsResolver::Search::kDomains : DnsResolver::Search::kNever}),
        pool(loop),
        dialer({loop, policy, *this->trust, sessions, resolver, deadlines, counts, egress}) {}

  enum class Outcome : std::uint8_t {
    kAnswered,
    kFailed,
    kNothingCame,  // the connection broke before the first byte of a response
  };

  Async<Exchange> Post(PostRequest request);
  // Sends the rest of the request, after its first `sent` bytes.
  Async<> Send(Connection& connection, const std::string& body, std::size_t sent);
  Async<Outcome> Read(Connection& connection, RunningExchange& running, Exchange& exchange, SteadyTime sent_at);
  void FailToRead(const Connection& connection, const error_code& error, Exchange& exchange);

  // Coroutines that never resume refer to these as they are destroyed, so these are destroyed last.
  Loop& loop;
  const AddressPolicy& policy;
  const std::shared_ptr<TlsTrust> trust;
  ClientCounts counts;
  const Egress egress;
  TlsSessions sessions;
  DeadlineSweep deadlines;
  DnsResolver resolver;
  ConnectionPool pool;
  Dialer dialer;
};

HttpClient::HttpClient(Loop& loop, const AddressPolicy& policy, std::shared_ptr<TlsTrust> trust, Options options)
    : state_(std::make_unique<State>(loop, policy, std::move(trust), std::move(options))) {}
HttpClient::~HttpClient() = default;

const ClientCounts& HttpClient::counts() const { return state_->counts; }

std::size_t HttpClient::idle_connections() const { return state_->pool.idle(); }

bool HttpClient::IsOfThisServer(const TargetUrl& url) const { return state_->policy.IsInbox(url); }

Async<Exchange> HttpClient::Post(PostRequest request) { return state_->Post(std::move(request)); }

Async<Exchange> HttpClient::State::Post(PostRequest request) {
  CHECK(request.body != nullptr);
  Exchange exchange;
  SteadyTime sent_at = loop.clock().Steady();
  RunningExchange running(resolver, sent_at, request.deadline);
  deadlines.Add(running);

  // A connection that is allowed for an inbox only is never kept: another URL of that origin could use it unchecked.
  const bool pooled = !policy.IsInbox(*request.url);
  std::unique_ptr<Connection> connection = pooled ? pool.Take(*request.url) : nullptr;
  bool reused = connection != nullptr;
  if (reused) ++counts.reused;
  for (;;) {
    if (!connection) {
      connection = co_await dialer.Dial(request, running, exchange);
      ++(connection ? counts.opened : counts.not_opened);
      if (!connection) co_return exchange;
      sent_at = loop.clock().Steady();
      // The process may have stood still meanwhile. What it would send now, another node may have sent by now.
      if (sent_at >= request.deadline) {
        exchange.failure = TransportFailure::kTimeout;
        exchange.message = running.ExplainTimeout();
        co_return exchange;
      }
    }
    running.connection = connection.get();
    running.phase = RunningExchange::Phase::kAnswer;

    // Nearly always the whole request goes out at once, without suspending.
    WriteHead(request, connection->out);
    const std::size_t bytes = connection->out.size() + request.body->size();
    std::size_t sent = 0;
    if (!connection->tls) {
      error_code ignored;  // the next read reports what is wrong, or gives a response that came early
      sent = connection->socket.write_some(std::array{asio::const_buffer(asio::buffer(connection->out)),
                                                      asio::const_buffer(asio::buffer(*request.body))},
                                           ignored);
    }
    if (sent < bytes) co_await Send(*connection, *request.body, sent);

    const Outcome outcome = co_await Read(*connection, running, exchange, sent_at);
    running.connection = nullptr;
    if (outcome == Outcome::kAnswered && pooled) pool.Give(*request.url, std::move(connection));
    if (outcome != Outcome::kNothingCame || !std::exchange(reused, false)) co_return exchange;
    connection.reset();  // the peer closed it as idle just when it was taken
  }
}

Async<> HttpClient::State::Send(Connection& connection, const std::string& body, std::size_t sent) {
  error_code ignored;  // ignored as above
  if (connection.tls) {
    connection.out += body;  // a single record instead of two
    co_await asio::async_write(connection.tls->stream(), asio::buffer(connection.out),
                               asio::redirect_error(kAwait, ignored));
    co_return;
  }
  connection.socket.set_option(asio::socket_base::send_buffer_size(kSendBufferBytes), ignored);
  const std::size_t head_sent = std::min(sent, connection.out.size());
  const std::array<asio::const_buffer, 2> rest{asio::buffer(connection.out) + head_sent,
                                               asio::buffer(body) + (sent - head_sent)};
  co_await asio::async_write(connection.socket, rest, asio::redirect_error(kAwait, ignored));
}

Async<HttpClient::State::Outcome> HttpClient::State::Read(Connection& connection, RunningExchange& running,
                                                          Exchange& exchange, SteadyTime sent_at) {
  using Progress = ResponseReader::Progress;
  ResponseReader& reader = connection.reader;
  Progress progress = Progress::kMore;
  error_code error;
  while (progress == Progress::kMore) {
    const std::span<char> space = reader.Space();
    const asio::mutable_buffer buffer(space.data(), space.size());
    auto token = asio::redirect_error(kAwait, error);
    const std::size_t bytes = connection.tls ? co_await connection.tls->stream().async_read_some(buffer, token)
                                             : co_await connection.socket.async_read_some(buffer, token);
    if (running.passed()) break;
    if (error) {
      progress = reader.End();
      break;
    }
    const SteadyTime now = loop.clock().Steady();
    if (!reader.started()) exchange.timings.first_byte = now - sent_at;
    const bool had_head = reader.has_head();
    progress = reader.Commit(bytes);
    if (!had_head && now > running.at()) {  // the sweep is a little late
      exchange.failure = TransportFailure::kTimeout;
      exchange.message = running.ExplainTimeout();
      co_return Outcome::kFailed;
    }
  }

  if (reader.has_head()) {
    exchange.response = reader.TakeResponse();
    co_return Outcome::kAnswered;
  }
  if (running.passed()) {
    exchange.failure = TransportFailure::kTimeout;
    exchange.message = running.ExplainTimeout();
    co_return Outcome::kFailed;
  }
  if (error) {
    FailToRead(connection, error, exchange);
    co_return reader.started() ? Outcome::kFailed : Outcome::kNothingCame;
  }
  exchange.failure = TransportFailure::kInvalidResponse;
  exchange.message = reader.failure();
  co_return Outcome::kFailed;
}

void HttpClient::State::FailToRead(const Connection& connection, const error_code& error, Exchange& exchange) {
  exchange.failure = TransportFailure::kConnectionClosed;
  if (IsEnd(error)) {
    exchange.message = connection.reader.failure();
  } else if (error.category() == asio::error::get_ssl_category()) {
    exchange.failure = TransportFailure::kTls;
    exchange.message = connection.tls->Explain(error);
  } else {
    exchange.message = connection.reader.started() ? "The connection was reset in the middle of the response's headers."
                                                   : "The connection was reset before a response came.";
  }
}

}  // namespace shakehook
