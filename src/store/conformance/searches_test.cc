// Searches among so many records that a walk through all of them is not done in one read: the index takes part, where
// the store has one.
#include <map>
#include <set>

#include "store/conformance/store_conformance_fixture.h"

namespace shakehook {
namespace {

class Searches : public StoreConformance {
 protected:
  static constexpr int kContacts = 11'000;  // in each venue

  void MakeContacts() {
    MakeVenue();
    ASSERT_TRUE(Do(store_->SaveConfig(
        {ConfigChange::Put<Venue>{{.id = {"w"}, .name = "W", .venues_group_id = VenuesGroupId{"g"}}, 0}}, {})));
    for (const char* const venue : {"v", "w"}) {
      for (int i = 0; i < kContacts;) {
        std::vector<ResourceChange> changes;
        for (; changes.size() < 1'000 && i < kContacts; ++i) {
          changes.push_back(Contact(venue, i, i % 1'000 == 7 ? "rare" : "usual", 0));
        }
        ASSERT_TRUE(Do(store_->Apply(std::move(changes), {})));
      }
    }
  }
  ResourceChange Contact(const std::string& venue, int i, const std::string& word, std::int64_t version) {
    auto change = InVenue(venue, Change(version == 0 ? EventType::kContactCreated : EventType::kContactUpdated,
                                        "c" + std::to_string(i), version));
    change.search = word + " number" + std::to_string(i);
    change.name = std::to_string(i * 7919 % 10'007);
    change.created_at = change.event->timestamp;
    return change;
  }
  void Rename(const std::string& venue, int i, const std::string& word, std::int64_t version) {
    ASSERT_TRUE(Do(store_->Apply({Contact(venue, i, word, version)}, {})));
  }

  // All pages, in the order of the list.
  std::vector<std::string> Find(const char* text, ResourceSort sort) {
    SortedResourceQuery query{.venues = {{"v"}, {"w"}},
                              .kind = ResourceKind::kContact,
                              .search = SearchQuery(text),
                              .sort = sort,
                              .limit = 5};
    std::vector<std::string> all;
    for (;;) {
      const auto page = *Do(store_->ListSortedResources(query));
      for (const SortedResource& each : page) all.push_back(each.place.venue_id.text + "/" + each.place.id.text);
      if (page.size() < query.limit) return all;
      query.after = page.back().place;
    }
  }
  std::size_t CountById(const char* text, const char* venue) {
    ResourceQuery query{.venue_id = {venue}, .kind = ResourceKind::kContact, .search = SearchQuery(text), .limit = 4};
    std::size_t count = 0;
    for (;;) {
      const auto page = *Do(store_->ListResources(query));
      count += page.size();
      if (page.size() < query.limit) return count;
      query.after = page.back().id.text;
    }
  }
  void ExpectFound(const char* text, std::size_t in_v, std::size_t in_w) {
    SCOPED_TRACE(text);
    for (const auto sort : {ResourceSort::kName, ResourceSort::kCreatedAt, ResourceSort::kUpdatedAt}) {
      const auto found = Find(text, sort);
      EXPECT_EQ(found.size(), in_v + in_w);
      EXPECT_EQ(std::set(found.begin(), found.end()).size(), found.size());
    }
    EXPECT_EQ(CountById(text, "v"), in_v);
    EXPECT_EQ(CountById(text, "w"), in_w);
  }
};

TEST_F(Searches, OfManyRecordsFindThoseThatWereChangedDeletedAndMadeSince) {
  ASSERT_NO_FATAL_FAILURE(MakeContacts());
  ExpectFound("rare", 11, 11);
  ExpectFound("none at all", 0, 0);
  Rename("v", 7, "usual", 1);
  Rename("v", 8, "rare", 1);
  Rename("w", 9, "rare", 1);
  ExpectFound("rare", 11, 12);
  ASSERT_TRUE(Do(store_->Apply({InVenue("w", Change(EventType::kContactDeleted, "c9", 2))}, {})));
  ASSERT_TRUE(Do(store_->Apply({InVenue("w", Change(EventType::kContactDeleted, "c1007", 1))}, {})));
  ExpectFound("rare", 11, 10);
  ASSERT_NO_FATAL_FAILURE(Reopen());
  ExpectFound("rare", 11, 10);
  Rename("w", 9, "rare", 3);
  ExpectFound("rare", 11, 11);
  // However often, so that the index has taken all of it.
  for (std::int64_t version = 2; version < 60; ++version) Rename("v", 8, version % 2 == 0 ? "usual" : "rare", version);
  ExpectFound("rare", 11, 11);
}

TEST_F(Searches, OfManyRecordsKeepTheOrderOfTheList) {
  ASSERT_NO_FATAL_FAILURE(MakeContacts());
  const auto newest = Find("rare", ResourceSort::kCreatedAt);
  ASSERT_EQ(newest.size(), 22u);
  EXPECT_EQ(newest.front(), "w/c10007");
  EXPECT_EQ(newest.back(), "v/c7");
  std::multimap<std::string, std::string> by_name;
  for (int i = 7; i < kContacts; i += 1'000) {
    by_name.emplace(std::to_string(i * 7919 % 10'007), "c" + std::to_string(i));
  }
  auto names = Find("rare", ResourceSort::kName);  // the fixture's direction is the last first
  ASSERT_EQ(names.size(), 22u);
  std::size_t at = 0;
  for (auto each = by_name.rbegin(); each != by_name.rend(); ++each, at += 2) {
    EXPECT_EQ(names[at].substr(2), each->second);
    EXPECT_EQ(names[at + 1].substr(2), each->second);
  }
}

}  // namespace
}  // namespace shakehook
