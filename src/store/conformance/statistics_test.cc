// Statistics of deliveries in every Store.

#include "store/conformance/store_conformance_fixture.h"

namespace shakehook {
namespace {

class StatisticsConformance : public StoreConformance {
 protected:
  StatisticsConformance() {
    MakeVenue();
    webhook_ = MakeWebhook();
  }

  std::vector<HourlyStatistics> Hours() {
    return Do(store_->GetStatistics({webhook_->number}, Timestamp(), clock_.Now() + kStatisticsHour))->at(0);
  }
  WebhookStatistics Sum() {
    WebhookStatistics sum;
    for (const HourlyStatistics& hour : Hours()) sum += hour.statistics;
    return sum;
  }
  OwedDelivery OweContact(const std::string& id) {
    MakeContact(id);
    return LastOwed();
  }

  SharedWebhook webhook_;
};

TEST_F(StatisticsConformance, CountDeliveriesByTheirEndAndEveryAttempt) {
  OwedDelivery retried = OweContact("a");
  Record(OweContact("b"), Verdict::kDelivered);
  Record(OweContact("c"), Verdict::kFailed);
  Record(retried, Verdict::kRetry);
  retried.attempts_made = 1;
  Record(retried, Verdict::kDelivered);
  OweContact("d");
  ASSERT_TRUE(Do(store_->Discard(webhook_->number, clock_.Now(), {})));
  const DeliveryCounts expected{.delivered = 2, .failed = 1, .canceled = 1, .attempts = 4, .failed_attempts = 2};
  EXPECT_EQ(Sum().counts, expected);
  EXPECT_EQ(Sum().latency.total(), 4);
  EXPECT_NEAR(static_cast<double>(Sum().latency.Percentile(0.5)->count()), 1234, 1234 * 0.17);
  Reopen();
  EXPECT_EQ(Sum().counts, expected);
}

TEST_F(StatisticsConformance, StandApartByTheHour) {
  Record(OweContact("a"), Verdict::kDelivered);
  clock_.Advance(kStatisticsHour);
  Record(OweContact("b"), Verdict::kFailed);
  clock_.Advance(2 * kStatisticsHour);
  Record(OweContact("c"), Verdict::kDelivered);
  const auto hours = Hours();
  ASSERT_EQ(hours.size(), 3u);
  EXPECT_EQ(hours[1].hour, hours[0].hour + kStatisticsHour);
  EXPECT_EQ(hours[2].hour, hours[0].hour + 3 * kStatisticsHour);
  EXPECT_EQ(hours[1].statistics.counts, (DeliveryCounts{.failed = 1, .attempts = 1, .failed_attempts = 1}));
  EXPECT_EQ(Do(store_->GetStatistics({webhook_->number}, hours[1].hour, hours[2].hour))->at(0).size(), 1u);
}

TEST_F(StatisticsConformance, CountADeliveryThatWasSentAgainOnce) {
  const OwedDelivery owed = OweContact("a");
  Record(owed, Verdict::kDelivered);
  ASSERT_TRUE(Do(store_->Redeliver(owed.id, clock_.Now(), {})));
  Record(LastOwed(), Verdict::kDelivered);
  EXPECT_EQ(Sum().counts, (DeliveryCounts{.delivered = 1, .attempts = 2}));
}

TEST_F(StatisticsConformance, LeaveTestsOut) {
  const DeliveryId id{Uuid::MakeV7(clock_.Now(), random_)};
  ASSERT_TRUE(Do(store_->OweTest(webhook_->number, id, MakeEvent(EventType::kContactCreated, "test-c"), {})));
  Record(LastOwed(), Verdict::kFailed);
  EXPECT_TRUE(Hours().empty());
}

TEST_F(StatisticsConformance, KeepNothingOfACommitThatFailed) {
  const OwedDelivery owed = OweContact("a");
  fail_commits_ = true;
  EXPECT_FALSE(Do(store_->Record({}, {Result(owed, Verdict::kDelivered)})));
  fail_commits_ = false;
  EXPECT_EQ(Sum().counts, DeliveryCounts());
  Record(owed, Verdict::kDelivered);
  EXPECT_EQ(Sum().counts, (DeliveryCounts{.delivered = 1, .attempts = 1}));
}

TEST_F(StatisticsConformance, GoWithTheirWebhookAndWhenNoWindowShowsThem) {
  Record(OweContact("a"), Verdict::kDelivered);
  const auto purge = [&] { return *Do(store_->Purge(Timestamp(), Timestamp(), 10)); };
  clock_.Advance(Milliseconds(30LL * 86'400'000));
  EXPECT_EQ(purge(), 0);
  EXPECT_EQ(Hours().size(), 1u);
  clock_.Advance(Milliseconds(2LL * 86'400'000));
  EXPECT_EQ(purge(), 1);
  EXPECT_TRUE(Hours().empty());

  Record(OweContact("b"), Verdict::kDelivered);
  EXPECT_EQ(Hours().size(), 1u);
  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Delete<WebhookId>{webhook_->id, {}}}, {})));
  EXPECT_TRUE(Hours().empty());
}

TEST_F(StatisticsConformance, TellWhatWaitsForARetryAndUntilWhen) {
  const OwedDelivery first = OweContact("a");
  OweContact("b");
  EXPECT_EQ(Do(store_->GetOwed(webhook_->number))->retrying, 0);
  EXPECT_FALSE(Do(store_->GetOwed(webhook_->number))->next_due);
  Record(first, Verdict::kRetry);
  EXPECT_EQ(Do(store_->GetOwed(webhook_->number))->retrying, 1);
  EXPECT_EQ(Do(store_->GetOwed(webhook_->number))->next_due, clock_.Now() + Milliseconds(10'000));
}

}  // namespace
}  // namespace shakehook
