// The addresses of a host that the operator has named: the mail server, the proxy. Deliveries have their own way
// (dialer.h), which counts, and asks the address policy.
#pragma once

#include <string>

#include "net/dns_resolver.h"

namespace shakehook {

// Returns an address as it is, and this machine for localhost; asks the resolver for any other name. `wait`: as in
// DnsResolver::Resolve, 0 again afterwards. Both outlive the call.
Async<DnsAnswer> AddressesOf(const std::string& host, DnsResolver& resolver, DnsResolver::WaitId& wait);

}  // namespace shakehook
