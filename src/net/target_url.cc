#include "net/target_url.h"

#include <algorithm>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <charconv>

#include "base/ascii.h"

namespace shakehook {
namespace {

constexpr std::size_t kHostBytesMax = 253;  // RFC 1035
constexpr std::size_t kLabelBytesMax = 63;
constexpr std::size_t kPortDigitsMax = 5;

using Failure = std::unexpected<Complaint>;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHexDigit(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
// Strips `prefix` from `text`, which is compared without regard to case.
bool TakePrefix(std::string_view& text, std::string_view prefix) {
  if (text.size() < prefix.size() || !std::ranges::equal(text.substr(0, prefix.size()), prefix, {}, ToLowerAscii))
    return false;
  text.remove_prefix(prefix.size());
  return true;
}

// Resolvers differ on whether such a label makes the whole host a number ("127.1", "0x7f.1", "2130706433").
bool LooksNumeric(std::string_view label) {
  if (std::ranges::all_of(label, IsDigit)) return true;
  return label.size() >= 2 && label[0] == '0' && ToLowerAscii(label[1]) == 'x' &&
         std::ranges::all_of(label.substr(2), IsHexDigit);
}

std::expected<std::string, Complaint> ParseAddressV4(std::string_view text) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address_v4(std::string(text), error);
  if (error || address.to_string() != text) {
    return Failure(
        {"url_host", "The host {what}.", "looks like a number but is not an IPv4 address of four plain decimal parts"});
  }
  return std::string(text);
}

std::expected<std::string, Complaint> ParseAddressV6(std::string_view text) {
  if (text.contains('%')) return Failure({"url_host", "The IPv6 address must not carry a zone."});
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address_v6(std::string(text), error);
  if (error) return Failure({"url_host", "The text between [ and ] is not an IPv6 address."});
  return address.to_string();
}

std::expected<std::string, Complaint> ParseName(std::string_view text) {
  if (text.empty()) return Failure({"url_no_host", "The URL has no host."});
  if (text.contains('%')) return Failure({"url_host", "The host {what}.", "must not contain percent-encoding"});
  // A final dot says that the name is complete, as every name with a dot is here anyway.
  const bool dotted = text.ends_with('.');
  if (dotted) text.remove_suffix(1);
  if (text.empty()) return Failure({"url_no_host", "The URL has no host."});
  if (text.size() > kHostBytesMax) return Failure({"url_host", "The host {what}.", "is longer than 253 characters"});
  std::string_view label;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t dot = rest.find('.');
    label = rest.substr(0, dot);
    rest.remove_prefix(dot == std::string_view::npos ? rest.size() : dot + 1);
    if (label.empty()) return Failure({"url_host", "The host {what}.", "has an empty part between its dots"});
    if (label.size() > kLabelBytesMax)
      return Failure({"url_host", "A part of the host {what}.", "is longer than 63 characters"});
    // RFC 1123 does not allow an underscore, but DNS and the names of containers do.
    if (!std::ranges::all_of(label, [](char c) { return IsLetter(c) || IsDigit(c) || c == '-' || c == '_'; })) {
      return Failure(
          {"url_host", "The host {what}.", "may only consist of letters, digits, dots, hyphens and underscores"});
    }
    if (label.starts_with('-') || label.ends_with('-')) {
      return Failure({"url_host", "A part of the host {what}.", "must not begin or end with a hyphen"});
    }
  }
  if (text.ends_with('.')) return Failure({"url_host", "The host {what}.", "has an empty part between its dots"});
  if (LooksNumeric(label)) {
    if (dotted) return Failure({"url_host", "An address must not end with a dot."});
    return ParseAddressV4(text);
  }
  std::string name(text);
  std::ranges::transform(name, name.begin(), ToLowerAscii);
  // A single label with a dot at its end would be a name in the root, which nobody means.
  if (dotted && !name.contains('.') && name != "localhost") {
    return Failure({"url_host", "A host of one part {what}.", "must not end with a dot"});
  }
  return name;
}

std::expected<std::uint16_t, Complaint> ParsePort(std::string_view digits) {
  unsigned port = 0;
  const bool plain =
      !digits.empty() && digits.size() <= kPortDigitsMax && digits[0] != '0' && std::ranges::all_of(digits, IsDigit);
  if (plain) std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (port < 1 || port > 65535)
    return Failure({"url_port", "The port must be a number from {min} to {max}.", 1, 65535});
  return static_cast<std::uint16_t>(port);
}

// Refuses characters that no part of a URL may contain: one program drops, decodes or folds them and another keeps
// them, which makes two URLs of one.
std::expected<void, Complaint> CheckCharacters(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == ' ' || (c >= '\t' && c <= '\r'))
      return Failure({"url_character", "The URL must not contain {what}.", "white space"});
    if (byte < 0x20 || byte == 0x7f)
      return Failure({"url_character", "The URL must not contain {what}.", "control characters"});
    if (c == '\\') return Failure({"url_character", "The URL must not contain {what}.", "a backslash"});
    if (c == '#') return Failure({"url_fragment", "The URL must not carry a fragment (#)."});
    if (c == '<' || c == '>' || c == '"')
      return Failure({"url_character", "The URL must not contain {what}.", "<, > or quotation marks"});
  }
  return {};
}

std::expected<void, Complaint> CheckTarget(std::string_view target) {
  for (std::size_t i = 0; i < target.size(); ++i) {
    if (static_cast<unsigned char>(target[i]) >= 0x80) {
      return Failure({"url_encoding", "The path and query must be ASCII; write other characters percent-encoded."});
    }
    if (target[i] == '%' && (i + 2 >= target.size() || !IsHexDigit(target[i + 1]) || !IsHexDigit(target[i + 2]))) {
      return Failure({"url_encoding", "A % in the path or query must be followed by two hexadecimal digits."});
    }
  }
  return {};
}

}  // namespace

std::expected<TargetUrl, Complaint> ParseTargetUrl(std::string_view text) {
  if (text.empty()) return Failure({"url_empty", "The URL is empty."});
  if (text.size() > kUrlBytesMax)
    return Failure({"url_too_long", "The URL is longer than {max} characters.", kUrlBytesMax});
  if (const auto checked = CheckCharacters(text); !checked) return Failure(checked.error());

  TargetUrl url;
  if (TakePrefix(text, "https://")) {
    url.scheme = TargetUrl::Scheme::kHttps;
  } else if (TakePrefix(text, "http://")) {
    url.scheme = TargetUrl::Scheme::kHttp;
  } else {
    return Failure({"url_not_https", "The URL must begin with https://."});
  }
  const std::uint16_t scheme_port = url.scheme == TargetUrl::Scheme::kHttps ? 443 : 80;
  url.port = scheme_port;

  const std::size_t authority_end = std::min(text.find_first_of("/?"), text.size());
  std::string_view authority = text.substr(0, authority_end);
  const std::string_view target = text.substr(authority_end);
  if (authority.contains('@')) return Failure({"url_credentials", "The URL must not carry a user name or password."});
  if (!std::ranges::all_of(authority, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
    return Failure({"url_international_host",
                    "The host must be ASCII; write an international name in its punycode spelling (xn--...)."});
  }

  std::expected<std::string, Complaint> host;
  const bool bracketed = authority.starts_with('[');
  const std::size_t host_end = bracketed ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (host_end == std::string_view::npos) return Failure({"url_host", "The host {what}.", "has no closing bracket"});
  if (bracketed) {
    host = ParseAddressV6(authority.substr(1, host_end - 1));
    authority.remove_prefix(host_end + 1);
  } else {
    host = ParseName(authority.substr(0, host_end));
    authority.remove_prefix(host_end);
  }
  if (!host) return Failure(host.error());
  url.host = *std::move(host);

  if (!authority.empty()) {
    if (authority[0] != ':') return Failure({"url_host", "Only a port may follow the host's closing bracket."});
    const auto port = ParsePort(authority.substr(1));
    if (!port) return Failure(port.error());
    url.port = *port;
  }

  if (const auto checked = CheckTarget(target); !checked) return Failure(checked.error());
  if (!target.starts_with('/')) url.target = '/';
  url.target += target;
  url.host_header = bracketed ? '[' + url.host + ']' : url.host;
  if (url.port != scheme_port) url.host_header += ':' + std::to_string(url.port);
  return url;
}

}  // namespace shakehook
