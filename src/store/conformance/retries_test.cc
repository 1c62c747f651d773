// Retries in every Store: what waits for one is made due by a person who does not wait.

#include <algorithm>

#include "store/conformance/store_conformance_fixture.h"

namespace shakehook {
namespace {

class Retries : public StoreConformance {
 protected:
  Retries() { MakeVenue(); }

  // Makes `count` contacts, whose deliveries to the one webhook fail and wait ten seconds.
  void MakeWaiting(int count) {
    std::vector<AttemptResult> results;
    for (int i = 0; i < count; ++i) {
      MakeContact("c" + std::to_string(made_++));
      results.push_back(Result(LastOwed(), Verdict::kRetry));
      if (results.size() == 500 || i + 1 == count) ASSERT_TRUE(Do(store_->Record({}, std::exchange(results, {}))));
    }
  }
  std::int64_t MakeDue(const SharedWebhook& webhook) {
    return *Do(store_->MakeRetriesDue(webhook->number, clock_.Now()));
  }
  std::vector<OwedDelivery> Due(const SharedWebhook& webhook) {
    return Do(store_->TakeDue({}, webhook->number, clock_.Now(), WhichDue::kAll, {.deliveries = 10'000}))->deliveries;
  }
  AuditEntry Entry() {
    return {.id = Uuid::MakeV7(clock_.Now(), random_),
            .at = clock_.Now(),
            .actor = {.name = "Ada"},
            .action = AuditAction::kWebhookSentNow};
  }

  int made_ = 0;
};

TEST_F(Retries, AreDueAtOnceInTheOrderOfTheirEventsAndNothingElseChanges) {
  const auto webhook = MakeWebhook();
  MakeWaiting(3);
  const OwedDelivery last = LastOwed();
  MakeContact("never tried");
  EXPECT_TRUE(Due(webhook).empty());
  hearer_.due.clear();
  EXPECT_EQ(MakeDue(webhook), 3);
  ASSERT_EQ(hearer_.due.size(), 1u);
  EXPECT_EQ(hearer_.due[0].webhook->number, webhook->number);
  EXPECT_EQ(hearer_.due[0].at, clock_.Now());

  const auto due = Due(webhook);
  ASSERT_EQ(due.size(), 3u);
  EXPECT_TRUE(std::ranges::is_sorted(due, {}, [](const OwedDelivery& each) { return each.key.position; }));
  EXPECT_EQ(due[2].id, last.id);
  EXPECT_EQ(due[2].event->payload, last.event->payload);
  EXPECT_EQ(due[2].trigger, AttemptTrigger::kAutomatic);
  EXPECT_EQ(due[2].attempts_made, 1);
  EXPECT_EQ(due[2].retries_made, 0);  // as before its first retry: the schedule has as many left
  EXPECT_EQ(Detail(last.id).delivery.next_attempt_at, clock_.Now());
  EXPECT_EQ(Health(webhook).pending, 4);
  EXPECT_EQ(Fresh(webhook).deliveries.size(), 1u);
}

TEST_F(Retries, ThatAreDueAlreadyStayAsTheyAreSoThatARepetitionDoesNothing) {
  const auto webhook = MakeWebhook();
  MakeWaiting(2);
  EXPECT_EQ(MakeDue(webhook), 2);
  const Timestamp due = *Due(webhook)[0].due;
  clock_.Advance(Milliseconds(5));
  const int commits = hearer_.commits;
  EXPECT_EQ(MakeDue(webhook), 0);
  EXPECT_EQ(Due(webhook)[0].due, due);
  EXPECT_EQ(hearer_.commits, commits);
  const auto nobody = MakeWebhook();
  EXPECT_EQ(MakeDue(nobody), 0);
}

TEST_F(Retries, AreMadeDueOfOneWebhookOnly) {
  const auto one = MakeWebhook();
  MakeWaiting(2);
  const auto other = MakeWebhook();
  MakeContact("x");
  Record(LastOwed(), Verdict::kRetry);
  EXPECT_EQ(MakeDue(other), 1);
  EXPECT_TRUE(Due(one).empty());
  EXPECT_EQ(Due(other).size(), 1u);
}

TEST_F(Retries, OfManyAreMadeDueInStepsAndSurviveAFailureHalfway) {
  const auto webhook = MakeWebhook();
  constexpr int kMany = 2'300;
  MakeWaiting(kMany);
  int left = 1;  // commits that succeed
  class Fails final : public CommitListener {
   public:
    Fails(int& left, bool& fails) : left_(left), fails_(fails) {}
    void OnCommit(const Commit& commit) override { fails_ = fails_ || (!commit.due.empty() && --left_ == 0); }

   private:
    int& left_;
    bool& fails_;
  } fails(left, fail_commits_);
  store_->AddListener(fails);
  hearer_.due.clear();
  const auto refused = Do(store_->MakeRetriesDue(webhook->number, clock_.Now(), Entry()));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, Kind::kUnavailable);
  fail_commits_ = false;
  const std::size_t before = Due(webhook).size();
  EXPECT_GT(before, 0u);
  EXPECT_LT(before, static_cast<std::size_t>(kMany));
  EXPECT_EQ(MakeDue(webhook), kMany - static_cast<std::int64_t>(before));
  EXPECT_EQ(Due(webhook).size(), static_cast<std::size_t>(kMany));
  EXPECT_GE(hearer_.due.size(), 3u);
  Reopen();
  EXPECT_EQ(Due(webhook).size(), static_cast<std::size_t>(kMany));
}

TEST_F(Retries, ThatFailWhileOthersAreMadeDueKeepTheirTime) {
  const auto webhook = MakeWebhook();
  MakeWaiting(1'500);
  // The first delivery that became due fails again before the second step.
  class FailsAgain final : public CommitListener {
   public:
    explicit FailsAgain(std::function<void()> run) : run_(std::move(run)) {}
    void OnCommit(const Commit& commit) override {
      if (!commit.due.empty()) std::exchange(run_, [] {})();
    }

   private:
    std::function<void()> run_;
  };
  bool recorded = false;
  FailsAgain fails([&] {
    const auto record = [](Store& store, AttemptResult result, bool& done) -> Async<> {
      EXPECT_TRUE(co_await store.Record({}, {std::move(result)}));
      done = true;
    };
    loop_->Post([this, webhook, record, &recorded] {
      AttemptResult result = Result(Due(webhook).front(), Verdict::kRetry);
      loop_->Spawn(record(*store_, std::move(result), recorded));
    });
  });
  store_->AddListener(fails);
  EXPECT_EQ(MakeDue(webhook), 1'500);
  while (!recorded && GoesOn()) {
  }
  EXPECT_EQ(Due(webhook).size(), 1'499u);
}

TEST_F(Retries, BehindWhichAStrictWebhookWaitsGoFirstStill) {
  const auto webhook = MakeWebhook(Scope::Of(VenueId{"v"}), Ordering::kStrict);
  MakeContact("c");
  Record(LastOwed(), Verdict::kRetry);
  ASSERT_TRUE(Apply(EventType::kContactUpdated, "c", 1));
  EXPECT_EQ(MakeDue(webhook), 1);
  EXPECT_TRUE(Fresh(webhook).deliveries.empty());
  const auto due = Due(webhook);
  ASSERT_EQ(due.size(), 1u);
  Record(due[0], Verdict::kDelivered);
  EXPECT_EQ(Fresh(webhook).deliveries.size(), 1u);
}

TEST_F(Retries, OfADisabledWebhookAreDueWhenItIsEnabled) {
  const auto webhook = MakeWebhook();
  MakeWaiting(2);
  Edit(webhook, [](Webhook& edited) { edited.enabled = Switch::kOff; });
  EXPECT_EQ(MakeDue(webhook), 2);
  EXPECT_TRUE(DueNow(webhook, WhichDue::kByHand).deliveries.empty());
  EXPECT_EQ(Due(webhook).size(), 2u);
}

TEST_F(Retries, ThatWereDiscardedStayCanceled) {
  const auto webhook = MakeWebhook();
  MakeWaiting(2);
  const DeliveryId id = LastOwed().id;
  ASSERT_TRUE(Do(store_->Discard(webhook->number, clock_.Now(), {})));
  EXPECT_EQ(MakeDue(webhook), 0);
  EXPECT_EQ(Status(id), DeliveryStatus::kCanceled);
}

TEST_F(Retries, AreAccountedForOnceAndOnlyWhereAnyBecameDue) {
  const auto webhook = MakeWebhook();
  MakeWaiting(1'200);
  ASSERT_EQ(*Do(store_->MakeRetriesDue(webhook->number, clock_.Now(), Entry())), 1'200);
  ASSERT_EQ(*Do(store_->MakeRetriesDue(webhook->number, clock_.Now(), Entry())), 0);
  const auto audit = Do(store_->ListAudit({.limit = 10}));
  ASSERT_TRUE(audit);
  EXPECT_EQ(std::ranges::count_if(
                *audit, [](const ListedAuditEntry& each) { return each.entry.action == AuditAction::kWebhookSentNow; }),
            1);
}

TEST_F(Retries, OfAWebhookThatDoesNotExistAreRefused) {
  const auto webhook = MakeWebhook();
  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Delete<WebhookId>{webhook->id, 1}}, {})));
  const auto refused = Do(store_->MakeRetriesDue(webhook->number, clock_.Now()));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, Kind::kMissing);
}

}  // namespace
}  // namespace shakehook
