// SmtpServer is the mail server that the operator names, by a URL: smtps://user@host:465 speaks TLS from the first byte
// (RFC 8314, "implicit TLS"), smtp://user@host:587 begins it by STARTTLS. Without TLS nothing is sent.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace shakehook {

struct SmtpServer {
  enum class Security : std::uint8_t { kTls, kStartTls };

  Security security = Security::kTls;
  std::string host;  // a lowercase name, or an address literal without brackets
  std::uint16_t port = 0;
  std::string user;  // empty: no login
  std::string password;

  bool operator==(const SmtpServer&) const = default;

  // Without a port: 465, or 587 for STARTTLS. The user may have an @, or anything as %XX. A password in it is refused,
  // and never quoted: URLs are shown. The error is a reason for a person.
  static std::expected<SmtpServer, std::string> Parse(std::string_view url);
};

}  // namespace shakehook
