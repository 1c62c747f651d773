// The address that a request comes from, behind the reverse proxies that the operator trusts.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <span>
#include <string>

#include "net/address_policy.h"
#include "net/http_server.h"

namespace shakehook {

// This machine, or a proxy that the operator named: from it come the requests of many clients.
bool IsTrustedProxy(const asio::ip::address& peer, std::span<const AddressRange> trusted_proxies);

// Returns the address of the client: the connection's peer, unless that is a trusted proxy (this machine, or one that
// the operator named). Then it is the last element of X-Forwarded-For, and so on to the left as long as an element is a
// proxy that the operator named. The elements further to the left were written by the client and are ignored. An
// element that is no address ("unknown") ends the search: then the result is the last proxy, for all clients behind it.
//
// Only X-Forwarded-For is read: a proxy that writes it passes on a client's own Forwarded or X-Real-IP as it came.
asio::ip::address ClientAddressOf(const HttpRequest& request, std::span<const AddressRange> trusted_proxies);

// Returns the client's network: an IPv4 address, or an IPv6 /64, all of which one subscriber has.
std::string ClientNetworkOf(const HttpRequest& request, std::span<const AddressRange> trusted_proxies);

}  // namespace shakehook
