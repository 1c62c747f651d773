// Tables of the addresses, names and ports that the AddressPolicy refuses: the IANA special-purpose address registries
// (RFC 6890 and its updates), the metadata services of the cloud providers by number and name, and the ports of other
// protocols (the "bad ports" of the Fetch standard, and usual databases').
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <string_view>

namespace shakehook {

// Tells whether the address is outside the public internet. Precondition: `address` does not carry an IPv4 address
// (mapped, NAT64); such addresses are judged by that one.
bool IsSpecialAddress(const boost::asio::ip::address& address);

// Some of these are in public ranges, and in ranges that an operator opens for other reasons.
bool IsMetadataAddress(const boost::asio::ip::address& address);

// Precondition: `host` is lowercase.
bool IsMetadataName(std::string_view host);

bool IsForbiddenPort(std::uint16_t port);

}  // namespace shakehook
