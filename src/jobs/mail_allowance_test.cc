#include "jobs/mail_allowance.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

constexpr Milliseconds kMinute{60'000};

TEST(MailAllowance, IsOfEachScopeByTheHour) {
  const Scope venue = Scope::Of(VenueId{"v"});
  const SteadyTime begin{Milliseconds(1'731'493'800)};
  MailAllowance allowance;
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(allowance.Take(venue, 10, begin + i * kMinute));
  EXPECT_FALSE(allowance.Take(venue, 1, begin + 59 * kMinute));
  EXPECT_TRUE(allowance.Take(Scope::Of(VenueId{"w"}), 10, begin + 59 * kMinute));
  EXPECT_TRUE(allowance.Take(Scope::Of(VenuesGroupId{"v"}), 10, begin + 59 * kMinute));
  EXPECT_TRUE(allowance.Take(venue, 10, begin + 60 * kMinute));
}

TEST(MailAllowance, TakesNothingWhereThereIsTooLittle) {
  const Scope venue = Scope::Of(VenueId{"v"});
  MailAllowance allowance;
  EXPECT_TRUE(allowance.Take(venue, 95, {}));
  EXPECT_FALSE(allowance.Take(venue, 6, {}));
  EXPECT_TRUE(allowance.Take(venue, 5, {}));
}

TEST(MailAllowance, DoesNotBoundTheOperator) {
  MailAllowance allowance;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(allowance.Take(Scope::All(), 10, {}));
}

}  // namespace
}  // namespace shakehook
