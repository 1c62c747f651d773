#include "net/own_fault.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace shakehook {
namespace {

// Tells whether there is a route to the address. Connecting a datagram socket sends nothing.
bool HasRoute(const sockaddr* address, socklen_t size) {
  const int socket = ::socket(address->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return false;
  const bool connected = ::connect(socket, address, size) == 0;
  ::close(socket);
  return connected;
}

// Checks the route to the internet at large: the addresses that RFC 5737 and RFC 3849 reserve for documents have a
// route if there is a default one.
bool HasRouteV4() {
  sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(9)};
  ::inet_pton(AF_INET, "192.0.2.1", &address.sin_addr);
  return HasRoute(reinterpret_cast<const sockaddr*>(&address), sizeof address);
}
bool HasRouteV6() {
  sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(9)};
  ::inet_pton(AF_INET6, "2001:db8::1", &address.sin6_addr);
  return HasRoute(reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

}  // namespace

std::optional<OwnFault> OwnFaultOf(const boost::system::error_code& error, const boost::asio::ip::address& address) {
  if (error.category() != boost::system::system_category()) return std::nullopt;
  switch (error.value()) {
    case EMFILE:
    case ENFILE:
      return OwnFault::kDescriptors;
    case ENOMEM:
    case ENOBUFS:
      return OwnFault::kMemory;
    case EADDRNOTAVAIL:
      if (address.is_v4() || HasRouteV6()) return OwnFault::kPorts;
      [[fallthrough]];  // IPv6 is switched off
    case ENETUNREACH:
    case ENETDOWN:
      if (!HasRouteV4() && !HasRouteV6()) return OwnFault::kNetwork;
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

bool HasDescriptor() {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return false;
  ::close(socket);
  return true;
}

std::string Explain(OwnFault fault) {
  switch (fault) {
    case OwnFault::kDescriptors:
      return "The sending server has no more sockets free; the endpoint was not asked.";
    case OwnFault::kMemory:
      return "The sending server has no memory free for a connection; the endpoint was not asked.";
    case OwnFault::kPorts:
      return "The sending server has no more ports free; the endpoint was not asked.";
    case OwnFault::kNetwork:
      return "The sending server has no network; the endpoint was not asked.";
    case OwnFault::kNameServers:
      return "The sending server reaches no name server that works; the endpoint was not asked.";
    case OwnFault::kLookups:
      return "The sending server looks up too many names; the endpoint was not asked.";
    case OwnFault::kSource:
      return "The sending server has not the address that it sends from; the endpoint was not asked.";
    case OwnFault::kProxy:
      return "The sending server's proxy does not work; the endpoint was not asked.";
  }
  return "The endpoint was not asked.";
}

}  // namespace shakehook
