#include "net/address_shares.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

using boost::asio::ip::make_address;

TEST(AddressShares, RefusesAnAddressThatHasItsShare) {
  AddressShares shares(2);
  auto first = shares.Enter(make_address("203.0.113.7"));
  const auto second = shares.Enter(make_address("203.0.113.7"));
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(shares.Enter(make_address("203.0.113.7")));
  EXPECT_TRUE(shares.Enter(make_address("203.0.113.8")));
  first.reset();
  EXPECT_TRUE(shares.Enter(make_address("203.0.113.7")));
}

TEST(AddressShares, CountsOneNetworkOfIpv6AsOneAddress) {
  AddressShares shares(1);
  const auto place = shares.Enter(make_address("2001:db8:1:2::1"));
  EXPECT_TRUE(place);
  EXPECT_FALSE(shares.Enter(make_address("2001:db8:1:2:ffff::9")));
  EXPECT_TRUE(shares.Enter(make_address("2001:db8:1:3::1")));
}

TEST(AddressShares, CountsAnIpv4AddressThatIsWrittenAsIpv6AsItself) {
  AddressShares shares(1);
  const auto place = shares.Enter(make_address("::ffff:203.0.113.7"));
  EXPECT_TRUE(place);
  EXPECT_FALSE(shares.Enter(make_address("203.0.113.7")));
  EXPECT_TRUE(shares.Enter(make_address("::ffff:203.0.113.8")));
}

TEST(AddressShares, APlaceThatWasMovedIsGivenBackOnce) {
  AddressShares shares(1);
  auto place = shares.Enter(make_address("203.0.113.7"));
  {
    const AddressShares::Place moved = *std::move(place);
    EXPECT_FALSE(shares.Enter(make_address("203.0.113.7")));
  }
  EXPECT_TRUE(shares.Enter(make_address("203.0.113.7")));
}

}  // namespace
}  // namespace shakehook
