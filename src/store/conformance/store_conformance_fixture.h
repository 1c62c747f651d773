// The fixture of the tests that say what every Store must do. They know the store by its interface alone; which one
// they are run against, its test program says (store_harness.h).
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "store/conformance/store_harness.h"
#include "testing/simulated_clock.h"

namespace shakehook {

// Hears everything that is committed.
class Hearer final : public CommitListener {
 public:
  void OnCommit(const Commit& commit) override {
    ++commits;
    for (const auto& owed : commit.owed) {
      this->owed.push_back(owed.delivery);
      owed_to.push_back(owed.webhook);
    }
    for (const auto& more : commit.owed_more) owed_more.push_back(more);
    for (const auto& changed : commit.changed) this->changed.push_back(changed);
    for (const auto& canceled : commit.canceled) this->canceled.push_back(canceled);
    for (const auto& attempted : commit.attempted) this->attempted.push_back(attempted);
    for (const auto& due : commit.due) this->due.push_back(due);
    for (const auto& resource : commit.erased) erased.push_back(resource);
  }
  bool WantsAttempts() const override { return true; }

  int commits = 0;
  std::vector<OwedDelivery> owed;
  std::vector<SharedWebhook> owed_to;  // the webhook at the same index
  std::vector<Commit::OwedMore> owed_more;
  std::vector<Commit::Changed> changed;
  std::vector<Commit::Canceled> canceled;
  std::vector<Commit::Attempted> attempted;
  std::vector<Commit::Due> due;
  std::vector<ResourceNumber> erased;
};

template <class T>
Async<> Await(Async<T> verb, std::optional<T>* result) {
  *result = co_await std::move(verb);
}

class StoreConformance : public testing::Test {
 protected:
  using Kind = Refusal::Kind;
  using Verdict = AttemptResult::Verdict;

  StoreConformance() : loop_(std::make_unique<Loop>(clock_)) { OpenStore(); }
  ~StoreConformance() override { store_.reset(); }

  void OpenStore() {
    store_ = harness_->Open(clock_, random_, [this] { return fail_commits_; });
    ASSERT_TRUE(store_);
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
    while (!result && GoesOn()) {
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
    while (!(one && two) && GoesOn()) {
    }
    EXPECT_TRUE(one && two);
    return {*std::move(one), *std::move(two)};
  }

  // Runs what is ready, or waits for it.
  bool GoesOn() { return loop_->Poll() > 0 || harness_->Wait(*loop_); }

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
    return store_->config_cache().FindWebhook(webhook.id);
  }
  void Edit(const SharedWebhook& webhook, const std::function<void(Webhook&)>& edit) {
    Webhook edited = *store_->config_cache().FindWebhook(webhook->id);
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
    change.revision = store_->config_cache().RevisionOf({"v"});
    if (VerbOf(type) != Verb::kDeleted) change.data = "{\"id\":\"" + id + "\"}";
    change.search = id;
    change.event = MakeEvent(type, id);
    return change;
  }
  // The same change in another venue, which exists.
  ResourceChange InVenue(const std::string& venue, ResourceChange change) {
    auto event = std::make_shared<Event>(*change.event);
    change.venue_id = event->venue_id = {venue};
    event->venues_group_id = store_->config_cache().FindVenue({venue})->venues_group_id;
    change.event = event;
    change.revision = store_->config_cache().RevisionOf({venue});
    return change;
  }
  Stored<Done> Apply(EventType type, const std::string& id, std::int64_t expected_version) {
    return Do(store_->Apply({Change(type, id, expected_version)}, {}));
  }
  void MakeContact(const std::string& id) { ASSERT_TRUE(Apply(EventType::kContactCreated, id, 0)); }

  AttemptResult Result(const OwedDelivery& delivery, Verdict verdict) {
    AttemptResult result{.key = delivery.key,
                         .id = delivery.id,
                         .purpose = delivery.purpose,
                         .created_at = delivery.created_at,
                         .verdict = verdict};
    result.attempt.number = delivery.attempts_made + 1;
    result.attempt.trigger = delivery.trigger;
    result.attempt.started_at = clock_.Now();
    result.attempt.duration = Microseconds(1234);
    result.attempt.status_code = verdict == Verdict::kDelivered ? 204 : 500;
    if (verdict != Verdict::kDelivered) result.attempt.error = {FailureClass::kStatus, "The endpoint answered 500."};
    result.attempt.signature.fill(0xaa);
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
    const SharedWebhook now = store_->config_cache().FindWebhook(webhook->id);
    return *Do(store_->TakeOwed({}, webhook->number, after, now->ordering, {.deliveries = limit}));
  }
  OwedPage DueNow(const SharedWebhook& webhook, WhichDue which = WhichDue::kAll) {
    return *Do(store_->TakeDue({}, webhook->number, clock_.Now(), which, {.deliveries = 100}));
  }
  DeliveryDetail Detail(DeliveryId id) { return **Do(store_->GetDelivery(id)); }
  DeliveryStatus Status(DeliveryId id) { return Detail(id).delivery.status; }
  WebhookHealth Health(const SharedWebhook& webhook) { return Do(store_->GetHealth({webhook->number}))->at(0); }
  std::vector<Delivery> List(DeliveryQuery query = {}) { return *Do(store_->ListDeliveries(std::move(query))); }

  const std::unique_ptr<StoreHarness> harness_ = MakeStoreHarness();
  SimulatedClock clock_;
  SeededRandom random_{1};
  bool fail_commits_ = false;
  Hearer hearer_;
  std::unique_ptr<Loop> loop_;
  std::unique_ptr<Store> store_;
};

}  // namespace shakehook
