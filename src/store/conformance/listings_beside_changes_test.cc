// Lists that take several reads, and changes that are committed between these: in a Store with one writer, where it is
// known what comes between which.

#include <algorithm>
#include <utility>

#include "store/conformance/store_conformance_fixture.h"

namespace shakehook {
namespace {

// More rows than one read looks at.
class LongListings : public StoreConformance {
 protected:
  static constexpr int kRecords = 21'000;
  static constexpr int kFits = 24;  // two of them are among the first ten thousand by id

  LongListings() {
    MakeVenue();
    std::vector<ResourceChange> changes;
    for (int i = 0; i < kRecords; ++i) {
      // Made in another order than by id.
      const int number = (i * 7'919) % kRecords;
      auto change = Change(EventType::kContactCreated, IdOf(number), 0);
      change.search = change.name = number >= 9'000 && number % 500 == 499 ? "rare" : "common";
      changes.push_back(std::move(change));
      if (changes.size() == 1'000) EXPECT_TRUE(Do(store_->Apply(std::exchange(changes, {}), {})));
    }
  }
  static std::string IdOf(int number) { return "c" + std::to_string(100'000 + number); }
  static std::string IdOfFit(int fit) { return IdOf(9'499 + fit * 500); }

  ResourceQuery Rare(std::string after, std::size_t limit) {
    return {.venue_id = {"v"},
            .kind = ResourceKind::kContact,
            .search = SearchQuery("Rare"),
            .after = std::move(after),
            .limit = limit};
  }
  SortedResourceQuery RareByName(std::size_t limit) {
    return {.venues = {{"v"}},
            .kind = ResourceKind::kContact,
            .search = SearchQuery("rare"),
            .sort = ResourceSort::kName,
            .direction = SortDirection::kAscending,
            .limit = limit};
  }
  // It was made early, and comes late by id.
  std::vector<ResourceChange> Deletion() { return {Change(EventType::kContactDeleted, IdOfFit(14), 1)}; }
  // The order by creation then has it in two places: the old one, and at the end.
  std::vector<ResourceChange> DeletionAndCreation() {
    std::vector<ResourceChange> changes = Deletion();
    changes.push_back(Change(EventType::kContactCreated, IdOfFit(14), 2));
    changes.back().search = changes.back().name = "rare";
    changes.back().created_at = clock_.Now();
    return changes;
  }
  // Runs between the reads of one list: after the first, and after the third, one write later.
  Async<Stored<Done>> Soon(std::vector<ResourceChange> changes) { return store_->Apply(std::move(changes), {}); }
  Async<Stored<Done>> Later(std::vector<ResourceChange> changes) {
    EXPECT_TRUE(co_await store_->Apply({Change(EventType::kContactCreated, "other", 0)}, {}));
    co_return co_await store_->Apply(std::move(changes), {});
  }
};

TEST_F(LongListings, BringTheFewThatFitByTheirIds) {
  for (const std::size_t limit : {3u, 9u, 20u, 50u}) {
    std::vector<std::string> ids;
    for (;;) {
      const auto page = *Do(store_->ListResources(Rare(ids.empty() ? "" : ids.back(), limit)));
      for (const StoredResource& resource : page) ids.push_back(resource.id.text);
      if (page.size() < limit) break;
    }
    ASSERT_EQ(ids.size(), static_cast<std::size_t>(kFits)) << limit;
    for (std::size_t i = 0; i < ids.size(); ++i) EXPECT_EQ(ids[i], IdOfFit(static_cast<int>(i))) << limit;
  }
}

TEST_F(LongListings, LeaveOutWhatIsDeletedWhileTheyAreRead) {
  const auto [listed, deleted] = DoTogether(store_->ListResources(Rare("", 50)), Later(Deletion()));
  ASSERT_TRUE(deleted);
  EXPECT_EQ(listed->size(), kFits - 1U);
  for (const StoredResource& resource : *listed) EXPECT_FALSE(resource.data.empty()) << resource.id.text;
}

// A caller that asks for one more than a page takes a short page for the last one.
TEST_F(LongListings, FillThePageWithWhatComesBehindWhatIsDeleted) {
  const auto [listed, deleted] = DoTogether(store_->ListResources(Rare("", 20)), Later(Deletion()));
  ASSERT_TRUE(deleted);
  ASSERT_EQ(listed->size(), 20U);
  EXPECT_TRUE(std::ranges::is_sorted(*listed, {}, &StoredResource::id));
  EXPECT_EQ(listed->back().id.text, IdOfFit(20));
}

TEST_F(LongListings, BringOnceWhatIsDeletedAndMadeAgain) {
  const auto [listed, made] = DoTogether(store_->ListResources(Rare("", 50)), Later(DeletionAndCreation()));
  ASSERT_TRUE(made);
  EXPECT_EQ(listed->size(), static_cast<std::size_t>(kFits));
}

TEST_F(LongListings, ByNameLeaveOutWhatIsDeletedWhileTheyAreRead) {
  const auto [listed, deleted] = DoTogether(store_->ListSortedResources(RareByName(50)), Soon(Deletion()));
  ASSERT_TRUE(deleted);
  EXPECT_EQ(listed->size(), kFits - 1U);
  for (const SortedResource& each : *listed) EXPECT_FALSE(each.resource.data.empty()) << each.resource.id.text;
}

TEST_F(LongListings, ByNameFillThePageWithWhatComesBehindWhatIsDeleted) {
  const auto [listed, deleted] = DoTogether(store_->ListSortedResources(RareByName(4)), Soon(Deletion()));
  ASSERT_TRUE(deleted);
  std::vector<std::string> ids;
  for (const SortedResource& each : *listed) ids.push_back(each.resource.id.text);
  // In the order in which they were made.
  EXPECT_EQ(ids, (std::vector{IdOfFit(6), IdOfFit(10), IdOfFit(18), IdOfFit(22)}));
}

TEST_F(LongListings, ByNameBringOnceWhatIsDeletedAndMadeAgain) {
  const auto [listed, made] = DoTogether(store_->ListSortedResources(RareByName(50)), Soon(DeletionAndCreation()));
  ASSERT_TRUE(made);
  EXPECT_EQ(listed->size(), static_cast<std::size_t>(kFits));
}

}  // namespace
}  // namespace shakehook
