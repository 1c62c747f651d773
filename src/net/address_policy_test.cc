#include "net/address_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shakehook {
namespace {

using testing::HasSubstr;
using testing::Not;

boost::asio::ip::address Address(const std::string& text) { return boost::asio::ip::make_address(text); }

AddressPolicy Policy(std::initializer_list<std::string_view> allowed = {}, bool allow_http = false) {
  AddressPolicy::Options options{.allow_http = allow_http};
  for (const std::string_view range : allowed) options.allowed_targets.push_back(AddressRange::Parse(range).value());
  return AddressPolicy(options);
}

bool Opens(const AddressPolicy& policy, const std::string& address, std::uint16_t port = 443) {
  return policy.CheckAddress(Address(address), port).has_value();
}

TEST(AddressPolicy, AllowsThePublicInternet) {
  for (const char* address :
       {"1.1.1.1",         "8.8.8.8",       "9.255.255.255",   "11.0.0.0",     "100.63.255.255",   "100.128.0.0",
        "126.255.255.255", "128.0.0.1",     "169.253.255.255", "169.255.0.0",  "172.15.255.255",   "172.32.0.0",
        "192.0.1.0",       "192.0.3.0",     "192.167.255.255", "192.169.0.0",  "198.17.255.255",   "198.20.0.0",
        "198.51.99.255",   "203.0.112.255", "223.255.255.255", "2606:4700::1", "2001:200::1",      "2001:db7:ffff::1",
        "2001:db9::1",     "2003::1",       "2a00:1450::1",    "3ffe:ffff::1", "64:ff9b::808:808", "::ffff:8.8.8.8"}) {
    EXPECT_TRUE(Opens(Policy(), address)) << address;
  }
}

TEST(AddressPolicy, RefusesSpecialRanges) {
  for (const char* address :
       {"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1",
        "127.255.255.254", "169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.9",
        "192.0.0.170", "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.0.1", "192.168.255.255",
        "192.175.48.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
        "240.0.0.1", "255.255.255.255",
        // IPv6
        "::", "::1", "::2", "::127.0.0.1", "::8.8.8.8", "64:ff9b:1::808:808", "100::1", "100:0:0:1::1", "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:1::1", "2001:2::1", "2001:10::1", "2001:20::1", "2001:30::1",
        "2001:1ff:ffff::1", "2001:db8::1", "2001:db8:ffff::1", "2002::1", "2002:7f00:1::1", "2620:4f:8000::1",
        "3fff::1", "3fff:fff::1", "4000::1", "5f00::1", "fc00::1", "fd00::1", "fe80::1", "fec0::1", "ff02::1",
        "ff0e::1"}) {
    EXPECT_FALSE(Opens(Policy(), address)) << address;
  }
}

TEST(AddressPolicy, JudgesAnIPv6AddressByTheIPv4AddressInIt) {
  for (const char* address : {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:168.63.129.16",
                              "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe"}) {
    EXPECT_FALSE(Opens(Policy(), address)) << address;
  }
  EXPECT_TRUE(Opens(Policy({"10.0.0.0/8"}), "::ffff:10.0.0.1"));
  EXPECT_TRUE(Opens(Policy({"10.0.0.0/8"}), "64:ff9b::a00:1"));
  EXPECT_FALSE(Opens(Policy({"::/0"}), "::ffff:10.0.0.1"));
}

TEST(AddressPolicy, RefusesMetadataServicesInPublicAndOpenedRanges) {
  for (const char* address : {"168.63.129.16", "100.100.100.200", "192.0.0.192", "169.254.169.254", "169.254.170.2",
                              "fd00:ec2::254", "fd20:ce::254"}) {
    EXPECT_FALSE(Opens(Policy(), address)) << address;
    EXPECT_FALSE(Opens(Policy({"0.0.0.0/0", "::/0", "169.254.0.0/16", "fd00::/8"}), address)) << address;
    EXPECT_TRUE(Opens(Policy({address}), address)) << address;
  }
  EXPECT_TRUE(Opens(Policy(), "168.63.129.17"));
}

TEST(AddressPolicy, OpensWhatTheOperatorAllows) {
  const AddressPolicy policy = Policy({"10.1.0.0/16", "127.0.0.1", "fd12::/16"});
  for (const char* address : {"10.1.0.1", "10.1.255.255", "127.0.0.1", "fd12::1", "8.8.8.8"}) {
    EXPECT_TRUE(Opens(policy, address)) << address;
  }
  for (const char* address : {"10.0.255.255", "10.2.0.0", "127.0.0.2", "::1", "fd13::1"}) {
    EXPECT_FALSE(Opens(policy, address)) << address;
  }
}

TEST(AddressPolicy, RefusesPortsOfOtherProtocols) {
  const AddressPolicy policy = Policy({"127.0.0.0/8"});
  for (const int port : {0,    1,    7,    20,   21,   22,   23,   25,    53,   69,   110,  137,  139,   143,
                         161,  389,  427,  465,  587,  636,  993,  995,   1719, 1723, 2049, 3659, 4045,  4190,
                         5060, 6000, 6566, 6665, 6669, 6679, 6697, 10080, 3306, 5432, 6379, 9200, 11211, 27017}) {
    const auto verdict = policy.CheckAddress(Address("127.0.0.1"), static_cast<std::uint16_t>(port));
    ASSERT_FALSE(verdict.has_value()) << port;
    EXPECT_THAT(verdict.error().text(), HasSubstr("Port " + std::to_string(port)));
  }
  for (const int port : {80, 443, 3000, 5000, 8000, 8080, 8443, 9000, 65535}) {
    EXPECT_TRUE(Opens(policy, "127.0.0.1", static_cast<std::uint16_t>(port))) << port;
  }
}

TEST(AddressPolicy, NeverOpensItsOwnListener) {
  AddressPolicy policy = Policy({"127.0.0.0/8", "::1", "0.0.0.0/8", "10.0.0.0/8"});
  policy.SetOwnListener(Address("127.0.0.1"), 8080);
  EXPECT_FALSE(Opens(policy, "127.0.0.1", 8080));
  EXPECT_FALSE(Opens(policy, "::ffff:127.0.0.1", 8080));
  EXPECT_FALSE(Opens(policy, "0.0.0.0", 8080));
  EXPECT_TRUE(Opens(policy, "127.0.0.1", 8081));
  EXPECT_TRUE(Opens(policy, "127.0.0.2", 8080));
  EXPECT_TRUE(Opens(policy, "10.0.0.1", 8080));
}

TEST(AddressPolicy, ClosesEveryAddressOfTheMachineForAListenerOnAll) {
  for (const char* everywhere : {"0.0.0.0", "::"}) {
    AddressPolicy policy = Policy({"127.0.0.0/8", "::1", "::", "0.0.0.0/8", "10.254.253.252"});
    policy.SetOwnListener(Address(everywhere), 8080);
    for (const char* address : {"127.0.0.1", "127.1.2.3", "::1", "0.0.0.0", "::", "::ffff:127.0.0.1"}) {
      EXPECT_FALSE(Opens(policy, address, 8080)) << address;
    }
    EXPECT_TRUE(Opens(policy, "127.0.0.1", 8081));
    EXPECT_TRUE(Opens(policy, "10.254.253.252", 8080));
  }
}

TEST(AddressPolicy, JudgesAUrlBeforeItsNameIsLookedUp) {
  const auto check = [](const AddressPolicy& policy, std::string_view text) {
    return policy.CheckUrl(ParseTargetUrl(text).value()).has_value();
  };
  const AddressPolicy closed = Policy();
  const AddressPolicy open = Policy({"127.0.0.1"}, true);
  EXPECT_TRUE(check(closed, "https://example.com/"));
  EXPECT_TRUE(check(closed, "https://not-yet-there.example/"));
  EXPECT_FALSE(check(closed, "http://example.com/"));
  EXPECT_FALSE(check(closed, "https://example.com:25/"));
  EXPECT_FALSE(check(closed, "https://127.0.0.1/"));
  EXPECT_FALSE(check(closed, "https://[::1]/"));
  EXPECT_FALSE(check(closed, "https://[::ffff:7f00:1]/"));
  EXPECT_FALSE(check(closed, "https://localhost/"));
  EXPECT_FALSE(check(closed, "https://a.localhost/"));
  EXPECT_TRUE(check(closed, "https://notlocalhost/"));
  for (const char* name :
       {"metadata", "metadata.google.internal", "METADATA.google.internal", "x.metadata.google.internal",
        "instance-data", "instance-data.ec2.internal", "metadata.goog"}) {
    EXPECT_FALSE(check(closed, "https://" + std::string(name) + "/")) << name;
    EXPECT_FALSE(check(open, "https://" + std::string(name) + "/")) << name;
  }
  EXPECT_TRUE(check(closed, "https://metadata.example.com/"));
  EXPECT_TRUE(check(closed, "https://my.metadata/"));
  EXPECT_TRUE(check(open, "http://localhost:3000/"));
  EXPECT_TRUE(check(open, "http://127.0.0.1:3000/"));
  EXPECT_FALSE(check(open, "http://127.0.0.2:3000/"));
  EXPECT_FALSE(check(open, "http://[::1]:3000/"));
}

TEST(AddressPolicy, DoesNotTellWhatIsThere) {
  const auto verdict = Policy().CheckAddress(Address("10.20.30.40"), 443);
  ASSERT_FALSE(verdict.has_value());
  EXPECT_THAT(verdict.error().text(), Not(HasSubstr("10.20")));
}

TEST(AddressRange, IsReadStrictly) {
  EXPECT_EQ(AddressRange::Parse("10.0.0.0/8"), (AddressRange{Address("10.0.0.0"), 8}));
  EXPECT_EQ(AddressRange::Parse("127.0.0.1"), (AddressRange{Address("127.0.0.1"), 32}));
  EXPECT_EQ(AddressRange::Parse("0.0.0.0/0"), (AddressRange{Address("0.0.0.0"), 0}));
  EXPECT_EQ(AddressRange::Parse("fd00::/8"), (AddressRange{Address("fd00::"), 8}));
  EXPECT_EQ(AddressRange::Parse("::1"), (AddressRange{Address("::1"), 128}));
  EXPECT_EQ(AddressRange::Parse("::ffff:10.0.0.0/104"), (AddressRange{Address("10.0.0.0"), 8}));
  for (const char* text :
       {"", "/8", "10/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.0/ 8", "10.0.0.1/8",
        "fd00::1/8", "::/129", "example.com", "10.0.0.0-10.0.0.9", "fe80::%eth0/10", "010.0.0.0/8"}) {
    const auto range = AddressRange::Parse(text);
    ASSERT_FALSE(range.has_value()) << text;
    EXPECT_THAT(range.error(), HasSubstr("'" + std::string(text) + "'"));
  }
}

}  // namespace
}  // namespace shakehook
