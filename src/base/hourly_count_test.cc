#include "base/hourly_count.h"

#include <gtest/gtest.h>

#include <string>

namespace shakehook {
namespace {

constexpr SteadyTime kBegin{Milliseconds(5'000)};

TEST(HourlyCount, IsOfTheHourThatBeginsWithTheFirst) {
  HourlyCount<std::string> count;
  count.Add("a", 2, kBegin);
  count.Add("a", 1, kBegin + HourlyCount<std::string>::kHour / 2);
  EXPECT_TRUE(count.HasRoom("a", 1, 4));
  EXPECT_FALSE(count.HasRoom("a", 2, 4));
  EXPECT_TRUE(count.HasRoom("b", 4, 4));
  EXPECT_FALSE(count.HasRoom("b", 5, 4));
  count.Forget(kBegin + HourlyCount<std::string>::kHour - Microseconds(1));
  EXPECT_EQ(count.size(), 1u);
  count.Forget(kBegin + HourlyCount<std::string>::kHour);
  EXPECT_EQ(count.size(), 0u);
  EXPECT_TRUE(count.HasRoom("a", 4, 4));
}

TEST(HourlyCount, KeepsNothingOfWhatIsTakenBack) {
  HourlyCount<std::string> count;
  count.Add("a", 2, kBegin);
  count.Remove("a", 1);
  EXPECT_EQ(count.CountOf("a"), 1u);
  count.Remove("a", 1);
  EXPECT_EQ(count.size(), 0u);
}

}  // namespace
}  // namespace shakehook
