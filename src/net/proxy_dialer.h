// ProxyDialer opens connections through an HTTP proxy, by CONNECT. The proxy is told an address that the caller has
// checked, never a name, so that it reaches nothing that the address policy forbids.
//
// Whose fault it is: a proxy that cannot be reached, is no proxy, wants other credentials, refuses or hangs is this
// machine's own fault; a proxy that cannot reach the address (5xx), or refuses it and no other, tells of the endpoint.
// A proxy that does not answer is asked something that it answers by itself, to tell whether it hangs or waits for the
// endpoint (proxy_watch.h).
//
// Ownership: the races under way; their exchanges and probes wait for them.
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
#include "net/deadline_sweep.h"
#include "net/dns_resolver.h"
#include "net/egress.h"
#include "net/proxy_watch.h"
#include "net/transport.h"

namespace shakehook {

class RunningExchange;

class ProxyDialer {
 public:
  // The proxy is asked for at most this many addresses of an endpoint, one after the other.
  static constexpr std::size_t kAddressesMax = 3;
  static constexpr std::size_t kResponseBytesMax = 8 * 1024;

  // `egress` outlives it, and names a proxy where Connect is called.
  ProxyDialer(Loop& loop, DnsResolver& resolver, DeadlineSweep& deadlines, const Egress& egress)
      : loop_(loop), resolver_(resolver), deadlines_(deadlines), egress_(egress) {}

  // Connects to one of the addresses. Returns null if it fails: then `exchange` says why. The arguments outlive the
  // call. Precondition: there is at least one address.
  Async<std::unique_ptr<Connection>> Connect(const std::vector<asio::ip::address>& checked, std::uint16_t port,
                                             RunningExchange& running, Exchange& exchange);

 private:
  enum class Answer : std::uint8_t { kOpen, kUnreachable, kFailed };

  // Connects to the proxy itself.
  Async<std::unique_ptr<Connection>> Reach(RunningExchange& running, Exchange& exchange);
  Async<Answer> Ask(Connection& connection, const std::string& target, RunningExchange& running, Exchange& exchange);
  Answer Judge(const std::string& head, const std::string& target, Exchange& exchange);
  // Says why a CONNECT of `asked_at` got no answer in time.
  void ExplainSilence(SteadyTime asked_at, const RunningExchange& running, Exchange& exchange) const;
  // Asks the proxy something about itself, and notes whether it answers.
  Async<> Probe();

  SteadyTime Now() const { return loop_.clock().Steady(); }

  Loop& loop_;
  DnsResolver& resolver_;
  DeadlineSweep& deadlines_;
  const Egress& egress_;
  std::list<ConnectRace> races_;
  ProxyWatch watch_;
};

}  // namespace shakehook
