// Replays in every Store: sending many deliveries of a webhook again.

#include "store/conformance/store_conformance_fixture.h"

namespace shakehook {
namespace {

using Step = ReplayStep;

class Replays : public StoreConformance {
 protected:
  Replays() { MakeVenue(); }

  static DeliveryStatuses Of(std::initializer_list<DeliveryStatus> list) {
    DeliveryStatuses statuses;
    for (const DeliveryStatus status : list) statuses.Add(status);
    return statuses;
  }
  static ReplayFilter Failed() { return {.statuses = Of({DeliveryStatus::kFailed})}; }

  // Makes `count` contacts, and ends each delivery to the webhook with the verdict.
  void MakeEnded(int count, Verdict verdict) {
    std::vector<AttemptResult> results;
    for (int i = 0; i < count; ++i) {
      MakeContact("c" + std::to_string(made_++));
      results.push_back(Result(LastOwed(), verdict));
    }
    ASSERT_TRUE(Do(store_->Record({}, std::move(results))));
  }
  std::int64_t Count(const SharedWebhook& webhook, const ReplayFilter& filter) {
    return *Do(store_->CountReplay(webhook->number, filter));
  }
  Replay Start(const SharedWebhook& webhook, const ReplayFilter& filter) {
    const Replay replay{.id = {Uuid::MakeV7(clock_.Now(), random_)},
                        .webhook = webhook->number,
                        .webhook_id = webhook->id,
                        .filter = filter,
                        .matched = Count(webhook, filter),
                        .created_at = clock_.Now()};
    EXPECT_TRUE(Do(store_->StartReplay(replay, {})));
    return replay;
  }
  Step Continue(const Replay& replay) { return *Do(store_->ContinueReplay(replay.id, clock_.Now())); }
  Replay Now(const Replay& replay) { return **Do(store_->GetReplay(replay.id)); }
  // Runs steps until one returns something else than kMoved.
  Step ContinueAll(const Replay& replay) {
    for (int i = 0; i < 1'000; ++i) {
      if (const Step step = Continue(replay); step != Step::kMoved) return step;
    }
    ADD_FAILURE() << "the replay does not end";
    return Step::kMoved;
  }
  std::vector<OwedDelivery> Due(const SharedWebhook& webhook, WhichDue which = WhichDue::kAll) {
    return Do(store_->TakeDue({}, webhook->number, clock_.Now(), which, {.deliveries = 10'000}))->deliveries;
  }

  int made_ = 0;
};

TEST_F(Replays, KeepWhatTheyMakeOwedFromAPurgeThatHasBegun) {
  MakeWebhook();
  MakeEnded(20, Verdict::kDelivered);
  const auto late = MakeWebhook();
  constexpr Milliseconds kRetention{30LL * 86'400'000};
  clock_.Advance(kRetention + Milliseconds(1));
  const auto purge = [&] { return *Do(store_->Purge(clock_.Now() - kRetention, clock_.Now(), 3)); };
  EXPECT_GT(purge(), 0);
  const Replay replay = Start(late, {.missing = Switch::kOn});
  EXPECT_EQ(ContinueAll(replay), Step::kEnded);
  while (purge() > 0) {
  }
  EXPECT_EQ(Due(late).size(), static_cast<std::size_t>(Now(replay).done));
  EXPECT_GT(Now(replay).done, 10);
}

TEST_F(Replays, SendAgainWhatFailedWithTheSameKeyAndANewSchedule) {
  const auto webhook = MakeWebhook();
  MakeEnded(3, Verdict::kFailed);
  const OwedDelivery failed = LastOwed();
  MakeEnded(2, Verdict::kDelivered);
  const Replay replay = Start(webhook, Failed());
  EXPECT_EQ(replay.matched, 3);
  hearer_.owed.clear();
  EXPECT_EQ(ContinueAll(replay), Step::kEnded);

  const auto due = Due(webhook);
  ASSERT_EQ(due.size(), 3u);
  EXPECT_EQ(due[2].id, failed.id);
  EXPECT_EQ(due[2].event->payload, failed.event->payload);
  EXPECT_EQ(due[2].attempts_made, 1);
  EXPECT_EQ(due[2].retries_made, 0);
  EXPECT_EQ(ToString(due[2].trigger), "manual");
  EXPECT_EQ(Status(failed.id), DeliveryStatus::kPending);
  EXPECT_EQ(Health(webhook).pending, 3);
  // They are not handed out one by one, so that they take their turn.
  EXPECT_TRUE(hearer_.owed.empty());
  ASSERT_EQ(hearer_.due.size(), 1u);
  EXPECT_EQ(hearer_.due[0].webhook->number, webhook->number);

  EXPECT_EQ(Now(replay).state, ReplayState::kDone);
  EXPECT_EQ(Now(replay).done, 3);
  EXPECT_EQ(Now(replay).ended_at, clock_.Now());
  Record(due[2], Verdict::kDelivered);
  EXPECT_EQ(Detail(failed.id).attempts.size(), 2u);
}

TEST_F(Replays, ChooseByStatusEventAndTime) {
  const auto webhook = MakeWebhook();
  MakeEnded(2, Verdict::kFailed);
  clock_.Advance(Milliseconds(60'000));
  const Timestamp later = clock_.Now();
  MakeEnded(3, Verdict::kDelivered);
  MakeContact("x");
  MakeContact("y");
  ASSERT_TRUE(Do(store_->Discard(webhook->number, clock_.Now(), {})));
  ASSERT_TRUE(Apply(EventType::kContactUpdated, "x", 1));
  Record(LastOwed(), Verdict::kFailed);

  const auto all = Of({DeliveryStatus::kFailed, DeliveryStatus::kCanceled, DeliveryStatus::kDelivered});
  EXPECT_EQ(Count(webhook, Failed()), 3);
  EXPECT_EQ(Count(webhook, {.statuses = Of({DeliveryStatus::kCanceled})}), 2);
  EXPECT_EQ(Count(webhook, {.statuses = Of({DeliveryStatus::kDelivered})}), 3);
  EXPECT_EQ(Count(webhook, {.statuses = Of({DeliveryStatus::kFailed, DeliveryStatus::kCanceled})}), 5);
  EXPECT_EQ(Count(webhook, {.statuses = all}), 8);
  EXPECT_EQ(Count(webhook, {.statuses = all, .since = later}), 6);
  EXPECT_EQ(Count(webhook, {.statuses = all, .until = later}), 2);
  EventTypes updated;
  updated.Add(EventType::kContactUpdated);
  EXPECT_EQ(Count(webhook, {.statuses = all, .events = updated}), 1);
  EXPECT_EQ(Count(webhook, {.statuses = all, .events = updated, .until = later}), 0);
}

TEST_F(Replays, NeverUndeliver) {
  const auto webhook = MakeWebhook();
  MakeEnded(2, Verdict::kDelivered);
  const Replay replay = Start(webhook, {.statuses = Of({DeliveryStatus::kDelivered})});
  EXPECT_EQ(ContinueAll(replay), Step::kEnded);
  const auto due = Due(webhook);
  ASSERT_EQ(due.size(), 2u);
  EXPECT_EQ(due[0].purpose, OwedDelivery::Purpose::kAgain);
  Record(due[0], Verdict::kFailed);
  EXPECT_EQ(Status(due[0].id), DeliveryStatus::kDelivered);
  EXPECT_EQ(Health(webhook).pending, 0);
}

TEST_F(Replays, MakeWhatTheWebhookNeverHad) {
  MakeContact("before");
  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Put<Venue>{{.id = {"w"}, .name = "W"}, 0}}, {})));
  ASSERT_TRUE(Do(store_->Apply({InVenue("w", Change(EventType::kContactCreated, "elsewhere", 0))}, {})));
  const auto of_venue = MakeWebhook();
  const auto of_group = MakeWebhook(Scope::Of(VenuesGroupId{"g"}));
  Edit(of_venue, [](Webhook& webhook) {
    webhook.events = {};
    webhook.events.Add(EventType::kContactCreated);
  });
  MakeContact("after");
  ASSERT_TRUE(Apply(EventType::kContactUpdated, "after", 1));

  const ReplayFilter missing{.missing = Switch::kOn};
  EXPECT_EQ(Count(of_venue, missing), 1);
  EXPECT_EQ(Count(of_group, missing), 1);
  const std::int64_t pending = Health(of_venue).pending;
  const Replay replay = Start(of_venue, missing);
  EXPECT_EQ(ContinueAll(replay), Step::kEnded);
  const auto due = Due(of_venue);
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].event->resource_id.text, "before");
  EXPECT_EQ(due[0].attempts_made, 0);
  EXPECT_EQ(Health(of_venue).pending, pending + 1);
  EXPECT_EQ(Count(of_venue, missing), 0);
  EXPECT_EQ(Detail(due[0].id).delivery.created_at, due[0].event->timestamp);
  Record(due[0], Verdict::kDelivered);
  EXPECT_EQ(Status(due[0].id), DeliveryStatus::kDelivered);
  EXPECT_EQ(Count(of_venue, missing), 0);
}

TEST_F(Replays, LeaveTestsAndWhatIsPendingAlone) {
  const auto webhook = MakeWebhook();
  auto sample = std::make_shared<Event>(*MakeEvent(EventType::kContactCreated, "test-contact"));
  sample->origin = EventOrigin::kTest;
  ASSERT_TRUE(Do(store_->OweTest(webhook->number, {Uuid::MakeV7(clock_.Now(), random_)}, sample, {})));
  Record(LastOwed(), Verdict::kFailed);
  MakeContact("pending");
  const ReplayFilter all{
      .statuses = Of({DeliveryStatus::kFailed, DeliveryStatus::kCanceled, DeliveryStatus::kDelivered}),
      .missing = Switch::kOn};
  EXPECT_EQ(Count(webhook, all), 0);
  EXPECT_EQ(ContinueAll(Start(webhook, all)), Step::kEnded);
  EXPECT_TRUE(Due(webhook).empty());
}

TEST_F(Replays, WaitWhileEnoughOfThemIsNotSent) {
  const auto webhook = MakeWebhook();
  MakeEnded(700, Verdict::kFailed);
  const Replay replay = Start(webhook, Failed());
  EXPECT_EQ(ContinueAll(replay), Step::kWaits);
  const auto due = Due(webhook);
  EXPECT_LT(due.size(), 700u);
  EXPECT_EQ(Now(replay).done, static_cast<std::int64_t>(due.size()));
  // Deliveries that are retried are not counted any more: they wait for their own time.
  for (std::size_t i = 0; i < 300; ++i) Record(due[i], i % 2 ? Verdict::kDelivered : Verdict::kRetry);
  EXPECT_EQ(ContinueAll(replay), Step::kEnded);
  EXPECT_EQ(Now(replay).done, 700);
}

TEST_F(Replays, GoOnAfterARestart) {
  const auto webhook = MakeWebhook();
  MakeEnded(150, Verdict::kFailed);
  const Replay replay = Start(webhook, Failed());
  EXPECT_EQ(Continue(replay), Step::kMoved);
  const std::int64_t done = Now(replay).done;
  EXPECT_GT(done, 0);
  EXPECT_LT(done, 150);
  Reopen();
  EXPECT_EQ(*Do(store_->ListRunningReplays()), std::vector<ReplayId>{replay.id});
  EXPECT_EQ(Now(replay).done, done);
  EXPECT_EQ(ContinueAll(replay), Step::kEnded);
  EXPECT_EQ(Now(replay).done, 150);
  EXPECT_EQ(Due(webhook).size(), 150u);
  EXPECT_TRUE(Do(store_->ListRunningReplays())->empty());
}

TEST_F(Replays, OfADisabledWebhookWait) {
  const auto webhook = MakeWebhook();
  MakeEnded(2, Verdict::kFailed);
  const Replay replay = Start(webhook, Failed());
  Edit(webhook, [](Webhook& edited) { edited.enabled = Switch::kOff; });
  EXPECT_EQ(Continue(replay), Step::kPaused);
  Edit(webhook, [](Webhook& edited) { edited.enabled = Switch::kOn; });
  EXPECT_EQ(Continue(replay), Step::kEnded);
  // A replay's deliveries that are due do not go out while the webhook is disabled, unlike those that a person sends.
  Edit(webhook, [](Webhook& edited) { edited.enabled = Switch::kOff; });
  EXPECT_TRUE(Due(webhook, WhichDue::kByHand).empty());
  EXPECT_EQ(Due(webhook).size(), 2u);
}

TEST_F(Replays, AreCanceledByHandAndWithTheirWebhook) {
  const auto webhook = MakeWebhook();
  MakeEnded(150, Verdict::kFailed);
  const Replay replay = Start(webhook, Failed());
  EXPECT_EQ(Continue(replay), Step::kMoved);
  const Replay canceled = *Do(store_->CancelReplay(replay.id, clock_.Now(), {}));
  EXPECT_EQ(canceled.state, ReplayState::kCanceled);
  EXPECT_EQ(canceled.ended_at, clock_.Now());
  EXPECT_EQ(Continue(replay), Step::kEnded);
  clock_.Advance(Milliseconds(1));
  EXPECT_EQ(*Do(store_->CancelReplay(replay.id, clock_.Now(), {})), canceled);
  EXPECT_EQ(Do(store_->CancelReplay({}, clock_.Now(), {})).error().kind, Kind::kMissing);

  const Replay second = Start(webhook, Failed());
  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Delete<WebhookId>{webhook->id, {}}}, {})));
  EXPECT_EQ(Now(second).state, ReplayState::kCanceled);
}

TEST_F(Replays, AreOneAtATimeForEachWebhook) {
  const auto webhook = MakeWebhook();
  const auto other = MakeWebhook();
  const Replay first = Start(webhook, Failed());
  Replay second = first;
  second.id = {Uuid::MakeV7(clock_.Now(), random_)};
  EXPECT_EQ(Do(store_->StartReplay(second, {})).error().kind, Kind::kExists);
  Start(other, Failed());
  EXPECT_EQ(Do(store_->ListRunningReplays())->size(), 2u);
  EXPECT_EQ(ContinueAll(first), Step::kEnded);
  clock_.Advance(Milliseconds(1));
  second.id = {Uuid::MakeV7(clock_.Now(), random_)};
  EXPECT_TRUE(Do(store_->StartReplay(second, {})));
  const auto listed = *Do(store_->ListReplays(webhook->number, {}, 10));
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0].id, second.id);
  EXPECT_EQ(Do(store_->ListReplays(webhook->number, second.id, 10))->at(0).id, first.id);
}

TEST_F(Replays, SendNothingThatFailsAfterTheyBegan) {
  const auto webhook = MakeWebhook();
  MakeEnded(1, Verdict::kFailed);
  const Replay replay = Start(webhook, Failed());
  MakeEnded(1, Verdict::kFailed);
  EXPECT_EQ(ContinueAll(replay), Step::kEnded);
  EXPECT_EQ(Now(replay).done, 1);
}

TEST_F(Replays, AreNotMovedByACommitThatFailed) {
  const auto webhook = MakeWebhook();
  MakeEnded(3, Verdict::kFailed);
  const Replay replay = Start(webhook, Failed());
  fail_commits_ = true;
  EXPECT_FALSE(Do(store_->ContinueReplay(replay.id, clock_.Now())));
  fail_commits_ = false;
  EXPECT_EQ(Now(replay).done, 0);
  EXPECT_EQ(Health(webhook).pending, 0);
  EXPECT_EQ(Continue(replay), Step::kEnded);
  EXPECT_EQ(Health(webhook).pending, 3);
}

TEST_F(Replays, GoAfterTheRetention) {
  const auto webhook = MakeWebhook();
  const Replay replay = Start(webhook, Failed());
  EXPECT_EQ(ContinueAll(replay), Step::kEnded);
  clock_.Advance(Milliseconds(1));
  while (*Do(store_->Purge(clock_.Now(), Timestamp(), 10)) > 0) {
  }
  EXPECT_FALSE(*Do(store_->GetReplay(replay.id)));
}

}  // namespace
}  // namespace shakehook
