#include "api/http/quotas.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

Principal KeyOf(std::uint8_t number, const Scope& scope) {
  Principal key;
  key.id.bytes[0] = number;
  key.scope = scope;
  return key;
}

class Quota : public testing::Test {
 protected:
  static constexpr Microseconds kHour = std::chrono::hours(1);

  std::optional<Quotas::Excess> Take(Quotas& quotas, const Principal& key) {
    return quotas.Take(key, config_cache_, now_, account_);
  }

  ConfigCache config_cache_;
  SteadyTime now_{Milliseconds(1'000)};
  const Principal one_ = KeyOf(1, Scope::Of(VenueId{"v"}));
  const Principal two_ = KeyOf(2, Scope::Of(VenueId{"v"}));
  const Principal other_ = KeyOf(3, Scope::Of(VenueId{"w"}));
  std::shared_ptr<Quotas::Account> account_;
};

TEST_F(Quota, IsNotMetByDefaultByABenchmarkOfManyHours) {
  QuotaMeter requests(*kKeyQuota.requests, kHour);
  for (int second = 0; second < 8 * 3600; ++second) {
    now_ += Microseconds(1'000'000);
    EXPECT_EQ(requests.WaitFor(25'000, now_), std::nullopt) << second;
    requests.Use(25'000, now_);
  }
}

TEST_F(Quota, OfRequestsMayBeUsedAtOnceAndComesBackOverTheHour) {
  Quotas quotas({.key = {.requests = 3'600}, .tenant = {}});
  for (int i = 0; i < 3'600; ++i) EXPECT_EQ(Take(quotas, one_), std::nullopt);
  const auto excess = Take(quotas, one_);
  ASSERT_TRUE(excess.has_value());
  EXPECT_EQ(excess->whose, Quotas::Whose::kKey);
  EXPECT_EQ(excess->what, Quotas::What::kRequests);
  EXPECT_EQ(excess->max, 3'600);
  EXPECT_NEAR(static_cast<double>(excess->wait.count()), 1e6, 10);
  EXPECT_EQ(Take(quotas, two_), std::nullopt);
  now_ += excess->wait;
  EXPECT_EQ(Take(quotas, one_), std::nullopt);
  EXPECT_NE(Take(quotas, one_), std::nullopt);
  now_ += kHour;
  for (int i = 0; i < 3'600; ++i) EXPECT_EQ(Take(quotas, one_), std::nullopt);
}

TEST_F(Quota, OfATenantIsSharedByItsKeys) {
  Quotas quotas({.key = {}, .tenant = {.requests = 2}});
  EXPECT_EQ(Take(quotas, one_), std::nullopt);
  EXPECT_EQ(Take(quotas, two_), std::nullopt);
  const auto excess = Take(quotas, one_);
  ASSERT_TRUE(excess.has_value());
  EXPECT_EQ(excess->whose, Quotas::Whose::kTenant);
  EXPECT_EQ(Take(quotas, other_), std::nullopt);
}

TEST_F(Quota, OfBytesAndRowsIsChargedAfterwardsAndOwedUntilItHasComeBack) {
  Quotas quotas({.key = {.bytes = 3'600, .rows = 36'000}, .tenant = {}});
  EXPECT_EQ(Take(quotas, one_), std::nullopt);
  quotas.Charge(*account_, 7'200, 10, now_);
  auto excess = Take(quotas, one_);
  ASSERT_TRUE(excess.has_value());
  EXPECT_EQ(excess->what, Quotas::What::kBytes);
  now_ += kHour + Milliseconds(2'000);
  EXPECT_EQ(Take(quotas, one_), std::nullopt);
  quotas.Charge(*account_, 0, 36'000, now_);
  excess = Take(quotas, one_);
  ASSERT_TRUE(excess.has_value());
  EXPECT_EQ(excess->what, Quotas::What::kRows);
}

TEST_F(Quota, ARefusedRequestCostsNothing) {
  Quotas quotas({.requests_a_second = 1, .key = {}, .tenant = {.requests = 2}});
  EXPECT_EQ(Take(quotas, one_), std::nullopt);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Take(quotas, one_)->what, Quotas::What::kRequestsASecond);
  EXPECT_EQ(Take(quotas, two_), std::nullopt);
}

TEST_F(Quota, ThatIsOffIsNeverUsedUp) {
  Quotas quotas({.key = {}, .tenant = {}});
  for (int i = 0; i < 1'000; ++i) {
    EXPECT_EQ(Take(quotas, one_), std::nullopt);
    quotas.Charge(*account_, 1'000'000'000'000, 1'000'000'000, now_);
  }
}

TEST_F(Quota, IsKeptWhileManyOtherKeysComeAndGo) {
  Quotas quotas({.key = {.requests = 1}, .tenant = {}});
  EXPECT_EQ(Take(quotas, one_), std::nullopt);
  for (int i = 0; i < 5'000; ++i) {
    Principal key = KeyOf(9, Scope::Of(VenueId{"v"}));
    key.id.bytes[1] = static_cast<std::uint8_t>(i);
    key.id.bytes[2] = static_cast<std::uint8_t>(i >> 8);
    Take(quotas, key);
  }
  EXPECT_NE(Take(quotas, one_), std::nullopt);
}

}  // namespace
}  // namespace shakehook
