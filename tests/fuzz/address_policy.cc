// The addresses that a delivery may go to: an allowed address is in no forbidden range, by a check that is written
// separately here, on numbers instead of tables; ranges that an operator opens read back as they were written.
#include "net/address_policy.h"

#include <fuzzer/FuzzedDataProvider.h>

#include <cstdint>

#include "base/check.h"

namespace shakehook {
namespace {

namespace ip = boost::asio::ip;

bool Between(std::uint32_t address, std::uint32_t first, std::uint32_t last) {
  return address >= first && address <= last;
}

bool IsInsideV4(std::uint32_t a) {
  return a < 0x01000000 || Between(a, 0x0a000000, 0x0affffff) || Between(a, 0x64400000, 0x647fffff) ||
         Between(a, 0x7f000000, 0x7fffffff) || Between(a, 0xa9fe0000, 0xa9feffff) ||
         Between(a, 0xac100000, 0xac1fffff) || Between(a, 0xc0000000, 0xc00000ff) ||
         Between(a, 0xc0000200, 0xc00002ff) || Between(a, 0xc0a80000, 0xc0a8ffff) ||
         Between(a, 0xc6120000, 0xc613ffff) || Between(a, 0xc6336400, 0xc63364ff) ||
         Between(a, 0xcb007100, 0xcb0071ff) || a >= 0xe0000000 || a == 0xa83f8110;  // the last: Azure's metadata
}

std::uint32_t Word(const ip::address_v6::bytes_type& bytes, std::size_t at) {
  return std::uint32_t{bytes[at]} << 24 | std::uint32_t{bytes[at + 1]} << 16 | std::uint32_t{bytes[at + 2]} << 8 |
         bytes[at + 3];
}

// Also by the IPv4 address that an IPv6 address may carry.
bool IsInside(const ip::address& address) {
  if (address.is_v4()) return IsInsideV4(address.to_v4().to_uint());
  const auto bytes = address.to_v6().to_bytes();
  const std::uint32_t first = Word(bytes, 0);
  if (Word(bytes, 4) == 0 && (first == 0 || first == 0x0064ff9b)) {
    const std::uint32_t third = Word(bytes, 8);
    if (first == 0 && third == 0x0000ffff) return IsInsideV4(Word(bytes, 12));  // mapped
    if (first == 0x0064ff9b && third == 0) return IsInsideV4(Word(bytes, 12));  // NAT64
    return true;                                                                // ::, ::1, compatible, local NAT64
  }
  if (bytes[0] >> 5 != 1) return true;                            // not global unicast: ULA, link-local, multicast, ...
  if (first == 0x20010000 || first >> 16 == 0x2002) return true;  // Teredo, 6to4: any IPv4 address inside
  return first == 0x20010db8 || first >> 12 == 0x3fff0;           // documentation
}

void CheckDefault(const ip::address& address, std::uint16_t port) {
  static const AddressPolicy policy{AddressPolicy::Options{}};
  const bool allowed = policy.CheckAddress(address, port).has_value();
  if (allowed) CHECK(!IsInside(address));
  // A text that means the address is judged as the address.
  const auto read = AddressLiteral(address.to_string());
  CHECK(read && policy.CheckAddress(*read, port).has_value() == allowed);
  const std::string host = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
  const auto url = ParseTargetUrl("https://" + host + ":" + std::to_string(port));
  CHECK(url.has_value() == (port != 0));
  if (url) CHECK(policy.CheckUrl(*url).has_value() == allowed);
}

// Opening a range opens that range, and never the metadata services in it.
void CheckOpened(const ip::address& address, std::uint16_t port, const std::string& range_text) {
  const auto range = AddressRange::Parse(range_text);
  if (!range) return;
  CHECK(range->Contains(range->base));
  const auto again = AddressRange::Parse(range->base.to_string() + "/" + std::to_string(range->prefix_bits));
  CHECK(again && *again == *range);
  const AddressPolicy closed{AddressPolicy::Options{}};
  const AddressPolicy opened{AddressPolicy::Options{.allowed_targets = {*range}}};
  const bool was_allowed = closed.CheckAddress(address, port).has_value();
  const bool is_allowed = opened.CheckAddress(address, port).has_value();
  if (was_allowed) CHECK(is_allowed);
  if (is_allowed && !was_allowed && address.is_v4()) CHECK(range->Contains(address));
  static const auto kMetadata = ip::make_address("169.254.169.254");
  if (range->prefix_bits < 32) CHECK(!opened.CheckAddress(kMetadata, 80).has_value());
}

}  // namespace
}  // namespace shakehook

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace ip = boost::asio::ip;
  FuzzedDataProvider input(data, size);
  const auto port = input.ConsumeIntegral<std::uint16_t>();
  ip::address address;
  if (input.ConsumeBool()) {
    address = ip::address_v4(input.ConsumeIntegral<std::uint32_t>());
  } else {
    ip::address_v6::bytes_type bytes{};
    input.ConsumeData(bytes.data(), bytes.size());
    address = ip::address_v6(bytes);
  }
  shakehook::CheckDefault(address, port);
  shakehook::CheckOpened(address, port, input.ConsumeRemainingBytesAsString());
  return 0;
}
