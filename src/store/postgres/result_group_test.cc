#include "store/postgres/result_group.h"

#include <string>
#include <utility>
#include <vector>

#include "store/postgres/plans_fixture.h"
#include "store/postgres/postgres_stores_fixture.h"
#include "store/postgres/proxy_thread_fixture.h"

namespace shakehook::postgres {
namespace {

using Verdict = AttemptResult::Verdict;

class AttemptHearer final : public CommitListener {
 public:
  void OnCommit(const Commit& commit) override {
    for (const auto& one : commit.attempted) attempted.push_back(one);
  }
  bool WantsAttempts() const override { return true; }

  std::vector<Commit::Attempted> attempted;
};

AttemptResult ResultOf(const OwedDelivery& delivery, Verdict verdict, Timestamp now) {
  AttemptResult result{.key = delivery.key,
                       .id = delivery.id,
                       .purpose = delivery.purpose,
                       .created_at = delivery.created_at,
                       .verdict = verdict,
                       .ended_at = now};
  result.attempt.number = delivery.attempts_made + 1;
  result.attempt.started_at = now;
  result.attempt.status_code = verdict == Verdict::kDelivered ? 204 : 500;
  if (verdict == Verdict::kRetry) result.retry_at = now + Milliseconds(10'000);
  return result;
}

Async<Stored<Done>> RedeliverOne(Store& store, DeliveryId id, Timestamp now) {
  const auto redelivered = co_await store.Redeliver(id, now, {});
  if (!redelivered) co_return std::unexpected(redelivered.error());
  co_return Done();
}

class ResultGroups : public PostgresStores {
 protected:
  // Makes a contact; returns its delivery to the one webhook.
  OwedDelivery Owe(Store& store, const SharedWebhook& webhook, const std::string& id) {
    EXPECT_TRUE(Apply(store, Change(store, EventType::kContactCreated, id, 0)));
    return Owed(store, webhook).back();
  }
  DeliveryCounts Counts(Store& store, const SharedWebhook& webhook) {
    DeliveryCounts sum;
    const auto hours = Do(store.GetStatistics({webhook->number}, Timestamp(), clock_.Now() + kStatisticsHour, {}));
    for (const HourlyStatistics& hour : hours->at(0)) sum += hour.statistics.counts;
    return sum;
  }
};

TEST_F(ResultGroups, AreRecordedAndToldOnceWhereverTheConnectionBreaks) {
  ProxyThread proxy;
  const auto store = Make(kFirst, random_, proxy.Parameters());
  ASSERT_EQ(store->Open(), "");
  AttemptHearer hearer;
  store->AddListener(hearer);
  const auto webhook = MakeVenue(*store);
  const auto other = Open(kSecond);  // it makes changes, and its connection holds
  std::size_t made = 0;
  proxy.BreakEverywhere([&](const std::string& place) {
    const OwedDelivery owed = Owe(*other, webhook, std::to_string(++made));
    ASSERT_TRUE(Do(store->Record({}, {ResultOf(owed, Verdict::kDelivered, clock_.Now())}))) << place;
    ASSERT_EQ(hearer.attempted.size(), made) << place;
    EXPECT_EQ(hearer.attempted.back().delivery.status, DeliveryStatus::kDelivered);
  });
  EXPECT_TRUE(Owed(*store, webhook).empty());
  EXPECT_EQ(Do(store->GetHealth({webhook->number}, {}))->at(0).pending, 0);
  const auto count = static_cast<std::int64_t>(made);
  EXPECT_EQ(Counts(*store, webhook), (DeliveryCounts{.delivered = count, .attempts = count}));
}

TEST_F(ResultGroups, MeetARedeliveryOnAnotherNodeAndNeitherIsLost) {
  constexpr int kRounds = 15;
  const auto first = Open(kFirst);
  const auto webhook = MakeVenue(*first);
  const auto second = Open(kSecond);
  for (const Verdict verdict : {Verdict::kFailed, Verdict::kRetry}) {
    for (int i = 0; i < kRounds; ++i) {
      const std::string id = (verdict == Verdict::kRetry ? "r" : "f") + std::to_string(i);
      const OwedDelivery owed = Owe(*first, webhook, id);
      std::vector<Async<Stored<Done>>> verbs;
      verbs.push_back(first->Record({}, {ResultOf(owed, verdict, clock_.Now())}));
      verbs.push_back(RedeliverOne(*second, owed.id, clock_.Now()));
      for (const auto& done : DoAll(std::move(verbs))) EXPECT_TRUE(done);
      const auto detail = Do(first->GetDelivery(owed.id, {}));
      ASSERT_TRUE(*detail);
      EXPECT_EQ((*detail)->attempts.size(), 1u);
    }
  }
  const DeliveryQuery pending{.statuses = DeliveryStatuses::Of({DeliveryStatus::kPending}), .limit = 200};
  EXPECT_EQ(Do(second->GetHealth({webhook->number}, {}))->at(0).pending,
            static_cast<std::int64_t>(Do(second->ListDeliveries(pending))->size()));
}

class PlansOfResults : public PlansOfStores {};

TEST_F(PlansOfResults, LookRowsUpByTheirKeysWhenTheTablesFillUp) {
  constexpr int kStored = 3'000;
  constexpr std::size_t kAtOnce = 500;
  constexpr int kRounds = 40;
  auto store = Open(kFirst);
  const auto webhook = MakeVenue(*store);
  store.reset();
  ExecuteOnServer("ANALYZE", "stores");

  store = Open(kFirst);
  for (int made = 0; made < kStored;) {
    std::vector<ResourceChange> changes;
    for (std::size_t i = 0; i < kAtOnce; ++i) {
      changes.push_back(Change(*store, EventType::kAccountCreated, std::to_string(made++), 0));
    }
    ASSERT_TRUE(Do(store->Apply(std::move(changes), {})));
  }
  const auto owed = Owed(*store, webhook);
  ASSERT_EQ(owed.size(), 1'000u);
  store.reset();
  const auto before = RowsRead();

  store = Open(kFirst);
  std::vector<AttemptResult> results;
  for (std::size_t i = 0; i < owed.size(); ++i) {
    const Verdict verdict = i % 10 == 0 ? Verdict::kRetry : Verdict::kDelivered;
    results.push_back(ResultOf(owed[i], verdict, clock_.Now()));
    if (results.size() == kAtOnce / 5) ASSERT_TRUE(Do(store->Record({}, std::exchange(results, {}))));
  }
  store.reset();
  const auto recorded = RowsRead();
  EXPECT_LT((recorded - before) / static_cast<std::int64_t>(owed.size()), 10);

  store = Open(kFirst);
  clock_.Advance(Milliseconds(10'000));
  for (int i = 0; i < kRounds; ++i) {
    const auto due = Do(store->TakeDue({}, webhook->number, clock_.Now(), WhichDue::kAll, {.deliveries = 4}));
    ASSERT_EQ(due->deliveries.size(), 4u);
    EXPECT_EQ(Do(store->TakeOwed({}, webhook->number, {}, Ordering::kStrict, {.deliveries = 4}))->deliveries.size(),
              4u);
    ASSERT_TRUE(*Do(store->GetDelivery(due->deliveries[0].id, {})));
    ASSERT_TRUE(Do(store->Redeliver(due->deliveries[1].id, clock_.Now(), {})));
    EXPECT_EQ(Do(store->ListDeliveries({.limit = 4}))->size(), 4u);
    EXPECT_EQ(Do(store->ListDeliveries({.webhooks = {{webhook->number}}, .limit = 4}))->size(), 4u);
    EXPECT_EQ(Do(store->ListEvents({.limit = 4}))->size(), 4u);
    EXPECT_EQ(Do(store->ListOwed())->size(), 1u);
  }
  store.reset();
  EXPECT_LT((RowsRead() - recorded) / kRounds, 600);
}

}  // namespace
}  // namespace shakehook::postgres
