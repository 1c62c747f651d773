#include "delivery/start_order.h"

#include <gtest/gtest.h>

#include "delivery/webhook_queue_fixture.h"

namespace shakehook {
namespace {

constexpr Switch kOn = Switch::kOn;

std::int64_t Next(StartOrder& order, Which which = Which::kAny, Switch enabled = kOn) {
  const auto delivery = order.Next(which, enabled);
  return delivery ? delivery->key.position.value : 0;
}

TEST(StartOrder, StartsWhatWasSentByHandFirstAndTakesTurnsWithRetries) {
  StartOrder order;
  order.AddFresh(Owed(1, 1));
  order.AddFresh(Owed(2, 2));
  order.AddDue(Due(3, 3));
  order.AddUrgent(ByHand(4, 4));
  EXPECT_EQ(Next(order, Which::kUrgent), 4);
  EXPECT_EQ(Next(order, Which::kUrgent), 0);
  EXPECT_EQ(Next(order), 3);
  EXPECT_EQ(Next(order), 1);
  EXPECT_EQ(Next(order), 2);
  EXPECT_FALSE(order.HasReady(Which::kAny, kOn));
  EXPECT_EQ(order.bytes(), 0u);
}

TEST(StartOrder, ParksOthersOfAResourceUntilItIsFree) {
  StartOrder order;
  for (const std::int64_t position : {1, 2, 3}) order.AddFresh(Owed(position, 7));
  EXPECT_EQ(Next(order), 1);
  EXPECT_EQ(Next(order), 0);
  EXPECT_EQ(order.window(), 2u);
  order.Free({7});
  EXPECT_EQ(Next(order), 2);
  order.PutBack(Owed(2, 7));
  EXPECT_EQ(Next(order), 2);
  order.Free({7});
  EXPECT_EQ(Next(order), 3);
  order.Free({7});
  order.AddFresh(Owed(4, 7));
  EXPECT_EQ(Next(order), 4);
}

TEST(StartOrder, GoesOnWithTheNextOneOfAResourceWhenTheFirstIsTakenOut) {
  StartOrder order;
  for (const std::int64_t position : {1, 2, 3}) order.AddFresh(Owed(position, 7));
  EXPECT_EQ(Next(order), 1);
  EXPECT_EQ(Next(order), 0);
  order.Free({7});
  const auto taken = order.TakeUntil({2});
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(taken[0].key.position, Position{2});
  EXPECT_EQ(Next(order), 3);
  EXPECT_EQ(order.bytes(), 0u);
}

TEST(StartOrder, TakesOutWhatIsBehindADelivery) {
  StartOrder order;
  order.AddFresh(Owed(1, 7));
  order.AddFresh(Owed(2, 7));
  order.AddFresh(Owed(3, 8));
  EXPECT_EQ(Next(order), 1);
  EXPECT_EQ(Next(order), 3);
  order.AddFresh(Owed(4, 7));
  order.AddFresh(Owed(5, 9));
  EXPECT_EQ(Positions(order.TakeBehind({7})), (Expected{2, 4}));
  order.Free({7});
  EXPECT_EQ(Next(order), 5);
  EXPECT_EQ(Next(order), 0);
  EXPECT_EQ(order.bytes(), 0u);
}

TEST(StartOrder, TakesOutAllThatWaitsAndNothingUnderWay) {
  StartOrder order;
  for (const std::int64_t position : {1, 2, 3}) order.AddFresh(Owed(position, 7));
  order.AddUrgent(ByHand(9, 9));
  EXPECT_EQ(Next(order), 9);
  EXPECT_EQ(Next(order), 1);
  EXPECT_EQ(Next(order), 0);
  EXPECT_EQ(Positions(order.TakeAll()), (Expected{2, 3}));
  EXPECT_EQ(order.bytes(), 0u);
  EXPECT_EQ(order.window(), 0u);
  order.AddFresh(Owed(4, 7));
  EXPECT_EQ(Next(order), 0) << "the first of the resource is still under way";
  order.Free({7});
  EXPECT_EQ(Next(order), 4);
}

TEST(StartOrder, TakesDataOutOfWhatWaitsAndTellsOfWhatIsUnderWay) {
  StartOrder order;
  order.AddFresh(OwedWithData(1, 7));
  order.AddFresh(OwedWithData(2, 7));
  order.AddFresh(OwedWithData(3, 8));
  EXPECT_EQ(Next(order), 1);
  EXPECT_FALSE(order.IsErased({7}));
  EXPECT_EQ(order.Erase({{7}}), 0u);
  EXPECT_TRUE(order.IsErased({7}));
  EXPECT_FALSE(order.IsErased({8}));
  EXPECT_EQ(CountWithData(order.TakeAll()), 1);
}

}  // namespace
}  // namespace shakehook
