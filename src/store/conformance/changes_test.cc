// Changes in every Store: a change is applied whole or not at all, creates the right deliveries, or is refused.

#include "store/conformance/store_conformance_fixture.h"

namespace shakehook {
namespace {

TEST_F(StoreConformance, OwesAnEventToEachMatchingWebhookInOneTransaction) {
  MakeVenue();
  const auto of_venue = MakeWebhook();
  const auto of_group = MakeWebhook(Scope::Of(VenuesGroupId{"g"}));
  const auto picky = MakeWebhook();
  Edit(picky, [](Webhook& webhook) {
    webhook.events = {};
    webhook.events.Add(EventType::kAccountDeleted);
  });
  MakeContact("c");
  ASSERT_EQ(hearer_.owed.size(), 2u);
  EXPECT_EQ(Fresh(of_venue).deliveries.size(), 1u);
  EXPECT_EQ(Fresh(of_group).deliveries.size(), 1u);
  EXPECT_EQ(Fresh(picky).deliveries.size(), 0u);
  EXPECT_NE(hearer_.owed[0].id, hearer_.owed[1].id);
  EXPECT_EQ(Fresh(of_venue).deliveries[0].event->payload, hearer_.owed[0].event->payload);
  EXPECT_EQ(*Fresh(of_venue).deliveries[0].event, *hearer_.owed[0].event);
  EXPECT_EQ(Health(of_venue).pending, 1);
}

TEST_F(StoreConformance, ComparesVersionsRevisionsAndTimestamps) {
  MakeVenue();
  MakeContact("c");
  EXPECT_EQ(Apply(EventType::kContactCreated, "c", 0).error().kind, Kind::kExists);
  EXPECT_EQ(Apply(EventType::kContactUpdated, "c", 2).error().kind, Kind::kVersionConflict);
  EXPECT_TRUE(Apply(EventType::kContactUpdated, "c", 1));
  auto outdated = Change(EventType::kContactUpdated, "c", 2);
  --outdated.revision;
  EXPECT_EQ(Do(store_->Apply({outdated}, {})).error().kind, Kind::kVersionConflict);
  auto late = Change(EventType::kContactUpdated, "c", 2);
  auto event = std::make_shared<Event>(*late.event);
  event->timestamp = SimulatedClock::kStart;
  late.event = event;
  const auto refused = Do(store_->Apply({late}, {}));
  EXPECT_EQ(refused.error().kind, Kind::kVersionConflict);
  EXPECT_EQ(refused.error().last_timestamp,
            Do(store_->GetResources({"v"}, ResourceKind::kContact, {{"c"}}))->at(0)->last_timestamp);
}

TEST_F(StoreConformance, KeepsAChangeValidWhileOnlyOthersConfigurationChanges) {
  MakeVenue();
  const auto save = [this](auto value, std::int64_t version) {
    using Put = ConfigChange::Put<decltype(value)>;
    ASSERT_TRUE(Do(store_->SaveConfig({Put{std::move(value), version}}, {})));
  };
  save(Venue{.id = {"other"}, .name = "Other"}, 0);
  CustomField own{.uuid = Uuid::MakeV7(clock_.Now(), random_), .scope = Scope::Of(VenueId{"v"}), .label = "Own"};
  save(own, 0);
  CustomField foreign = own;
  foreign.uuid = Uuid::MakeV7(clock_.Now(), random_);
  foreign.scope = Scope::Of(VenueId{"other"});
  const auto built = Change(EventType::kContactCreated, "c", 0);

  save(foreign, 0);
  own.label = "Renamed";
  save(own, 1);
  save(Venue{.id = {"v"}, .name = "Renamed", .venues_group_id = VenuesGroupId{"g"}}, 1);
  save(VenuesGroup{.id = {"g"}, .name = "Renamed"}, 1);
  EXPECT_TRUE(Do(store_->Apply({built}, {})));
}

TEST_F(StoreConformance, RefusesAChangeAsStaleOnceWhatItWasBuiltFromChanged) {
  MakeVenue();
  const auto refused_after = [this](const std::string& id, auto value, std::int64_t version) {
    using Put = ConfigChange::Put<decltype(value)>;
    const auto built = Change(EventType::kContactCreated, id, 0);
    EXPECT_TRUE(Do(store_->SaveConfig({Put{std::move(value), version}}, {})));
    const auto applied = Do(store_->Apply({built}, {}));
    return !applied && applied.error().kind == Kind::kVersionConflict;
  };
  CustomField of_group{.uuid = Uuid::MakeV7(clock_.Now(), random_),
                       .scope = Scope::Of(VenuesGroupId{"g"}),
                       .label = "Tier",
                       .type = CustomFieldType::kSelect,
                       .options = {{"Gold", Json("gold")}}};
  EXPECT_TRUE(refused_after("a", of_group, 0));
  of_group.options.push_back({"Silver", Json("silver")});
  EXPECT_TRUE(refused_after("b", of_group, 1));
  EXPECT_TRUE(refused_after("c", Venue{.id = {"v"}, .name = "V"}, 1));

  const auto built = Change(EventType::kContactCreated, "d", 0);
  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Delete<VenueId>{{"v"}}}, {})));
  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Put<Venue>{{.id = {"v"}, .name = "V"}, 0}}, {})));
  EXPECT_EQ(Do(store_->Apply({built}, {})).error().kind, Kind::kVersionConflict);
}

TEST_F(StoreConformance, CountsVersionsOnOverADeletion) {
  MakeVenue();
  MakeContact("c");
  ASSERT_TRUE(Apply(EventType::kContactDeleted, "c", 1));
  const auto grave = Do(store_->GetResources({"v"}, ResourceKind::kContact, {{"c"}, {"never"}}));
  ASSERT_TRUE(grave->at(0));
  EXPECT_EQ(grave->at(0)->version, 2);
  EXPECT_EQ(grave->at(0)->data, "");
  EXPECT_FALSE(grave->at(1));
  EXPECT_EQ(Apply(EventType::kContactCreated, "c", 0).error().kind, Kind::kVersionConflict);
  EXPECT_TRUE(Apply(EventType::kContactCreated, "c", 2));
}

TEST_F(StoreConformance, TakesAllOfAListOfChangesOrNone) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  MakeContact("taken");
  const auto refused =
      Do(store_->Apply({Change(EventType::kContactCreated, "a", 0), Change(EventType::kContactCreated, "b", 0),
                        Change(EventType::kContactCreated, "taken", 0)},
                       {}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, Kind::kExists);
  EXPECT_EQ(refused.error().index, 2u);
  EXPECT_EQ(hearer_.owed.size(), 1u);
  EXPECT_EQ(Health(webhook).pending, 1);
  EXPECT_FALSE(Do(store_->GetResources({"v"}, ResourceKind::kContact, {{"a"}}))->at(0));
  EXPECT_EQ(Fresh(webhook).deliveries.size(), 1u);
}

TEST_F(StoreConformance, KeepsAccountsAndTheirContactsTogether) {
  MakeVenue();
  auto orphan = Change(EventType::kContactCreated, "c", 0);
  orphan.account_id = "a";
  EXPECT_EQ(Do(store_->Apply({orphan}, {})).error().kind, Kind::kMissing);
  ASSERT_TRUE(Apply(EventType::kAccountCreated, "a", 0));
  orphan = Change(EventType::kContactCreated, "c", 0);
  orphan.account_id = "a";
  ASSERT_TRUE(Do(store_->Apply({orphan}, {})));
  EXPECT_EQ(Do(store_->ListResources({.venue_id = {"v"}, .kind = ResourceKind::kContact, .account_id = "a"}))->size(),
            1u);
  EXPECT_EQ(Apply(EventType::kAccountDeleted, "a", 1).error().kind, Kind::kVersionConflict);
  EXPECT_TRUE(
      Do(store_->Apply({Change(EventType::kContactUpdated, "c", 1), Change(EventType::kAccountDeleted, "a", 1)}, {})));
}

TEST_F(StoreConformance, AnnouncesEventsOfOthersRecords) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  auto event = std::make_shared<Event>(*MakeEvent(EventType::kContactUpdated, "theirs"));
  event->origin = EventOrigin::kPublished;
  ASSERT_TRUE(Do(store_->Publish(event, store_->config_cache().RevisionOf({"v"}), Switch::kOn, {})));
  EXPECT_EQ(
      Do(store_->Publish(event, store_->config_cache().RevisionOf({"v"}), Switch::kOn, {})).error().last_timestamp,
      event->timestamp);
  EXPECT_EQ(Fresh(webhook).deliveries.size(), 1u);
  EXPECT_TRUE(Do(store_->ListResources({.venue_id = {"v"}, .kind = ResourceKind::kContact}))->empty());
  EXPECT_EQ((**Do(store_->GetEvent(event->id))).event->payload, event->payload);
}

TEST_F(StoreConformance, KeepsNothingOfACommitThatFailed) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  fail_commits_ = true;
  EXPECT_EQ(Apply(EventType::kContactCreated, "c", 0).error().kind, Kind::kUnavailable);
  EXPECT_FALSE(store_->writable());
  fail_commits_ = false;
  EXPECT_TRUE(hearer_.owed.empty());
  EXPECT_EQ(Health(webhook).pending, 0);
  EXPECT_TRUE(Fresh(webhook).deliveries.empty());
  MakeContact("c");
  EXPECT_TRUE(store_->writable());
  EXPECT_EQ(Health(webhook).pending, 1);
}

}  // namespace
}  // namespace shakehook
