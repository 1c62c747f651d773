#include "api/http/client_address.h"

#include <algorithm>
#include <boost/asio/ip/network_v6.hpp>
#include <optional>

#include "base/ascii.h"

namespace shakehook {
namespace {

constexpr unsigned short kSubscriberBits = 64;

// Takes the last element off the list.
std::string_view TakeLast(std::string_view& list) {
  const std::size_t comma = list.rfind(',');
  const std::string_view last = comma == std::string_view::npos ? list : list.substr(comma + 1);
  list = comma == std::string_view::npos ? std::string_view() : list.substr(0, comma);
  return Trimmed(last);
}

asio::ip::address Unmapped(const asio::ip::address& address) {
  if (!address.is_v6()) return address;
  if (address.to_v6().is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  return asio::ip::address_v6(address.to_v6().to_bytes());  // without a zone, which means something on one machine only
}

bool IsPort(std::string_view text) {
  constexpr std::size_t kPortDigitsMax = 5;
  return !text.empty() && text.size() <= kPortDigitsMax &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// "198.51.100.7", "198.51.100.7:4711", "2001:db8::7", "[2001:db8::7]", "[2001:db8::7]:4711", also in quotation marks.
std::optional<asio::ip::address> ReadAddress(std::string_view text) {
  if (text.size() >= 2 && text.starts_with('"') && text.ends_with('"')) text = text.substr(1, text.size() - 2);
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view behind = text.substr(end + 1);
    if (!behind.empty() && !(behind.starts_with(':') && IsPort(behind.substr(1)))) return std::nullopt;
    text = text.substr(1, end - 1);
    if (text.find(':') == std::string_view::npos) return std::nullopt;
  } else if (std::ranges::count(text, ':') == 1) {
    const std::size_t colon = text.find(':');
    if (!IsPort(text.substr(colon + 1))) return std::nullopt;
    text = text.substr(0, colon);
  }
  boost::system::error_code error;
  const auto address = asio::ip::make_address(std::string(text), error);
  if (error) return std::nullopt;
  return Unmapped(address);
}

bool IsAmong(std::span<const AddressRange> ranges, const asio::ip::address& address) {
  return std::ranges::any_of(ranges, [&](const AddressRange& range) { return range.Contains(address); });
}

}  // namespace

bool IsTrustedProxy(const asio::ip::address& peer, std::span<const AddressRange> trusted_proxies) {
  const asio::ip::address address = Unmapped(peer);
  return address.is_loopback() || IsAmong(trusted_proxies, address);
}

asio::ip::address ClientAddressOf(const HttpRequest& request, std::span<const AddressRange> trusted_proxies) {
  asio::ip::address address = Unmapped(request.peer);
  if (!IsTrustedProxy(address, trusted_proxies)) return address;
  const std::string list = request.HeaderList("x-forwarded-for").value_or("");
  for (std::string_view rest = list; !rest.empty();) {
    const std::string_view element = TakeLast(rest);
    if (element.empty()) continue;  // empty elements do not count (RFC 9110, section 5.6.1)
    const auto said = ReadAddress(element);
    if (!said) break;
    address = *said;
    if (!IsAmong(trusted_proxies, address)) break;
  }
  return address;
}

std::string ClientNetworkOf(const HttpRequest& request, std::span<const AddressRange> trusted_proxies) {
  const asio::ip::address address = ClientAddressOf(request, trusted_proxies);
  if (address.is_v4()) return address.to_string();
  return asio::ip::network_v6(address.to_v6(), kSubscriberBits).canonical().to_string();
}

}  // namespace shakehook
