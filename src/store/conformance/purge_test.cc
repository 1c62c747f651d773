// The purge in every Store: what is dropped when the retention is over, and what is kept.

#include "store/conformance/store_conformance_fixture.h"

namespace shakehook {
namespace {

class Purging : public StoreConformance {
 protected:
  static constexpr Milliseconds kRetention{30LL * 86'400'000};

  // Takes a small step.
  Async<Stored<std::int64_t>> Step() {
    return store_->Purge(clock_.Now() - kRetention, clock_.Now() - Milliseconds(86'400'000), 3);
  }
  // Redelivers after another write: a purge that began meanwhile has then asked a reader for the pending deliveries,
  // and has not yet got the reply.
  Async<Stored<Delivery>> RedeliverLater(DeliveryId id) {
    EXPECT_TRUE(co_await store_->Apply({Change(EventType::kContactCreated, "other", 0)}, {}));
    co_return co_await store_->Redeliver(id, clock_.Now(), {});
  }
  // Purges everything that may be purged.
  void Purge() {
    for (int step = 0; step < 1'000; ++step) {
      if (*Do(Step()) == 0) return;
    }
    FAIL() << "the purge does not end";
  }
};

TEST_F(Purging, DropsOldEventsWithTheirDeliveriesButNothingThatIsOwed) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  for (int i = 0; i < 10; ++i) MakeContact("c" + std::to_string(i));
  for (int i = 0; i < 10; ++i) {
    if (i != 4) Record(hearer_.owed[static_cast<std::size_t>(i)], Verdict::kDelivered);
  }
  ASSERT_TRUE(Apply(EventType::kContactDeleted, "c9", 1));
  Record(LastOwed(), Verdict::kDelivered);
  clock_.Advance(kRetention + Milliseconds(1));
  MakeContact("new");
  Purge();
  EXPECT_EQ(List().size(), 2u);
  EXPECT_EQ(Do(store_->ListEvents({}))->size(), 2u);
  EXPECT_EQ(Fresh(webhook).deliveries.size(), 2u);
  EXPECT_EQ(Do(store_->GetResources({"v"}, ResourceKind::kContact, {{"c1"}}))->at(0)->version, 1);
  // A deleted resource whose last event is purged leaves no row behind.
  EXPECT_FALSE(Do(store_->GetResources({"v"}, ResourceKind::kContact, {{"c9"}}))->at(0));
  // A position is not used again.
  Reopen();
  MakeContact("after");
  EXPECT_EQ(Fresh(webhook).deliveries.size(), 3u);
}

TEST_F(Purging, CancelsWhatADisabledWebhookWasOwedAndKeepsThatInTheLog) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  MakeContact("c");
  const OwedDelivery owed = LastOwed();
  Edit(webhook, [](Webhook& edited) { edited.enabled = Switch::kOff; });
  clock_.Advance(kRetention + Milliseconds(1));
  Purge();
  EXPECT_EQ(Status(owed.id), DeliveryStatus::kCanceled);
  EXPECT_EQ(Health(webhook).pending, 0);
  clock_.Advance(kRetention + Milliseconds(1));
  Purge();
  EXPECT_FALSE(*Do(store_->GetDelivery(owed.id)));
}

TEST_F(Purging, CancelsWhatADisabledWebhookWasOwedThoughAnotherIsStillOwedTheEvent) {
  MakeVenue();
  const auto enabled = MakeWebhook();
  const auto disabled = MakeWebhook();
  MakeContact("c");
  const OwedDelivery owed = LastOwed();
  ASSERT_EQ(owed.key.webhook, disabled->number);
  Edit(disabled, [](Webhook& edited) { edited.enabled = Switch::kOff; });
  clock_.Advance(kRetention + Milliseconds(1));
  Purge();
  EXPECT_EQ(Status(owed.id), DeliveryStatus::kCanceled);
  EXPECT_EQ(Health(disabled).pending, 0);
  EXPECT_EQ(Health(enabled).pending, 1);
  EXPECT_EQ(Fresh(enabled).deliveries.size(), 1u);
}

TEST_F(Purging, LeavesAloneWhatAPersonHasJustSentAgainThroughADisabledWebhook) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  MakeContact("c");
  const OwedDelivery owed = LastOwed();
  Edit(webhook, [](Webhook& edited) { edited.enabled = Switch::kOff; });
  clock_.Advance(kRetention + Milliseconds(1));
  Purge();
  ASSERT_EQ(Status(owed.id), DeliveryStatus::kCanceled);
  ASSERT_TRUE(Do(store_->Redeliver(owed.id, clock_.Now(), {})));
  Purge();
  EXPECT_EQ(Status(owed.id), DeliveryStatus::kPending);
  Record(LastOwed(), Verdict::kDelivered);
  EXPECT_EQ(Status(owed.id), DeliveryStatus::kDelivered);
}

// A purge takes many steps; the last one must not rely on what the first one found.
TEST_F(Purging, LeavesAloneWhatBecomesOwedAgainWhileItGoesOn) {
  constexpr int kEvents = 40;
  MakeVenue();
  const auto webhook = MakeWebhook();
  std::vector<OwedDelivery> owed;
  for (int i = 0; i < kEvents; ++i) {
    MakeContact("c" + std::to_string(i));
    owed.push_back(LastOwed());
    Record(LastOwed(), Verdict::kDelivered);
  }
  clock_.Advance(kRetention + Milliseconds(1));
  EXPECT_GT(*Do(Step()), 0);
  EXPECT_GT(*Do(Step()), 0);
  ASSERT_TRUE(Do(store_->Redeliver(owed.back().id, clock_.Now(), {})));
  Purge();
  ASSERT_EQ(List().size(), 1u);
  EXPECT_EQ(DueNow(webhook).deliveries.size(), 1u);
  Record(LastOwed(), Verdict::kDelivered);
  EXPECT_EQ(Status(owed.back().id), DeliveryStatus::kDelivered);
}

// The purge asks readers for pending deliveries, and changes go on meanwhile.
TEST_F(Purging, LeavesAloneWhatBecomesOwedAgainWhileItFindsOutWhatIs) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  MakeContact("c");
  const OwedDelivery owed = LastOwed();
  Record(owed, Verdict::kDelivered);
  clock_.Advance(kRetention + Milliseconds(1));
  const auto [purged, again] = DoTogether(Step(), RedeliverLater(owed.id));
  if (!again) {
    EXPECT_EQ(again.error().kind, Kind::kMissing) << "the purge came first";
    EXPECT_EQ(List().size(), 1u);
    return;
  }
  Purge();
  EXPECT_EQ(DueNow(webhook).deliveries.size(), 1u);
  EXPECT_EQ(Status(owed.id), DeliveryStatus::kDelivered) << "it stands there until it is sent again";
}

TEST_F(Purging, IsNotHeldUpByTimesThatAWrongClockWrote) {
  constexpr Milliseconds kTenYears{3'650LL * 86'400'000};
  MakeVenue();
  MakeWebhook();
  const auto make_and_deliver = [&](const std::string& id) {
    MakeContact(id);
    Record(LastOwed(), Verdict::kDelivered);
  };
  make_and_deliver("before");
  clock_.JumpWall(kTenYears);
  make_and_deliver("astray");
  clock_.JumpWall(-kTenYears);
  make_and_deliver("after");
  clock_.Advance(kRetention + Milliseconds(1));
  make_and_deliver("new");
  Purge();
  EXPECT_EQ(Do(store_->ListEvents({}))->size(), 1u);
  EXPECT_EQ(List().size(), 1u);
}

TEST_F(Purging, TakesNoMoreRowsInAStepThanItIsTold) {
  constexpr int kWebhooks = 20;
  constexpr int kEvents = 12;
  constexpr std::int64_t kRows = 30;
  constexpr std::int64_t kRowsOfAnEvent = 1 + 2 * kWebhooks;  // with a delivery and an attempt for each webhook
  MakeVenue();
  std::vector<SharedWebhook> webhooks;
  for (int i = 0; i < kWebhooks; ++i) webhooks.push_back(MakeWebhook());
  for (int i = 0; i < kEvents; ++i) MakeContact("c" + std::to_string(i));
  for (const OwedDelivery& owed : std::vector(hearer_.owed)) {
    // Every second webhook is disabled, and has all deliveries pending.
    if (owed.key.webhook.value % 2 == 0) continue;
    Record(owed, Verdict::kRetry);
    for (const OwedDelivery& again : DueNow(webhooks[0]).deliveries) Record(again, Verdict::kDelivered);
  }
  clock_.Advance(Milliseconds(20'000));
  for (const SharedWebhook& webhook : webhooks) {
    for (const OwedDelivery& due : DueNow(webhook).deliveries) Record(due, Verdict::kDelivered);
    if (webhook->number.value % 2 == 0) Edit(webhook, [](Webhook& edited) { edited.enabled = Switch::kOff; });
  }
  int steps = 0;
  for (int retention = 0; retention < 2; ++retention) {
    clock_.Advance(kRetention + Milliseconds(1));
    for (;; ++steps) {
      const std::int64_t rows = *Do(store_->Purge(clock_.Now() - kRetention, Timestamp(), kRows));
      if (rows == 0) break;
      EXPECT_LE(rows, kRows + kRowsOfAnEvent);
    }
  }
  EXPECT_GT(steps, 10);
  EXPECT_TRUE(Do(store_->ListEvents({}))->empty());
  EXPECT_TRUE(List().empty());
}

}  // namespace
}  // namespace shakehook
