// Pending deliveries in every Store: taking them, recording attempts, redelivering, canceling.

#include "store/conformance/store_conformance_fixture.h"

namespace shakehook {
namespace {

TEST_F(StoreConformance, EndsADeliveryWithTheRecordOfItsAttempt) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  MakeContact("c");
  const OwedDelivery owed = LastOwed();
  Record(owed, Verdict::kDelivered);
  const DeliveryDetail detail = Detail(owed.id);
  EXPECT_EQ(detail.delivery.status, DeliveryStatus::kDelivered);
  EXPECT_EQ(detail.delivery.attempt_count, 1);
  EXPECT_EQ(detail.delivery.delivered_at, clock_.Now());
  ASSERT_EQ(detail.attempts.size(), 1u);
  EXPECT_EQ(detail.attempts[0], Result(owed, Verdict::kDelivered).attempt);
  EXPECT_EQ(detail.versions[0]->url, webhook->url);
  EXPECT_EQ(detail.event->payload, owed.event->payload);
  EXPECT_EQ(Health(webhook), (WebhookHealth{.last_delivered_at = clock_.Now()}));
  EXPECT_TRUE(Fresh(webhook).deliveries.empty());
  ASSERT_EQ(hearer_.attempted.size(), 1u);
  EXPECT_EQ(hearer_.attempted[0].delivery, detail.delivery);
}

TEST_F(StoreConformance, SaysAtTheStartFromWhenToWhenRetriesWait) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  std::vector<Timestamp> due;
  for (const char* const id : {"a", "b", "c"}) {
    MakeContact(id);
    due.push_back(clock_.Now() + Milliseconds(10'000));
    Record(LastOwed(), Verdict::kRetry);
    clock_.Advance(Milliseconds(1'000));
  }
  const auto owed = *Do(store_->ListOwed());
  ASSERT_EQ(owed.size(), 1u);
  EXPECT_EQ(owed[0].webhook, webhook->number);
  EXPECT_EQ(owed[0].next_due, due.front());
  EXPECT_EQ(owed[0].last_due, due.back());
}

TEST_F(StoreConformance, EndsAPageOfWhatIsOwedAtItsBytes) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  for (const char* const id : {"a", "b", "c"}) MakeContact(id);
  const std::size_t bytes = LastOwed().event->payload.size();
  const auto fresh = [&](std::size_t payload_bytes) {
    return *Do(store_->TakeOwed({}, webhook->number, {}, Ordering::kRelaxed,
                                {.deliveries = 100, .payload_bytes = payload_bytes}));
  };
  EXPECT_EQ(fresh(1).deliveries.size(), 1u);  // at least one
  EXPECT_TRUE(fresh(1).more);
  EXPECT_EQ(fresh(2 * bytes).deliveries.size(), 2u);
  EXPECT_TRUE(fresh(2 * bytes).more);
  EXPECT_EQ(fresh(3 * bytes).deliveries.size(), 3u);
  EXPECT_FALSE(fresh(3 * bytes).more);

  for (const OwedDelivery& owed : hearer_.owed) Record(owed, Verdict::kRetry);
  clock_.Advance(Milliseconds(10'000));
  const auto due = [&](std::size_t payload_bytes) {
    return *Do(store_->TakeDue({}, webhook->number, clock_.Now(), WhichDue::kAll,
                               {.deliveries = 100, .payload_bytes = payload_bytes}));
  };
  EXPECT_EQ(due(2 * bytes).deliveries.size(), 2u);
  EXPECT_TRUE(due(2 * bytes).more);
  EXPECT_EQ(due(2 * bytes).next_due, clock_.Now());
  EXPECT_EQ(due(3 * bytes).deliveries.size(), 3u);
  EXPECT_FALSE(due(3 * bytes).more);
}

TEST_F(StoreConformance, HandsOutARetryWhenItIsDue) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  MakeContact("c");
  OwedDelivery owed = LastOwed();
  Record(owed, Verdict::kRetry);
  EXPECT_TRUE(Fresh(webhook).deliveries.empty());
  EXPECT_EQ(DueNow(webhook).next_due, clock_.Now() + Milliseconds(10'000));
  Reopen();
  EXPECT_EQ(Do(store_->ListOwed())->at(0).next_due, clock_.Now() + Milliseconds(10'000));
  clock_.Advance(Milliseconds(10'000));
  const OwedPage due = DueNow(webhook);
  ASSERT_EQ(due.deliveries.size(), 1u);
  EXPECT_EQ(due.next_due, std::nullopt);
  EXPECT_EQ(due.deliveries[0].id, owed.id);
  EXPECT_EQ(due.deliveries[0].attempts_made, 1);
  EXPECT_EQ(due.deliveries[0].retries_made, 1);
  EXPECT_EQ(Health(webhook).consecutive_failures, 1);
  EXPECT_EQ(Health(webhook).pending, 1);
  Record(due.deliveries[0], Verdict::kFailed);
  EXPECT_EQ(Status(owed.id), DeliveryStatus::kFailed);
  EXPECT_EQ(Detail(owed.id).attempts.size(), 2u);
  EXPECT_EQ(Health(webhook).pending, 0);
}

TEST_F(StoreConformance, HoldsBackWhatFollowsARetryWhereTheOrderIsStrict) {
  MakeVenue();
  const auto webhook = MakeWebhook(Scope::Of(VenueId{"v"}), Ordering::kStrict);
  MakeContact("c");
  const OwedDelivery first = LastOwed();
  ASSERT_TRUE(Apply(EventType::kContactUpdated, "c", 1));
  MakeContact("other");
  EXPECT_EQ(Fresh(webhook).deliveries.size(), 3u);
  Record(first, Verdict::kRetry);
  const OwedPage page = Fresh(webhook);
  ASSERT_EQ(page.deliveries.size(), 1u);
  EXPECT_EQ(page.deliveries[0].event->resource_id.text, "other");
  clock_.Advance(Milliseconds(10'000));
  Record(DueNow(webhook).deliveries.at(0), Verdict::kDelivered);
  EXPECT_EQ(Fresh(webhook).deliveries.size(), 2u);
}

TEST_F(StoreConformance, PagesThroughWhatIsOwed) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  for (int i = 0; i < 10; ++i) MakeContact("c" + std::to_string(i));
  const OwedPage first = Fresh(webhook, 6);
  EXPECT_EQ(first.deliveries.size(), 6u);
  EXPECT_TRUE(first.more);
  const OwedPage second = Fresh(webhook, 6, first.deliveries.back().key.position);
  EXPECT_EQ(second.deliveries.size(), 4u);
  EXPECT_FALSE(second.more);
}

TEST_F(StoreConformance, RedeliversInEveryState) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  MakeContact("c");
  const OwedDelivery owed = LastOwed();
  const auto redeliver = [&] { return Do(store_->Redeliver(owed.id, clock_.Now(), {})); };

  EXPECT_EQ(redeliver()->status, DeliveryStatus::kPending);
  EXPECT_EQ(LastOwed().trigger, AttemptTrigger::kManual);
  EXPECT_TRUE(LastOwed().due);

  Record(LastOwed(), Verdict::kFailed);
  EXPECT_EQ(redeliver()->status, DeliveryStatus::kPending);
  EXPECT_EQ(LastOwed().attempts_made, 1);
  EXPECT_EQ(LastOwed().retries_made, 0);
  EXPECT_EQ(Health(webhook).pending, 1);

  Record(LastOwed(), Verdict::kDelivered);
  EXPECT_EQ(redeliver()->status, DeliveryStatus::kDelivered);
  EXPECT_EQ(LastOwed().purpose, OwedDelivery::Purpose::kAgain);
  EXPECT_EQ(Health(webhook).pending, 0);
  EXPECT_EQ(List().size(), 1u);
  Record(LastOwed(), Verdict::kFailed);
  EXPECT_EQ(Status(owed.id), DeliveryStatus::kDelivered);
  const DeliveryDetail detail = Detail(owed.id);
  ASSERT_EQ(detail.attempts.size(), 3u);
  EXPECT_EQ(detail.delivery.attempt_count, 3);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(detail.attempts[static_cast<std::size_t>(i)].number, i + 1);
  EXPECT_TRUE(Do(store_->ListOwed())->empty());
  EXPECT_EQ(Do(store_->Redeliver({}, clock_.Now(), {})).error().kind, Kind::kMissing);
}

TEST_F(StoreConformance, HandsOutWhatWasSentByHandApartFromRetries) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  MakeContact("a");
  const OwedDelivery retry = LastOwed();
  MakeContact("b");
  const OwedDelivery by_hand = LastOwed();
  Record(retry, Verdict::kRetry);
  ASSERT_TRUE(Do(store_->Redeliver(by_hand.id, clock_.Now(), {})));
  Event sample = *MakeEvent(EventType::kContactCreated, "test-c");
  sample.origin = EventOrigin::kTest;
  const DeliveryId test{Uuid::MakeV7(clock_.Now(), random_)};
  ASSERT_TRUE(Do(store_->OweTest(webhook->number, test, std::make_shared<Event>(sample), {})));
  clock_.Advance(Milliseconds(60'000));
  EXPECT_EQ(DueNow(webhook).deliveries.size(), 3u);
  const OwedPage page = DueNow(webhook, WhichDue::kByHand);
  ASSERT_EQ(page.deliveries.size(), 2u);
  EXPECT_EQ(page.deliveries[0].id, by_hand.id);
  EXPECT_EQ(page.deliveries[1].id, test);
  EXPECT_FALSE(page.next_due);
}

TEST_F(StoreConformance, CancelsWhatADiscardedOrDeletedWebhookIsOwed) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  MakeContact("a");
  const OwedDelivery first = LastOwed();
  MakeContact("b");
  EXPECT_EQ(*Do(store_->Discard(webhook->number, clock_.Now(), {})), 2);
  EXPECT_EQ(Status(first.id), DeliveryStatus::kCanceled);
  EXPECT_EQ(hearer_.canceled.size(), 1u);
  EXPECT_EQ(Health(webhook).pending, 0);
  // The attempt was under way: its result counts all the same.
  Record(first, Verdict::kDelivered);
  EXPECT_EQ(Status(first.id), DeliveryStatus::kDelivered);

  MakeContact("c");
  const OwedDelivery third = LastOwed();
  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Delete<WebhookId>{webhook->id, {}}}, {})));
  EXPECT_EQ(Status(third.id), DeliveryStatus::kCanceled);
  EXPECT_EQ(store_->config_cache().FindWebhook(webhook->id), nullptr);
  EXPECT_EQ(hearer_.changed.back().webhook, nullptr);
  EXPECT_EQ(List().size(), 3u);
  MakeContact("d");
  EXPECT_EQ(List().size(), 3u);
}

TEST_F(StoreConformance, CancelsWhatAWebhookIsOwedInTheTransactionThatEditsIt) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  Edit(webhook, [](Webhook& edited) { edited.enabled = Switch::kOff; });
  MakeContact("c");
  const OwedDelivery owed = LastOwed();
  Webhook enabled = *store_->config_cache().FindWebhook(webhook->id);
  enabled.enabled = Switch::kOn;
  const auto edit = [&] {
    return Do(store_->SaveConfig(
        {.change = ConfigChange::Put<Webhook>{enabled, enabled.version}, .discard = Switch::kOn}, {}));
  };
  fail_commits_ = true;
  EXPECT_FALSE(edit());
  fail_commits_ = false;
  EXPECT_EQ(Status(owed.id), DeliveryStatus::kPending);
  ASSERT_TRUE(edit());
  EXPECT_EQ(Status(owed.id), DeliveryStatus::kCanceled);
  EXPECT_EQ(Health(webhook).pending, 0);
  EXPECT_EQ(hearer_.canceled.size(), 1u);
  EXPECT_EQ(store_->config_cache().FindWebhook(webhook->id)->enabled, Switch::kOn);
}

TEST_F(StoreConformance, DisablesTheWebhookOfAnEndpointThatIsGone) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  MakeContact("c");
  const OwedDelivery owed = LastOwed();
  MakeContact("d");
  ASSERT_TRUE(Do(store_->Record({}, {Result(owed, Verdict::kGone), Result(LastOwed(), Verdict::kGone)})));
  EXPECT_EQ(Status(owed.id), DeliveryStatus::kFailed);
  const auto disabled = store_->config_cache().FindWebhook(webhook->id);
  EXPECT_EQ(disabled->enabled, Switch::kOff);
  EXPECT_EQ(disabled->disabled_reason, "The endpoint answered 410 Gone.");
  EXPECT_EQ(disabled->version, webhook->version + 1);
  MakeContact("e");
  EXPECT_EQ(Fresh(webhook).deliveries.size(), 1u);
  Reopen();
  EXPECT_EQ(*store_->config_cache().FindWebhook(webhook->id), *disabled);
}

TEST_F(StoreConformance, WritesToTheAuditLogWhatTheServerDisables) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  MakeContact("c");
  Record(LastOwed(), Verdict::kGone);
  Reopen();
  const auto entries = Do(store_->ListAudit({.limit = 10}));
  ASSERT_EQ(entries->size(), 1u);
  const AuditEntry& entry = entries->at(0).entry;
  EXPECT_EQ(entry.actor.kind, AuditActorKind::kServer);
  EXPECT_EQ(entry.actor.scope, webhook->scope);
  EXPECT_EQ(entry.action, AuditAction::kWebhookDisabled);
  EXPECT_EQ(entry.subject->id, webhook->id.ToString());
  EXPECT_EQ(entry.changes, R"([{"field":"enabled","before":true,"after":false}])");
}

TEST_F(StoreConformance, KeepsTestsOutOfHealthAndEvents) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  auto sample = std::make_shared<Event>(*MakeEvent(EventType::kContactCreated, "test-contact"));
  sample->origin = EventOrigin::kTest;
  const DeliveryId id{Uuid::MakeV7(clock_.Now(), random_)};
  ASSERT_TRUE(Do(store_->OweTest(webhook->number, id, sample, {})));
  EXPECT_EQ(LastOwed().purpose, OwedDelivery::Purpose::kTest);
  EXPECT_EQ(LastOwed().id, id);
  Record(LastOwed(), Verdict::kGone);
  EXPECT_EQ(Status(id), DeliveryStatus::kFailed);
  EXPECT_EQ(Detail(id).delivery.origin, EventOrigin::kTest);
  EXPECT_EQ(store_->config_cache().FindWebhook(webhook->id)->enabled, Switch::kOn);
  EXPECT_EQ(Health(webhook), WebhookHealth());
  EXPECT_TRUE(Do(store_->ListEvents({}))->empty());
  EXPECT_FALSE(*Do(store_->GetEvent(sample->id)));
}

}  // namespace
}  // namespace shakehook
