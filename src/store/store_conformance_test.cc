// What every Store must do, held against the embedded one. A test opens the store through OpenStore() alone, so that
// another store can run the same tests.

#include <gtest/gtest.h>

#include "base/json.h"
#include "store/sqlite/sqlite_store.h"
#include "testing/simulated_clock.h"
#include "testing/temporary_folder.h"

namespace shakehook {
namespace {

using Kind = Refusal::Kind;
using Verdict = AttemptResult::Verdict;

// Hears everything that is committed.
class Hearer final : public CommitListener {
 public:
  void OnCommit(const Commit& commit) override {
    ++commits;
    for (const auto& owed : commit.owed) this->owed.push_back(owed.delivery);
    for (const auto& changed : commit.changed) this->changed.push_back(changed);
    for (const auto& canceled : commit.canceled) this->canceled.push_back(canceled);
    for (const auto& attempted : commit.attempted) this->attempted.push_back(attempted);
  }
  bool WantsAttempts() const override { return true; }

  int commits = 0;
  std::vector<OwedDelivery> owed;
  std::vector<Commit::Changed> changed;
  std::vector<Commit::Canceled> canceled;
  std::vector<Commit::Attempted> attempted;
};

template <class T>
Async<> Await(Async<T> verb, std::optional<T>* result) {
  *result = co_await std::move(verb);
}

class StoreConformance : public testing::Test {
 protected:
  StoreConformance() : box_(SecretBox::Key{}), random_(1), loop_(std::make_unique<Loop>(clock_)) { OpenStore(); }
  ~StoreConformance() override { store_.reset(); }

  void OpenStore() {
    auto store = OpenSqliteStore({.path = folder_.File("store.db"),
                                  .execution = SqliteOptions::Execution::kInline,
                                  .durable = Switch::kOff,
                                  .fail_commit = [this] { return fail_commits_; }},
                                 box_, clock_, random_);
    ASSERT_TRUE(store) << store.error();
    store_ = *std::move(store);
    store_->AddListener(hearer_);
  }
  void Reopen() {
    store_.reset();
    OpenStore();
  }

  template <class T>
  T Do(Async<T> verb) {
    std::optional<T> result;
    loop_->Spawn(Await(std::move(verb), &result));
    while (!result && loop_->Poll() > 0) {
    }
    EXPECT_TRUE(result);
    return *std::move(result);
  }

  // Two verbs that wait at the same time.
  template <class A, class B>
  std::pair<A, B> DoTogether(Async<A> first, Async<B> second) {
    std::optional<A> one;
    std::optional<B> two;
    loop_->Spawn(Await(std::move(first), &one));
    loop_->Spawn(Await(std::move(second), &two));
    while (!(one && two) && loop_->Poll() > 0) {
    }
    EXPECT_TRUE(one && two);
    return {*std::move(one), *std::move(two)};
  }

  // A venue "v" in group "g".
  void MakeVenue() {
    ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Put<VenuesGroup>{{.id = {"g"}, .name = "G"}, 0}}, {})));
    ASSERT_TRUE(Do(store_->SaveConfig(
        {ConfigChange::Put<Venue>{{.id = {"v"}, .name = "V", .venues_group_id = VenuesGroupId{"g"}}, 0}}, {})));
  }
  SharedWebhook MakeWebhook(Scope scope = Scope::Of(VenueId{"v"}), Ordering ordering = Ordering::kRelaxed) {
    Webhook webhook;
    webhook.id = {Uuid::MakeV7(clock_.Now(), random_)};
    webhook.name = "W";
    webhook.url = "https://receiver.example/";
    webhook.scope = scope;
    webhook.ordering = ordering;
    webhook.secrets.current = "whsec_c2VjcmV0";
    webhook.headers = {{"X-Token", "t0ken"}};
    for (const EventType type : kEventTypes) webhook.events.Add(type);
    EXPECT_TRUE(Do(store_->SaveConfig({ConfigChange::Put<Webhook>{webhook, 0}}, {})));
    return store_->directory().FindWebhook(webhook.id);
  }
  void Edit(const SharedWebhook& webhook, const std::function<void(Webhook&)>& edit) {
    Webhook edited = *store_->directory().FindWebhook(webhook->id);
    edit(edited);
    ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Put<Webhook>{edited, edited.version}}, {})));
  }

  SharedEvent MakeEvent(EventType type, const std::string& id) {
    clock_.Advance(Milliseconds(1));
    auto event = std::make_shared<Event>();
    event->id = {Uuid::MakeV7(clock_.Now(), random_)};
    event->type = type;
    event->timestamp = clock_.Now();
    event->venue_id = {"v"};
    event->venues_group_id = VenuesGroupId{"g"};
    event->resource_id = {id};
    event->payload = "{\"n\":" + std::to_string(UnixMs(clock_.Now())) + "}";
    return event;
  }
  ResourceChange Change(EventType type, const std::string& id, std::int64_t expected_version) {
    ResourceChange change;
    change.venue_id = {"v"};
    change.kind = KindOf(type);
    change.id = {id};
    change.expected_version = expected_version;
    change.revision = store_->directory().revision();
    if (VerbOf(type) != Verb::kDeleted) change.data = "{\"id\":\"" + id + "\"}";
    change.search = id;
    change.event = MakeEvent(type, id);
    return change;
  }
  Stored<Done> Apply(EventType type, const std::string& id, std::int64_t expected_version) {
    return Do(store_->Apply({Change(type, id, expected_version)}, {}));
  }
  void MakeContact(const std::string& id) { ASSERT_TRUE(Apply(EventType::kContactCreated, id, 0)); }

  AttemptResult Result(const OwedDelivery& delivery, Verdict verdict) {
    AttemptResult result{.key = delivery.key, .purpose = delivery.purpose, .verdict = verdict};
    result.attempt.number = delivery.attempts_made + 1;
    result.attempt.trigger = delivery.trigger;
    result.attempt.started_at = clock_.Now();
    result.attempt.duration = Microseconds(1234);
    result.attempt.status_code = verdict == Verdict::kDelivered ? 204 : 500;
    if (verdict != Verdict::kDelivered) result.attempt.error = {FailureClass::kStatus, "The endpoint answered 500."};
    result.attempt.signature = std::string(64, 'a');
    result.attempt.response_headers = "Server: x\r\n";
    result.attempt.response_body = std::string("\xff\x00z", 3);
    result.attempt.timings.first_byte = Microseconds(99);
    result.ended_at = clock_.Now();
    if (verdict == Verdict::kRetry) result.retry_at = clock_.Now() + Milliseconds(10'000);
    return result;
  }
  void Record(const OwedDelivery& delivery, Verdict verdict) {
    ASSERT_TRUE(Do(store_->Record({}, {Result(delivery, verdict)})));
  }
  OwedDelivery LastOwed() { return hearer_.owed.back(); }
  OwedPage Fresh(const SharedWebhook& webhook, std::size_t limit = 100, Position after = {}) {
    const SharedWebhook now = store_->directory().FindWebhook(webhook->id);
    return *Do(store_->TakeOwed({}, webhook->number, after, now->ordering, limit));
  }
  OwedPage DueNow(const SharedWebhook& webhook) { return *Do(store_->TakeDue({}, webhook->number, clock_.Now(), 100)); }
  DeliveryDetail Detail(DeliveryId id) { return **Do(store_->GetDelivery(id)); }
  DeliveryStatus Status(DeliveryId id) { return Detail(id).delivery.status; }
  WebhookHealth Health(const SharedWebhook& webhook) { return Do(store_->GetHealth({webhook->number}))->at(0); }
  std::vector<Delivery> List(DeliveryQuery query = {}) { return *Do(store_->ListDeliveries(std::move(query))); }

  TemporaryFolder folder_;
  SimulatedClock clock_;
  SecretBox box_;
  SeededRandom random_;
  bool fail_commits_ = false;
  Hearer hearer_;
  std::unique_ptr<Loop> loop_;
  std::unique_ptr<Store> store_;
};

// --- Configuration ---

TEST_F(StoreConformance, KeepsTheConfigurationOverAReopening) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  CustomField field;
  field.uuid = Uuid::MakeV7(clock_.Now(), random_);
  field.scope = Scope::Of(VenuesGroupId{"g"});
  field.label = "Segment";
  field.type = CustomFieldType::kMultiselect;
  field.options = {{"A", Json(0)}, {"B", Json("b")}};
  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Put<CustomField>{field, 0}}, {})));
  ApiKey key;
  key.id = {Uuid::MakeV7(clock_.Now(), random_)};
  key.scope = Scope::Of(VenueId{"v"});
  key.hash = Sha256("key");
  key.rights.Add(Right::kRead);
  key.expires_at = clock_.Now();
  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Put<ApiKey>{key, 0}}, {})));
  const auto venue = *store_->directory().FindVenue({"v"});
  const auto stored_field = *store_->directory().FindCustomField(field.uuid);
  const auto stored_key = *store_->directory().FindApiKeyByHash(key.hash);
  Reopen();
  EXPECT_EQ(*store_->directory().FindVenue({"v"}), venue);
  EXPECT_EQ(*store_->directory().FindWebhook(webhook->id), *webhook);
  EXPECT_EQ(*store_->directory().FindCustomField(field.uuid), stored_field);
  EXPECT_EQ(*store_->directory().FindApiKeyByHash(key.hash), stored_key);
}

TEST_F(StoreConformance, RefusesATakenIdAStaleEditAndWhatDoesNotExist) {
  MakeVenue();
  EXPECT_EQ(Do(store_->SaveConfig({ConfigChange::Put<Venue>{{.id = {"v"}}, 0}}, {})).error().kind, Kind::kExists);
  EXPECT_EQ(Do(store_->SaveConfig({ConfigChange::Put<Venue>{{.id = {"v"}}, 7}}, {})).error().kind, Kind::kStale);
  EXPECT_EQ(Do(store_->SaveConfig({ConfigChange::Put<Venue>{{.id = {"x"}}, 1}}, {})).error().kind, Kind::kMissing);
  EXPECT_EQ(Do(store_->SaveConfig({ConfigChange::Delete<VenueId>{{"x"}, {}}}, {})).error().kind, Kind::kMissing);
  EXPECT_EQ(Do(store_->SaveConfig({ConfigChange::Delete<VenueId>{{"v"}, 7}}, {})).error().kind, Kind::kStale);
}

TEST_F(StoreConformance, NamesWhatStillHoldsAVenueOrAGroup) {
  MakeVenue();
  MakeWebhook();
  MakeContact("c1");
  MakeContact("c2");
  const auto venue = Do(store_->SaveConfig({ConfigChange::Delete<VenueId>{{"v"}, {}}}, {}));
  EXPECT_EQ(venue.error(), (Refusal{.kind = Kind::kHolds, .detail = "2 contacts, 1 webhook"}));
  const auto group = Do(store_->SaveConfig({ConfigChange::Delete<VenuesGroupId>{{"g"}, {}}}, {}));
  EXPECT_EQ(group.error(), (Refusal{.kind = Kind::kHolds, .detail = "1 venue"}));
}

TEST_F(StoreConformance, RefusesASecondOpeningAndFilesThatAreNotItsOwn) {
  const auto open = [&](const std::string& name) {
    auto store = OpenSqliteStore({.path = folder_.File(name), .execution = SqliteOptions::Execution::kInline}, box_,
                                 clock_, random_);
    return store ? "" : store.error();
  };
  EXPECT_EQ(open("store.db"),
            "cannot open the database " + folder_.File("store.db") + ": another shakehook is using it");
  FILE* const garbage = fopen(folder_.File("garbage.db").c_str(), "w");
  fputs(std::string(5'000, 'x').c_str(), garbage);
  fclose(garbage);
  EXPECT_EQ(open("garbage.db"), "cannot open the database " + folder_.File("garbage.db") + ": file is not a database");
  store_.reset();
  SecretBox::Key other{};
  other[0] = 1;
  const SecretBox other_box(other);
  auto store = OpenSqliteStore({.path = folder_.File("store.db"), .execution = SqliteOptions::Execution::kInline},
                               other_box, clock_, random_);
  ASSERT_FALSE(store);
  EXPECT_NE(store.error().find("master key"), std::string::npos);
  OpenStore();
}

// --- Changes and what they owe ---

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
  EXPECT_EQ(Apply(EventType::kContactUpdated, "c", 2).error().kind, Kind::kStale);
  EXPECT_TRUE(Apply(EventType::kContactUpdated, "c", 1));
  auto outdated = Change(EventType::kContactUpdated, "c", 2);
  --outdated.revision;
  EXPECT_EQ(Do(store_->Apply({outdated}, {})).error().kind, Kind::kStale);
  auto late = Change(EventType::kContactUpdated, "c", 2);
  auto event = std::make_shared<Event>(*late.event);
  event->timestamp = SimulatedClock::kStart;
  late.event = event;
  const auto refused = Do(store_->Apply({late}, {}));
  EXPECT_EQ(refused.error().kind, Kind::kStale);
  EXPECT_EQ(refused.error().last_timestamp,
            Do(store_->GetResources({"v"}, ResourceKind::kContact, {{"c"}}))->at(0)->last_timestamp);
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
  EXPECT_EQ(Apply(EventType::kContactCreated, "c", 0).error().kind, Kind::kStale);
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
  EXPECT_EQ(Do(store_->ContactsOf({"v"}, {"a"}, 10))->size(), 1u);
  EXPECT_EQ(Apply(EventType::kAccountDeleted, "a", 1).error().kind, Kind::kStale);
  EXPECT_TRUE(
      Do(store_->Apply({Change(EventType::kContactUpdated, "c", 1), Change(EventType::kAccountDeleted, "a", 1)}, {})));
}

TEST_F(StoreConformance, AnnouncesEventsOfOthersRecords) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  auto event = std::make_shared<Event>(*MakeEvent(EventType::kContactUpdated, "theirs"));
  event->origin = EventOrigin::kPublished;
  ASSERT_TRUE(Do(store_->Publish(event, store_->directory().revision(), Switch::kOn, {})));
  EXPECT_EQ(Do(store_->Publish(event, store_->directory().revision(), Switch::kOn, {})).error().last_timestamp,
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

// --- Deliveries ---

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
  // The attempt was under way: what it says counts all the same.
  Record(first, Verdict::kDelivered);
  EXPECT_EQ(Status(first.id), DeliveryStatus::kDelivered);

  MakeContact("c");
  const OwedDelivery third = LastOwed();
  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Delete<WebhookId>{webhook->id, {}}}, {})));
  EXPECT_EQ(Status(third.id), DeliveryStatus::kCanceled);
  EXPECT_EQ(store_->directory().FindWebhook(webhook->id), nullptr);
  EXPECT_EQ(hearer_.changed.back().webhook, nullptr);
  EXPECT_EQ(List().size(), 3u);
  MakeContact("d");
  EXPECT_EQ(List().size(), 3u);
}

TEST_F(StoreConformance, DisablesTheWebhookOfAnEndpointThatIsGone) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  MakeContact("c");
  const OwedDelivery owed = LastOwed();
  MakeContact("d");
  ASSERT_TRUE(Do(store_->Record({}, {Result(owed, Verdict::kGone), Result(LastOwed(), Verdict::kGone)})));
  EXPECT_EQ(Status(owed.id), DeliveryStatus::kFailed);
  const auto disabled = store_->directory().FindWebhook(webhook->id);
  EXPECT_EQ(disabled->enabled, Switch::kOff);
  EXPECT_EQ(disabled->disabled_reason, "The endpoint answered 410 Gone.");
  EXPECT_EQ(disabled->version, webhook->version + 1);
  MakeContact("e");
  EXPECT_EQ(Fresh(webhook).deliveries.size(), 1u);
  Reopen();
  EXPECT_EQ(*store_->directory().FindWebhook(webhook->id), *disabled);
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
  EXPECT_EQ(store_->directory().FindWebhook(webhook->id)->enabled, Switch::kOn);
  EXPECT_EQ(Health(webhook), WebhookHealth());
  EXPECT_TRUE(Do(store_->ListEvents({}))->empty());
  EXPECT_FALSE(*Do(store_->GetEvent(sample->id)));
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

// --- Kept answers and the purge ---

TEST_F(StoreConformance, KeepsAnAnswerExactlyIfTheChangeIsKept) {
  MakeVenue();
  const KeptAnswer answer{
      .key = Sha256("key"), .request = Sha256("body"), .answer = "201 created", .created_at = clock_.Now()};
  const auto find = [&] { return *Do(store_->FindAnswer(answer.key, clock_.Now() - Milliseconds(1'000))); };
  ASSERT_FALSE(Do(store_->Apply({Change(EventType::kContactUpdated, "none", 3)}, answer)));
  EXPECT_FALSE(find());
  fail_commits_ = true;
  ASSERT_FALSE(Do(store_->Apply({Change(EventType::kContactCreated, "c", 0)}, answer)));
  fail_commits_ = false;
  EXPECT_FALSE(find());
  ASSERT_TRUE(Do(store_->Apply({Change(EventType::kContactCreated, "c", 0)}, answer)));
  Reopen();
  ASSERT_TRUE(find());
  EXPECT_EQ(find()->answer, "201 created");
  EXPECT_EQ(find()->request, answer.request);
  clock_.Advance(Milliseconds(2'000));
  EXPECT_FALSE(find());
}

TEST_F(StoreConformance, ReplacesAKeptAnswer) {
  MakeVenue();
  KeptAnswer answer{
      .key = Sha256("key"), .request = Sha256("body"), .answer = "201 pending", .created_at = clock_.Now()};
  ASSERT_TRUE(Do(store_->Apply({Change(EventType::kContactCreated, "c", 0)}, answer)));
  answer.answer = "201 done";
  ASSERT_TRUE(Do(store_->ReplaceAnswer(answer)));
  Reopen();
  const auto found = *Do(store_->FindAnswer(answer.key, clock_.Now() - Milliseconds(1'000)));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->answer, "201 done");
}

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
