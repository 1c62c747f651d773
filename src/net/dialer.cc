#include "net/dialer.h"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <utility>

namespace shakehook {
namespace {

constexpr std::size_t kAddressesTriedMax = 6;
// An address that neither accepts nor refuses gets this long if there is another. Longer than a lost first packet costs
// (1 s), short enough to leave time for the other.
constexpr Milliseconds kSilentAddress{1500};

using boost::system::error_code;
constexpr asio::use_awaitable_t<Executor> kAwait;

// Breaks off one connect, so that the next address has its turn.
class ConnectLimit final : public Deadline {
 public:
  ConnectLimit(SteadyTime at, Connection& connection) : Deadline(at), connection_(connection) {}

 private:
  void OnPassed() override {
    error_code ignored;
    connection_.socket.close(ignored);
  }
  Connection& connection_;
};

// Rounded: a request waits a little for its turn before its time is looked at.
std::string Readable(Microseconds time) {
  const auto ms = std::chrono::duration_cast<Milliseconds>(time).count();
  if (ms < 1000) return std::to_string((ms + 5) / 10 * 10) + " ms";
  const auto tenths = (ms + 50) / 100;
  return std::to_string(tenths / 10) + (tenths % 10 == 0 ? "" : "." + std::to_string(tenths % 10)) + " s";
}

std::unique_ptr<Connection> Fail(Exchange& exchange, TransportFailure failure, std::string message) {
  exchange.failure = failure;
  exchange.message = std::move(message);
  return nullptr;
}

std::unique_ptr<Connection> FailToConnect(Exchange& exchange, const error_code& error, std::uint16_t port) {
  const std::string number = std::to_string(port);
  if (error == asio::error::connection_refused) {
    return Fail(exchange, TransportFailure::kConnectionRefused,
                "Nothing listens on port " + number + " (connection refused).");
  }
  if (error == asio::error::no_descriptors || error == boost::system::errc::too_many_files_open_in_system ||
      error == asio::error::no_buffer_space || error == asio::error::no_memory) {
    return Fail(exchange, TransportFailure::kInternal, "The sending server has no more sockets free.");
  }
  if (error == boost::system::errc::address_not_available) {
    return Fail(exchange, TransportFailure::kInternal, "The sending server has no more ports free.");
  }
  if (error == asio::error::operation_aborted || error == asio::error::timed_out ||
      error == asio::error::bad_descriptor) {
    return Fail(exchange, TransportFailure::kUnreachable, "The host does not react on port " + number + ".");
  }
  if (error == asio::error::connection_reset) {
    return Fail(exchange, TransportFailure::kConnectionRefused,
                "The host reset the connection to port " + number + " as it was opened.");
  }
  return Fail(exchange, TransportFailure::kUnreachable, "The host cannot be reached: there is no way to its address.");
}

}  // namespace

std::string RunningExchange::ExplainTimeout() const {
  const std::string time = Readable(at() - started_at_);
  switch (phase) {
    case Phase::kLookup:
      return "The lookup of the host's name took longer than " + time + ".";
    case Phase::kConnect:
      return "The host did not accept a connection within " + time + ".";
    case Phase::kTls:
      return "The TLS handshake was not done within " + time + ".";
    case Phase::kAnswer:
      break;
  }
  const bool started = connection != nullptr && connection->reader.started();
  return (started ? "The answer's headers were not complete within " : "No answer came within ") + time + ".";
}

void RunningExchange::OnPassed() {
  passed_ = true;
  if (lookup != 0) resolver_.Cancel(lookup);
  if (connection == nullptr) return;
  error_code ignored;
  connection->socket.close(ignored);
}

Async<std::unique_ptr<Connection>> Dialer::Dial(const TargetUrl& url, RunningExchange& running, Exchange& exchange) {
  running.phase = RunningExchange::Phase::kLookup;
  if (auto allowed = parts_.policy.CheckUrl(url); !allowed) {
    co_return Fail(exchange, TransportFailure::kForbiddenAddress, std::move(allowed.error()));
  }
  DnsAnswer addresses = co_await Addresses(url, running, exchange);
  if (running.passed()) co_return Fail(exchange, TransportFailure::kTimeout, running.ExplainTimeout());
  if (!addresses) co_return Fail(exchange, TransportFailure::kDns, std::move(addresses.error()));
  const bool inbox = parts_.policy.IsInbox(url);  // its host is the address of this server
  for (const asio::ip::address& address : *addresses) {
    if (inbox) break;
    if (auto allowed = parts_.policy.CheckAddress(address, url.port); !allowed) {
      co_return Fail(exchange, TransportFailure::kForbiddenAddress, std::move(allowed.error()));
    }
  }

  running.phase = RunningExchange::Phase::kConnect;
  const SteadyTime connecting_at = Now();
  std::unique_ptr<Connection> connection = co_await Connect(*addresses, url.port, running, exchange);
  if (!connection) co_return nullptr;
  connection->opened_at = Now();
  exchange.timings.connect = connection->opened_at - connecting_at;
  if (url.scheme == TargetUrl::Scheme::kHttp) co_return std::move(connection);

  running.phase = RunningExchange::Phase::kTls;
  connection->tls = std::make_unique<TlsStream>(connection->socket, parts_.trust, parts_.sessions, url);
  error_code error;
  co_await connection->tls->stream().async_handshake(asio::ssl::stream_base::client,
                                                     asio::redirect_error(kAwait, error));
  exchange.timings.tls = Now() - connection->opened_at;
  if (!error) co_return std::move(connection);
  running.connection = nullptr;
  if (running.passed()) co_return Fail(exchange, TransportFailure::kTimeout, running.ExplainTimeout());
  co_return Fail(exchange, TransportFailure::kTls, connection->tls->Explain(error));
}

Async<DnsAnswer> Dialer::Addresses(const TargetUrl& url, RunningExchange& running, Exchange& exchange) {
  if (const auto literal = AddressLiteral(url.host)) co_return std::vector{*literal};
  if (IsLocalhost(url.host)) {
    std::vector<asio::ip::address> addresses = {asio::ip::address_v4::loopback()};
    const asio::ip::address v6 = asio::ip::address_v6::loopback();
    if (parts_.policy.CheckAddress(v6, url.port)) addresses.push_back(v6);
    co_return addresses;
  }
  const SteadyTime asked_at = Now();
  DnsAnswer answer = co_await parts_.resolver.Resolve(url.host, running.lookup);
  running.lookup = 0;
  exchange.timings.dns = Now() - asked_at;
  co_return answer;
}

Async<std::unique_ptr<Connection>> Dialer::Connect(const std::vector<asio::ip::address>& addresses, std::uint16_t port,
                                                   RunningExchange& running, Exchange& exchange) {
  error_code error;
  const std::size_t count = std::min(addresses.size(), kAddressesTriedMax);
  for (std::size_t i = 0; i < count; ++i) {
    auto connection = std::make_unique<Connection>(parts_.loop.executor());
    const asio::ip::tcp::endpoint endpoint(addresses[i], port);
    connection->socket.open(endpoint.protocol(), error);
    if (!error) connection->socket.non_blocking(true, error);
    if (!error) connection->socket.set_option(asio::ip::tcp::no_delay(true), error);
    if (error) continue;

    running.connection = connection.get();
    std::optional<ConnectLimit> limit;
    if (i + 1 < count) parts_.deadlines.Add(limit.emplace(Now() + kSilentAddress, *connection));
    co_await connection->socket.async_connect(endpoint, asio::redirect_error(kAwait, error));
    if (!error && connection->socket.is_open()) co_return std::move(connection);
    running.connection = nullptr;
    if (running.passed()) co_return Fail(exchange, TransportFailure::kTimeout, running.ExplainTimeout());
  }
  co_return FailToConnect(exchange, error, port);
}

}  // namespace shakehook
