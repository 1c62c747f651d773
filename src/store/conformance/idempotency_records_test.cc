// The idempotency records to POSTs with an Idempotency-Key, in every Store.

#include "store/conformance/store_conformance_fixture.h"

namespace shakehook {
namespace {

class IdempotencyRecords : public StoreConformance {
 protected:
  template <class T>
  IdempotencyRecordOf<T> Keep(std::function<std::string(const T& result)> write) {
    return {.key = kKey, .request = Sha256("body"), .created_at = clock_.Now(), .write = std::move(write)};
  }
  IdempotencyRecordOf<Done> Keep(std::string response) {
    return Keep<Done>([response](const Done&) { return response; });
  }
  // Empty: none is kept.
  std::string Kept() {
    const auto kept = *Do(store_->FindIdempotencyRecord(kKey, clock_.Now() - Milliseconds(1'000)));
    if (kept) EXPECT_EQ(kept->request, Sha256("body"));
    return kept ? kept->response : std::string();
  }
  DeliveryDetail OweTest(const SharedWebhook& webhook,
                         std::optional<IdempotencyRecordOf<DeliveryDetail>> response = {}) {
    auto sample = std::make_shared<Event>(*MakeEvent(EventType::kContactCreated, "test-contact"));
    sample->origin = EventOrigin::kTest;
    const DeliveryId id{Uuid::MakeV7(clock_.Now(), random_)};
    return *Do(store_->OweTest(webhook->number, id, sample, std::move(response)));
  }
  static std::string StateOf(const DeliveryDetail& detail) {
    return std::string(ToString(detail.delivery.status)) + " " + std::to_string(detail.attempts.size());
  }

  const Digest kKey = Sha256("key");
};

TEST_F(IdempotencyRecords, AreKeptExactlyIfTheChangeIs) {
  MakeVenue();
  ASSERT_FALSE(Do(store_->Apply({Change(EventType::kContactUpdated, "none", 3)}, Keep("201 created"))));
  EXPECT_EQ(Kept(), "");
  fail_commits_ = true;
  ASSERT_FALSE(Do(store_->Apply({Change(EventType::kContactCreated, "c", 0)}, Keep("201 created"))));
  fail_commits_ = false;
  EXPECT_EQ(Kept(), "");
  ASSERT_TRUE(Do(store_->Apply({Change(EventType::kContactCreated, "c", 0)}, Keep("201 created"))));
  Reopen();
  EXPECT_EQ(Kept(), "201 created");
  clock_.Advance(Milliseconds(2'000));
  EXPECT_EQ(Kept(), "");
}

TEST_F(IdempotencyRecords, AreKeptOnceAndASecondChangeUnderTheKeyIsNotDone) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  ASSERT_TRUE(Do(store_->Apply({Change(EventType::kContactCreated, "c", 0)}, Keep("first"))));
  const OwedDelivery owed = LastOwed();
  const Refusal answered = AlreadyAnswered();
  EXPECT_EQ(Do(store_->Apply({Change(EventType::kContactCreated, "other", 0)}, Keep("second"))).error(), answered);
  // The key comes before what the first change made of the second.
  EXPECT_EQ(Do(store_->Apply({Change(EventType::kContactCreated, "c", 0)}, Keep("second"))).error(), answered);
  const auto event = MakeEvent(EventType::kContactCreated, "other");
  const auto revision = store_->config_cache().RevisionOf({"v"});
  EXPECT_EQ(Do(store_->Publish(event, revision, Switch::kOff, Keep("second"))).error(), answered);
  EXPECT_EQ(Do(store_->SaveConfig({ConfigChange::Put<Venue>{{.id = {"w"}}, 0}}, Keep("second"))).error(), answered);
  EXPECT_EQ(Do(store_->KeepRecord(Keep("second"))).error(), answered);
  const auto count = Keep<std::int64_t>([](const std::int64_t&) { return "second"; });
  EXPECT_EQ(Do(store_->Discard(webhook->number, clock_.Now(), count)).error(), answered);
  const auto again = Keep<Delivery>([](const Delivery&) { return "second"; });
  EXPECT_EQ(Do(store_->Redeliver(owed.id, clock_.Now(), again)).error(), answered);
  EXPECT_EQ(Kept(), "first");
  EXPECT_FALSE(Do(store_->GetResources({"v"}, ResourceKind::kContact, {{"other"}}))->front());
  EXPECT_FALSE(store_->config_cache().FindVenue({"w"}));
  EXPECT_EQ(Health(webhook).pending, 1);
}

TEST_F(IdempotencyRecords, AreReplacedWhenTheyAreTooOldToCount) {
  MakeVenue();
  ASSERT_TRUE(Do(store_->Apply({Change(EventType::kContactCreated, "a", 0)}, Keep("first"))));
  clock_.Advance(kIdempotencyRecordsKept - Milliseconds(100));
  EXPECT_FALSE(Do(store_->Apply({Change(EventType::kContactCreated, "b", 0)}, Keep("second"))));
  clock_.Advance(Milliseconds(200));
  ASSERT_TRUE(Do(store_->Apply({Change(EventType::kContactCreated, "b", 0)}, Keep("second"))));
  EXPECT_EQ(Kept(), "second");
  clock_.Advance(kIdempotencyRecordsKept + Milliseconds(1));
  ASSERT_TRUE(Do(store_->KeepRecord(Keep("third"))));
  EXPECT_EQ(Kept(), "third");
}

// Health counts no tests, but a discard cancels them too.
TEST_F(IdempotencyRecords, OfADiscardCountWhatItCanceled) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  MakeContact("a");
  MakeContact("b");
  OweTest(webhook);
  EXPECT_EQ(Health(webhook).pending, 2);
  const auto canceled =
      Do(store_->Discard(webhook->number, clock_.Now(),
                         Keep<std::int64_t>([](const std::int64_t& count) { return std::to_string(count); })));
  EXPECT_EQ(canceled, 3);
  EXPECT_EQ(Kept(), "3");
}

TEST_F(IdempotencyRecords, OfARedeliveryAreMadeOfWhatWasStored) {
  MakeVenue();
  MakeWebhook();
  MakeContact("c");
  const OwedDelivery owed = LastOwed();
  Record(owed, Verdict::kRetry);
  const auto again = Do(store_->Redeliver(owed.id, clock_.Now(), Keep<Delivery>([](const Delivery& delivery) {
                                            return std::string(ToString(delivery.status)) + " after " +
                                                   std::to_string(delivery.attempt_count);
                                          })));
  ASSERT_TRUE(again);
  EXPECT_EQ(Kept(), "pending after 1");
}

TEST_F(IdempotencyRecords, OfATestAreMadeAgainOfItsResult) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  const DeliveryDetail owed = OweTest(webhook, Keep<DeliveryDetail>(StateOf));
  EXPECT_EQ(StateOf(owed), "pending 0");
  EXPECT_EQ(owed.delivery.id, LastOwed().id);
  EXPECT_EQ(owed.delivery.next_attempt_at, clock_.Now());
  EXPECT_EQ(owed.event->origin, EventOrigin::kTest);
  EXPECT_EQ(Kept(), "pending 0");
  Record(LastOwed(), Verdict::kFailed);
  EXPECT_EQ(Kept(), "pending 0");
  const auto ended = Do(store_->FinishTest(owed.delivery.id, Keep<DeliveryDetail>(StateOf)));
  ASSERT_TRUE(ended);
  EXPECT_EQ(StateOf(*ended), "failed 1");
  Reopen();
  EXPECT_EQ(Kept(), "failed 1");
  EXPECT_EQ(Do(store_->FinishTest({}, Keep<DeliveryDetail>(StateOf))).error().kind, Kind::kMissing);
  EXPECT_EQ(Kept(), "failed 1");
}

}  // namespace
}  // namespace shakehook
