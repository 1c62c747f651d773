#include "service/backlog_trend.h"

#include <gtest/gtest.h>

#include <vector>

namespace shakehook {
namespace {

using News = BacklogTrend::News;

class BacklogTrendTest : public testing::Test {
 protected:
  // Looks every ten seconds for a minute. Returns what was told.
  std::optional<News> Minute(std::int64_t pending) {
    std::optional<News> told;
    for (int i = 0; i < 6; ++i) {
      if (const auto news = trend_.Look(pending, now_)) told = news;
      now_ += Milliseconds(10'000);
    }
    return told;
  }

  BacklogTrend trend_;
  SteadyTime now_{};
};

TEST_F(BacklogTrendTest, TellsOnceThatTheBacklogGrowsAndOnceThatItHasGone) {
  std::vector<std::optional<News>> told;
  for (const std::int64_t pending : {0, 2'000, 3'000, 4'000, 5'000, 6'000, 7'000, 8'000})
    told.push_back(Minute(pending));
  EXPECT_EQ(told, (std::vector<std::optional<News>>{{}, {}, {}, {}, {}, News::kGrows, {}, {}}));
  EXPECT_EQ(Minute(5'000), std::nullopt);
  EXPECT_TRUE(trend_.grows());
  EXPECT_EQ(Minute(10), News::kGone);
  EXPECT_EQ(Minute(10), std::nullopt);
  EXPECT_FALSE(trend_.grows());
}

TEST_F(BacklogTrendTest, TellsNothingOfABurstThatIsWorkedOff) {
  for (const std::int64_t pending : {0, 50'000, 60'000, 40'000, 41'000, 42'000, 30'000, 31'000, 900}) {
    EXPECT_EQ(Minute(pending), std::nullopt) << pending;
  }
}

TEST_F(BacklogTrendTest, TellsNothingOfALittleThatGrows) {
  for (std::int64_t pending = 0; pending < BacklogTrend::kPendingMin; pending += 100) {
    EXPECT_EQ(Minute(pending), std::nullopt);
  }
}

}  // namespace
}  // namespace shakehook
