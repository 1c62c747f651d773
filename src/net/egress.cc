#include "net/egress.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/encoding.h"
#include "net/percent_decoded.h"
#include "net/target_url.h"

namespace shakehook {
namespace {

namespace ip = boost::asio::ip;
using Failure = std::unexpected<std::string>;

constexpr std::size_t kCredentialsBytesMax = 1024;

}  // namespace

std::optional<ip::address> SourceAddresses::For(const ip::address& target) const {
  if (!chosen()) return ip::address();
  return target.is_v4() ? v4 : v6;
}

std::expected<Done, std::string> SourceAddresses::Add(std::string_view text) {
  boost::system::error_code error;
  const ip::address address = ip::make_address(std::string(text), error);
  const std::string quoted = "\"" + std::string(text) + "\"";
  if (error) return Failure(quoted + " is not an IP address, such as 192.0.2.7 or 2001:db8::7");
  const bool mapped = address.is_v6() && address.to_v6().is_v4_mapped();
  if (address.is_unspecified() || address.is_multicast() || mapped) {
    return Failure(quoted + " is no address of one machine");
  }
  std::optional<ip::address>& place = address.is_v4() ? v4 : v6;
  if (place)
    return Failure(quoted + " is the second " + (address.is_v4() ? "IPv4" : "IPv6") + " address: one is enough");
  place = address;
  return Done{};
}

std::expected<Done, std::string> SourceAddresses::CheckThisMachine() const {
  for (const auto& address : {v4, v6}) {
    if (!address) continue;
    boost::asio::io_context context;
    ip::tcp::socket socket(context);
    boost::system::error_code error;
    const ip::tcp::endpoint endpoint(*address, 0);
    socket.open(endpoint.protocol(), error);
    if (!error) socket.bind(endpoint, error);
    if (error == boost::system::errc::address_not_available) {
      return Failure(address->to_string() + " is no address of this machine");
    }
    if (error) return Failure(address->to_string() + ": " + error.message());
  }
  return Done{};
}

std::expected<EgressProxy, std::string> EgressProxy::Parse(std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme)) return Failure("the proxy must begin with http://, such as http://proxy.example:3128");
  url.remove_prefix(kScheme.size());
  if (url.ends_with('/')) url.remove_suffix(1);
  EgressProxy proxy;
  if (const std::size_t at = url.rfind('@'); at != std::string_view::npos) {
    const std::string_view given = url.substr(0, at);
    const std::size_t colon = given.find(':');
    const auto user = PercentDecoded(given.substr(0, colon));
    const auto password = PercentDecoded(colon == std::string_view::npos ? "" : given.substr(colon + 1));
    const bool usable = user && password && !user->empty() && !user->contains(':') &&
                        user->size() + password->size() <= kCredentialsBytesMax;
    if (!usable) return Failure("the proxy's user or password cannot be used: write what is special as %XX");
    proxy.authorization = "Basic " + ToBase64(AsBytes(*user + ":" + *password));
    url.remove_prefix(at + 1);
  }
  // The rest has the same form as a webhook's URL.
  const auto target = ParseTargetUrl("https://" + std::string(url) + "/");
  const std::size_t bracket = url.rfind(']');
  const std::size_t colon = url.rfind(':');
  const bool has_port = colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  if (!target || target->target != "/" || !has_port) {
    return Failure("the proxy must have a host and a port, and nothing behind them, such as http://proxy.example:3128");
  }
  proxy.host = target->host;
  proxy.port = target->port;
  return proxy;
}

std::string EgressProxy::ToString() const {
  return (host.contains(':') ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

}  // namespace shakehook
