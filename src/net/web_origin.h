// WebOrigin is an origin as browsers compare it (RFC 6454): scheme, host and port. Two spellings of one origin are
// equal: upper case, the scheme's own port written out, an IPv6 address in another form.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "net/target_url.h"

namespace shakehook {

class WebOrigin {
 public:
  // Reads "https://hooks.example.com", "http://[::1]:8080/". The error is a reason for a person: it is no web address,
  // or has a path, a query or a user.
  static std::expected<WebOrigin, std::string> Parse(std::string_view text);

  // Returns the origin of the same scheme at the address in a Host header.
  std::expected<WebOrigin, std::string> AtHost(std::string_view host) const;

  bool is_https() const { return url_.scheme == TargetUrl::Scheme::kHttps; }
  // Returns it as browsers write it: lowercase, without the scheme's own port, without a slash at its end.
  std::string ToString() const;

  bool operator==(const WebOrigin&) const = default;

 private:
  explicit WebOrigin(TargetUrl url) : url_(std::move(url)) {}

  TargetUrl url_;
};

}  // namespace shakehook
