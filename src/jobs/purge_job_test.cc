#include "jobs/purge_job.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/log.h"
#include "testing/run_for.h"
#include "testing/simulated_clock.h"

namespace shakehook {
namespace {

class PurgeJobTest : public testing::Test {
 protected:
  struct Step {
    std::int64_t at;  // ms since the start
    std::int64_t before;
    std::int64_t idempotency_records_before;
    bool operator==(const Step&) const = default;
  };

  ~PurgeJobTest() override { SetUpLog(LogFormat::kText, LogLevel::kInfo); }

  void Start(Milliseconds keep) {
    SetUpLog(LogFormat::kText, LogLevel::kOff);
    purge_.emplace(loop_,
                   PurgeJob::Calls{.purge = [this](Timestamp before, Timestamp responses,
                                                   std::size_t rows) { return Purge(before, responses, rows); },
                                   .newest = [this](std::optional<Timestamp> before) { return Newest(before); },
                                   .can_write = [this] { return can_write_; }},
                   keep);
    purge_->Start();
  }
  void RunFor(Milliseconds time) { shakehook::RunFor(loop_, clock_, time); }

  Async<Stored<std::int64_t>> Purge(Timestamp before, Timestamp idempotency_records_before, std::size_t rows) {
    const auto ms = [](Timestamp time) { return (time - SimulatedClock::kStart).count(); };
    steps_.push_back({ms(clock_.Now()), ms(before), ms(idempotency_records_before)});
    limits_.push_back(rows);
    clock_.Advance(step_takes_);
    if (fail_) co_return std::unexpected(Refusal{.detail = "disk full"});
    const std::int64_t gone = std::min<std::int64_t>(rows_, 500);
    rows_ -= gone;
    co_return gone;
  }

  Async<Stored<std::optional<Timestamp>>> Newest(std::optional<Timestamp> before) {
    if (unreadable_-- > 0) co_return std::unexpected(Refusal{.detail = "disk fails"});
    std::optional<Timestamp> newest;
    for (const Timestamp time : recorded_) {
      if (!before || time < *before) newest = std::max(newest, std::optional(time));
    }
    co_return newest;
  }

  SimulatedClock clock_;
  Loop loop_{clock_};
  std::optional<PurgeJob> purge_;
  std::vector<Step> steps_;
  std::vector<std::size_t> limits_;  // the limit of each step
  std::int64_t rows_ = 0;
  Microseconds step_takes_{0};
  bool fail_ = false;
  bool can_write_ = true;
  std::vector<Timestamp> recorded_;
  int unreadable_ = 0;  // times that the records cannot be read
};

constexpr std::int64_t kDay = 86'400'000;

TEST_F(PurgeJobTest, PurgesAMinuteAfterTheStartAndThenEachHour) {
  Start(std::chrono::days(30));
  RunFor(Milliseconds(59'000));
  EXPECT_TRUE(steps_.empty());
  RunFor(std::chrono::hours(2));
  EXPECT_EQ(steps_, (std::vector<Step>{{60'000, 60'000 - 30 * kDay, 60'000 - kDay},
                                       {3'660'000, 3'660'000 - 30 * kDay, 3'660'000 - kDay}}));
}

TEST_F(PurgeJobTest, GoesOnInStepsUntilNothingIsLeftAndPausesBetweenThem) {
  rows_ = 1'200;
  step_takes_ = Microseconds(20'000);
  Start(std::chrono::days(30));
  RunFor(Milliseconds(61'000));
  ASSERT_EQ(steps_.size(), 4u);
  EXPECT_EQ(rows_, 0);
  for (std::size_t i = 1; i < steps_.size(); ++i) EXPECT_GE(steps_[i].at - steps_[i - 1].at, 40);
}

TEST_F(PurgeJobTest, TakesFewRowsAStepAndMoreWhereAStepTakesLongAnyway) {
  rows_ = 2'000;
  step_takes_ = Microseconds(900);
  Start(std::chrono::days(30));
  RunFor(Milliseconds(61'000));
  EXPECT_EQ(limits_, (std::vector<std::size_t>{100, 100, 100, 100, 100}));
  limits_.clear();
  rows_ = 2'000;
  step_takes_ = Microseconds(6'000);
  RunFor(std::chrono::hours(1));
  EXPECT_EQ(limits_, (std::vector<std::size_t>{100, 600, 600, 600, 600}));
  limits_.clear();
  rows_ = 2'000;
  step_takes_ = Microseconds(60'000);
  RunFor(std::chrono::hours(1));
  EXPECT_EQ(limits_, (std::vector<std::size_t>{100, 1'000, 1'000, 1'000, 1'000}));
}

TEST_F(PurgeJobTest, KeepsAShortRetentionToo) {
  Start(Milliseconds(20'000));
  RunFor(Milliseconds(10'000));
  EXPECT_EQ(steps_.size(), 5u);
}

TEST_F(PurgeJobTest, TriesAgainAnHourLaterWhereItsStepsFail) {
  fail_ = true;
  Start(std::chrono::days(30));
  RunFor(Milliseconds(3'600'000));
  EXPECT_EQ(steps_.size(), static_cast<std::size_t>(kJobFailuresMax));
  fail_ = false;
  rows_ = 100;
  RunFor(Milliseconds(100'000));
  EXPECT_EQ(rows_, 0);
}

TEST_F(PurgeJobTest, GoesOnWhereItWasOnceTheStoreCanWriteAgain) {
  rows_ = 1'200;
  can_write_ = false;
  fail_ = true;
  Start(std::chrono::days(30));
  RunFor(Milliseconds(600'000));
  EXPECT_GT(steps_.size(), static_cast<std::size_t>(kJobFailuresMax));
  can_write_ = true;
  fail_ = false;
  RunFor(Milliseconds(2'000));
  EXPECT_EQ(rows_, 0);
}

TEST_F(PurgeJobTest, DoesNotBelieveAtOnceInAClockThatHasJumpedFarAhead) {
  Start(std::chrono::days(30));
  RunFor(Milliseconds(61'000));
  clock_.JumpWall(std::chrono::days(3'650));
  RunFor(std::chrono::hours(10));
  clock_.JumpWall(-std::chrono::days(3'650));
  RunFor(std::chrono::hours(10));
  ASSERT_EQ(steps_.size(), 21u);
  std::int64_t expected = 60'000 - 30 * kDay;
  for (const Step& step : steps_) {
    EXPECT_EQ(step.before, expected);
    EXPECT_EQ(step.idempotency_records_before, expected + 29 * kDay);
    expected += 3'600'000;
  }
}

TEST_F(PurgeJobTest, BelievesInAClockThatStaysAheadForADay) {
  Start(std::chrono::days(30));
  RunFor(Milliseconds(61'000));
  clock_.JumpWall(std::chrono::days(3'650));
  RunFor(std::chrono::hours(24));
  EXPECT_LT(steps_.back().before, 2 * kDay - 30 * kDay);
  RunFor(std::chrono::hours(2));
  EXPECT_GT(steps_.back().before, 3'650 * kDay - 30 * kDay);
}

// The server was started with a clock 40 days ahead, and canceled all pending deliveries.
TEST_F(PurgeJobTest, DoesNotBelieveAtOnceInAClockThatWasFarAheadAtTheStart) {
  recorded_ = {clock_.Now() - std::chrono::minutes(5)};
  clock_.JumpWall(std::chrono::days(40));
  Start(std::chrono::days(30));
  RunFor(std::chrono::hours(23));
  ASSERT_GE(steps_.size(), 20u);
  EXPECT_LT(steps_.back().before, kDay - 30 * kDay);
  EXPECT_LT(steps_.back().idempotency_records_before, 0);
  RunFor(std::chrono::hours(3));
  EXPECT_GT(steps_.back().before, 40 * kDay - 30 * kDay);
}

TEST_F(PurgeJobTest, DoesNotBelieveInItAtTheNextStartEither) {
  const Timestamp then = clock_.Now();
  recorded_ = {then - std::chrono::days(3), then - std::chrono::minutes(5)};
  clock_.JumpWall(std::chrono::days(40));
  for (int hour = 0; hour < 20; ++hour) recorded_.push_back(clock_.Now() + std::chrono::hours(hour));
  clock_.JumpWall(std::chrono::hours(20));
  Start(std::chrono::days(30));
  RunFor(std::chrono::hours(10));
  ASSERT_FALSE(steps_.empty());
  EXPECT_LT(steps_.back().before, kDay - 30 * kDay);
  // Answers are kept for a day: an error of two would be all of them.
  EXPECT_LT(steps_.back().idempotency_records_before, 0);
}

TEST_F(PurgeJobTest, GoesByTheLastRecordBeforeALongPause) {
  const Timestamp then = clock_.Now();
  recorded_ = {then, then + std::chrono::days(10), then + std::chrono::days(10) + std::chrono::hours(2)};
  clock_.JumpWall(std::chrono::days(10) + std::chrono::hours(3));
  Start(std::chrono::days(30));
  RunFor(std::chrono::hours(2));
  ASSERT_FALSE(steps_.empty());
  EXPECT_LT(steps_.back().before, kDay - 30 * kDay);
  RunFor(std::chrono::hours(24));
  EXPECT_GT(steps_.back().before, 11 * kDay - 30 * kDay);
}

TEST_F(PurgeJobTest, BelievesRecordsThatSpanADay) {
  recorded_ = {clock_.Now() - std::chrono::days(3)};
  clock_.JumpWall(std::chrono::days(40));
  for (int hour = 0; hour < 50; ++hour) recorded_.push_back(clock_.Now() + std::chrono::hours(hour));
  clock_.JumpWall(std::chrono::hours(50));
  Start(std::chrono::days(30));
  RunFor(Milliseconds(61'000));
  EXPECT_GT(steps_.back().before, 40 * kDay - 30 * kDay);
}

TEST_F(PurgeJobTest, WaitsUntilTheRecordsCanBeRead) {
  recorded_ = {clock_.Now()};
  unreadable_ = 100;
  clock_.JumpWall(std::chrono::days(40));
  Start(std::chrono::days(30));
  RunFor(Milliseconds(90'000));
  EXPECT_TRUE(steps_.empty());
  RunFor(Milliseconds(90'000));
  ASSERT_FALSE(steps_.empty());
  EXPECT_LT(steps_.back().before, kDay - 30 * kDay);
}

TEST_F(PurgeJobTest, GoesByTheWallClockThatHasGoneBackOrALittleAhead) {
  Start(std::chrono::days(30));
  RunFor(Milliseconds(61'000));
  clock_.JumpWall(-std::chrono::days(3));
  RunFor(std::chrono::hours(1));
  EXPECT_EQ(steps_.back().before, 3'660'000 - 33 * kDay);
  clock_.JumpWall(std::chrono::minutes(50));
  RunFor(std::chrono::hours(1));
  EXPECT_EQ(steps_.back().before, 7'260'000 + 3'000'000 - 33 * kDay);
}

}  // namespace
}  // namespace shakehook
