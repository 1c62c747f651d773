#include "net/address_policy.h"

#include <ifaddrs.h>
#include <netinet/in.h>

#include <algorithm>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>
#include <span>

#include "net/special_addresses.h"

namespace shakehook {
namespace {

namespace ip = boost::asio::ip;
using Failure = std::unexpected<Complaint>;

constexpr int kMappedPrefixBits = 96;

Failure ForbiddenAddress() {
  return Failure({"url_forbidden_address",
                  "Deliveries may not go to the host's address, because it is private, local or reserved."});
}

Failure ForbiddenPort(std::uint16_t port) {
  return Failure({"url_forbidden_port", "Port {port} belongs to another protocol; deliveries may not go there.", port});
}

// Returns the IPv4 address that follows a prefix of 96 bits.
ip::address_v4 LastFourBytes(const ip::address_v6& address) {
  const auto bytes = address.to_bytes();
  return ip::address_v4({bytes[12], bytes[13], bytes[14], bytes[15]});
}

bool IsNat64(const ip::address_v6& address) {
  static constexpr std::uint8_t kPrefix[12] = {0x00, 0x64, 0xff, 0x9b};  // RFC 6052: 64:ff9b::/96
  const auto bytes = address.to_bytes();
  return std::equal(std::begin(kPrefix), std::end(kPrefix), bytes.begin());
}

// Returns the address that traffic to `address` arrives at.
ip::address Unwrapped(const ip::address& address) {
  if (address.is_v4()) return address;
  const ip::address_v6 v6 = address.to_v6();
  if (v6.is_v4_mapped() || IsNat64(v6)) return LastFourBytes(v6);
  return ip::address_v6(v6.to_bytes());  // without a scope
}

std::span<const std::uint8_t> Bytes(const ip::address& address, ip::address_v6::bytes_type& storage) {
  if (address.is_v6()) {
    storage = address.to_v6().to_bytes();
    return storage;
  }
  const auto bytes = address.to_v4().to_bytes();
  std::ranges::copy(bytes, storage.begin());
  return std::span(storage).first(bytes.size());
}

bool IsAddressOfThisMachine(const ip::address& address) {
  if (address.is_loopback() || address.is_unspecified()) return true;
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return true;  // cannot tell: take no chance
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> interfaces(list, freeifaddrs);
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr) continue;
    if (entry->ifa_addr->sa_family == AF_INET) {
      const auto* found = reinterpret_cast<const sockaddr_in*>(entry->ifa_addr);
      if (address == ip::address_v4(ntohl(found->sin_addr.s_addr))) return true;
    } else if (entry->ifa_addr->sa_family == AF_INET6) {
      ip::address_v6::bytes_type bytes;
      std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6*>(entry->ifa_addr)->sin6_addr, bytes.size());
      if (address == ip::address_v6(bytes)) return true;
    }
  }
  return false;
}

}  // namespace

bool IsLocalhost(std::string_view host) { return host == "localhost" || host.ends_with(".localhost"); }

std::optional<ip::address> AddressLiteral(std::string_view host) {
  boost::system::error_code error;
  const ip::address address = ip::make_address(std::string(host), error);
  if (error) return std::nullopt;
  return address;
}

std::expected<AddressRange, std::string> AddressRange::Parse(std::string_view text) {
  const auto failure = [&](std::string_view reason) {
    return std::unexpected("'" + std::string(text) +
                           "' is not an address range such as 10.0.0.0/8: " + std::string(reason));
  };
  const std::size_t slash = text.find('/');
  const std::string_view base = text.substr(0, slash);
  if (base.contains('%')) return failure("an address here has no zone");
  const auto address = AddressLiteral(base);
  if (!address) return failure("'" + std::string(base) + "' is not an IP address");

  AddressRange range{.base = *address, .prefix_bits = address->is_v4() ? 32 : 128};
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    int bits = -1;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (error != std::errc() || end != digits.data() + digits.size() || bits < 0 || bits > range.prefix_bits) {
      return failure("the prefix length is not a number from 0 to " + std::to_string(range.prefix_bits));
    }
    range.prefix_bits = bits;
  }
  if (range.base.is_v6() && range.base.to_v6().is_v4_mapped() && range.prefix_bits >= kMappedPrefixBits) {
    range = {.base = LastFourBytes(range.base.to_v6()), .prefix_bits = range.prefix_bits - kMappedPrefixBits};
  }

  ip::address_v6::bytes_type storage;
  const auto bytes = Bytes(range.base, storage);
  for (std::size_t bit = range.prefix_bits; bit < bytes.size() * 8; ++bit) {
    if (bytes[bit / 8] & (0x80 >> (bit % 8))) return failure("the address has bits set behind its prefix");
  }
  return range;
}

bool AddressRange::Contains(const ip::address& address) const {
  if (base.is_v4() != address.is_v4()) return false;
  ip::address_v6::bytes_type base_storage, storage;
  const auto base_bytes = Bytes(base, base_storage);
  const auto bytes = Bytes(address, storage);
  for (int bit = 0; bit < prefix_bits; ++bit) {
    const int mask = 0x80 >> (bit % 8);
    if ((base_bytes[bit / 8] & mask) != (bytes[bit / 8] & mask)) return false;
  }
  return true;
}

void AddressPolicy::SetOwnListener(ip::address address, std::uint16_t port) {
  own_listeners_.emplace_back(Unwrapped(address), port);
}

bool AddressPolicy::IsOwnListener(const ip::address& address, std::uint16_t port) const {
  return std::ranges::any_of(own_listeners_, [&](const auto& listener) {
    if (listener.second != port) return false;
    if (listener.first.is_unspecified()) return IsAddressOfThisMachine(address);
    // Connecting to 0.0.0.0 or :: reaches this machine's loopback address.
    return listener.first == address || (address.is_unspecified() && listener.first.is_loopback());
  });
}

bool AddressPolicy::IsOpened(const ip::address& address) const {
  // A metadata service is only allowed by its own address, never by a wider range that contains it.
  const bool metadata = IsMetadataAddress(address);
  return std::ranges::any_of(options_.allowed_targets, [&](const AddressRange& range) {
    return metadata ? range.prefix_bits == (range.base.is_v4() ? 32 : 128) && range.base == address
                    : range.Contains(address);
  });
}

std::expected<Done, Complaint> AddressPolicy::CheckAddress(const ip::address& given, std::uint16_t port) const {
  if (IsForbiddenPort(port)) {
    return ForbiddenPort(port);
  }
  const ip::address address = Unwrapped(given);
  if (IsOwnListener(address, port)) return Failure({"url_own_server", "Deliveries may not go to this server itself."});
  if (!IsOpened(address) && (IsMetadataAddress(address) || IsSpecialAddress(address))) {
    return ForbiddenAddress();
  }
  return Done{};
}

void AddressPolicy::SetInboxes(const ip::address& address, std::uint16_t port, TargetUrl::Scheme scheme,
                               IsInboxTarget is_inbox) {
  ip::address reached = Unwrapped(address);
  if (reached.is_unspecified()) {
    reached = reached.is_v4() ? ip::address(ip::address_v4::loopback()) : ip::address(ip::address_v6::loopback());
  }
  inbox_host_ = reached.to_string();
  inbox_port_ = port;
  inbox_scheme_ = scheme;
  inbox_origin_ = scheme == TargetUrl::Scheme::kHttp ? "http://" : "https://";
  inbox_origin_ += (reached.is_v6() ? "[" + inbox_host_ + "]" : inbox_host_) + ":" + std::to_string(port);
  is_inbox_ = std::move(is_inbox);
}

bool AddressPolicy::IsInbox(const TargetUrl& url) const {
  return url.port == inbox_port_ && is_inbox_ && url.scheme == inbox_scheme_ && url.host == inbox_host_ &&
         is_inbox_(url.target);
}

std::expected<Done, Complaint> AddressPolicy::CheckUrl(const TargetUrl& url) const {
  if (IsInbox(url)) return Done{};
  if (url.scheme == TargetUrl::Scheme::kHttp && !options_.allow_http) {
    return Failure({"url_not_https", "The URL must begin with https://."});
  }
  if (IsForbiddenPort(url.port)) {
    return ForbiddenPort(url.port);
  }
  if (IsMetadataName(url.host)) return ForbiddenAddress();
  if (IsLocalhost(url.host)) return CheckAddress(ip::address_v4::loopback(), url.port);
  if (const auto address = AddressLiteral(url.host)) return CheckAddress(*address, url.port);
  return Done{};
}

}  // namespace shakehook
