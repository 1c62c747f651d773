// Lists of resources, events and deliveries in every Store.

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
  EXPECT_EQ(list({.search = SearchQuery("NAME 17x")}).size(), 1u);
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
  EXPECT_EQ(List({.statuses = DeliveryStatuses::Of({DeliveryStatus::kFailed}), .limit = 200}).size(), 20u);
  EXPECT_EQ(
      List({.webhooks = {{two->number}}, .statuses = DeliveryStatuses::Of({DeliveryStatus::kFailed}), .limit = 200})
          .size(),
      20u);
  EXPECT_EQ(List({.statuses = DeliveryStatuses::Of({DeliveryStatus::kPending}), .limit = 200}).size(), 40u);
  EXPECT_EQ(List({.events = {1}, .limit = 200}).size(), 0u);
  EXPECT_EQ(List({.resource_id = ResourceId{"c7"}, .limit = 200}).size(), 2u);
  EXPECT_EQ(List({.webhooks = {{two->number}}, .resource_id = ResourceId{"c7"}, .limit = 200}).size(), 1u);
  EXPECT_EQ(List({.since = clock_.Now(), .limit = 200}).size(), 2u);
  EXPECT_EQ(List({.until = clock_.Now(), .limit = 200}).size(), 78u);
}

TEST_F(StoreConformance, ListsDeliveriesOfSeveralStatusesAndEvents) {
  MakeVenue();
  MakeWebhook();
  for (int i = 0; i < 12; ++i) MakeContact("c" + std::to_string(i));
  ASSERT_TRUE(Apply(EventType::kContactUpdated, "c0", 1));
  for (std::size_t i = 0; i < 12; ++i) {
    if (i % 3 == 0) Record(hearer_.owed[i], Verdict::kDelivered);
    if (i % 3 == 1) Record(hearer_.owed[i], Verdict::kFailed);
  }
  const auto count = [&](std::initializer_list<DeliveryStatus> statuses, EventTypes events = {}) {
    return List({.statuses = DeliveryStatuses::Of(statuses), .events = events, .limit = 200}).size();
  };
  EXPECT_EQ(count({}), 13u);
  EXPECT_EQ(count({DeliveryStatus::kDelivered, DeliveryStatus::kFailed}), 8u);
  EXPECT_EQ(count({DeliveryStatus::kPending, DeliveryStatus::kFailed}), 9u);
  EXPECT_EQ(count({DeliveryStatus::kFailed, DeliveryStatus::kCanceled}), 4u);
  EventTypes events;
  events.Add(EventType::kContactUpdated);
  EXPECT_EQ(count({}, events), 1u);
  events.Add(EventType::kContactCreated);
  EXPECT_EQ(count({}, events), 13u);
}

TEST_F(StoreConformance, ListsDeliveriesByTheAnswerOfTheirLastAttempt) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  for (int i = 0; i < 6; ++i) MakeContact("c" + std::to_string(i));
  const auto record = [&](std::size_t index, Verdict verdict, std::optional<int> code) {
    AttemptResult result = Result(hearer_.owed[index], verdict);
    result.attempt.status_code = code;
    ASSERT_TRUE(Do(store_->Record({}, {result})));
  };
  record(0, Verdict::kDelivered, 201);
  record(1, Verdict::kFailed, 404);
  record(2, Verdict::kRetry, 503);
  record(3, Verdict::kRetry, std::nullopt);
  record(4, Verdict::kRetry, 500);
  clock_.Advance(Milliseconds(10'000));
  for (const OwedDelivery& due : DueNow(webhook).deliveries) {
    if (due.id == hearer_.owed[4].id) Record(due, Verdict::kDelivered);
  }
  const auto ids = [&](int first, int last, std::optional<VenueId> venue = {}) {
    std::vector<std::string> listed;
    for (const Delivery& delivery : List({.venue = std::move(venue), .response = ResponseFilter{first, last}})) {
      listed.push_back(delivery.resource_id.text);
    }
    return listed;
  };
  using Ids = std::vector<std::string>;
  EXPECT_EQ(ids(200, 299), (Ids{"c4", "c0"}));
  EXPECT_EQ(ids(201, 201), Ids{"c0"});
  EXPECT_EQ(ids(400, 499), Ids{"c1"});
  EXPECT_EQ(ids(500, 599), Ids{"c2"});
  EXPECT_EQ(ids(ResponseFilter::kNone, ResponseFilter::kNone), Ids{"c3"});
  EXPECT_EQ(ids(400, 599, VenueId{"v"}), (Ids{"c2", "c1"}));
  EXPECT_EQ(ids(200, 299, VenueId{"v"}), (Ids{"c4", "c0"}));
  EXPECT_EQ(ids(200, 599, VenueId{"w"}), Ids{});
}

TEST_F(StoreConformance, ListsTheDeliveriesOfOneVenuesEvents) {
  MakeVenue();
  ASSERT_TRUE(Do(store_->SaveConfig(
      {ConfigChange::Put<Venue>{{.id = {"w"}, .name = "W", .venues_group_id = VenuesGroupId{"g"}}, 0}}, {})));
  const auto webhook = MakeWebhook(Scope::Of(VenuesGroupId{"g"}));
  for (int i = 0; i < 40; ++i) {
    const auto change = Change(EventType::kContactCreated, "c" + std::to_string(i), 0);
    ASSERT_TRUE(Do(store_->Apply({InVenue(i % 4 == 0 ? "w" : "v", change)}, {})));
    if (i % 2 == 0) Record(LastOwed(), i % 8 == 0 ? Verdict::kFailed : Verdict::kDelivered);
  }
  EXPECT_EQ(List({.venue = VenueId{"w"}, .limit = 200}).size(), 10u);
  EXPECT_EQ(List({.webhooks = {{webhook->number}}, .venue = VenueId{"v"}, .limit = 200}).size(), 30u);
  EXPECT_EQ(
      List({.statuses = DeliveryStatuses::Of({DeliveryStatus::kFailed}), .venue = VenueId{"w"}, .limit = 200}).size(),
      5u);
  EXPECT_EQ(List({.resource_id = ResourceId{"c4"}, .venue = VenueId{"v"}}).size(), 0u);
  EXPECT_EQ(List({.venue = VenueId{"none"}}).size(), 0u);
  DeliveryQuery page{.venue = VenueId{"v"}, .limit = 7};
  std::size_t listed = 0;
  for (;;) {
    const auto deliveries = List(page);
    listed += deliveries.size();
    if (deliveries.size() < page.limit) break;
    page.before = deliveries.back().key;
  }
  EXPECT_EQ(listed, 30u);
}

TEST_F(StoreConformance, TellsTheLastAttemptOfEveryDelivery) {
  MakeVenue();
  MakeWebhook();
  MakeContact("c");
  const OwedDelivery owed = LastOwed();
  const auto last = [&] { return List().at(0).last_attempt; };
  EXPECT_FALSE(last());
  Record(owed, Verdict::kRetry);
  EXPECT_EQ(last(), (AttemptSummary{clock_.Now(), Microseconds(1234), 500, FailureClass::kStatus}));
  clock_.Advance(Milliseconds(1));
  ASSERT_TRUE(Do(store_->Discard(owed.key.webhook, clock_.Now(), {})));
  EXPECT_EQ(last()->started_at, clock_.Now() - Milliseconds(1));
  ASSERT_TRUE(Do(store_->Redeliver(owed.id, clock_.Now(), {})));
  Record(LastOwed(), Verdict::kDelivered);
  EXPECT_EQ(last(), (AttemptSummary{clock_.Now(), Microseconds(1234), 204, FailureClass::kNone}));
  ASSERT_TRUE(Do(store_->Redeliver(owed.id, clock_.Now(), {})));
  Record(LastOwed(), Verdict::kFailed);
  EXPECT_EQ(List().at(0).status, DeliveryStatus::kDelivered);
  EXPECT_EQ(last()->status_code, 500);
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

TEST_F(StoreConformance, FindsTheFewOfATypeAmongManyOfAnother) {
  MakeVenue();
  MakeWebhook();
  constexpr int kMany = 1'500;
  std::vector<ResourceChange> changes;
  for (int i = 0; i < 3 * kMany; ++i) {
    const bool rare = i % kMany == 7;
    changes.push_back(
        Change(rare ? EventType::kAccountCreated : EventType::kContactCreated, "id" + std::to_string(i), 0));
  }
  ASSERT_TRUE(Do(store_->Apply(std::move(changes), {})));

  EventTypes accounts_made, accounts_deleted, contacts_made;
  accounts_made.Add(EventType::kAccountCreated);
  accounts_deleted.Add(EventType::kAccountDeleted);
  contacts_made.Add(EventType::kContactCreated);
  const auto deliveries = Do(store_->ListDeliveries({.events = accounts_made}));
  ASSERT_EQ(deliveries->size(), 3u);
  EXPECT_EQ((*deliveries)[0].resource_id.text, "id" + std::to_string(2 * kMany + 7));
  EXPECT_EQ((*deliveries)[2].resource_id.text, "id7");
  const auto next = Do(store_->ListDeliveries({.events = accounts_made, .before = (*deliveries)[1].key}));
  ASSERT_EQ(next->size(), 1u);
  EXPECT_EQ((*next)[0].resource_id.text, "id7");
  EXPECT_TRUE(Do(store_->ListDeliveries({.events = accounts_deleted}))->empty());
  EXPECT_EQ(Do(store_->ListDeliveries({.events = contacts_made}))->size(), 50u);

  const auto events = Do(store_->ListEvents({.type = EventType::kAccountCreated}));
  ASSERT_EQ(events->size(), 3u);
  EXPECT_EQ((*events)[2].event->resource_id.text, "id7");
  EXPECT_EQ(Do(store_->ListEvents({.type = EventType::kAccountCreated, .before = (*events)[1].position}))->size(), 1u);
  EXPECT_TRUE(Do(store_->ListEvents({.type = EventType::kContactDeleted}))->empty());
}

}  // namespace
}  // namespace shakehook
