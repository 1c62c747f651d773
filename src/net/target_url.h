// TargetUrl is the parts of a webhook's URL, as it is saved and dialled. It is strict about spelling, because two
// readings of one URL are how a server-side request forgery starts.
//
// Boost.URL 1.81 misreads some texts (a host that starts like an IPv4 address, ports over 65535, decoded bytes in the
// host), so the text is taken apart here, by a grammar narrower than RFC 3986; target_url_test.cc keeps the cases.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "base/complaint.h"

namespace shakehook {

struct TargetUrl {
  enum class Scheme : std::uint8_t { kHttps, kHttp };

  Scheme scheme = Scheme::kHttps;
  std::string host;  // lowercase name without a final dot, or an address literal without brackets
  std::uint16_t port = 443;
  std::string target;       // path and query, at least "/"
  std::string host_header;  // host[:port], the port only where it is not the scheme's own

  bool operator==(const TargetUrl&) const = default;
};

inline constexpr std::size_t kUrlBytesMax = 2048;

// The error is a reason for a person ("The URL must not carry a user name."). AddressPolicy decides whether the host's
// address and the port may be dialled.
std::expected<TargetUrl, Complaint> ParseTargetUrl(std::string_view text);

}  // namespace shakehook
