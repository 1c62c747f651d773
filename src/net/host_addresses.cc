#include "net/host_addresses.h"

#include "net/address_policy.h"

namespace shakehook {

Async<DnsAnswer> AddressesOf(const std::string& host, DnsResolver& resolver, DnsResolver::WaitId& wait) {
  if (const auto literal = AddressLiteral(host)) co_return DnsAddresses{.addresses = {*literal}};
  if (IsLocalhost(host)) {
    co_return DnsAddresses{.addresses = {asio::ip::address_v4::loopback(), asio::ip::address_v6::loopback()}};
  }
  DnsAnswer found = co_await resolver.Resolve(host, 0, wait);
  wait = 0;
  co_return found;
}

}  // namespace shakehook
