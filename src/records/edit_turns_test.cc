#include "records/edit_turns.h"

#include <gtest/gtest.h>

#include "testing/simulated_clock.h"

namespace shakehook {
namespace {

using Name = EditTurns::Name;

Name Contact(const std::string& id) { return {"contact", "v", id}; }

class EditTurnsTest : public testing::Test {
 protected:
  // Takes the turn, notes it, keeps it for a second, and notes the end.
  Async<> Change(Loop& loop, Name name, std::string who) {
    const auto turn = co_await turns_.Take(loop, std::move(name));
    if (!turn) {
      told_ += who + (turn.error() == EditTurns::NoTurn::kTooMany ? ":too many " : ":too long ");
      co_return;
    }
    told_ += who + "< ";
    co_await SleepUntil(loop, clock_.Steady() + Milliseconds(1'000));
    told_ += who + "> ";
  }
  Async<> ChangeAll(Loop& loop, std::vector<Name> names, std::string who) {
    const auto turns = co_await turns_.TakeAll(loop, std::move(names));
    EXPECT_TRUE(turns);
    told_ += who + "< ";
    co_await SleepUntil(loop, clock_.Steady() + Milliseconds(1'000));
    told_ += who + "> ";
  }
  void Begin(Name name, const std::string& who) { first_.Spawn(Change(first_, std::move(name), who)); }

  void Turn() {
    while (first_.Poll() + second_.Poll() > 0) {
    }
  }
  std::string Finish() {
    for (;;) {
      Turn();
      const auto a = first_.NextTimer(), b = second_.NextTimer();
      if (!a && !b) return std::exchange(told_, {});
      clock_.AdvanceTo(!b ? *a : !a ? *b : std::min(*a, *b));
      first_.RunTimers();
      second_.RunTimers();
    }
  }

  EditTurns turns_;
  std::string told_;
  SimulatedClock clock_;
  Loop first_{clock_}, second_{clock_};
};

TEST_F(EditTurnsTest, ComeInTheOrderInWhichTheyWereAskedFor) {
  for (const char* who : {"1", "2", "3"}) Begin(Contact("c"), who);
  EXPECT_EQ(Finish(), "1< 1> 2< 2> 3< 3> ");
  Begin(Contact("c"), "4");
  EXPECT_EQ(Finish(), "4< 4> ");
}

TEST_F(EditTurnsTest, KeepNobodyWaitingForAnotherThing) {
  Begin(Contact("a"), "1");
  Begin(Contact("b"), "2");
  first_.Spawn(Change(first_, {"contact", "w", "a"}, "3"));
  first_.Spawn(Change(first_, {"account", "v", "a"}, "4"));
  Turn();
  EXPECT_EQ(told_, "1< 2< 3< 4< ");
  Finish();
}

TEST_F(EditTurnsTest, PassFromLoopToLoop) {
  first_.Spawn(Change(first_, Contact("c"), "1"));
  Turn();
  second_.Spawn(Change(second_, Contact("c"), "2"));
  Turn();
  first_.Spawn(Change(first_, Contact("c"), "3"));
  EXPECT_EQ(Finish(), "1< 1> 2< 2> 3< 3> ");
}

TEST_F(EditTurnsTest, AreRefusedWhereTooManyWait) {
  Begin(Contact("c"), "0");
  for (std::size_t i = 0; i < EditTurns::kWaitingMax; ++i) Begin(Contact("c"), "w");
  Turn();
  Begin(Contact("c"), "late");
  Begin(Contact("other"), "other");
  Turn();
  EXPECT_EQ(told_, "0< other< late:too many ");
  Finish();
}

TEST_F(EditTurnsTest, AreRefusedToWhomTheyDoNotComeInTime) {
  for (int i = 0; i < 15; ++i) Begin(Contact("c"), std::to_string(i));
  const std::string told = Finish();
  EXPECT_NE(told.find("9< "), std::string::npos) << told;
  EXPECT_NE(told.find("14:too long "), std::string::npos) << told;
  Begin(Contact("c"), "next");
  EXPECT_EQ(Finish(), "next< next> ");
}

TEST_F(EditTurnsTest, OfSeveralThingsNeverWaitInACircle) {
  first_.Spawn(ChangeAll(first_, {Contact("a"), Contact("b"), Contact("a")}, "1"));
  second_.Spawn(ChangeAll(second_, {Contact("b"), Contact("a")}, "2"));
  Begin(Contact("b"), "3");
  const std::string told = Finish();
  EXPECT_EQ(std::ranges::count(told, '>'), 3) << told;
  EXPECT_NE(told.find("1< 1>"), std::string::npos) << told;
}

TEST_F(EditTurnsTest, EndWithTheLoopsOfThoseWhoWait) {
  for (const char* who : {"1", "2"}) Begin(Contact("c"), who);
  second_.Spawn(Change(second_, Contact("c"), "3"));
  Turn();
  EXPECT_EQ(told_, "1< ");
}

}  // namespace
}  // namespace shakehook
