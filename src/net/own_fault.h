// Which failures are this machine's own: no descriptor, no memory, no port, no network. The endpoint was not reached,
// and has no part in them.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/system/error_code.hpp>
#include <optional>
#include <string>

#include "net/transport.h"

namespace shakehook {

// Of an error in opening or connecting a socket to `address`. Nothing: the endpoint's, or its network's. One address
// family without a route is no fault as long as the machine has the other: an endpoint that has IPv6 alone cannot be
// reached from it.
std::optional<OwnFault> OwnFaultOf(const boost::system::error_code& error, const boost::asio::ip::address& address);

// Tells whether a socket can be opened now.
bool HasDescriptor();

// For a person who reads an attempt.
std::string Explain(OwnFault fault);

}  // namespace shakehook
