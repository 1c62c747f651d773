#include "net/smtp_server.h"

#include <algorithm>

#include "net/percent_decoded.h"
#include "net/target_url.h"

namespace shakehook {
namespace {

using Failure = std::unexpected<std::string>;
using Security = SmtpServer::Security;

constexpr std::size_t kUserBytesMax = 255;
constexpr std::uint16_t kTlsPort = 465;
constexpr std::uint16_t kStartTlsPort = 587;

}  // namespace

std::expected<SmtpServer, std::string> SmtpServer::Parse(std::string_view url) {
  SmtpServer server;
  if (url.starts_with("smtps://")) {
    url.remove_prefix(8);
    server.security = Security::kTls;
  } else if (url.starts_with("smtp://")) {
    url.remove_prefix(7);
    server.security = Security::kStartTls;
  } else {
    return Failure("must begin with smtps:// (TLS) or smtp:// (STARTTLS)");
  }
  if (url.ends_with('/')) url.remove_suffix(1);
  if (const std::size_t at = url.rfind('@'); at != std::string_view::npos) {
    const std::string_view user = url.substr(0, at);
    if (user.contains(':')) return Failure("must not hold a password: put it in the file of --smtp-password-file");
    auto decoded = PercentDecoded(user);
    const bool usable = decoded && !decoded->empty() && decoded->size() <= kUserBytesMax &&
                        std::ranges::none_of(*decoded, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    if (!usable) return Failure("has a user name that cannot be used");
    server.user = *std::move(decoded);
    url.remove_prefix(at + 1);
  }
  // The rest has the same form as a webhook's URL, whose default port is 443.
  const auto target = ParseTargetUrl("https://" + std::string(url) + "/");
  if (!target || target->target != "/")
    return Failure("must name a host and may name a port, such as mail.example.com:465");
  server.host = target->host;
  server.port = target->port;
  const bool without_port = target->port == 443 && !url.ends_with(":443");
  if (without_port) server.port = server.security == Security::kTls ? kTlsPort : kStartTlsPort;
  return server;
}

}  // namespace shakehook
