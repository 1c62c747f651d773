// Dialer opens connections: it checks the URL, looks the host up, checks every address, connects to one of the checked
// addresses, straight or through the egress proxy, and speaks TLS if the URL says https.
//
// It begins with the addresses of one family if those of the other do not come soon. Addresses that come while it
// connects are checked too, and one forbidden address still ends the attempt. Later addresses are checked by the next
// attempt.
//
// Ownership: the races under way; their exchanges wait for them.
// Threads: lives on its client's loop.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/loop.h"
#include "net/address_policy.h"
#include "net/client_counts.h"
#include "net/connect_race.h"
#include "net/connection.h"
#include "net/deadline_sweep.h"
#include "net/dns_resolver.h"
#include "net/egress.h"
#include "net/http_client.h"
#include "net/proxy_dialer.h"
#include "net/tls_sessions.h"
#include "net/transport.h"

namespace shakehook {

// RunningExchange is one exchange under way: its deadline, the step to break off when that passes, and how far it got.
class RunningExchange final : public Deadline {
 public:
  enum class Phase : std::uint8_t { kLookup, kConnect, kTls, kAnswer };

  RunningExchange(DnsResolver& resolver, SteadyTime started_at, SteadyTime deadline)
      : Deadline(deadline), resolver_(resolver), started_at_(started_at) {}

  bool passed() const { return passed_; }
  // Returns a text such as "No response came within 5 s."
  std::string ExplainTimeout() const;

  Phase phase = Phase::kLookup;
  DnsResolver::WaitId lookup = 0;    // the wait for a name
  ConnectRace* race = nullptr;       // the one under way; null: none
  Connection* connection = nullptr;  // the connection that is used or opened; null: none

 private:
  void OnPassed() override;

  DnsResolver& resolver_;
  const SteadyTime started_at_;
  bool passed_ = false;
};

class Dialer {
 public:
  struct Parts {
    Loop& loop;
    const AddressPolicy& policy;
    TlsTrust& trust;
    TlsSessions& sessions;
    DnsResolver& resolver;
    DeadlineSweep& deadlines;
    ClientCounts& counts;
    const Egress& egress;
  };

  explicit Dialer(Parts parts) : parts_(parts), by_proxy_(parts.loop, parts.resolver, parts.deadlines, parts.egress) {}

  // Returns a connection, or null: then `exchange` says why. It gets the timings in both cases. The arguments outlive
  // the call.
  Async<std::unique_ptr<Connection>> Dial(const PostRequest& request, RunningExchange& running, Exchange& exchange);

 private:
  struct Race {
    Race(Loop& loop, const TargetUrl& of, const SourceAddresses& sources) : race(loop, of.port, sources), url(of) {}

    ConnectRace race;
    const TargetUrl& url;
    std::optional<std::string> forbidden;  // why an address that came late ended it
  };

  Async<DnsAnswer> Addresses(const PostRequest& request, RunningExchange& running, Exchange& exchange);
  std::expected<Done, Complaint> Check(const std::vector<asio::ip::address>& addresses, const TargetUrl& url) const;
  // Tells whether the connection goes through the proxy. Inboxes and loopback addresses are this machine's own.
  bool GoesByProxy(const std::vector<asio::ip::address>& addresses, const TargetUrl& url) const;
  Async<std::unique_ptr<Connection>> Connect(DnsAddresses found, const TargetUrl& url, RunningExchange& running,
                                             Exchange& exchange);
  void HearOfRest(std::uint64_t race, const DnsAnswer& response);

  SteadyTime Now() const { return parts_.loop.clock().Steady(); }

  const Parts parts_;
  ProxyDialer by_proxy_;
  std::map<std::uint64_t, Race> races_;
  std::uint64_t races_made_ = 0;
};

}  // namespace shakehook
