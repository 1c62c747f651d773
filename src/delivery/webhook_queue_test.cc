#include "delivery/webhook_queue.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace shakehook {
namespace {

using Which = WebhookQueue::Which;
using Verdict = AttemptResult::Verdict;

OwedDelivery Owed(std::int64_t position, std::int64_t resource) {
  OwedDelivery delivery;
  delivery.key = {{position}, {1}};
  delivery.resource = {resource};
  auto event = std::make_shared<Event>();
  event->payload = "0123456789";
  delivery.event = std::move(event);
  return delivery;
}

OwedDelivery Due(std::int64_t position, std::int64_t resource) {
  OwedDelivery delivery = Owed(position, resource);
  delivery.due = Timestamp();
  delivery.attempts_made = delivery.retries_made = 1;
  return delivery;
}

OwedDelivery ByHand(std::int64_t position, std::int64_t resource) {
  OwedDelivery delivery = Due(position, resource);
  delivery.trigger = AttemptTrigger::kManual;
  return delivery;
}

OwedPage Page(std::vector<OwedDelivery> deliveries, bool more = false) {
  return {.deliveries = std::move(deliveries), .more = more, .next_due = {}};
}

// Calls Next() until it returns nullopt; returns the deliveries.
std::vector<OwedDelivery> TakeAll(WebhookQueue& queue, Which which = Which::kAny) {
  std::vector<OwedDelivery> taken;
  while (auto delivery = queue.Next(which)) taken.push_back(*delivery);
  return taken;
}

std::vector<std::int64_t> Positions(const std::vector<OwedDelivery>& deliveries) {
  std::vector<std::int64_t> positions;
  for (const OwedDelivery& delivery : deliveries) positions.push_back(delivery.key.position.value);
  return positions;
}

std::vector<std::int64_t> TakePositions(WebhookQueue& queue, Which which = Which::kAny) {
  return Positions(TakeAll(queue, which));
}

std::optional<Timestamp> RetryAt(Verdict verdict) {
  return verdict == Verdict::kRetry ? std::optional(Timestamp()) : std::nullopt;
}

void End(WebhookQueue& queue, const OwedDelivery& delivery, Verdict verdict) {
  queue.Ended(delivery, RetryAt(verdict));
  queue.Recorded(delivery.key.position);
}

using Expected = std::vector<std::int64_t>;

WebhookQueue Relaxed() { return {Ordering::kRelaxed, Switch::kOn, WebhookQueue::Start::kEmpty}; }
WebhookQueue Strict() { return {Ordering::kStrict, Switch::kOn, WebhookQueue::Start::kEmpty}; }

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

TEST(WebhookQueue, ReadsBackWhatWasSentByHandEvenWhileItIsOff) {
  WebhookQueue queue(Ordering::kRelaxed, Switch::kOff, WebhookQueue::Start::kOwes);
  queue.HearOfDue(Timestamp());
  ASSERT_TRUE(queue.WantsDue(Timestamp()));
  queue.BeginDue();
  queue.AddDue(Page({Due(1, 1), ByHand(2, 2)}));
  EXPECT_EQ(TakePositions(queue), (Expected{2}));
  EXPECT_FALSE(queue.WantsDue(Timestamp()));
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

OwedDelivery OwedWithData(std::int64_t position, std::int64_t resource) {
  OwedDelivery delivery = Owed(position, resource);
  auto event = std::make_shared<Event>(*delivery.event);
  event->resource_id = {"c"};
  event->payload = "with data";
  delivery.event = std::move(event);
  return delivery;
}

int CountWithData(const std::vector<OwedDelivery>& deliveries) {
  return static_cast<int>(std::ranges::count_if(
      deliveries, [](const OwedDelivery& delivery) { return delivery.event->payload == "with data"; }));
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

TEST(WebhookQueue, TakesTheDataOutOfWhatAReadBringsThatBeganBeforeTheErasure) {
  WebhookQueue queue(Ordering::kRelaxed, Switch::kOn, WebhookQueue::Start::kOwes);
  queue.BeginFresh();
  queue.Erase({{7}});
  queue.AddFresh(Page({OwedWithData(1, 7), OwedWithData(2, 8)}));
  const auto taken = TakeAll(queue);
  ASSERT_EQ(Positions(taken), (Expected{1, 2}));
  EXPECT_EQ(CountWithData(taken), 1);
}

TEST(WebhookQueue, HoldsNothingBackForARetryThatWasCanceledWhileItsAttemptWasUnderWay) {
  WebhookQueue queue = Strict();
  queue.Add(Owed(1, 7));
  const auto under_way = *queue.Next(Which::kAny);
  queue.Cancel({1});
  queue.Add(Owed(2, 7));
  EXPECT_EQ(TakePositions(queue), Expected{});
  End(queue, under_way, Verdict::kRetry);
  EXPECT_EQ(TakePositions(queue), Expected{2});
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
  EXPECT_EQ(queue.bytes(), 3 * (10 + WebhookQueue::kEventBytes + sizeof(OwedDelivery) + WebhookQueue::kEntryBytes));
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
