#include "net/address_shares.h"

#include <algorithm>

namespace shakehook {
namespace {

namespace ip = boost::asio::ip;

constexpr std::size_t kNetworkBytes = 8;  // the network part of an IPv6 address

// Returns the address under which connections from `address` are counted.
ip::address CountedAs(const ip::address& address) {
  if (address.is_v4()) return address;
  const ip::address_v6 v6 = address.to_v6();
  if (v6.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, v6);
  ip::address_v6::bytes_type bytes = v6.to_bytes();
  std::fill(bytes.begin() + kNetworkBytes, bytes.end(), 0);
  return ip::address_v6(bytes);
}

}  // namespace

std::optional<AddressShares::Place> AddressShares::Enter(const ip::address& from) {
  const ip::address of = CountedAs(from);
  const MutexLock lock(mutex_);
  std::size_t& connections = connections_[of];
  if (connections >= max_) return std::nullopt;
  ++connections;
  return Place(*this, of);
}

void AddressShares::Leave(const ip::address& of) {
  const MutexLock lock(mutex_);
  const auto found = connections_.find(of);
  if (--found->second == 0) connections_.erase(found);
}

}  // namespace shakehook
