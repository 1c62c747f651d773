// Egress is how deliveries leave this machine: the addresses of its own that they come from (--bind-out), and the proxy
// that they go through (--egress-proxy).
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace shakehook {

// At most one address of each family. Where one is chosen, the other family is used only if it has one too.
struct SourceAddresses {
  std::optional<boost::asio::ip::address> v4, v6;

  bool chosen() const { return v4 || v6; }
  // Returns the address to connect to `target` from; unspecified: any. nullopt: the target's family has none.
  std::optional<boost::asio::ip::address> For(const boost::asio::ip::address& target) const;

  // Adds an address. The error quotes the text.
  std::expected<Done, std::string> Add(std::string_view text);
  // Checks that this machine has them now. The error names the one that it has not.
  std::expected<Done, std::string> CheckThisMachine() const;

  bool operator==(const SourceAddresses&) const = default;
};

struct EgressProxy {
  std::string host;  // a lowercase name, or an address literal without brackets
  std::uint16_t port = 0;
  std::string authorization;  // the value of Proxy-Authorization, which is secret; empty: none is sent

  // "http://[user:password@]host:port"; user and password may have any byte as %XX. The error is a reason for a person,
  // and never quotes the text.
  static std::expected<EgressProxy, std::string> Parse(std::string_view url);
  // Returns "host:port", with an IPv6 address in brackets, and nothing that is secret.
  std::string ToString() const;

  bool operator==(const EgressProxy&) const = default;
};

struct Egress {
  SourceAddresses sources;
  std::optional<EgressProxy> proxy;  // absent: deliveries go straight to their endpoints

  bool operator==(const Egress&) const = default;
};

}  // namespace shakehook
