// Erasing a resource's data in every Store: what is removed from its log, and what is kept.

#include "store/conformance/store_conformance_fixture.h"

namespace shakehook {
namespace {

class Erasing : public StoreConformance {
 protected:
  // Runs all steps; returns how many events were looked at, or the first refusal.
  Stored<std::int64_t> Erase(const std::string& id) {
    std::int64_t events = 0;
    std::optional<Position> before;
    do {
      const auto step = Do(store_->EraseHistory({"v"}, ResourceKind::kContact, {id}, before, std::nullopt));
      if (!step) return std::unexpected(step.error());
      events += step->events;
      before = step->next;
    } while (before);
    return events;
  }
  std::string PayloadOf(const OwedDelivery& delivery) {
    return (*Do(store_->GetEvent(delivery.event->id)))->event->payload;
  }
};

TEST_F(Erasing, TakesTheDataOutOfEveryEventAndAnswerAndKeepsThatTheyWere) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  MakeContact("c");
  MakeContact("other");
  const OwedDelivery of_c = hearer_.owed[0];
  const OwedDelivery of_other = hearer_.owed[1];
  Record(of_c, Verdict::kRetry);
  Record(of_other, Verdict::kDelivered);
  ASSERT_TRUE(Apply(EventType::kContactUpdated, "c", 1));
  const OwedDelivery updated = LastOwed();
  Record(updated, Verdict::kDelivered);
  const std::string other_before = PayloadOf(of_other);

  ASSERT_TRUE(Apply(EventType::kContactDeleted, "c", 2));
  EXPECT_EQ(Erase("c"), 3);
  for (const OwedDelivery& delivery : {of_c, updated, LastOwed()}) {
    EXPECT_NE(PayloadOf(delivery).find(R"("venue_id":"v","venues_group_id":"g","data":{"id":"c"})"), std::string::npos)
        << PayloadOf(delivery);
    for (const Attempt& attempt : Detail(delivery.id).attempts) {
      EXPECT_EQ(attempt.response_body, "");
      EXPECT_EQ(attempt.response_headers, "");
      EXPECT_NE(attempt.status_code, std::nullopt);
    }
  }
  EXPECT_EQ(Status(of_c.id), DeliveryStatus::kPending);
  EXPECT_EQ(PayloadOf(of_other), other_before);
  EXPECT_NE(Detail(of_other.id).attempts.at(0).response_body, "");
  // A pending delivery is handed out without data.
  clock_.Advance(Milliseconds(10'000));
  const OwedPage due = DueNow(webhook);
  ASSERT_EQ(due.deliveries.size(), 1u);
  EXPECT_NE(due.deliveries[0].event->payload.find(R"("data":{"id":"c"})"), std::string::npos);
  EXPECT_EQ(hearer_.erased.size(), 1u);
  EXPECT_EQ(hearer_.erased[0], of_c.resource);
}

TEST_F(Erasing, GoesThroughALongHistoryInSteps) {
  MakeVenue();
  MakeContact("c");
  for (int version = 1; version <= 1'200; ++version) ASSERT_TRUE(Apply(EventType::kContactUpdated, "c", version));
  ASSERT_TRUE(Apply(EventType::kContactDeleted, "c", 1'201));
  EXPECT_EQ(Erase("c"), 1'202);
  EXPECT_EQ(hearer_.erased.size(), 3u);
}

TEST_F(Erasing, IsRefusedForWhatIsNotDeletedOrNeverWas) {
  MakeVenue();
  MakeContact("c");
  EXPECT_EQ(Erase("c").error().kind, Kind::kExists);
  EXPECT_EQ(Erase("none").error().kind, Kind::kMissing);
}

TEST_F(Erasing, StopsWhereThePurgeHasBeen) {
  MakeVenue();
  MakeContact("c");
  constexpr Milliseconds kRetention{86'400'000};
  clock_.Advance(kRetention + Milliseconds(1));
  ASSERT_TRUE(Apply(EventType::kContactDeleted, "c", 1));
  while (*Do(store_->Purge(clock_.Now() - kRetention, clock_.Now(), 100)) > 0) {
  }
  EXPECT_EQ(Erase("c"), 1);
}

}  // namespace
}  // namespace shakehook
