#include "net/special_addresses.h"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>

namespace shakehook {
namespace {

namespace ip = boost::asio::ip;

struct RangeV4 {
  std::uint8_t bytes[4];
  int prefix_bits;
};

constexpr RangeV4 kSpecialV4[] = {
    {{0, 0, 0, 0}, 8},        // this network
    {{10, 0, 0, 0}, 8},       // private
    {{100, 64, 0, 0}, 10},    // shared, behind carriers' NAT
    {{127, 0, 0, 0}, 8},      // loopback
    {{169, 254, 0, 0}, 16},   // link-local
    {{172, 16, 0, 0}, 12},    // private
    {{192, 0, 0, 0}, 24},     // IETF protocol assignments
    {{192, 0, 2, 0}, 24},     // documentation
    {{192, 31, 196, 0}, 24},  // AS112
    {{192, 52, 193, 0}, 24},  // AMT
    {{192, 88, 99, 0}, 24},   // 6to4 relays
    {{192, 168, 0, 0}, 16},   // private
    {{192, 175, 48, 0}, 24},  // AS112
    {{198, 18, 0, 0}, 15},    // benchmarking
    {{198, 51, 100, 0}, 24},  // documentation
    {{203, 0, 113, 0}, 24},   // documentation
    {{224, 0, 0, 0}, 4},      // multicast
    {{240, 0, 0, 0}, 4},      // reserved, broadcast
};

struct RangeV6 {
  std::uint16_t words[3];  // the first 48 bits
  int prefix_bits;
};

constexpr RangeV6 kPublicV6 = {{0x2000, 0, 0}, 3};

constexpr RangeV6 kSpecialV6[] = {
    {{0x2001, 0, 0}, 23},            // IETF protocol assignments: Teredo, benchmarking, ORCHID
    {{0x2001, 0x0db8, 0}, 32},       // documentation
    {{0x2002, 0, 0}, 16},            // 6to4: carries any IPv4 address
    {{0x2620, 0x004f, 0x8000}, 48},  // AS112
    {{0x3fff, 0, 0}, 20},            // documentation
};

bool Contains(const RangeV4& range, const ip::address_v4::bytes_type& address) {
  for (int bit = 0; bit < range.prefix_bits; ++bit) {
    const std::uint8_t mask = 0x80 >> (bit % 8);
    if ((range.bytes[bit / 8] & mask) != (address[bit / 8] & mask)) return false;
  }
  return true;
}

bool Contains(const RangeV6& range, const ip::address_v6::bytes_type& address) {
  for (int bit = 0; bit < range.prefix_bits; ++bit) {
    const std::uint16_t word = static_cast<std::uint16_t>(address[bit / 16 * 2] << 8 | address[bit / 16 * 2 + 1]);
    const std::uint16_t mask = 0x8000 >> (bit % 16);
    if ((range.words[bit / 16] & mask) != (word & mask)) return false;
  }
  return true;
}

constexpr std::string_view kMetadataAddresses[] = {
    "169.254.169.254",  // AWS, Google, Azure, OpenStack and most others
    "169.254.170.2",    // AWS, tasks
    "169.254.170.23",   // AWS, pods
    "169.254.0.23",     // Tencent
    "169.254.42.42",    // Scaleway
    "168.63.129.16",    // Azure, in a public range
    "100.100.100.200",  // Alibaba
    "192.0.0.192",      // Oracle
    "fd00:ec2::254",    // AWS
    "fd00:ec2::23",     // AWS, pods
    "fd20:ce::254",     // Google
    "fd00:42::42",      // Scaleway
};

constexpr std::string_view kMetadataNames[] = {
    "instance-data",
    "instance-data.ec2.internal",
    "metadata",
    "metadata.aws.internal",
    "metadata.azure.internal",
    "metadata.goog",
    "metadata.google",
    "metadata.google.internal",
    "metadata.packet.net",
    "metadata.platformequinix.com",
    "metadata.tencentyun.com",
};

// https://fetch.spec.whatwg.org/#bad-port, then MySQL, PostgreSQL, Redis, Elasticsearch, memcached, MongoDB.
constexpr std::uint16_t kForbiddenPorts[] = {
    0,    1,    7,    9,    11,   13,   15,   17,   19,   20,   21,    22,   23,   25,   37,   42,    43,    53,
    69,   77,   79,   87,   95,   101,  102,  103,  104,  109,  110,   111,  113,  115,  117,  119,   123,   135,
    137,  139,  143,  161,  179,  389,  427,  465,  512,  513,  514,   515,  526,  530,  531,  532,   540,   548,
    554,  556,  563,  587,  601,  636,  989,  990,  993,  995,  1719,  1720, 1723, 2049, 3659, 4045,  4190,  5060,
    5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080, 3306, 5432, 6379, 9200, 11211, 27017,
};

}  // namespace

bool IsSpecialAddress(const ip::address& address) {
  if (address.is_v4()) {
    const auto bytes = address.to_v4().to_bytes();
    return std::ranges::any_of(kSpecialV4, [&](const RangeV4& range) { return Contains(range, bytes); });
  }
  const auto bytes = address.to_v6().to_bytes();
  if (!Contains(kPublicV6, bytes)) return true;
  return std::ranges::any_of(kSpecialV6, [&](const RangeV6& range) { return Contains(range, bytes); });
}

bool IsMetadataAddress(const ip::address& address) {
  static const auto addresses = [] {
    std::array<ip::address, std::size(kMetadataAddresses)> parsed;
    std::ranges::transform(kMetadataAddresses, parsed.begin(),
                           [](std::string_view text) { return ip::make_address(std::string(text)); });
    return parsed;
  }();
  return std::ranges::find(addresses, address) != addresses.end();
}

bool IsMetadataName(std::string_view host) {
  return std::ranges::any_of(kMetadataNames, [&](std::string_view name) {
    return host == name || (host.size() > name.size() && host.ends_with(name) && name.contains('.') &&
                            host[host.size() - name.size() - 1] == '.');
  });
}

bool IsForbiddenPort(std::uint16_t port) {
  return std::ranges::find(kForbiddenPorts, port) != std::end(kForbiddenPorts);
}

}  // namespace shakehook
