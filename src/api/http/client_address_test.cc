#include "api/http/client_address.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

using Lines = std::vector<std::string>;

HttpRequest From(const std::string& peer, const Lines& forwarded = {}) {
  HttpRequest request;
  request.peer = asio::ip::make_address(peer);
  for (const std::string& line : forwarded) request.headers.emplace_back("x-forwarded-for", line);
  return request;
}

std::string Client(const std::string& peer, const Lines& forwarded, const std::vector<std::string>& trusted = {}) {
  std::vector<AddressRange> ranges;
  for (const std::string& range : trusted) ranges.push_back(AddressRange::Parse(range).value());
  return ClientAddressOf(From(peer, forwarded), ranges).to_string();
}

TEST(ClientAddress, IsThePeerWhereThatIsNoTrustedProxy) {
  EXPECT_EQ(Client("198.51.100.7", {}), "198.51.100.7");
  EXPECT_EQ(Client("198.51.100.7", {"203.0.113.9"}), "198.51.100.7");
  EXPECT_EQ(Client("::ffff:198.51.100.7", {}), "198.51.100.7");
  EXPECT_EQ(Client("10.0.0.2", {"203.0.113.9"}, {"10.0.0.3"}), "10.0.0.2");
}

TEST(ClientAddress, IsWhatAProxyOnThisMachineSaysLast) {
  EXPECT_EQ(Client("127.0.0.1", {"203.0.113.9"}), "203.0.113.9");
  EXPECT_EQ(Client("127.4.5.6", {"203.0.113.9"}), "203.0.113.9");
  EXPECT_EQ(Client("::1", {"1.1.1.1, 203.0.113.9 "}), "203.0.113.9");
  EXPECT_EQ(Client("::ffff:127.0.0.1", {"1.1.1.1,203.0.113.9"}), "203.0.113.9");
}

TEST(ClientAddress, IsNotWhatTheClientWroteIntoALineOfItsOwn) {
  EXPECT_EQ(Client("127.0.0.1", {"1.1.1.1", "203.0.113.9"}), "203.0.113.9");
  EXPECT_EQ(Client("127.0.0.1", {"1.1.1.1, 2.2.2.2", "3.3.3.3", "4.4.4.4, 203.0.113.9"}), "203.0.113.9");
  EXPECT_EQ(Client("127.0.0.1", {"1.1.1.1", "127.0.0.1"}), "127.0.0.1");
  EXPECT_EQ(Client("127.0.0.1", Lines(199, "1.1.1.1")), "1.1.1.1");
}

TEST(ClientAddress, IsTheFirstFromTheRightThatIsNoTrustedProxy) {
  EXPECT_EQ(Client("127.0.0.1", {"1.1.1.1, 203.0.113.9, 127.0.0.1"}), "127.0.0.1");
  EXPECT_EQ(Client("127.0.0.1", {"1.1.1.1, 203.0.113.9, 127.0.0.1"}, {"127.0.0.0/8"}), "203.0.113.9");
  EXPECT_EQ(Client("10.0.0.2", {"1.1.1.1, 203.0.113.9, 10.9.9.9"}, {"10.0.0.0/8"}), "203.0.113.9");
  EXPECT_EQ(Client("10.0.0.2", {"203.0.113.9, 10.9.9.9"}, {"10.0.0.2"}), "10.9.9.9");
  EXPECT_EQ(Client("fd00::2", {"2001:db8::9, [fd00::3]:443"}, {"fd00::/8"}), "2001:db8::9");
  EXPECT_EQ(Client("10.0.0.2", {"10.0.0.3, 10.0.0.4"}, {"10.0.0.0/8"}), "10.0.0.3");
}

TEST(ClientAddress, IsReadInTheFormsThatProxiesWrite) {
  for (const char* text : {"203.0.113.9:4711", "\"203.0.113.9\"", "\"203.0.113.9:4711\"", "::ffff:203.0.113.9",
                           "[::ffff:203.0.113.9]:4711", "1.1.1.1,,203.0.113.9,, ,\t", "1.1.1.1,\t203.0.113.9\t"}) {
    EXPECT_EQ(Client("127.0.0.1", {text}), "203.0.113.9") << text;
  }
  for (const char* text : {"2001:db8::9", "[2001:db8::9]", "[2001:DB8::9]:4711", "\"[2001:db8::9]:4711\"",
                           "2001:db8:0:0:0:0:0:9", "1.1.1.1, 2001:db8::9"}) {
    EXPECT_EQ(Client("127.0.0.1", {text}), "2001:db8::9") << text;
  }
  EXPECT_EQ(Client("127.0.0.1", {"fe80::1%1"}), "fe80::1");
}

TEST(ClientAddress, IsTheProxysWhereItDoesNotSay) {
  for (const char* text :
       {"unknown", "_hidden", "nonsense", "1.1.1.1, unknown", "[203.0.113.9]", "[2001:db8::9", "203.0.113.9:port",
        "203.0.113.9:123456", "203.0.113", "0x7f.1", "unix:", "", ",", "[]", "203.0.113.9 1.1.1.1", "\""}) {
    EXPECT_EQ(Client("127.0.0.1", {text}), "127.0.0.1") << text;
  }
  EXPECT_EQ(Client("127.0.0.1", {"1.1.1.1, unknown, 10.0.0.2"}, {"10.0.0.2"}), "10.0.0.2");
}

TEST(ClientNetwork, IsTheWholeOfASubscribers) {
  const auto network = [](const char* peer) { return ClientNetworkOf(From(peer), {}); };
  EXPECT_EQ(network("198.51.100.7"), "198.51.100.7");
  EXPECT_EQ(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2::9"));
  EXPECT_NE(network("2001:db8:1:2::9"), network("2001:db8:1:3::9"));
}

}  // namespace
}  // namespace shakehook
