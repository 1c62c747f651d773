#include "delivery/turns.h"

#include <gtest/gtest.h>

#include <vector>

namespace shakehook {
namespace {

using enum Turns::Standing;

class TurnsTest : public testing::Test {
 protected:
  void Add(int first, int last, Turns::Standing standing) {
    for (int i = first; i <= last; ++i) turns_.Add({i}, standing);
  }
  // Those that may start now.
  std::vector<std::int64_t> Start() {
    std::vector<std::int64_t> started;
    while (const auto turn = turns_.Next(now_)) {
      turns_.Begin(*turn, now_);
      started.push_back(turn->webhook.value);
    }
    return started;
  }
  void Pause() {
    ASSERT_EQ(turns_.next_at(), now_ + Turns::kPause);
    now_ = *turns_.next_at();
  }

  Turns turns_;
  SteadyTime now_{Microseconds(1'000'000)};
};

TEST_F(TurnsTest, ComeInTheOrderInWhichTheyWereAskedFor) {
  Add(1, 3, kDelivers);
  EXPECT_EQ(Start(), (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(turns_.next_at(), std::nullopt);
}

TEST_F(TurnsTest, OfWebhooksThatFailComeAfterAllOthersAndOneByOne) {
  Add(1, 3, kFails);
  Add(4, 5, kDelivers);
  EXPECT_EQ(Start(), (std::vector<std::int64_t>{4, 5, 1}));
  Add(6, 6, kDelivers);
  EXPECT_EQ(Start(), std::vector<std::int64_t>{6});
  Pause();
  EXPECT_EQ(Start(), std::vector<std::int64_t>{2});
  Pause();
  EXPECT_EQ(Start(), std::vector<std::int64_t>{3});
  EXPECT_EQ(turns_.next_at(), std::nullopt);
}

TEST_F(TurnsTest, OfWebhooksThatFailComeThoughTheOthersNeverPause) {
  Add(1, 1, kFails);
  Add(2, 1'000, kDelivers);
  const auto started = Start();
  ASSERT_EQ(started.size(), 1'000U);
  EXPECT_EQ(started[Turns::kOthersMax], 1);
  Add(1'001, 1'001, kFails);
  Add(1'002, 1'002, kDelivers);
  Pause();
  EXPECT_EQ(Start(), (std::vector<std::int64_t>{1'002, 1'001})) << "only those are counted that it waited for";
}

TEST_F(TurnsTest, OfOneThatFailsAloneComeAtOnce) {
  Add(1, 1, kFails);
  EXPECT_EQ(Start(), std::vector<std::int64_t>{1});
}

TEST_F(TurnsTest, ThatPassWithoutAnAttemptAreNotCounted) {
  Add(1, 3, kFails);
  ASSERT_TRUE(turns_.Next(now_));
  ASSERT_TRUE(turns_.Next(now_));
  EXPECT_EQ(Start(), std::vector<std::int64_t>{3});
}

TEST_F(TurnsTest, ComeInLargerSharesWhereManyFailAndNeverInVeryLargeOnes) {
  Add(1, 640, kFails);
  EXPECT_EQ(Start().size(), 10U);
  Add(641, 100'000, kFails);
  Pause();
  EXPECT_EQ(Start().size(), Turns::kShareMax);
}

}  // namespace
}  // namespace shakehook
