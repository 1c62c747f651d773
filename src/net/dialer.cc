#include "net/dialer.h"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <utility>

#include "net/own_fault.h"

namespace shakehook {
namespace {

using boost::system::error_code;
constexpr asio::use_awaitable_t<Executor> kAwait;

// Rounded: a request waits a little for its turn before its time is checked.
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

std::unique_ptr<Connection> FailForOwnFault(Exchange& exchange, OwnFault fault) {
  exchange.own_fault = fault;
  return Fail(exchange, TransportFailure::kInternal, Explain(fault));
}

std::unique_ptr<Connection> FailToConnect(Exchange& exchange, const ConnectRace::Failure& failure, std::uint16_t port) {
  const error_code& error = failure.error;
  const std::string number = std::to_string(port);
  if (error == asio::error::connection_refused) {
    return Fail(exchange, TransportFailure::kConnectionRefused,
                "Nothing listens on port " + number + " (connection refused).");
  }
  if (failure.at == ConnectRace::Failure::At::kSource) return FailForOwnFault(exchange, OwnFault::kSource);
  if (const auto fault = OwnFaultOf(error, failure.address)) return FailForOwnFault(exchange, *fault);
  if (error == asio::error::operation_aborted || error == asio::error::timed_out ||
      error == asio::error::bad_descriptor) {
    return Fail(exchange, TransportFailure::kUnreachable, "The host does not react on port " + number + ".");
  }
  if (error == asio::error::connection_reset) {
    return Fail(exchange, TransportFailure::kConnectionRefused,
                "The host reset the connection to port " + number + " as it was opened.");
  }
  return Fail(exchange, TransportFailure::kUnreachable,
              "The host cannot be reached: there is no route to its address.");
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
  return (started ? "The response's headers were not complete within " : "No response came within ") + time + ".";
}

void RunningExchange::OnPassed() {
  passed_ = true;
  if (lookup != 0) resolver_.Cancel(lookup);
  if (race != nullptr) race->Abort();
  if (connection == nullptr) return;
  error_code ignored;
  connection->socket.close(ignored);
}

Async<std::unique_ptr<Connection>> Dialer::Dial(const PostRequest& request, RunningExchange& running,
                                                Exchange& exchange) {
  const TargetUrl& url = *request.url;
  running.phase = RunningExchange::Phase::kLookup;
  if (auto allowed = parts_.policy.CheckUrl(url); !allowed) {
    if (!HasDescriptor()) co_return FailForOwnFault(exchange, OwnFault::kDescriptors);
    co_return Fail(exchange, TransportFailure::kForbiddenAddress, allowed.error().text());
  }
  const SteadyTime looking_at = Now();
  DnsAnswer found = co_await Addresses(request, running, exchange);
  if (running.passed()) {
    exchange.own_fault = parts_.resolver.FaultSince(looking_at);
    co_return Fail(exchange, TransportFailure::kTimeout,
                   exchange.own_fault ? Explain(*exchange.own_fault) : running.ExplainTimeout());
  }
  if (!found) {
    exchange.own_fault = found.error().own_fault;
    co_return Fail(exchange, TransportFailure::kDns, std::move(found.error().message));
  }
  if (auto allowed = Check(found->addresses, url); !allowed) {
    // Without a descriptor the policy cannot tell which addresses are this machine's, and refuses.
    if (!HasDescriptor()) co_return FailForOwnFault(exchange, OwnFault::kDescriptors);
    co_return Fail(exchange, TransportFailure::kForbiddenAddress, allowed.error().text());
  }

  running.phase = RunningExchange::Phase::kConnect;
  const SteadyTime connecting_at = Now();
  std::unique_ptr<Connection> connection;
  if (GoesByProxy(found->addresses, url)) {
    connection = co_await by_proxy_.Connect(found->addresses, url.port, running, exchange);
  } else {
    connection = co_await Connect(*std::move(found), url, running, exchange);
  }
  if (!connection) co_return nullptr;
  connection->opened_at = Now();
  exchange.timings.connect = connection->opened_at - connecting_at;
  if (url.scheme == TargetUrl::Scheme::kHttp) co_return std::move(connection);

  running.connection = connection.get();
  running.phase = RunningExchange::Phase::kTls;
  const auto peer = parts_.policy.IsInbox(url) ? TlsStream::Peer::kThisServer : TlsStream::Peer::kOther;
  connection->tls = std::make_unique<TlsStream>(connection->socket, parts_.trust, parts_.sessions, url, peer);
  error_code error;
  co_await connection->tls->stream().async_handshake(asio::ssl::stream_base::client,
                                                     asio::redirect_error(kAwait, error));
  exchange.timings.tls = Now() - connection->opened_at;
  if (!error) co_return std::move(connection);
  running.connection = nullptr;
  if (running.passed()) co_return Fail(exchange, TransportFailure::kTimeout, running.ExplainTimeout());
  co_return Fail(exchange, TransportFailure::kTls, connection->tls->Explain(error));
}

Async<DnsAnswer> Dialer::Addresses(const PostRequest& request, RunningExchange& running, Exchange& exchange) {
  const TargetUrl& url = *request.url;
  if (const auto literal = AddressLiteral(url.host)) co_return DnsAddresses{.addresses = {*literal}};
  if (IsLocalhost(url.host)) {
    DnsAddresses found{.addresses = {asio::ip::address_v4::loopback()}};
    const asio::ip::address v6 = asio::ip::address_v6::loopback();
    if (parts_.policy.CheckAddress(v6, url.port)) found.addresses.push_back(v6);
    co_return found;
  }
  const SteadyTime asked_at = Now();
  DnsAnswer response = co_await parts_.resolver.Resolve(url.host, request.tenant, running.lookup);
  running.lookup = 0;
  exchange.timings.dns = Now() - asked_at;
  ++(response ? parts_.counts.names_found : parts_.counts.names_failed);
  parts_.counts.names_wait_us += static_cast<std::uint64_t>(exchange.timings.dns->count());
  co_return response;
}

std::expected<Done, Complaint> Dialer::Check(const std::vector<asio::ip::address>& addresses,
                                             const TargetUrl& url) const {
  if (parts_.policy.IsInbox(url)) return Done{};  // its host is the address of this server
  for (const asio::ip::address& address : addresses) {
    if (auto allowed = parts_.policy.CheckAddress(address, url.port); !allowed) return allowed;
  }
  return Done{};
}

bool Dialer::GoesByProxy(const std::vector<asio::ip::address>& addresses, const TargetUrl& url) const {
  if (!parts_.egress.proxy || parts_.policy.IsInbox(url)) return false;
  return !std::ranges::all_of(addresses, [](const asio::ip::address& address) { return address.is_loopback(); });
}

Async<std::unique_ptr<Connection>> Dialer::Connect(DnsAddresses found, const TargetUrl& url, RunningExchange& running,
                                                   Exchange& exchange) {
  const std::uint64_t id = ++races_made_;
  Race& under_way = races_.try_emplace(id, parts_.loop, url, parts_.egress.sources).first->second;
  ConnectRace& race = under_way.race;
  race.Add(found.addresses);
  if (!found.complete) {
    race.Expect(ConnectRace::More::kMayCome);
    running.lookup =
        parts_.resolver.AwaitRest(url.host, [this, id](const DnsAnswer& response) { HearOfRest(id, response); });
  }
  running.race = &race;
  auto socket = co_await race.Run();
  running.race = nullptr;
  const std::optional<std::string> forbidden = std::move(under_way.forbidden);
  races_.erase(id);
  if (running.lookup != 0) parts_.resolver.Cancel(std::exchange(running.lookup, 0));

  if (forbidden) co_return Fail(exchange, TransportFailure::kForbiddenAddress, *forbidden);
  if (running.passed()) co_return Fail(exchange, TransportFailure::kTimeout, running.ExplainTimeout());
  if (!socket) co_return FailToConnect(exchange, socket.error(), url.port);
  co_return std::make_unique<Connection>(*std::move(socket));
}

void Dialer::HearOfRest(std::uint64_t id, const DnsAnswer& response) {
  const auto found = races_.find(id);
  if (found == races_.end()) return;  // it has ended
  Race& under_way = found->second;
  if (response) {
    if (auto allowed = Check(response->addresses, under_way.url); !allowed) {
      under_way.forbidden = allowed.error().text();
      return under_way.race.Abort();
    }
    under_way.race.Add(response->addresses);
  }
  under_way.race.Expect(ConnectRace::More::kNo);
}

}  // namespace shakehook
