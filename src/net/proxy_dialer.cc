#include "net/proxy_dialer.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <optional>
#include <utility>

#include "net/dialer.h"
#include "net/host_addresses.h"
#include "net/own_fault.h"

namespace shakehook {
namespace {

using boost::system::error_code;
constexpr asio::use_awaitable_t<Executor> kAwait;
constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr Milliseconds kProbeTimeout{5'000};

void FailForProxy(Exchange& exchange, const std::string& sentence) {
  exchange.own_fault = OwnFault::kProxy;
  exchange.failure = TransportFailure::kInternal;
  exchange.message = sentence + "; the endpoint was not asked.";
}

std::string TargetOf(const asio::ip::address& address, std::uint16_t port) {
  const std::string text = address.to_string();
  return (address.is_v6() ? "[" + text + "]" : text) + ":" + std::to_string(port);
}

// Returns the status of "HTTP/1.1 200 ..."; nullopt: it is no answer of a proxy.
std::optional<int> StatusOf(std::string_view head) {
  constexpr std::size_t kVersionBytes = std::string_view("HTTP/1.1 ").size();
  if (!head.starts_with("HTTP/1.1 ") && !head.starts_with("HTTP/1.0 ")) return std::nullopt;
  const std::string_view digits = head.substr(kVersionBytes, 3);
  int status = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), status);
  if (error != std::errc() || end != digits.data() + 3 || status < 100) return std::nullopt;
  return status;
}

}  // namespace

Async<std::unique_ptr<Connection>> ProxyDialer::Connect(const std::vector<asio::ip::address>& checked,
                                                        std::uint16_t port, RunningExchange& running,
                                                        Exchange& exchange) {
  for (std::size_t i = 0; i < std::min(checked.size(), kAddressesMax); ++i) {
    std::unique_ptr<Connection> connection = co_await Reach(running, exchange);
    if (!connection) co_return nullptr;
    running.connection = connection.get();
    const SteadyTime asked_at = Now();
    const Loop::TimerKey timer = loop_.CallAt(asked_at + ProxyWatch::kProbeAfter, [this, asked_at] {
      if (watch_.TakeProbe(asked_at, Now())) loop_.Spawn(Probe());
    });
    const Answer answer = co_await Ask(*connection, TargetOf(checked[i], port), running, exchange);
    loop_.Cancel(timer);
    running.connection = nullptr;
    if (running.passed()) {
      ExplainSilence(asked_at, running, exchange);
      co_return nullptr;
    }
    if (answer == Answer::kOpen) co_return std::move(connection);
    if (answer == Answer::kFailed) co_return nullptr;
  }
  co_return nullptr;  // Ask has said that the last one cannot be reached
}

// A host that does not react makes the proxy wait as it would this machine.
void ProxyDialer::ExplainSilence(SteadyTime asked_at, const RunningExchange& running, Exchange& exchange) const {
  if (watch_.Hangs(asked_at, Now())) return FailForProxy(exchange, "The sending server's proxy does not answer");
  exchange.failure = TransportFailure::kTimeout;
  exchange.own_fault.reset();
  exchange.message = running.ExplainTimeout();
}

// RFC 9110, section 7.6.2: a proxy answers an OPTIONS with Max-Forwards: 0 itself. Any answer will do, and so will the
// end of the connection: a proxy that hangs does neither.
Async<> ProxyDialer::Probe() {
  RunningExchange running(resolver_, Now(), Now() + kProbeTimeout);
  deadlines_.Add(running);
  Exchange ignored;
  const std::unique_ptr<Connection> connection = co_await Reach(running, ignored);
  if (!connection) co_return;
  running.connection = connection.get();
  const std::string request =
      "OPTIONS * HTTP/1.1\r\nHost: " + egress_.proxy->ToString() + "\r\nMax-Forwards: 0\r\nConnection: close\r\n\r\n";
  error_code error;
  co_await asio::async_write(connection->socket, asio::buffer(request), asio::redirect_error(kAwait, error));
  std::array<char, 1> piece;
  if (!error) co_await connection->socket.async_read_some(asio::buffer(piece), asio::redirect_error(kAwait, error));
  if (!running.passed()) watch_.Answered(Now());
}

Async<std::unique_ptr<Connection>> ProxyDialer::Reach(RunningExchange& running, Exchange& exchange) {
  const DnsAnswer found = co_await AddressesOf(egress_.proxy->host, resolver_, running.lookup);
  if (!found || found->addresses.empty()) {
    FailForProxy(exchange, "The name of the sending server's proxy is not found");
    co_return nullptr;
  }
  const auto race = races_.emplace(races_.end(), loop_, egress_.proxy->port, egress_.sources);
  race->Add(found->addresses);
  running.race = &*race;
  auto socket = co_await race->Run();
  running.race = nullptr;
  races_.erase(race);
  if (socket && !running.passed()) co_return std::make_unique<Connection>(*std::move(socket));
  FailForProxy(exchange, "The sending server's proxy cannot be reached");
  if (socket || running.passed()) co_return nullptr;
  const ConnectRace::Failure& failure = socket.error();
  const auto fault = failure.at == ConnectRace::Failure::At::kSource ? std::optional(OwnFault::kSource)
                                                                     : OwnFaultOf(failure.error, failure.address);
  if (fault) {
    exchange.own_fault = fault;
    exchange.message = Explain(*fault);
  }
  co_return nullptr;
}

Async<ProxyDialer::Answer> ProxyDialer::Ask(Connection& connection, const std::string& target, RunningExchange& running,
                                            Exchange& exchange) {
  std::string request = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
  const std::string& authorization = egress_.proxy->authorization;
  if (!authorization.empty()) request += "Proxy-Authorization: " + authorization + "\r\n";
  request += "\r\n";
  error_code error;
  co_await asio::async_write(connection.socket, asio::buffer(request), asio::redirect_error(kAwait, error));
  std::string head;
  std::array<char, 1024> piece;
  while (!error && !running.passed() && head.find(kHeadEnd) == std::string::npos && head.size() < kResponseBytesMax) {
    const std::size_t bytes =
        co_await connection.socket.async_read_some(asio::buffer(piece), asio::redirect_error(kAwait, error));
    head.append(piece.data(), bytes);
  }
  if (running.passed()) co_return Answer::kFailed;
  co_return Judge(head, target, exchange);
}

ProxyDialer::Answer ProxyDialer::Judge(const std::string& head, const std::string& target, Exchange& exchange) {
  watch_.Answered(Now());
  const std::size_t end = head.find(kHeadEnd);
  const auto status = StatusOf(head);
  const std::string code = status ? " (" + std::to_string(*status) + ")" : "";
  if (!status || end == std::string::npos) {
    FailForProxy(exchange, head.empty() ? "The sending server's proxy closes the connection"
                                        : "The sending server's proxy does not respond as a proxy does");
    return Answer::kFailed;
  }
  if (*status >= 200 && *status < 300) {
    watch_.Opened(target, Now());
    if (end + kHeadEnd.size() == head.size()) return Answer::kOpen;
    exchange.failure = TransportFailure::kInvalidResponse;
    exchange.message = "The server sends something before it is asked.";
    return Answer::kFailed;
  }
  if (*status == 407 || *status == 401) {  // tinyproxy answers 401 to wrong ones
    FailForProxy(exchange, "The sending server's proxy wants other credentials" + code);
    return Answer::kFailed;
  }
  if (*status < 500 && !watch_.Refused(target, Now())) {
    FailForProxy(exchange, "The sending server's proxy refuses to connect" + code);
    return Answer::kFailed;
  }
  if (*status < 500) {
    exchange.failure = TransportFailure::kUnreachable;
    exchange.message =
        "The sending server's proxy refuses to connect to this host and port" + code + ", and connects to others.";
    return Answer::kFailed;
  }
  exchange.failure = TransportFailure::kUnreachable;
  exchange.message = "The host cannot be reached by the sending server's proxy" + code + ".";
  return Answer::kUnreachable;
}

}  // namespace shakehook
