// How a WebhookQueue reads back from the store what it does not hold, while results and commits come in between.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "delivery/webhook_queue_fixture.h"

namespace shakehook {
namespace {

TEST(WebhookQueue, TakesNewOnesFromTheStoreWhileAStrictRetryIsOutstanding) {
  WebhookQueue queue = Strict();
  queue.Add(Owed(1, 7));
  End(queue, TakeAll(queue)[0], Verdict::kRetry);
  queue.HearOfDue(Timestamp());
  queue.BeginDue();
  queue.AddDue(Page({Due(1, 7)}));
  queue.Add(Owed(2, 7));  // must not overtake the retry that is in memory
  EXPECT_EQ(TakePositions(queue), (Expected{1}));
  EXPECT_TRUE(queue.WantsFresh());
}

TEST(WebhookQueue, ReadsBackWhatDidNotFitAndCatchesUp) {
  WebhookQueue queue = Relaxed();
  queue.SetRoom({.window = 2});
  for (int i = 1; i <= 5; ++i) queue.Add(Owed(i, i));
  EXPECT_FALSE(queue.WantsFresh());  // the window is full
  EXPECT_EQ(TakePositions(queue), (Expected{1, 2}));
  ASSERT_TRUE(queue.WantsFresh());
  EXPECT_EQ(queue.BeginFresh(), Position{2});
  queue.Add(Owed(6, 6));  // committed after the read began
  queue.AddFresh(Page({Owed(3, 3), Owed(4, 4), Owed(5, 5)}));
  EXPECT_EQ(TakePositions(queue), (Expected{3, 4, 5}));
  ASSERT_TRUE(queue.WantsFresh());
  EXPECT_EQ(queue.BeginFresh(), Position{5});
  queue.AddFresh(Page({Owed(6, 6)}));
  EXPECT_FALSE(queue.WantsFresh());
  queue.Add(Owed(7, 7));  // straight from the commit again
  EXPECT_EQ(TakePositions(queue), (Expected{6, 7}));
}

// Payloads have 10 bytes here. Counted by deliveries alone, those of 60 KB took gigabytes.
TEST(WebhookQueue, LeavesInTheStoreWhatHasMoreBytesThanThereIsRoomFor) {
  WebhookQueue queue = Relaxed();
  queue.Add(Owed(1, 1));
  const std::size_t bytes_of_one = queue.bytes();
  queue.SetRoom({.waiting_bytes = 3 * bytes_of_one});
  for (int i = 2; i <= 5; ++i) queue.Add(Owed(i, i));
  EXPECT_EQ(queue.bytes(), 3 * bytes_of_one);
  EXPECT_FALSE(queue.WantsFresh());
  EXPECT_TRUE(queue.Next(Which::kAny));
  EXPECT_FALSE(queue.WantsFresh());  // still more than half full
  EXPECT_TRUE(queue.Next(Which::kAny));
  ASSERT_TRUE(queue.WantsFresh());
  EXPECT_EQ(queue.BeginFresh(), Position{3});
}

TEST(WebhookQueue, ReadsRetriesBackWhenThoseItHoldsLeaveRoomInAPage) {
  WebhookQueue queue = Relaxed();
  queue.SetRoom({.page_bytes = 30});
  queue.HearOfDue(Timestamp());
  ASSERT_TRUE(queue.WantsDue(Timestamp()));
  queue.BeginDue();
  queue.AddDue({.deliveries = {Due(1, 1), Due(2, 2)}, .more = true, .next_due = Timestamp()});
  // A page would bring these two again, and but one more.
  EXPECT_FALSE(queue.WantsDue(Timestamp()));
  const auto taken = TakeAll(queue);
  queue.Ended(taken[0], std::nullopt);
  EXPECT_FALSE(queue.WantsDue(Timestamp()));  // the result is not stored yet, so the store still has it as due
  queue.Recorded({1});
  EXPECT_TRUE(queue.WantsDue(Timestamp()));
  End(queue, taken[1], Verdict::kDelivered);
}

// By their payloads alone, 400 small ones of each of 1,000 webhooks were in memory: 300 MB.
TEST(WebhookQueue, ReadsFewRetriesBackAtATimeWhereThereIsLittleRoom) {
  WebhookQueue queue = Relaxed();
  queue.SetRoom(WebhookQueue::kLittleRoom);
  const auto half = static_cast<int>(WebhookQueue::kLittleRoom.due_page / 2);
  queue.HearOfDue(Timestamp());
  ASSERT_TRUE(queue.WantsDue(Timestamp()));
  queue.BeginDue();
  OwedPage page{.more = true, .next_due = Timestamp()};
  for (int i = 1; i <= half; ++i) page.deliveries.push_back(Due(i, i));
  queue.AddDue(std::move(page));
  EXPECT_FALSE(queue.WantsDue(Timestamp()));
  EXPECT_LE(queue.bytes(), WebhookQueue::kLittleRoom.waiting_bytes);
  End(queue, *queue.Next(Which::kAny), Verdict::kDelivered);
  EXPECT_TRUE(queue.WantsDue(Timestamp()));
}

TEST(WebhookQueue, TakesNothingTwiceThatAReadAndACommitBothBring) {
  WebhookQueue queue(Ordering::kRelaxed, Switch::kOn, WebhookQueue::Start::kOwes);
  queue.BeginFresh();
  queue.AddFresh(Page({Owed(1, 1), Owed(2, 2)}));
  queue.Add(Owed(2, 2));
  EXPECT_EQ(TakePositions(queue), (Expected{1, 2}));
}

TEST(WebhookQueue, DoesNotTakeARetryAgainThatAnOlderReadBrings) {
  WebhookQueue queue = Relaxed();
  queue.HearOfDue(Timestamp());
  queue.BeginDue();
  queue.AddDue(Page({Due(1, 1)}));
  const auto taken = TakeAll(queue);
  queue.HearOfDue(Timestamp());
  queue.BeginDue();  // reads the state before the result below is stored
  End(queue, taken[0], Verdict::kDelivered);
  queue.AddDue(Page({Due(1, 1)}));
  EXPECT_EQ(TakePositions(queue), Expected{});
}

TEST(WebhookQueue, ReadsNoMoreDueOnesWhileItHoldsMany) {
  WebhookQueue queue = Relaxed();
  queue.HearOfDue(Timestamp());
  queue.BeginDue();
  OwedPage page = Page({});
  // All of one resource: all but one are parked, and nothing is left in the queue of due ones.
  for (std::size_t i = 1; i <= WebhookQueue::kDuePage; ++i) {
    page.deliveries.push_back(Due(static_cast<std::int64_t>(i), 7));
  }
  page.next_due = Timestamp();
  queue.AddDue(page);
  auto under_way = queue.Next(Which::kAny);
  EXPECT_FALSE(queue.Next(Which::kAny));
  EXPECT_FALSE(queue.WantsDue(Timestamp()));
  for (std::size_t ended = 0; ended <= WebhookQueue::kDuePage / 2; ++ended) {
    End(queue, *under_way, Verdict::kDelivered);
    under_way = queue.Next(Which::kAny);
    ASSERT_TRUE(under_way);
  }
  EXPECT_TRUE(queue.WantsDue(Timestamp()));
}

TEST(WebhookQueue, RemembersARetryWhoseResultIsStoredWhileADueReadIsUnderWay) {
  WebhookQueue queue = Relaxed();
  queue.Add(Owed(1, 1));
  const auto taken = TakeAll(queue);
  queue.HearOfDue(Timestamp());  // a retry of another delivery
  queue.BeginDue();
  End(queue, taken[0], Verdict::kRetry);
  queue.AddDue(Page({}));  // read before the result was stored
  EXPECT_TRUE(queue.WantsDue(Timestamp()));
}

TEST(WebhookQueue, TakesARetryWhileAFreshReadThatBeganBeforeItsResultIsStillUnderWay) {
  WebhookQueue queue(Ordering::kRelaxed, Switch::kOn, WebhookQueue::Start::kOwes);
  queue.BeginFresh();
  queue.AddFresh(Page({Owed(1, 1)}, true));
  const auto taken = TakeAll(queue);
  queue.BeginFresh();
  End(queue, taken[0], Verdict::kRetry);
  queue.BeginDue();
  queue.AddDue(Page({Due(1, 1)}));
  const auto again = TakeAll(queue);
  EXPECT_EQ(Positions(again), (Expected{1}));
  queue.AddFresh(Page({Owed(1, 1)}));  // as the delivery was before
  EXPECT_EQ(TakePositions(queue), Expected{});
  End(queue, again[0], Verdict::kDelivered);
  EXPECT_TRUE(queue.idle());
}

TEST(WebhookQueue, ReadsBackWhatWasSentByHandEvenWhileItIsOff) {
  WebhookQueue queue(Ordering::kRelaxed, Switch::kOff, WebhookQueue::Start::kOwes);
  queue.HearOfDue(Timestamp());
  ASSERT_TRUE(queue.WantsDue(Timestamp()));
  queue.BeginDue();
  queue.AddDue(Page({Due(1, 1), ByHand(2, 2)}));
  EXPECT_EQ(TakePositions(queue), (Expected{2}));
  EXPECT_FALSE(queue.WantsDue(Timestamp()));
}

TEST(WebhookQueue, TakesTheDataOutOfWhatAReadBringsThatBeganBeforeTheErasure) {
  WebhookQueue queue(Ordering::kRelaxed, Switch::kOn, WebhookQueue::Start::kOwes);
  queue.BeginFresh();
  queue.Erase({{7}});
  queue.AddFresh(Page({OwedWithData(1, 7), OwedWithData(2, 8)}));
  const auto taken = TakeAll(queue);
  ASSERT_EQ(Positions(taken), (Expected{1, 2}));
  EXPECT_EQ(CountWithData(taken), 1);
}

// A read leaves 2 in the store, because it follows a retry. The retry's end is stored, and the next read finds nothing
// to hold 3 back for; only then is the queue told of the end.
TEST(WebhookQueue, SendsNothingAheadOfWhatAReadLeftBehindARetryThatHasJustEnded) {
  WebhookQueue queue = Strict();
  queue.HearOfDue(Timestamp());
  queue.BeginDue();
  queue.AddDue(Page({Due(1, 7)}));
  const auto retry = *queue.Next(Which::kAny);
  queue.Add(Owed(2, 7));
  ASSERT_TRUE(queue.WantsFresh());
  queue.BeginFresh();
  OwedPage nothing = Page({});
  nothing.until = {2};
  queue.AddFresh(nothing);
  queue.Ended(retry, std::nullopt);
  queue.Add(Owed(3, 7));
  ASSERT_TRUE(queue.WantsFresh());
  EXPECT_EQ(queue.BeginFresh(), Position{2});
  queue.AddFresh(Page({Owed(3, 7)}));
  EXPECT_EQ(TakePositions(queue), Expected{});

  queue.Recorded({1});
  ASSERT_TRUE(queue.WantsFresh());
  EXPECT_EQ(queue.BeginFresh(), Position{0});
  queue.AddFresh(Page({Owed(2, 7), Owed(3, 7)}));
  const auto next = TakeAll(queue);
  ASSERT_EQ(Positions(next), Expected{2});
  End(queue, next[0], Verdict::kDelivered);
  EXPECT_EQ(TakePositions(queue), Expected{3});
}

// As above, with a read of retries that takes long: it must not hold back what is read from the start.
TEST(WebhookQueue, TakesWhatFollowsARetryThatHasEndedWhileAnotherReadOfRetriesIsUnderWay) {
  WebhookQueue queue = Strict();
  queue.HearOfDue(Timestamp());
  queue.BeginDue();
  queue.AddDue(Page({Due(1, 7)}));
  const auto retry = *queue.Next(Which::kAny);
  queue.Add(Owed(2, 7));
  queue.HearOfDue(Timestamp());
  queue.BeginDue();
  End(queue, retry, Verdict::kDelivered);
  ASSERT_TRUE(queue.WantsFresh());
  EXPECT_EQ(queue.BeginFresh(), Position{0});
  queue.AddFresh(Page({Owed(2, 7)}));
  EXPECT_EQ(TakePositions(queue), Expected{2});
  queue.AddDue(Page({Due(1, 7)}));
  EXPECT_EQ(TakePositions(queue), Expected{});
}

// While 1 is under way a person sends it by hand. In the store it is one that others have to wait for from then on.
TEST(WebhookQueue, ReadsBackWhatWaitedForOneThatWasSentByHandWhileItsAttemptWasUnderWay) {
  WebhookQueue queue = Strict();
  queue.Add(Owed(1, 7));
  const auto under_way = *queue.Next(Which::kAny);
  queue.Add(ByHand(1, 7));
  queue.Add(Owed(2, 7));
  ASSERT_TRUE(queue.WantsFresh());
  queue.BeginFresh();
  OwedPage nothing = Page({});
  nothing.until = {2};
  queue.AddFresh(nothing);
  End(queue, under_way, Verdict::kDelivered);
  ASSERT_TRUE(queue.WantsFresh());
  EXPECT_EQ(queue.BeginFresh(), Position{0});
  queue.AddFresh(Page({Owed(2, 7)}));
  const auto next = TakeAll(queue);
  ASSERT_EQ(Positions(next), Expected{2});
  End(queue, next[0], Verdict::kDelivered);
  EXPECT_TRUE(queue.idle());
}

TEST(WebhookQueue, ReadsBackWhatWaitedForOneThatWasSentByHandBeforeItsResultWasStored) {
  WebhookQueue queue = Strict();
  queue.Add(Owed(1, 7));
  queue.Ended(*queue.Next(Which::kAny), std::nullopt);
  queue.Add(ByHand(1, 7));
  queue.Add(Owed(2, 7));
  ASSERT_TRUE(queue.WantsFresh());
  queue.BeginFresh();
  OwedPage nothing = Page({});
  nothing.until = {2};
  queue.AddFresh(nothing);
  queue.Recorded({1});
  ASSERT_TRUE(queue.WantsFresh());
  EXPECT_EQ(queue.BeginFresh(), Position{0});
  queue.AddFresh(Page({Owed(2, 7)}));
  EXPECT_EQ(TakePositions(queue), Expected{2});
}

// The result is stored before a person sends the delivery again, and the queue hears of it after that.
TEST(WebhookQueue, ReadsOneThatWasSentByHandBetweenTheStoringOfItsResultAndTheNewsOfIt) {
  WebhookQueue queue(Ordering::kRelaxed, Switch::kOn, WebhookQueue::Start::kEmpty);
  queue.Add(Owed(1, 7));
  queue.Ended(*queue.Next(Which::kAny), std::nullopt);
  queue.Add(ByHand(1, 7));
  queue.Recorded({1});
  ASSERT_TRUE(queue.WantsDue(Timestamp()));
  queue.BeginDue();
  queue.AddDue(Page({ByHand(1, 7)}));
  EXPECT_EQ(TakePositions(queue), Expected{1});
}

TEST(WebhookQueue, ReadsOneThatWasSentByHandUnderWayAndIsPutBackWhileTheWebhookIsDisabled) {
  WebhookQueue queue(Ordering::kRelaxed, Switch::kOn, WebhookQueue::Start::kEmpty);
  queue.Add(Owed(1, 7));
  const auto under_way = *queue.Next(Which::kAny);
  queue.Configure(Ordering::kRelaxed, Switch::kOff);
  queue.Add(ByHand(1, 7));
  queue.PutBack(under_way);
  ASSERT_TRUE(queue.WantsDue(Timestamp()));
  queue.BeginDue();
  queue.AddDue(Page({ByHand(1, 7)}));
  EXPECT_EQ(TakePositions(queue), Expected{1});
}

TEST(WebhookQueue, RetriesOneThatIsNewerThanACancelation) {
  WebhookQueue queue = Strict();
  queue.Add(Owed(1, 7));
  queue.Add(Owed(2, 7));
  queue.Add(Owed(3, 8));
  const auto canceled = *queue.Next(Which::kAny);
  const auto newer = *queue.Next(Which::kAny);
  ASSERT_EQ(newer.key.position, Position{3});
  queue.Cancel({2});
  queue.Ended(canceled, Timestamp());
  queue.Ended(newer, Timestamp());
  queue.Recorded({1});
  EXPECT_FALSE(queue.WantsDue(Timestamp()));
  queue.Recorded({3});
  EXPECT_TRUE(queue.WantsDue(Timestamp()));
}

TEST(WebhookQueue, ReadsBackWhatWaitedForARetryThatWasCanceledBeforeItsResultWasStored) {
  WebhookQueue queue = Strict();
  queue.Add(Owed(1, 7));
  queue.Ended(*queue.Next(Which::kAny), Timestamp());
  queue.Add(Owed(2, 7));  // spilled: it may follow the retry
  ASSERT_TRUE(queue.WantsFresh());
  queue.BeginFresh();
  queue.AddFresh(Page({Owed(2, 7)}));
  EXPECT_EQ(TakePositions(queue), Expected{});
  queue.Cancel({1});
  queue.Recorded({1});
  ASSERT_TRUE(queue.WantsFresh());
  EXPECT_EQ(queue.BeginFresh(), Position{0});
  queue.AddFresh(Page({Owed(2, 7)}));
  EXPECT_EQ(TakePositions(queue), Expected{2});
}

// A discard is told with no position: what waits is older. But a page may overtake the news of the discard.
TEST(WebhookQueue, ReadsAgainWhatAReadBroughtThatBeganAfterADiscardWasStored) {
  for (const Ordering ordering : {Ordering::kRelaxed, Ordering::kStrict}) {
    WebhookQueue queue(ordering, Switch::kOn, WebhookQueue::Start::kOwes);
    queue.BeginFresh();
    queue.AddFresh(Page({Owed(9, 9)}));
    EXPECT_FALSE(queue.WantsFresh());
    queue.Cancel({std::numeric_limits<std::int64_t>::max()});
    EXPECT_EQ(TakePositions(queue), Expected{});
    ASSERT_TRUE(queue.WantsFresh());
    EXPECT_EQ(queue.BeginFresh(), Position{0});
    queue.AddFresh(Page({Owed(9, 9)}));
    EXPECT_EQ(TakePositions(queue), Expected{9});
  }
}

TEST(WebhookQueue, SendsNothingThatWasCanceledWhileItWasBeingRead) {
  WebhookQueue queue(Ordering::kRelaxed, Switch::kOn, WebhookQueue::Start::kOwes);
  queue.HearOfDue(Timestamp());
  EXPECT_EQ(queue.BeginFresh(), Position());
  queue.BeginDue();
  queue.Cancel({1'000});
  queue.AddFresh(Page({Owed(3, 3), Owed(4, 4)}));
  queue.AddDue(Page({Due(1, 1), ByHand(2, 2)}));
  EXPECT_EQ(TakePositions(queue), Expected{});
  // Reads that begin now find what was owed since.
  ASSERT_TRUE(queue.WantsFresh());
  EXPECT_EQ(queue.BeginFresh(), Position());
  queue.AddFresh(Page({Owed(5, 5)}));
  ASSERT_TRUE(queue.WantsDue(Timestamp()));
  queue.BeginDue();
  queue.AddDue(Page({}));
  EXPECT_EQ(TakePositions(queue), Expected{5});
  EXPECT_FALSE(queue.WantsFresh());
}

TEST(WebhookQueue, ReadsOnBehindAllThatAPageLookedAt) {
  WebhookQueue queue(Ordering::kStrict, Switch::kOn, WebhookQueue::Start::kOwes);
  EXPECT_EQ(queue.BeginFresh(), Position());
  OwedPage page = Page({Owed(3, 3)}, true);
  page.until = {10'000};  // the others wait for their resources' retries
  queue.AddFresh(page);
  EXPECT_EQ(queue.BeginFresh(), Position{10'000});
}

TEST(WebhookQueue, ReadsWhatACommitDidNotTell) {
  WebhookQueue queue(Ordering::kRelaxed, Switch::kOn, WebhookQueue::Start::kEmpty);
  queue.Add(Owed(1, 1));
  queue.HearOfMore();
  queue.Add(Owed(9, 9));  // a later commit's: behind those that were not told
  ASSERT_TRUE(queue.WantsFresh());
  EXPECT_EQ(queue.BeginFresh(), Position{1});
  queue.AddFresh(Page({Owed(2, 2), Owed(9, 9)}));
  EXPECT_EQ(TakePositions(queue), (Expected{1, 2, 9}));
}

}  // namespace
}  // namespace shakehook
