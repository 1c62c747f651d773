// The suite's part about much that is owed: long lists, batches for many webhooks, and discards that are more than one
// commit's work.

#include <algorithm>
#include <set>

#include "store/conformance/store_conformance_fixture.h"

namespace shakehook {
namespace {

class MuchOwed : public StoreConformance {
 protected:
  static constexpr int kMany = 2'500;

  // Fails all commits after the one that tells of a cancelation.
  class FailsAfterCancelation final : public CommitListener {
   public:
    explicit FailsAfterCancelation(bool& fails) : fails_(fails) {}
    void OnCommit(const Commit& commit) override { fails_ = fails_ || !commit.canceled.empty(); }

   private:
    bool& fails_;
  };

  Stored<Done> ApplyBatch(const std::string& prefix, int count) {
    std::vector<ResourceChange> changes;
    for (int i = 0; i < count; ++i) {
      changes.push_back(Change(EventType::kContactCreated, prefix + std::to_string(i), 0));
    }
    return Do(store_->Apply(std::move(changes), {}));
  }
  void Owe(int count) {
    for (int made = 0; made < count; made += 500) {
      ASSERT_TRUE(ApplyBatch("c" + std::to_string(batches_++) + "-", std::min(500, count - made)));
    }
  }
  // All that a webhook is owed and that was never tried, in order.
  std::vector<OwedDelivery> AllFresh(const SharedWebhook& webhook) {
    std::vector<OwedDelivery> all;
    for (Position after;;) {
      const OwedPage page = Fresh(webhook, 97, after);
      for (const OwedDelivery& owed : page.deliveries) {
        EXPECT_GT(owed.key.position, after);
        after = owed.key.position;
        all.push_back(owed);
      }
      if (!page.more) return all;
    }
  }
  std::vector<Delivery> ListAll(DeliveryQuery query) {
    std::vector<Delivery> all;
    for (;;) {
      const auto page = List(query);
      all.insert(all.end(), page.begin(), page.end());
      if (page.size() < query.limit) return all;
      query.before = page.back().key;
    }
  }
  std::size_t Count(const SharedWebhook& webhook, DeliveryStatus status) {
    return ListAll({.webhooks = {{webhook->number}}, .statuses = DeliveryStatuses::Of({status}), .limit = 200}).size();
  }

  FailsAfterCancelation stops_{fail_commits_};
  int batches_ = 0;
};

TEST_F(MuchOwed, IsHandedOutInOrderHoweverItIsAnswered) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  Owe(kMany);
  std::vector<OwedDelivery> owed = AllFresh(webhook);
  ASSERT_EQ(owed.size(), static_cast<std::size_t>(kMany));
  std::vector<AttemptResult> results;
  std::set<Position> left;
  for (std::size_t i = 0; i < owed.size(); ++i) {
    if (i % 3 == 0) {
      results.push_back(Result(owed[i], Verdict::kDelivered));
    } else if (i % 100 == 1) {
      results.push_back(Result(owed[i], Verdict::kRetry));
    } else {
      left.insert(owed[i].key.position);
    }
  }
  std::ranges::reverse(results);
  ASSERT_TRUE(Do(store_->Record({}, results)));
  for (int run = 0; run < 2; ++run) {
    std::set<Position> fresh;
    for (const OwedDelivery& each : AllFresh(webhook)) fresh.insert(each.key.position);
    EXPECT_EQ(fresh, left);
    EXPECT_EQ(Count(webhook, DeliveryStatus::kDelivered), 834u);
    EXPECT_EQ(Count(webhook, DeliveryStatus::kPending), static_cast<std::size_t>(kMany) - 834);
    EXPECT_EQ(Health(webhook).pending, kMany - 834);
    EXPECT_EQ(Do(store_->ListOwed())->size(), 1u);
    Reopen();
  }
  const Delivery one = Detail(owed[2].id).delivery;
  EXPECT_EQ(one.id, owed[2].id);
  EXPECT_EQ(one.status, DeliveryStatus::kPending);
  EXPECT_EQ(one.attempt_count, 0);
  EXPECT_EQ(one.next_attempt_at, one.created_at);
}

TEST_F(MuchOwed, IsListedWithTheTimeOfTheOldestThatIsOwed) {
  MakeVenue();
  const auto first = MakeWebhook();
  const auto second = MakeWebhook();
  EXPECT_TRUE(Do(store_->ListOwedSince({}, 10))->empty());
  ASSERT_TRUE(ApplyBatch("early", 2));
  clock_.Advance(Milliseconds(60'000));
  ASSERT_TRUE(ApplyBatch("late", 2));
  const auto owed = AllFresh(first);
  ASSERT_EQ(owed.size(), 4u);
  const Timestamp early = owed[0].created_at;
  const Timestamp late = owed[2].created_at;
  ASSERT_GE(late, early + Milliseconds(60'000));
  ASSERT_TRUE(Do(store_->Record({}, {Result(owed[0], Verdict::kDelivered), Result(owed[1], Verdict::kRetry)})));
  using List = std::vector<OwedSinceWhen>;
  EXPECT_EQ(*Do(store_->ListOwedSince({}, 10)), (List{{first->number, early}, {second->number, early}}));
  ASSERT_TRUE(Do(store_->Record({}, {Result(owed[1], Verdict::kDelivered)})));
  EXPECT_EQ(*Do(store_->ListOwedSince({}, 1)), (List{{first->number, late}}));
  EXPECT_EQ(*Do(store_->ListOwedSince(first->number, 10)), (List{{second->number, early}}));
}

TEST_F(MuchOwed, OfARefusedBatchNothingIsOwed) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  MakeContact("there");
  std::vector<ResourceChange> changes;
  for (int i = 0; i < 600; ++i) {
    changes.push_back(Change(EventType::kContactCreated, i == 599 ? "there" : "c" + std::to_string(i), 0));
  }
  const auto refused = Do(store_->Apply(std::move(changes), {}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().index, 599u);
  EXPECT_EQ(AllFresh(webhook).size(), 1u);
  EXPECT_EQ(Health(webhook).pending, 1);
  EXPECT_EQ(hearer_.owed.size(), 1u);
}

TEST_F(MuchOwed, OfABatchForManyWebhooksListenersAreToldABoundedPart) {
  MakeVenue();
  std::vector<SharedWebhook> webhooks;
  for (int i = 0; i < 40; ++i) webhooks.push_back(MakeWebhook());
  ASSERT_TRUE(ApplyBatch("c", 500));
  EXPECT_LT(hearer_.owed.size(), 20'000u);
  EXPECT_EQ(hearer_.owed_more.size(), 40u);
  std::map<WebhookNumber, std::size_t> told;
  for (const OwedDelivery& owed : hearer_.owed) ++told[owed.key.webhook];
  for (const SharedWebhook& webhook : webhooks) {
    const auto fresh = AllFresh(webhook);
    EXPECT_EQ(fresh.size(), 500u);
    // Listeners are told the oldest of it.
    for (std::size_t i = 0; i < told[webhook->number]; ++i) {
      const bool is_told = std::ranges::any_of(
          hearer_.owed, [&](const OwedDelivery& owed) { return owed.key == fresh[i].key && owed.id == fresh[i].id; });
      ASSERT_TRUE(is_told);
    }
    EXPECT_EQ(Health(webhook).pending, 500);
  }
}

TEST_F(MuchOwed, OfADiscardListenersAreToldHowFarItReaches) {
  MakeVenue();
  const auto webhook = MakeWebhook();
  MakeContact("before");
  const Position before = LastOwed().key.position;
  EXPECT_EQ(*Do(store_->Discard(webhook->number, clock_.Now(), {})), 1);
  MakeContact("after");
  ASSERT_EQ(hearer_.canceled.size(), 1u);
  EXPECT_GE(hearer_.canceled[0].until, before);
  EXPECT_LT(hearer_.canceled[0].until, LastOwed().key.position);
}

TEST_F(MuchOwed, IsDiscardedAtOnceThoughItsRecordsFollow) {
  store_->AddListener(stops_);
  MakeVenue();
  const auto webhook = MakeWebhook();
  Owe(kMany);
  const auto owed = AllFresh(webhook);
  ASSERT_TRUE(Do(store_->Record({}, {Result(owed[0], Verdict::kRetry), Result(owed[kMany - 1], Verdict::kRetry)})));

  // Only the first commit of it comes about.
  EXPECT_EQ(*Do(store_->Discard(webhook->number, clock_.Now(), {})), kMany);
  ASSERT_TRUE(fail_commits_);
  for (int run = 0; run < 2; ++run) {
    EXPECT_EQ(Count(webhook, DeliveryStatus::kPending), 0u);
    EXPECT_EQ(Count(webhook, DeliveryStatus::kCanceled), static_cast<std::size_t>(kMany));
    EXPECT_EQ(ListAll({.statuses = DeliveryStatuses::Of({DeliveryStatus::kCanceled}), .limit = 200}).size(),
              static_cast<std::size_t>(kMany));
    EXPECT_EQ(Health(webhook).pending, 0);
    EXPECT_TRUE(Fresh(webhook).deliveries.empty());
    clock_.Advance(Milliseconds(10'000));
    EXPECT_TRUE(DueNow(webhook).deliveries.empty());
    EXPECT_EQ(Do(store_->GetOwed(webhook->number))->retrying, 0);
    for (const std::size_t i : {0, 1, kMany / 2, kMany - 1}) {
      EXPECT_EQ(Status(owed[i].id), DeliveryStatus::kCanceled);
      EXPECT_FALSE(Detail(owed[i].id).delivery.next_attempt_at);
    }
    fail_commits_ = false;
    Reopen();
  }
  // Deliveries made from now on are owed.
  Owe(1);
  EXPECT_EQ(Fresh(webhook).deliveries.size(), 1u);
  EXPECT_EQ(Health(webhook).pending, 1);
  // A result that comes late counts; a person's redelivery does too.
  Record(owed[kMany - 2], Verdict::kDelivered);
  EXPECT_EQ(Status(owed[kMany - 2].id), DeliveryStatus::kDelivered);
  Record(owed[kMany - 3], Verdict::kRetry);
  EXPECT_EQ(Status(owed[kMany - 3].id), DeliveryStatus::kCanceled);
  ASSERT_TRUE(Do(store_->Redeliver(owed[kMany - 1].id, clock_.Now(), {})));
  EXPECT_EQ(Status(owed[kMany - 1].id), DeliveryStatus::kPending);
  EXPECT_EQ(Health(webhook).pending, 2);
  EXPECT_EQ(Count(webhook, DeliveryStatus::kCanceled), static_cast<std::size_t>(kMany) - 2);
  EXPECT_EQ(Do(store_->GetStatistics({webhook->number}, clock_.Now() - Milliseconds(86'400'000),
                                     clock_.Now() + Milliseconds(86'400'000)))
                ->at(0)
                .back()
                .statistics.counts.canceled,
            kMany);
}

TEST_F(MuchOwed, IsCountedRightByAReplayRightAfterADiscard) {
  store_->AddListener(stops_);
  MakeVenue();
  const auto webhook = MakeWebhook();
  Owe(kMany);
  EXPECT_EQ(*Do(store_->Discard(webhook->number, clock_.Now(), {})), kMany);
  fail_commits_ = false;
  const ReplayFilter canceled{.statuses = DeliveryStatuses::Of({DeliveryStatus::kCanceled})};
  EXPECT_EQ(*Do(store_->CountReplay(webhook->number, canceled)), kMany);
  EXPECT_EQ(Count(webhook, DeliveryStatus::kCanceled), static_cast<std::size_t>(kMany));
}

TEST_F(MuchOwed, OfADeletedWebhookIsCanceledThoughItsRecordsFollow) {
  store_->AddListener(stops_);
  MakeVenue();
  const auto webhook = MakeWebhook();
  Owe(kMany);
  const auto owed = AllFresh(webhook);
  ASSERT_TRUE(Do(store_->Record({}, {Result(owed[5], Verdict::kRetry)})));
  ASSERT_TRUE(Do(store_->SaveConfig({ConfigChange::Delete<WebhookId>{webhook->id, {}}}, {})));
  ASSERT_TRUE(fail_commits_);
  for (int run = 0; run < 2; ++run) {
    EXPECT_EQ(Count(webhook, DeliveryStatus::kPending), 0u);
    EXPECT_EQ(Count(webhook, DeliveryStatus::kCanceled), static_cast<std::size_t>(kMany));
    EXPECT_EQ(Status(owed.back().id), DeliveryStatus::kCanceled);
    fail_commits_ = false;
    Reopen();
  }
  // The purge writes what is left, though it drops nothing yet.
  const auto purge = [&] { return *Do(store_->Purge(Timestamp(), Timestamp(), 1'000)); };
  int steps = 0;
  while (purge() > 0) ASSERT_LT(++steps, 10);
  EXPECT_GT(steps, 0);
  EXPECT_EQ(Count(webhook, DeliveryStatus::kCanceled), static_cast<std::size_t>(kMany));
  EXPECT_TRUE(Do(store_->ListOwed())->empty());
}

TEST_F(MuchOwed, OfAStrictWebhookIsReadInPagesThatEnd) {
  MakeVenue();
  const auto webhook = MakeWebhook(Scope::Of(VenueId{"v"}), Ordering::kStrict);
  MakeContact("stuck");
  const OwedDelivery first = LastOwed();
  for (int version = 1; version <= 300; ++version) {
    ASSERT_TRUE(Apply(EventType::kContactUpdated, "stuck", version));
  }
  MakeContact("other");
  Record(first, Verdict::kRetry);
  const OwedPage page = Fresh(webhook);
  ASSERT_EQ(page.deliveries.size(), 1u);
  EXPECT_EQ(page.deliveries[0].event->resource_id.text, "other");
  EXPECT_EQ(page.until, page.deliveries[0].key.position);
  EXPECT_FALSE(page.more);
}

}  // namespace
}  // namespace shakehook
