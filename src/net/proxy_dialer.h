// ProxyDialer opens connections through an HTTP proxy, by CONNECT. The proxy is told an address that the caller has
// checked, never a name, so that it reaches nothing that the address policy forbids.
//
// Whose fault it is: a proxy that cannot be reached, is no proxy, wants other credentials or refuses is this machine's
// own fault; a proxy that cannot reach the address (5xx) tells of the endpoint.
//
// Ownership: the races under way; their exchanges wait for them.
// Threads:   lives on its client's loop.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "base/loop.h"
#include "net/connect_race.h"
#include "net/connection.h"
#include "net/dns_resolver.h"
#include "net/egress.h"
#include "net/transport.h"

namespace shakehook {

class RunningExchange;

class ProxyDialer {
 public:
  // The proxy is asked for at most this many addresses of an endpoint, one after the other.
  static constexpr std::size_t kAddressesMax = 3;
  static constexpr std::size_t kResponseBytesMax = 8 * 1024;

  // `egress` outlives it, and names a proxy where Connect is called.
  ProxyDialer(Loop& loop, DnsResolver& resolver, const Egress& egress)
      : loop_(loop), resolver_(resolver), egress_(egress) {}

  // Connects to one of the addresses. Returns null if it fails: then `exchange` says why. The arguments outlive the
  // call. Precondition: there is at least one address.
  Async<std::unique_ptr<Connection>> Connect(const std::vector<asio::ip::address>& checked, std::uint16_t port,
                                             RunningExchange& running, Exchange& exchange);

 private:
  enum class Answer : std::uint8_t { kOpen, kUnreachable, kFailed };

  // Connects to the proxy itself.
  Async<std::unique_ptr<Connection>> Reach(RunningExchange& running, Exchange& exchange);
  Async<Answer> Ask(Connection& connection, const std::string& target, RunningExchange& running, Exchange& exchange);
  Answer Judge(const std::string& head, Exchange& exchange) const;

  Loop& loop_;
  DnsResolver& resolver_;
  const Egress& egress_;
  std::list<ConnectRace> races_;
};

}  // namespace shakehook
