#include "net/resolver_settings.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/ascii.h"

namespace shakehook {
namespace {

constexpr std::string_view kBlanks = " \t\r\v\f";

// Removes the next word of the line and returns it; empty: there is none. A comment ends the line.
std::string_view TakeWord(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
  if (line.starts_with('#') || line.starts_with(';')) line = {};
  const std::string_view word = line.substr(0, line.find_first_of(kBlanks));
  line.remove_prefix(word.size());
  return word;
}

std::vector<std::string> TakeDomains(std::string_view line) {
  std::vector<std::string> domains;
  for (std::string_view word = TakeWord(line); !word.empty(); word = TakeWord(line)) {
    while (word.starts_with('.')) word.remove_prefix(1);
    while (word.ends_with('.')) word.remove_suffix(1);
    if (word.empty() || domains.size() == ResolverSettings::kSearchMax) continue;
    std::string domain(word);
    std::ranges::transform(domain, domain.begin(), ToLowerAscii);
    domains.push_back(std::move(domain));
  }
  return domains;
}

}  // namespace

std::optional<ResolverSettings::Server> ParseNameServer(std::string_view text) {
  std::string_view host = text;
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    host = text.substr(1, end - 1);
    port = text.substr(end + 1);
  } else if (std::ranges::count(text, ':') == 1) {
    host = text.substr(0, text.find(':'));
    port = text.substr(host.size());
  }
  ResolverSettings::Server server;
  if (!port.empty()) {
    port.remove_prefix(1);
    const char* const end = port.data() + port.size();
    const auto number = std::from_chars(port.data(), end, server.port);
    if (number.ec != std::errc() || number.ptr != end || server.port == 0) return std::nullopt;
  }
  boost::system::error_code error;
  server.address = boost::asio::ip::make_address(std::string(host), error);
  if (error) return std::nullopt;
  return server;
}

std::vector<ResolverSettings::Server> ParseNameServers(std::string_view text) {
  std::vector<ResolverSettings::Server> servers;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    if (const auto server = ParseNameServer(one)) servers.push_back(*server);
  }
  return servers;
}

ResolverSettings ParseResolverSettings(std::string_view text) {
  ResolverSettings settings;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::string_view keyword = TakeWord(line);
    if (keyword == "nameserver") {
      const auto server = ParseNameServer(TakeWord(line));
      if (!server || settings.servers.size() == ResolverSettings::kServersMax) continue;
      if (std::ranges::find(settings.servers, *server) == settings.servers.end()) settings.servers.push_back(*server);
    } else if (keyword == "search" || keyword == "domain") {
      settings.search = TakeDomains(line);  // the last line counts
    } else if (keyword == "options") {
      for (std::string_view option = TakeWord(line); !option.empty(); option = TakeWord(line)) {
        if (option == "use-vc" || option == "usevc") settings.use_tcp = true;
        if (option == "rotate") settings.rotate = true;
      }
    }
  }
  if (settings.servers.empty()) settings.servers.push_back({.address = boost::asio::ip::address_v4::loopback()});
  return settings;
}

}  // namespace shakehook
