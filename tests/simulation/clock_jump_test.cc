// The wall clock jumps by an hour or a day, ahead or back, while the service runs or while it is down: the retries
// neither stall nor fire in a storm.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "one_venue_fixture.h"

namespace shakehook {
namespace {

constexpr Milliseconds kSecond{1'000}, kMinute{60'000}, kHour{3'600'000}, kDay{24 * 3'600'000};
constexpr std::size_t kAttempts = 11;

class ClockJump : public OneVenue, public testing::WithParamInterface<Milliseconds> {
 protected:
  ClockJump() : OneVenue({.seed = 11}) { response_.status = 500; }

  void Jump() { world_.clock().JumpWall(GetParam()); }
  void JumpWhileDown() {
    world_.on_crash = [this] { Jump(); };
    world_.Crash();
    world_.on_crash = [] {};
  }
  // Returns the steady clock's time between two requests, in seconds.
  double Waited(std::size_t retry) const {
    return static_cast<double>((received_[retry].steady - received_[retry - 1].steady).count()) / 1e6;
  }
  // The waits from the retry `first` on are those of the table.
  void ExpectTheTable(std::size_t first) {
    ASSERT_EQ(received_.size(), kAttempts);
    for (std::size_t retry = first; retry < kAttempts; ++retry) {
      const double least = kDelaySeconds[retry - 1];
      EXPECT_GE(Waited(retry), least - 0.01) << retry;
      EXPECT_LE(Waited(retry), least * 1.1 + (retry == 3 ? 5 : 0.1)) << retry;  // the third began before the jump
    }
  }

  const std::string webhook_ = MakeWebhook();
};

TEST_P(ClockJump, WhileTheServiceRunsChangesNoWaitBetweenRetries) {
  MakeContact();
  world_.Run(kMinute);
  Jump();
  world_.Run(kDay);
  ExpectTheTable(1);
}

TEST_P(ClockJump, WhileItIsDownDelaysNoRetry) {
  MakeContact();
  world_.Run(kMinute);
  JumpWhileDown();
  world_.Run(kDay);
  ASSERT_EQ(received_.size(), kAttempts);
  ExpectTheTable(4);
  EXPECT_LE(Waited(3), 44.1 * 1.1 + 0.1);
}

// The time of the dead process is not known: one retry may wait as long as the longest wait.
TEST_P(ClockJump, BeforeACrashDelaysOneRetryAfterItAtMost) {
  MakeContact();
  world_.Run(kMinute);
  Jump();
  world_.Run(kMinute);
  world_.Crash();
  world_.Run(kDay);
  ASSERT_EQ(received_.size(), kAttempts);
  for (std::size_t retry = 1; retry < kAttempts; ++retry) {
    const bool pending = retry == 4;
    EXPECT_LE(Waited(retry), pending ? 1.1 * 3'600 + 120 : kDelaySeconds[retry - 1] * 1.1 + 5) << retry;
  }
}

// A delivery sent by hand is due by the wall clock, long before the retries that were planned by the time before the
// jump.
TEST_P(ClockJump, BeforeACrashStallsNoRetryBehindWhatIsSentByHand) {
  MakeContact();
  MakeContact();
  world_.Run(kMinute);
  Jump();
  world_.Run(kMinute);
  const Json page = world_.Call("GET", "/api/deliveries").json();
  const std::string one = *page.Find("data")->array()->back().Find("id")->text();
  EXPECT_EQ(world_.Call("POST", "/api/deliveries/" + one + "/redeliver").status, 200);
  world_.Crash();
  world_.Run(6 * kHour);
  EXPECT_EQ(world_.Call("GET", "/api/deliveries?status=failed").json().Find("data")->array()->size(), 2u);
}

TEST_P(ClockJump, FiresNoStorm) {
  constexpr int kContacts = 300;
  for (int i = 0; i < kContacts; ++i) {
    MakeContact();
    world_.Run(2 * kSecond);
  }
  world_.Run(10 * kMinute);
  const std::size_t before = received_.size();
  world_.Run(10 * kSecond);
  const std::size_t usual = received_.size() - before;
  Jump();
  // A change gives the webhook a reason to look.
  MakeContact();
  world_.Run(10 * kSecond);
  EXPECT_LE(received_.size() - before - usual, 3 * usual + 60);
}

TEST_P(ClockJump, HoldsUpNothingThatIsNewOrSentByHand) {
  MakeContact();
  world_.Run(5 * kSecond);
  Jump();
  response_.status = 204;
  MakeContact();
  const Json page = world_.Call("GET", "/api/deliveries").json();
  const std::string failed = *page.Find("data")->array()->back().Find("id")->text();
  EXPECT_EQ(world_.Call("POST", "/api/deliveries/" + failed + "/redeliver").status, 200);
  EXPECT_EQ(world_.Call("POST", "/api/webhooks/" + webhook_ + "/test", R"({"event":"contact.created"})").status, 201);
  world_.Run(kSecond);
  EXPECT_EQ(received_.size(), 4u);
  const auto replay = world_.Call("POST", "/api/webhooks/" + webhook_ + "/replay", R"({"status":["delivered"]})");
  EXPECT_EQ(replay.status, 201) << replay.body;
  world_.Run(2 * kMinute);
  EXPECT_EQ(received_.size(), 6u) << "the replay of two";
}

INSTANTIATE_TEST_SUITE_P(Of, ClockJump, testing::Values(kHour, -kHour, kDay, -kDay), [](const auto& info) {
  return std::string(info.param > Milliseconds(0) ? "Ahead" : "Back") +
         (info.param / kHour % 24 == 0 ? "ADay" : "AnHour");
});

}  // namespace
}  // namespace shakehook
