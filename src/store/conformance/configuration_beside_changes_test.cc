// Changes of the configuration in every Store, beside accounts, contacts and their deliveries.

#include "store/conformance/store_conformance_fixture.h"

namespace shakehook {
namespace {

TEST_F(StoreConformance, NamesWhatStillHoldsAVenueOrAGroup) {
  MakeVenue();
  MakeWebhook();
  MakeContact("c1");
  MakeContact("c2");
  const auto venue = Do(store_->SaveConfig({ConfigChange::Delete<VenueId>{{"v"}, {}}}, {}));
  EXPECT_EQ(venue.error(), (Refusal{.kind = Kind::kNotEmpty, .detail = "2 contacts, 1 webhook"}));
  const auto group = Do(store_->SaveConfig({ConfigChange::Delete<VenuesGroupId>{{"g"}, {}}}, {}));
  EXPECT_EQ(group.error(), (Refusal{.kind = Kind::kNotEmpty, .detail = "1 venue"}));
}

// --- Committed together with changes of others ---

TEST_F(StoreConformance, CommitsAnEditOfTheConfigurationTogetherWithChanges) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  Webhook off = *webhook;
  off.enabled = Switch::kOff;
  const int commits_before = hearer_.commits;
  const auto [saved, applied] = DoTogether(store_->SaveConfig({ConfigChange::Put<Webhook>{off, 1}}, {}),
                                           store_->Apply({Change(EventType::kContactCreated, "c", 0)}, {}));
  EXPECT_TRUE(saved);
  EXPECT_TRUE(applied);
  EXPECT_EQ(hearer_.commits, commits_before + 1);
  ASSERT_EQ(hearer_.owed_to.size(), 1u);
  EXPECT_EQ(hearer_.owed_to[0]->enabled, Switch::kOff) << "what is owed must not go out to a webhook as it was before";
}

TEST_F(StoreConformance, TellsNothingOwedToAWebhookThatTheSameCommitDeletes) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  MakeContact("c");
  const auto delivery = Fresh(webhook).deliveries.at(0);
  Record(delivery, Verdict::kFailed);
  hearer_ = {};
  const auto [redelivered, deleted] =
      DoTogether(store_->Redeliver(delivery.id, clock_.Now(), {}),
                 store_->SaveConfig({ConfigChange::Delete<WebhookId>{webhook->id}}, {}));
  EXPECT_TRUE(redelivered);
  EXPECT_TRUE(deleted);
  EXPECT_TRUE(hearer_.owed.empty());
  EXPECT_TRUE(hearer_.due.empty());
  const auto listed = Do(store_->ListDeliveries({.limit = 5}));
  ASSERT_EQ(listed->size(), 1u);
  EXPECT_EQ(listed->at(0).status, DeliveryStatus::kCanceled);
}

TEST_F(StoreConformance, RefusesAnEditOfAWebhookThatA410OfTheSameCommitDisabled) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  MakeContact("c");
  const auto delivery = Fresh(webhook).deliveries.at(0);
  Webhook renamed = *webhook;
  renamed.name = "Renamed";
  const auto [recorded, saved] = DoTogether(store_->Record({}, {Result(delivery, Verdict::kGone)}),
                                            store_->SaveConfig({ConfigChange::Put<Webhook>{renamed, 1}}, {}));
  EXPECT_TRUE(recorded);
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().kind, Kind::kVersionConflict);
  EXPECT_EQ(store_->config_cache().FindWebhook(webhook->id)->enabled, Switch::kOff);
}

TEST_F(StoreConformance, KeepsAVenueThatTheSameCommitPutAContactInto) {
  MakeVenue();
  const auto [deleted, applied] = DoTogether(store_->SaveConfig({ConfigChange::Delete<VenueId>{{"v"}}}, {}),
                                             store_->Apply({Change(EventType::kContactCreated, "c", 0)}, {}));
  EXPECT_TRUE(applied);
  ASSERT_FALSE(deleted);
  EXPECT_EQ(deleted.error().kind, Kind::kNotEmpty);
}

TEST_F(StoreConformance, HandsOutNothingThatTheSameCommitCanceled) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  const int commits_before = hearer_.commits;
  const auto made = DoTogether(store_->Apply({Change(EventType::kContactCreated, "c", 0)}, {}),
                               store_->Discard(webhook->number, clock_.Now(), {}));
  ASSERT_TRUE(made.first);
  EXPECT_EQ(made.second, 1);
  EXPECT_EQ(hearer_.commits, commits_before + 1);
  EXPECT_TRUE(hearer_.owed.empty());
  EXPECT_TRUE(Fresh(webhook).deliveries.empty());
  EXPECT_EQ(Health(webhook).pending, 0);
}

}  // namespace
}  // namespace shakehook
