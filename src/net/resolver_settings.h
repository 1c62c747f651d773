// ResolverSettings is the content of /etc/resolv.conf (resolv.conf(5)): the name servers, and the domains for names
// without a dot. It is read here and not by c-ares, because c-ares 1.18 does not support the zone of a link-local
// address ("fe80::53%eth0") and asks a dead first server before every other one.
//
// Pure, but for a zone's name, which the machine's interfaces turn into a number.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shakehook {

struct ResolverSettings {
  struct Server {
    boost::asio::ip::address address;  // a link-local one with its zone
    std::uint16_t port = 53;

    bool operator==(const Server&) const = default;
  };

  static constexpr std::size_t kServersMax = 8;
  static constexpr std::size_t kSearchMax = 6;

  std::vector<Server> servers;      // in the file's order, never empty: 127.0.0.1 if the file names none
  std::vector<std::string> search;  // lowercase, without dots at their ends
  bool use_tcp = false;             // options use-vc
  bool rotate = false;

  bool operator==(const ResolverSettings&) const = default;
};

// Lines that cannot be read are ignored, as every resolver does: an option that one resolver knows is unknown to
// another. The options about times are not followed (ndots, timeout, attempts): an attempt's own time is short, and a
// name with a dot is never looked up elsewhere.
ResolverSettings ParseResolverSettings(std::string_view text);

// Reads "192.0.2.1", "192.0.2.1:5353", "fe80::1%eth0", "[2001:db8::1]:5353".
std::optional<ResolverSettings::Server> ParseNameServer(std::string_view text);
// Reads several, with commas between them; unreadable ones are left out.
std::vector<ResolverSettings::Server> ParseNameServers(std::string_view text);

}  // namespace shakehook
