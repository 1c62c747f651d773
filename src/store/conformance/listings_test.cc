// How every Store lists resources, events and deliveries.

#include "store/conformance/store_conformance_fixture.h"

namespace shakehook {
namespace {

TEST_F(StoreConformance, ListsResourcesByIdWithTheirFilters) {
  MakeVenue();
  for (int i = 0; i < 30; ++i) {
    auto change = Change(EventType::kContactCreated, "c" + std::to_string(100 + i), 0);
    change.email = i % 2 ? "Odd@Example.com" : "even@example.com";
    change.search = "name " + std::to_string(i) + "x";
    ASSERT_TRUE(Do(store_->Apply({change}, {})));
  }
  const auto list = [&](ResourceQuery query) {
    query.venue_id = {"v"};
    query.kind = ResourceKind::kContact;
    return *Do(store_->ListResources(query));
  };
  EXPECT_EQ(list({.limit = 7}).size(), 7u);
  EXPECT_EQ(list({.after = "c106", .limit = 7})[0].id.text, "c107");
  EXPECT_EQ(list({.email = "odd@example.COM"}).size(), 15u);
  EXPECT_EQ(list({.search = "NAME 17x"}).size(), 1u);
  EXPECT_EQ(list({.email = "odd@example.com", .account_id = "none"}).size(), 0u);
}

TEST_F(StoreConformance, ListsEveryTestOfAWebhookByItsResource) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  for (int i = 0; i < 3; ++i) {
    auto sample = std::make_shared<Event>(*MakeEvent(EventType::kContactCreated, "test-contact"));
    sample->origin = EventOrigin::kTest;
    ASSERT_TRUE(Do(store_->OweTest(webhook->number, DeliveryId{Uuid::MakeV7(clock_.Now(), random_)}, sample, {})));
  }
  EXPECT_EQ(List({.resource_id = ResourceId{"test-contact"}}).size(), 3u);
}

TEST_F(StoreConformance, ListsDeliveriesNewestFirstThroughBothStatesAndEveryFilter) {
  MakeVenue();
  const auto one = MakeWebhook();
  const auto two = MakeWebhook(Scope::Of(VenuesGroupId{"g"}));
  for (int i = 0; i < 40; ++i) MakeContact("c" + std::to_string(i));
  for (std::size_t i = 0; i < hearer_.owed.size(); ++i) {
    if (i % 4 == 0) Record(hearer_.owed[i], Verdict::kDelivered);
    if (i % 4 == 1) Record(hearer_.owed[i], Verdict::kFailed);
  }
  std::vector<DeliveryKey> keys;
  DeliveryQuery page{.limit = 7};
  for (;;) {
    const auto deliveries = List(page);
    for (const Delivery& delivery : deliveries) keys.push_back(delivery.key);
    if (deliveries.size() < page.limit) break;
    page.before = deliveries.back().key;
  }
  EXPECT_EQ(keys.size(), 80u);
  EXPECT_TRUE(std::ranges::is_sorted(keys, std::greater()));
  EXPECT_EQ(List({.webhooks = {{one->number}}, .limit = 200}).size(), 40u);
  EXPECT_EQ(List({.webhooks = std::vector<WebhookNumber>{}, .limit = 200}).size(), 0u);
  EXPECT_EQ(List({.status = DeliveryStatus::kFailed, .limit = 200}).size(), 20u);
  EXPECT_EQ(List({.webhooks = {{two->number}}, .status = DeliveryStatus::kFailed, .limit = 200}).size(), 20u);
  EXPECT_EQ(List({.status = DeliveryStatus::kPending, .limit = 200}).size(), 40u);
  EXPECT_EQ(List({.event = EventType::kAccountCreated, .limit = 200}).size(), 0u);
  EXPECT_EQ(List({.resource_id = ResourceId{"c7"}, .limit = 200}).size(), 2u);
  EXPECT_EQ(List({.webhooks = {{two->number}}, .resource_id = ResourceId{"c7"}, .limit = 200}).size(), 1u);
  EXPECT_EQ(List({.since = clock_.Now(), .limit = 200}).size(), 2u);
  EXPECT_EQ(List({.until = clock_.Now(), .limit = 200}).size(), 78u);
}

TEST_F(StoreConformance, ListsEventsNewestFirstWithTheirFilters) {
  MakeVenue();
  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Put<Venue>{{.id = {"w"}, .name = "W"}, 0}}, {})));
  for (int i = 0; i < 10; ++i) MakeContact("c" + std::to_string(i));
  ASSERT_TRUE(Apply(EventType::kContactUpdated, "c3", 1));
  const auto list = [&](EventQuery query) { return *Do(store_->ListEvents(query)); };
  EXPECT_EQ(list({}).size(), 11u);
  EXPECT_EQ(list({.limit = 4}).size(), 4u);
  EXPECT_EQ(list({.before = list({.limit = 4}).back().position}).size(), 7u);
  EXPECT_EQ(list({.venues = {{"w"}}}).size(), 0u);
  EXPECT_EQ(list({.venues = {{"v"}, {"w"}}}).size(), 11u);
  EXPECT_EQ(list({.type = EventType::kContactUpdated}).size(), 1u);
  const auto of_one = list({.resource_id = ResourceId{"c3"}});
  ASSERT_EQ(of_one.size(), 2u);
  EXPECT_EQ(of_one[0].event->type, EventType::kContactUpdated);
}

}  // namespace
}  // namespace shakehook
