// A webhook's URL: an accepted URL has only one reading, and no host that another program would take for an address.
#include "net/target_url.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstdint>

#include "base/check.h"
#include "net/address_policy.h"

namespace shakehook {
namespace {

std::string TextOf(const TargetUrl& url) {
  return (url.scheme == TargetUrl::Scheme::kHttps ? "https://" : "http://") + url.host_header + url.target;
}

void Check(std::string_view text) {
  const auto url = ParseTargetUrl(text);
  if (!url) {
    CHECK(!url.error().text().empty());
    return;
  }
  CHECK(url->port != 0);
  CHECK(url->target.starts_with('/'));
  CHECK(!url->host.empty());
  CHECK(std::ranges::all_of(url->target + url->host_header, [](char c) { return c > ' ' && c <= '~'; }));
  CHECK(url->host_header.find_first_of("/?#@\\%") == std::string::npos);

  // The URL written out leads to the same connection.
  const auto again = ParseTargetUrl(TextOf(*url));
  CHECK(again || text.size() + 2 > kUrlBytesMax);  // the "/" that was added
  if (again) CHECK(*again == *url);

  // The C library reads "127.1", "0x7f.1" and "2130706433" as addresses; here such a host is refused, or spelled
  // plainly.
  in_addr loose{};
  in_addr strict{};
  if (inet_aton(url->host.c_str(), &loose) != 0) {
    CHECK(inet_pton(AF_INET, url->host.c_str(), &strict) == 1);
    CHECK(strict.s_addr == loose.s_addr);
    CHECK(AddressLiteral(url->host).has_value());
  }
}

}  // namespace
}  // namespace shakehook

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  shakehook::Check({reinterpret_cast<const char*>(data), size});
  return 0;
}
