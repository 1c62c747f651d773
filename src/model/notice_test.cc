#include "model/notice.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

// A time of the day 2026-11-27, UTC.
Timestamp At(int hour, int minute = 0) {
  return FromUnixMs(1'795'737'600'000 + (hour * 60 + minute) * std::int64_t{60'000});
}

TEST(QuietHoursTest, LastUntilTheirEndAlsoOverMidnight) {
  const std::optional<QuietHours> night = QuietHours{.from = 22 * 60, .until = 7 * 60};
  EXPECT_EQ(AfterQuietHours(night, At(21, 59)), At(21, 59));
  EXPECT_EQ(AfterQuietHours(night, At(22)), At(31));
  EXPECT_EQ(AfterQuietHours(night, At(3)), At(7));
  EXPECT_EQ(AfterQuietHours(night, At(7)), At(7));
  const std::optional<QuietHours> noon = QuietHours{.from = 12 * 60, .until = 13 * 60 + 30};
  EXPECT_EQ(AfterQuietHours(noon, At(13)), At(13, 30));
  EXPECT_EQ(AfterQuietHours(noon, At(14)), At(14));
}

TEST(QuietHoursTest, AreThoseOfTheirPlace) {
  const std::optional<QuietHours> paris = QuietHours{.from = 22 * 60, .until = 7 * 60, .utc_offset = 60};
  EXPECT_EQ(AfterQuietHours(paris, At(20, 59)), At(20, 59));
  EXPECT_EQ(AfterQuietHours(paris, At(21)), At(30));
  const std::optional<QuietHours> new_york = QuietHours{.from = 22 * 60, .until = 7 * 60, .utc_offset = -300};
  EXPECT_EQ(AfterQuietHours(new_york, At(3)), At(12));
}

TEST(QuietHoursTest, MayBeNone) {
  EXPECT_EQ(AfterQuietHours(std::nullopt, At(3)), At(3));
  EXPECT_EQ(AfterQuietHours(QuietHours{.from = 60, .until = 60}, At(1)), At(1));
}

TEST(NoticeChannelTest, HearsOfItsOwnScopeAndOfItsGroupsVenues) {
  const VenuesGroupId group{"g"};
  NoticeChannel channel;
  const auto hears = [&](const Scope& scope, const std::optional<VenuesGroupId>& of = std::nullopt) {
    return HearsOf(channel, scope, of);
  };
  channel.scope = Scope::Of(VenueId{"v"});
  EXPECT_TRUE(hears(Scope::Of(VenueId{"v"}), group));
  EXPECT_FALSE(hears(Scope::Of(VenueId{"w"}), group));
  EXPECT_FALSE(hears(Scope::Of(group)));
  channel.scope = Scope::Of(group);
  EXPECT_TRUE(hears(Scope::Of(group)));
  EXPECT_TRUE(hears(Scope::Of(VenueId{"v"}), group));
  EXPECT_FALSE(hears(Scope::Of(VenueId{"v"}), VenuesGroupId{"h"}));
  EXPECT_FALSE(hears(Scope::Of(VenueId{"g"})));
  channel.scope = Scope{};
  EXPECT_TRUE(hears(Scope::Of(VenueId{"v"}), group));
}

}  // namespace
}  // namespace shakehook
