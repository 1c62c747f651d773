#include "jobs/job_runner.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "base/log.h"
#include "testing/run_for.h"
#include "testing/simulated_clock.h"

namespace shakehook {
namespace {

class JobRunnerTest : public testing::Test, public JobKind {
 protected:
  JobRunnerTest() { SetUpLog(LogFormat::kText, LogLevel::kOff); }
  ~JobRunnerTest() override { SetUpLog(LogFormat::kText, LogLevel::kInfo); }

  static Uuid Job(std::uint8_t number) {
    Uuid job;
    job.bytes[15] = number;
    return job;
  }

  std::string_view name() const override { return "a test"; }
  bool CanWrite() const override { return can_write_; }
  Async<Stored<std::vector<Uuid>>> ListRunning() override {
    ++lists_;
    if (unreadable_-- > 0) co_return std::unexpected(Refusal{.detail = "disk fails"});
    std::vector<Uuid> running;
    for (const auto& [job, left] : left_) running.push_back(job);
    co_return running;
  }
  Async<std::expected<JobStep, std::string>> Step(Uuid job) override {
    steps_.emplace_back(job, SecondsNow());
    clock_.Advance(step_takes_);
    if (fails_ == job) co_return std::unexpected("no room");
    if (responses_ != JobStep::kMoved) co_return responses_;
    if (--left_.at(job) == 0) left_.erase(job);
    co_return JobStep::kMoved;
  }
  Async<bool> GiveUp(Uuid job, std::string reason) override {
    given_up_ += reason + ";";
    left_.erase(job);
    co_return true;
  }

  double SecondsNow() const { return std::chrono::duration<double>(clock_.Steady() - began_).count(); }
  std::size_t StepsOf(const Uuid& job) const {
    return static_cast<std::size_t>(std::ranges::count(steps_, job, [](const auto& step) { return step.first; }));
  }
  void RunFor(Milliseconds time) { shakehook::RunFor(loop_, clock_, time); }

  SimulatedClock clock_;
  const SteadyTime began_ = clock_.Steady();
  Loop loop_{clock_};
  JobRunner runner_{*this, loop_};
  std::map<Uuid, int> left_;  // steps, by job
  std::vector<std::pair<Uuid, double>> steps_;
  Microseconds step_takes_{0};
  std::optional<Uuid> fails_;
  JobStep responses_ = JobStep::kMoved;
  bool can_write_ = true;
  int unreadable_ = 0;
  int lists_ = 0;
  std::string given_up_;
};

TEST_F(JobRunnerTest, TakesTheJobsInTurnUntilNoneIsLeftAndThenAsksNoMore) {
  left_ = {{Job(1), 2}, {Job(2), 3}};
  runner_.Wake();
  RunFor(Milliseconds(5'000));
  EXPECT_TRUE(left_.empty());
  ASSERT_EQ(steps_.size(), 5u);
  EXPECT_EQ(steps_[0].first, Job(1));
  EXPECT_EQ(steps_[1].first, Job(2));
  const int lists = lists_;
  RunFor(Milliseconds(3'600'000));
  EXPECT_EQ(lists_, lists);
}

TEST_F(JobRunnerTest, LeavesHalfOfTheTimeToOthers) {
  left_ = {{Job(1), 10}};
  step_takes_ = Microseconds(300'000);
  runner_.Wake();
  RunFor(Milliseconds(10'000));
  ASSERT_EQ(steps_.size(), 10u);
  for (std::size_t i = 1; i < steps_.size(); ++i) EXPECT_GE(steps_[i].second - steps_[i - 1].second, 0.6);
}

TEST_F(JobRunnerTest, FindsAJobThatWasStartedWhileItListed) {
  runner_.Wake();
  RunFor(Milliseconds(10));
  left_ = {{Job(1), 1}};
  runner_.Wake();
  RunFor(Milliseconds(10));
  EXPECT_TRUE(left_.empty());
}

TEST_F(JobRunnerTest, GivesUpAJobWhoseStepsFailThoughTheStoreCanWriteAndOthersGoOn) {
  left_ = {{Job(1), 1}, {Job(2), 1'000}};
  fails_ = Job(1);
  runner_.Wake();
  RunFor(Milliseconds(60'000));
  EXPECT_EQ(given_up_, "no room;");
  EXPECT_EQ(StepsOf(Job(1)), static_cast<std::size_t>(kJobFailuresMax));
  EXPECT_TRUE(left_.empty());
}

TEST_F(JobRunnerTest, WaitsForAStoreThatCannotWriteHoweverLongThatTakes) {
  left_ = {{Job(1), 1}};
  fails_ = Job(1);
  can_write_ = false;
  runner_.Wake();
  RunFor(Milliseconds(3'600'000));
  EXPECT_EQ(given_up_, "");
  EXPECT_LE(steps_.size(), 3'601u);
  can_write_ = true;
  fails_.reset();
  RunFor(Milliseconds(2'000));
  EXPECT_TRUE(left_.empty());
}

TEST_F(JobRunnerTest, TriesAgainWhereTheJobsCannotBeRead) {
  left_ = {{Job(1), 1}};
  unreadable_ = 5;
  runner_.Wake();
  RunFor(Milliseconds(6'000));
  EXPECT_TRUE(left_.empty());
}

TEST_F(JobRunnerTest, AsksSeldomForAJobThatWaitsAndMoreSeldomForOneThatIsHeld) {
  left_ = {{Job(1), 1}};
  responses_ = JobStep::kWaits;
  runner_.Wake();
  RunFor(Milliseconds(1'000));
  EXPECT_NEAR(static_cast<double>(steps_.size()), 20, 2);
  responses_ = JobStep::kHeld;
  steps_.clear();
  RunFor(Milliseconds(10'000));
  EXPECT_NEAR(static_cast<double>(steps_.size()), 10, 2);
}

}  // namespace
}  // namespace shakehook
