// The order in which a WebhookQueue gives its deliveries out, and what it holds back.
#include <gtest/gtest.h>

#include <algorithm>

#include "delivery/webhook_queue_fixture.h"

namespace shakehook {
namespace {

TEST(WebhookQueue, GivesFreshOnesInTheOrderOfTheirEvents) {
  WebhookQueue queue = Relaxed();
  for (int i = 1; i <= 3; ++i) queue.Add(Owed(i, i));
  EXPECT_EQ(TakePositions(queue), (Expected{1, 2, 3}));
}

TEST(WebhookQueue, HasOneOfAResourceUnderWayAtATime) {
  WebhookQueue queue = Relaxed();
  for (int i = 1; i <= 3; ++i) queue.Add(Owed(i, 7));
  queue.Add(Owed(4, 8));
  auto taken = TakeAll(queue);
  EXPECT_EQ(Positions(taken), (Expected{1, 4}));
  End(queue, taken[0], Verdict::kDelivered);
  taken = TakeAll(queue);
  EXPECT_EQ(Positions(taken), (Expected{2}));
  End(queue, taken[0], Verdict::kDelivered);
  EXPECT_EQ(TakePositions(queue), (Expected{3}));
}

TEST(WebhookQueue, LetsTheNextGoWhileOneWaitsForItsRetryWhereTheOrderIsRelaxed) {
  WebhookQueue queue = Relaxed();
  queue.Add(Owed(1, 7));
  queue.Add(Owed(2, 7));
  End(queue, TakeAll(queue)[0], Verdict::kRetry);
  EXPECT_EQ(TakePositions(queue), (Expected{2}));
}

TEST(WebhookQueue, HoldsTheNextBackUntilTheRetryHasEndedWhereTheOrderIsStrict) {
  WebhookQueue queue = Strict();
  for (int i = 1; i <= 2; ++i) queue.Add(Owed(i, 7));
  queue.Add(Owed(3, 8));
  auto taken = TakeAll(queue);
  EXPECT_EQ(Positions(taken), (Expected{1, 3}));
  queue.Ended(taken[0], RetryAt(Verdict::kRetry));
  EXPECT_EQ(TakePositions(queue), Expected{});
  // A read that began before the retry was stored brings a later one of the resource; it must not be taken.
  queue.Add(Owed(4, 7));
  ASSERT_TRUE(queue.WantsFresh());
  queue.BeginFresh();
  queue.Recorded({1});
  queue.AddFresh(Page({Owed(4, 7)}));
  EXPECT_EQ(TakePositions(queue), Expected{});

  ASSERT_TRUE(queue.WantsDue(Timestamp()));
  queue.BeginDue();
  queue.AddDue(Page({Due(1, 7)}));
  taken = TakeAll(queue);
  EXPECT_EQ(Positions(taken), (Expected{1}));
  End(queue, taken[0], Verdict::kFailed);
  // Now the store hands it out, from the start.
  ASSERT_TRUE(queue.WantsFresh());
  EXPECT_EQ(queue.BeginFresh(), Position{0});
  queue.AddFresh(Page({Owed(2, 7), Owed(4, 7)}));
  taken = TakeAll(queue);
  EXPECT_EQ(Positions(taken), (Expected{2}));
  End(queue, taken[0], Verdict::kDelivered);
  EXPECT_EQ(TakePositions(queue), (Expected{4}));
}

TEST(WebhookQueue, CountsTheBytesOfRetriesThatAreCanceledOrErased) {
  WebhookQueue queue = Relaxed();
  queue.SetRoom({.page_bytes = 30});
  queue.HearOfDue(Timestamp());
  queue.BeginDue();
  queue.AddDue({.deliveries = {Due(1, 1), Due(2, 2)}, .more = true, .next_due = Timestamp()});
  queue.Erase({{1}});
  queue.Cancel({2});
  EXPECT_EQ(queue.bytes(), 0u);
  EXPECT_TRUE(queue.WantsDue(Timestamp()));
}

TEST(WebhookQueue, SendsWhatWasSentByHandEvenWhileItIsOffOrPaused) {
  WebhookQueue queue(Ordering::kRelaxed, Switch::kOff, WebhookQueue::Start::kEmpty);
  queue.Add(Owed(5, 5));
  queue.Add(ByHand(1, 1));
  EXPECT_EQ(TakePositions(queue), (Expected{1}));
  WebhookQueue paused = Relaxed();
  paused.Add(Owed(5, 5));
  paused.Add(ByHand(1, 1));
  EXPECT_EQ(TakePositions(paused, Which::kUrgent), (Expected{1}));
}

TEST(WebhookQueue, CanSendTheSameOneByHandAgainAfterItsResultIsStored) {
  WebhookQueue queue = Relaxed();
  queue.Add(Owed(1, 1));
  const auto taken = TakeAll(queue);
  queue.HearOfDue(Timestamp());
  queue.BeginDue();
  End(queue, taken[0], Verdict::kFailed);
  queue.Add(ByHand(1, 1));
  EXPECT_EQ(TakePositions(queue), (Expected{1}));
}

TEST(WebhookQueue, TurnedOffKeepsNothingAndTurnedOnReadsAllOfIt) {
  WebhookQueue queue = Relaxed();
  queue.Add(Owed(1, 1));
  queue.Add(Owed(2, 1));
  const auto under_way = *queue.Next(Which::kAny);
  EXPECT_FALSE(queue.Next(Which::kAny));
  queue.Configure(Ordering::kRelaxed, Switch::kOff);
  queue.Add(Owed(3, 3));
  End(queue, under_way, Verdict::kDelivered);
  EXPECT_FALSE(queue.HasReady(Which::kAny));
  EXPECT_FALSE(queue.WantsFresh());
  queue.Configure(Ordering::kRelaxed, Switch::kOn);
  ASSERT_TRUE(queue.WantsFresh());
  EXPECT_TRUE(queue.WantsDue(Timestamp()));
  EXPECT_EQ(queue.BeginFresh(), Position{0});
  queue.AddFresh(Page({Owed(2, 1), Owed(3, 3)}));
  EXPECT_EQ(TakePositions(queue), (Expected{2, 3}));
}

TEST(WebhookQueue, ForgetsWhatWasCanceled) {
  WebhookQueue queue = Relaxed();
  for (int i = 1; i <= 3; ++i) queue.Add(Owed(i, 7));
  queue.Add(Owed(4, 4));
  const auto under_way = *queue.Next(Which::kAny);
  queue.Next(Which::kAny);
  queue.Cancel({3});
  End(queue, under_way, Verdict::kDelivered);
  EXPECT_EQ(TakePositions(queue), Expected{});
  EXPECT_EQ(queue.bytes(), 0u);
}

TEST(WebhookQueue, SendsWhatWaitsOfAnErasedResourceWithoutItsData) {
  WebhookQueue queue = Relaxed();
  for (int i = 1; i <= 3; ++i) queue.Add(OwedWithData(i, 7));
  queue.Add(OwedWithData(4, 8));
  const auto under_way = *queue.Next(Which::kAny);
  EXPECT_EQ(TakePositions(queue), Expected{4});  // 2 and 3 are parked behind 1
  queue.Erase({{7}});
  End(queue, under_way, Verdict::kDelivered);
  const auto second = TakeAll(queue);
  ASSERT_EQ(Positions(second), Expected{2});
  EXPECT_EQ(CountWithData(second), 0);
  EXPECT_NE(second[0].event->payload.find(R"("data":{"id":"c"})"), std::string::npos);
  End(queue, second[0], Verdict::kDelivered);
  const auto third = TakeAll(queue);
  ASSERT_EQ(Positions(third), Expected{3});
  EXPECT_EQ(CountWithData(third), 0);
  End(queue, third[0], Verdict::kDelivered);
  EXPECT_EQ(queue.bytes(), 0u);
}

TEST(WebhookQueue, HoldsNothingBackForARetryThatWasCanceledWhileItsAttemptWasUnderWay) {
  WebhookQueue queue = Strict();
  queue.Add(Owed(1, 7));
  const auto under_way = *queue.Next(Which::kAny);
  queue.Cancel({1});
  queue.Add(Owed(2, 7));
  queue.BeginFresh();
  queue.AddFresh(Page({Owed(2, 7)}));
  EXPECT_EQ(TakePositions(queue), Expected{});
  End(queue, under_way, Verdict::kRetry);
  EXPECT_EQ(TakePositions(queue), Expected{2});
}

TEST(WebhookQueue, HoldsTheNextBackThoughTheResultOfAnEarlierOneOfTheResourceIsStoredMeanwhile) {
  WebhookQueue queue = Strict();
  queue.Add(Owed(1, 7));
  queue.Add(Owed(2, 7));
  queue.Ended(*queue.Next(Which::kAny), std::nullopt);
  queue.Ended(*queue.Next(Which::kAny), Timestamp());
  queue.Recorded({1});
  queue.Add(Owed(3, 7));
  EXPECT_EQ(TakePositions(queue), Expected{});
}

TEST(WebhookQueue, CountsTheBytesThatWait) {
  WebhookQueue queue = Relaxed();
  for (int i = 1; i <= 3; ++i) queue.Add(Owed(i, i));
  EXPECT_EQ(queue.bytes(), 3 * (10 + StartOrder::kEventBytes + sizeof(OwedDelivery) + StartOrder::kEntryBytes));
  const auto taken = TakeAll(queue);
  EXPECT_EQ(queue.bytes(), 0u);
  for (const auto& delivery : taken) End(queue, delivery, Verdict::kDelivered);
  EXPECT_TRUE(queue.idle());
}

TEST(WebhookQueue, GivesOutFirstWhatWasPutBack) {
  WebhookQueue queue = Relaxed();
  for (int i = 1; i <= 2; ++i) queue.Add(Owed(i, 7));
  queue.Add(Owed(3, 8));
  const std::size_t bytes = queue.bytes();
  for (int again = 0; again < 3; ++again) {
    auto first = queue.Next(Which::kAny);
    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(first->key.position, Position{1});
    queue.PutBack(*std::move(first));
    EXPECT_FALSE(queue.idle());
    EXPECT_EQ(queue.bytes(), bytes);
  }
  EXPECT_EQ(TakePositions(queue), (Expected{1, 3}));
}

TEST(WebhookQueue, ForgetsWhatIsPutBackOnceItWasCanceledOrTheWebhookIsOff) {
  WebhookQueue canceled = Relaxed();
  canceled.Add(Owed(1, 7));
  canceled.Add(Owed(2, 7));
  auto first = canceled.Next(Which::kAny);
  canceled.Cancel({1});
  canceled.PutBack(*std::move(first));
  EXPECT_EQ(TakePositions(canceled), Expected{2});

  WebhookQueue off = Relaxed();
  off.Add(Owed(1, 7));
  auto under_way = off.Next(Which::kAny);
  off.Configure(Ordering::kRelaxed, Switch::kOff);
  off.PutBack(*std::move(under_way));
  EXPECT_FALSE(off.HasReady(Which::kAny));
  off.Configure(Ordering::kRelaxed, Switch::kOn);
  EXPECT_TRUE(off.WantsFresh());
}

}  // namespace
}  // namespace shakehook
