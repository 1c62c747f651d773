#include "net/egress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/ip/address.hpp>

namespace shakehook {
namespace {

using testing::HasSubstr;
using testing::Not;

boost::asio::ip::address Address(const std::string& text) { return boost::asio::ip::make_address(text); }

TEST(SourceAddresses, AreAnyUntilOneIsChosen) {
  const SourceAddresses sources;
  EXPECT_TRUE(sources.For(Address("192.0.2.1"))->is_unspecified());
  EXPECT_TRUE(sources.For(Address("2001:db8::1"))->is_unspecified());
}

TEST(SourceAddresses, LeaveOutTheFamilyThatHasNone) {
  SourceAddresses sources;
  ASSERT_TRUE(sources.Add("127.0.0.2"));
  EXPECT_EQ(sources.For(Address("192.0.2.1")), Address("127.0.0.2"));
  EXPECT_EQ(sources.For(Address("2001:db8::1")), std::nullopt);
  ASSERT_TRUE(sources.Add("::1"));
  EXPECT_EQ(sources.For(Address("2001:db8::1")), Address("::1"));
}

TEST(SourceAddresses, RefuseWhatIsNoAddressOfOneMachine) {
  for (const std::string text :
       {"", "host", "0.0.0.0", "::", "224.0.0.1", "ff02::1", "::ffff:127.0.0.1", "127.0.0.1:80", "10.0.0.0/8"}) {
    SourceAddresses sources;
    const auto added = sources.Add(text);
    ASSERT_FALSE(added.has_value()) << text;
    EXPECT_THAT(added.error(), HasSubstr("\"" + text + "\""));
  }
  SourceAddresses sources;
  ASSERT_TRUE(sources.Add("127.0.0.2"));
  EXPECT_THAT(sources.Add("127.0.0.3").error(), HasSubstr("second IPv4 address"));
}

TEST(SourceAddresses, KnowWhatThisMachineHas) {
  SourceAddresses sources;
  EXPECT_TRUE(sources.CheckThisMachine());
  ASSERT_TRUE(sources.Add("127.0.0.2"));
  EXPECT_TRUE(sources.CheckThisMachine());
  ASSERT_TRUE(sources.Add("2001:db8::77"));
  EXPECT_THAT(sources.CheckThisMachine().error(), HasSubstr("2001:db8::77"));
}

TEST(EgressProxy, IsReadWithItsCredentials) {
  const EgressProxy plain = EgressProxy::Parse("http://Proxy.example:3128").value();
  EXPECT_EQ(plain, (EgressProxy{.host = "proxy.example", .port = 3128}));
  EXPECT_EQ(plain.ToString(), "proxy.example:3128");
  EXPECT_EQ(EgressProxy::Parse("http://[2001:db8::1]:443/").value().ToString(), "[2001:db8::1]:443");
  EXPECT_EQ(EgressProxy::Parse("http://127.0.0.1:80").value().port, 80);
  // "Aladdin:open sesame" is the example of RFC 7617.
  EXPECT_EQ(EgressProxy::Parse("http://Aladdin:open%20sesame@p.example:1").value().authorization,
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  EXPECT_EQ(EgressProxy::Parse("http://user:a%40b%3ac@p.example:1").value().authorization, "Basic dXNlcjphQGI6Yw==");
  EXPECT_THAT(EgressProxy::Parse("http://user:secret@p.example:1").value().ToString(), Not(HasSubstr("secret")));
}

TEST(EgressProxy, RefusesOthersWithoutQuotingThem) {
  for (const std::string text :
       {"", "proxy.example:3128", "https://user:secret@proxy.example:3128", "socks5://user:secret@proxy.example:1080",
        "http://user:secret@proxy.example", "http://user:secret@[::1]", "http://user:secret@:3128",
        "http://user:secret@proxy.example:0", "http://user:secret@proxy.example:99999",
        "http://user:secret@proxy.example:3128/path", "http://:secret@proxy.example:3128",
        "http://user:secret%zz@proxy.example:3128", "http://us%3aer:secret@proxy.example:3128"}) {
    const auto proxy = EgressProxy::Parse(text);
    ASSERT_FALSE(proxy.has_value()) << text;
    EXPECT_THAT(proxy.error(), Not(HasSubstr("secret"))) << text;
  }
}

}  // namespace
}  // namespace shakehook
