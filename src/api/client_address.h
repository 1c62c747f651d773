// Where a request comes from, behind the reverse proxies that the operator trusts.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <span>
#include <string>

#include "net/address_policy.h"
#include "net/http_server.h"

namespace shakehook {

// The connection's peer. Where that is a proxy (this machine, or one that the operator named), what it says of its own
// peer: the last element of X-Forwarded-For, and so on to the left as long as an element is a proxy that the operator
// named. The first that is not is the client; what is to the left of it was written by the client and is worth nothing.
// An element that is no address ("unknown") ends the search: then the last proxy stands for all whom it hides.
//
// Only X-Forwarded-For is read: a proxy that writes it passes on a client's own Forwarded or X-Real-IP as it came.
asio::ip::address ClientAddressOf(const HttpRequest& request, std::span<const AddressRange> trusted_proxies);

// The client's network: an IPv4 address, or an IPv6 /64, which one subscriber has whole.
std::string ClientNetworkOf(const HttpRequest& request, std::span<const AddressRange> trusted_proxies);

}  // namespace shakehook
