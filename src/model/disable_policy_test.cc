#include "model/disable_policy.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

constexpr Timestamp kStart{Milliseconds(1'800'000'000'000)};
constexpr Milliseconds kHour{3'600'000};

class DisablePolicy : public testing::Test {
 protected:
  DisablePolicy() {
    webhook_.disable_after_days = 4;
    webhook_.updated_at = kStart - 100 * kHour;
  }

  // Records a failure, and returns what it asks for.
  DisableStep Fail(Timestamp at) {
    const DisableStep step = JudgeFailure(webhook_, health_, at);
    ++health_.consecutive_failures;
    if (!health_.failing_since) health_.failing_since = at;
    health_.last_failed_at = at;
    return step;
  }
  std::vector<int> HoursOf(DisableStep wanted, int hours) {
    std::vector<int> found;
    for (int hour = 0; hour < hours; ++hour) {
      if (Fail(kStart + hour * kHour) == wanted) found.push_back(hour);
    }
    return found;
  }

  Webhook webhook_;
  WebhookHealth health_;
};

TEST_F(DisablePolicy, WarnsOnceAtHalfOfTheDays) { EXPECT_EQ(HoursOf(DisableStep::kWarn, 96), std::vector<int>{48}); }

TEST_F(DisablePolicy, DisablesAfterTheDays) {
  EXPECT_EQ(HoursOf(DisableStep::kDisable, 98), (std::vector<int>{96, 97}));
  EXPECT_EQ(DisablesAt(webhook_, health_), kStart + 96 * kHour);
}

TEST_F(DisablePolicy, IsOffWhereNothingIsSet) {
  webhook_.disable_after_days.reset();
  EXPECT_EQ(HoursOf(DisableStep::kNone, 1000).size(), 1000u);
  EXPECT_FALSE(DisablesAt(webhook_, health_));
}

TEST_F(DisablePolicy, CountsAgainFromAChangeOfTheWebhook) {
  HoursOf(DisableStep::kNone, 90);
  webhook_.updated_at = kStart + 90 * kHour;
  EXPECT_EQ(DisablesAt(webhook_, health_), kStart + (90 + 96) * kHour);
  EXPECT_EQ(Fail(kStart + 100 * kHour), DisableStep::kNone);
  EXPECT_EQ(Fail(kStart + 140 * kHour), DisableStep::kWarn);
}

TEST_F(DisablePolicy, WarnsBeforeItDisablesHoweverSeldomItFails) {
  HoursOf(DisableStep::kNone, 20);
  EXPECT_EQ(Fail(kStart + 200 * kHour), DisableStep::kWarn);
  EXPECT_EQ(Fail(kStart + 201 * kHour), DisableStep::kDisable);
}

TEST_F(DisablePolicy, DoesNotDisableAfterAFewFailures) {
  for (int day = 0; day < 9; ++day) EXPECT_NE(Fail(kStart + day * 24 * kHour), DisableStep::kDisable) << day;
  EXPECT_EQ(Fail(kStart + 9 * 24 * kHour), DisableStep::kDisable);
}

TEST_F(DisablePolicy, TouchesNoDisabledWebhook) {
  HoursOf(DisableStep::kNone, 100);
  webhook_.enabled = Switch::kOff;
  EXPECT_EQ(Fail(kStart + 101 * kHour), DisableStep::kNone);
}

}  // namespace
}  // namespace shakehook
