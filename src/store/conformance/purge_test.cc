// What every Store drops when the retention is over, and what it keeps.

#include "store/conformance/store_conformance_fixture.h"

namespace shakehook {
namespace {

class Purging : public StoreConformance {
 protected:
  static constexpr Milliseconds kRetention{30LL * 86'400'000};

  // Everything that may go, in small steps.
  void Purge() {
    for (int step = 0; step < 1'000; ++step) {
      if (*Do(store_->Purge(clock_.Now() - kRetention, clock_.Now() - Milliseconds(86'400'000), 3)) == 0) return;
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
  // What was deleted has lost its last event, and with it its grave.
  EXPECT_FALSE(Do(store_->GetResources({"v"}, ResourceKind::kContact, {{"c9"}}))->at(0));
  // Positions are not given again.
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

}  // namespace
}  // namespace shakehook
