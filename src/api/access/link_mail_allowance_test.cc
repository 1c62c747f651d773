#include "api/access/link_mail_allowance.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

constexpr SteadyTime kNow{Microseconds(1'000'000)};

std::string AddressOf(std::size_t number) { return "user" + std::to_string(number) + "@example.com"; }

TEST(LinkMailAllowance, BoundsTheMailsToOneAddressWhateverTheirScope) {
  LinkMailAllowance allowance;
  for (std::size_t i = 0; i < LinkMailAllowance::kPerAddress; ++i) {
    EXPECT_TRUE(allowance.Take("max@example.com", Scope::Of(VenueId{"v" + std::to_string(i)}), kNow));
  }
  EXPECT_FALSE(allowance.Take("max@example.com", Scope::All(), kNow));
  EXPECT_TRUE(allowance.Take("eva@example.com", Scope::All(), kNow));
}

TEST(LinkMailAllowance, CountsTheSpellingsOfOneMailboxTogether) {
  LinkMailAllowance allowance;
  for (std::size_t i = 0; i < LinkMailAllowance::kPerAddress; ++i) {
    EXPECT_TRUE(allowance.Take("Max+tag" + std::to_string(i) + "@Example.com", Scope::All(), kNow));
  }
  EXPECT_FALSE(allowance.Take("max@example.com", Scope::All(), kNow));
  EXPECT_FALSE(allowance.Take("max+@example.com", Scope::All(), kNow));
  EXPECT_TRUE(allowance.Take("max@other.example", Scope::All(), kNow));
  for (std::size_t i = 0; i < LinkMailAllowance::kPerAddress; ++i) {
    EXPECT_TRUE(allowance.Take("+a@example.com", Scope::All(), kNow)) << "what begins with + has no name before it";
  }
  EXPECT_TRUE(allowance.Take("+b@example.com", Scope::All(), kNow));
}

TEST(LinkMailAllowance, BoundsTheMailsOfOneTenantOfTheOperatorToo) {
  for (const Scope& scope : {Scope::All(), Scope::Of(VenueId{"v"}), Scope::Of(VenuesGroupId{"v"})}) {
    LinkMailAllowance allowance;
    for (std::size_t i = 0; i < LinkMailAllowance::kPerTenant; ++i) {
      EXPECT_TRUE(allowance.Take(AddressOf(i), scope, kNow));
    }
    EXPECT_FALSE(allowance.Take("max@example.com", scope, kNow));
    EXPECT_TRUE(allowance.Take("max@example.com", Scope::Of(VenueId{"other"}), kNow));
  }
}

TEST(LinkMailAllowance, BoundsAllTogetherAndWhatItRemembers) {
  LinkMailAllowance allowance;
  std::size_t taken = 0;
  for (std::size_t i = 0; i < 2 * LinkMailAllowance::kAll; ++i) {
    taken += allowance.Take(AddressOf(i), Scope::Of(VenueId{"v" + std::to_string(i)}), kNow) ? 1 : 0;
  }
  EXPECT_EQ(taken, LinkMailAllowance::kAll);
  EXPECT_LE(allowance.counted(), 2 * LinkMailAllowance::kAll + 1);
  EXPECT_TRUE(allowance.Take("max@example.com", Scope::All(), kNow + HourlyCount<std::string>::kHour));
  EXPECT_LE(allowance.counted(), 3u);
}

TEST(LinkMailAllowance, LeavesSomethingToOthersHoweverManyTenantsTakeAllTheyCan) {
  LinkMailAllowance allowance;
  std::size_t mails = 0;
  for (std::size_t tenant = 0; tenant < 8; ++tenant) {
    const Scope greedy = Scope::Of(VenueId{"greedy" + std::to_string(tenant)});
    for (std::size_t i = 0; i < LinkMailAllowance::kPerTenant; ++i) {
      allowance.Take(AddressOf(mails++), greedy, kNow);
    }
  }
  EXPECT_TRUE(allowance.Take("max@example.com", Scope::Of(VenueId{"modest"}), kNow));
}

TEST(LinkMailAllowance, TakesBackWhatWasNotSent) {
  LinkMailAllowance allowance;
  for (std::size_t i = 0; i < 2 * LinkMailAllowance::kPerAddress; ++i) {
    EXPECT_TRUE(allowance.Take("max@example.com", Scope::All(), kNow));
    allowance.GiveBack("max@example.com", Scope::All());
  }
}

TEST(LinkMailAllowance, CountsNothingOfWhatItRefuses) {
  LinkMailAllowance allowance;
  for (std::size_t i = 0; i < 2 * LinkMailAllowance::kPerTenant; ++i)
    allowance.Take("max@example.com", Scope::All(), kNow);
  EXPECT_TRUE(allowance.Take("eva@example.com", Scope::All(), kNow));
}

}  // namespace
}  // namespace shakehook
