// AddressPolicy decides where a delivery may go. It is asked when a webhook is saved, and again on every connect, about
// exactly the address that is dialled. Refused by default: everything that is not the public internet (the IANA
// special-purpose registries of IPv4; of IPv6 everything outside 2000::/3 and its special ranges; 64:ff9b::/96 is
// judged by the IPv4 address in it), metadata services by number and name, and ports that speak other protocols (the
// Fetch standard's bad ports and usual databases'). `--allow-target` opens ranges; the server's own listening address
// (except for its inboxes) and the ports stay closed, and so does a metadata service unless its exact address is named.
//
// Threads: immutable after set-up; Check functions from any thread.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/complaint.h"
#include "base/result.h"
#include "net/target_url.h"

namespace shakehook {

// Tells whether the host is "localhost" or ends in ".localhost" (RFC 6761): it is dialled as the loopback addresses,
// never looked up. Precondition: `host` is lowercase.
bool IsLocalhost(std::string_view host);

// Returns the address that `host` spells out; nullopt for a name.
std::optional<boost::asio::ip::address> AddressLiteral(std::string_view host);

// A range such as 10.0.0.0/8 or fd00::/8; a bare address is a range of one.
struct AddressRange {
  boost::asio::ip::address base;
  int prefix_bits = 0;

  // Refuses bits after the prefix (10.0.0.1/8). An IPv4-mapped IPv6 range is its IPv4 range. The error quotes the text.
  static std::expected<AddressRange, std::string> Parse(std::string_view text);
  bool Contains(const boost::asio::ip::address& address) const;

  bool operator==(const AddressRange&) const = default;
};

class AddressPolicy {
 public:
  struct Options {
    std::vector<AddressRange> allowed_targets;
    bool allow_http = false;
  };

  explicit AddressPolicy(Options options) : options_(std::move(options)) {}

  // Tells whether the operator opened any private range.
  bool opens_targets() const { return !options_.allowed_targets.empty(); }

  // Sets the server's own listener; an unspecified address means every address of this machine at the time of the
  // check.
  void SetOwnListener(boost::asio::ip::address address, std::uint16_t port);

  // Allows the URLs of inboxes, which the server made itself: the only exception to the rule that its own listener is
  // closed. They have the listener's scheme, and go to `address` (loopback if that is unspecified), with a path for
  // which `is_inbox` returns true; that is called from any thread. Once, after SetOwnListener.
  using IsInboxTarget = std::function<bool(std::string_view target)>;
  void SetInboxes(const boost::asio::ip::address& address, std::uint16_t port, TargetUrl::Scheme scheme,
                  IsInboxTarget is_inbox);
  // Returns "http://127.0.0.1:8080"; empty: there are no inboxes.
  const std::string& inbox_origin() const { return inbox_origin_; }
  bool IsInbox(const TargetUrl& url) const;

  // The error is a reason for a person. It only says that the target is not allowed, not what is there.
  std::expected<Done, Complaint> CheckAddress(const boost::asio::ip::address& address, std::uint16_t port) const;
  // Refuses a URL by what is known before its name is resolved: scheme, port, address literal, names of metadata
  // services, localhost.
  std::expected<Done, Complaint> CheckUrl(const TargetUrl& url) const;

 private:
  bool IsOwnListener(const boost::asio::ip::address& address, std::uint16_t port) const;
  bool IsOpened(const boost::asio::ip::address& address) const;

  Options options_;
  std::vector<std::pair<boost::asio::ip::address, std::uint16_t>> own_listeners_;
  std::string inbox_origin_, inbox_host_;
  std::uint16_t inbox_port_ = 0;
  TargetUrl::Scheme inbox_scheme_ = TargetUrl::Scheme::kHttp;
  IsInboxTarget is_inbox_;
};

}  // namespace shakehook
