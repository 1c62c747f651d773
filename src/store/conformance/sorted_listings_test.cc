// Lists of many venues' resources in one order, in every Store.

#include <map>

#include "store/conformance/store_conformance_fixture.h"

namespace shakehook {
namespace {

class SortedListings : public StoreConformance {
 protected:
  SortedListings() {
    MakeVenue();
    MakeVenueOf("w");
    MakeVenueOf("other");
  }
  void MakeVenueOf(const std::string& id) {
    ASSERT_TRUE(Do(store_->SaveConfig(
        {ConfigChange::Put<Venue>{{.id = {id}, .name = id, .venues_group_id = VenuesGroupId{"g"}}, 0}}, {})));
  }

  struct Person {
    std::string id, name, email = {};
    std::string venue = "v";
    std::int64_t version = 0;
  };
  Stored<Done> Put(const Person& person) {
    auto change = InVenue(person.venue, Change(person.version ? EventType::kContactUpdated : EventType::kContactCreated,
                                               person.id, person.version));
    change.name = change.search = person.name;
    change.email = person.email;
    change.created_at = made_.emplace(person.id, clock_.Now()).first->second;
    return Do(store_->Apply({change}, {}));
  }

  std::vector<SortedResource> Sorted(SortedResourceQuery query) {
    query.kind = ResourceKind::kContact;
    if (query.venues.empty()) query.venues = {{"v"}, {"w"}};
    return *Do(store_->ListSortedResources(std::move(query)));
  }
  static std::string Ids(const std::vector<SortedResource>& listed) {
    std::string ids;
    for (const SortedResource& each : listed) ids += (ids.empty() ? "" : " ") + each.resource.id.text;
    return ids;
  }
  std::map<std::string, Timestamp> made_;

  // The same list, read in pages.
  std::string Paged(SortedResourceQuery query, std::size_t limit) {
    std::vector<SortedResource> all;
    query.limit = limit;
    for (;;) {
      auto page = Sorted(query);
      all.insert(all.end(), page.begin(), page.end());
      if (page.size() < limit) return Ids(all);
      query.after = page.back().place;
    }
  }
};

constexpr auto kUp = SortDirection::kAscending;

TEST_F(SortedListings, ListsSeveralVenuesInOneOrder) {
  ASSERT_TRUE(Put({"c1", "dupont", "d@x", "v"}));
  ASSERT_TRUE(Put({"c2", "auber", "", "w"}));
  ASSERT_TRUE(Put({"c3", "martin", "a@x", "v"}));
  ASSERT_TRUE(Put({"c4", "bernard", "", "v"}));
  ASSERT_TRUE(Put({"c5", "zola", "b@x", "w"}));
  ASSERT_TRUE(Put({"c6", "hidden", "c@x", "other"}));
  ASSERT_TRUE(Put({"c1", "dupont", "d@x", "v", 1}));
  const auto both = [this](ResourceSort sort, const std::string& up, const std::string& down) {
    for (std::size_t limit : {1u, 2u, 3u, 50u}) {
      EXPECT_EQ(Paged({.sort = sort, .direction = kUp}, limit), up) << limit;
      EXPECT_EQ(Paged({.sort = sort}, limit), down) << limit;
    }
  };
  both(ResourceSort::kName, "c2 c4 c1 c3 c5", "c5 c3 c1 c4 c2");
  both(ResourceSort::kCreatedAt, "c1 c2 c3 c4 c5", "c5 c4 c3 c2 c1");
  both(ResourceSort::kUpdatedAt, "c2 c3 c4 c5 c1", "c1 c5 c4 c3 c2");
  both(ResourceSort::kEmail, "c3 c5 c1 c2 c4", "c1 c5 c3 c4 c2");
  EXPECT_EQ(Paged({.venues = {{"w"}}, .sort = ResourceSort::kName}, 1), "c5 c2");
  EXPECT_EQ(Sorted({.venues = {{"gone"}}}).size(), 0u);
}

TEST_F(SortedListings, SaysWhereEachStandsAndWhatIsStored) {
  ASSERT_TRUE(Put({"c1", "dupont", "d@x", "w"}));
  const auto listed = Sorted({.sort = ResourceSort::kName});
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].place.venue_id.text, "w");
  EXPECT_EQ(listed[0].place.text, "dupont");
  EXPECT_EQ(listed[0].resource.data, R"({"id":"c1"})");
  EXPECT_EQ(listed[0].resource.last_timestamp, clock_.Now());
}

TEST_F(SortedListings, GoesOnAfterOneThatWasDeletedMeanwhile) {
  for (const char* id : {"c1", "c2", "c3"}) ASSERT_TRUE(Put({id, "same"}));
  const auto first = Sorted({.sort = ResourceSort::kName, .direction = kUp, .limit = 2});
  ASSERT_TRUE(Apply(EventType::kContactDeleted, "c2", 1));
  EXPECT_EQ(Ids(Sorted({.sort = ResourceSort::kName, .direction = kUp, .after = first[1].place})), "c3");
  EXPECT_EQ(Ids(Sorted({.sort = ResourceSort::kName, .direction = kUp})), "c1 c3");
}

TEST_F(SortedListings, FollowARenamedADeletedAndARemadeRecord) {
  ASSERT_TRUE(Put({"c1", "a"}));
  ASSERT_TRUE(Put({"c2", "b"}));
  ASSERT_TRUE(Put({"c1", "z", "", "v", 1}));
  EXPECT_EQ(Ids(Sorted({.sort = ResourceSort::kName, .direction = kUp})), "c2 c1");
  EXPECT_EQ(Ids(Sorted({.sort = ResourceSort::kCreatedAt, .direction = kUp})), "c1 c2");
  ASSERT_TRUE(Apply(EventType::kContactDeleted, "c1", 2));
  for (const ResourceSort sort :
       {ResourceSort::kName, ResourceSort::kCreatedAt, ResourceSort::kUpdatedAt, ResourceSort::kEmail}) {
    EXPECT_EQ(Ids(Sorted({.sort = sort})), "c2");
  }
  made_.erase("c1");
  ASSERT_TRUE(Put({"c1", "a", "", "v", 3}));
  EXPECT_EQ(Ids(Sorted({.sort = ResourceSort::kName, .direction = kUp})), "c1 c2");
  EXPECT_EQ(Ids(Sorted({.sort = ResourceSort::kCreatedAt, .direction = kUp})), "c2 c1");
}

TEST_F(SortedListings, DoNotShowWhatEventsWereOnlyAnnouncedOf) {
  ASSERT_TRUE(Do(store_->Publish(MakeEvent(EventType::kContactCreated, "told"),
                                 store_->config_cache().RevisionOf({"v"}), Switch::kOn, {})));
  for (const ResourceSort sort :
       {ResourceSort::kName, ResourceSort::kCreatedAt, ResourceSort::kUpdatedAt, ResourceSort::kEmail}) {
    EXPECT_EQ(Ids(Sorted({.sort = sort})), "");
  }
}

TEST_F(SortedListings, FindWhatIsRareAmongMoreThanOneReadLooksAt) {
  constexpr int kMany = 10'500;
  std::vector<ResourceChange> changes;
  for (int i = 0; i < kMany; ++i) {
    changes.push_back(Change(EventType::kContactCreated, "c" + std::to_string(i), 0));
    changes.back().created_at = clock_.Now();
    changes.back().name = changes.back().search = i % 5'000 == 4'999 ? "rare" : "usual";
  }
  ASSERT_TRUE(Do(store_->Apply(std::move(changes), {})));
  EXPECT_EQ(Ids(Sorted({.search = SearchQuery("rare")})), "c9999 c4999");
  EXPECT_EQ(Ids(Sorted({.search = SearchQuery("rare"), .direction = kUp, .limit = 1})), "c4999");
  EXPECT_EQ(Paged({.search = SearchQuery("rare"), .sort = ResourceSort::kName}, 1), "c9999 c4999");
}

}  // namespace
}  // namespace shakehook
