// The failures that are this machine's own: no descriptor, no memory, no port, no network. The endpoint was not
// reached, and has no part in them.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/system/error_code.hpp>
#include <optional>
#include <string>

#include "net/transport.h"

namespace shakehook {

// Returns this machine's fault if it caused an error in opening or connecting a socket to `address`; nullopt: the
// endpoint or its network caused it. An address family without a route is no fault while the machine has the other: it
// just cannot reach an endpoint that has IPv6 alone.
std::optional<OwnFault> OwnFaultOf(const boost::system::error_code& error, const boost::asio::ip::address& address);

// Tells whether a socket can be opened now.
bool HasDescriptor();

// Returns a sentence for a person who reads an attempt.
std::string Explain(OwnFault fault);

}  // namespace shakehook
