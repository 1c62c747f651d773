#include "store/postgres/change_group.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/postgres/plans_fixture.h"
#include "store/postgres/postgres_stores_fixture.h"
#include "store/postgres/proxy_thread_fixture.h"

namespace shakehook::postgres {
namespace {

class Hearer final : public CommitListener {
 public:
  void OnCommit(const Commit& commit) override {
    ++commits;
    for (const auto& one : commit.owed) owed.push_back(one.delivery);
  }

  int commits = 0;
  std::vector<OwedDelivery> owed;
};

class ChangeGroups : public PostgresStores {};

TEST_F(ChangeGroups, CommitVerbsThatComeTogetherAtOnce) {
  const auto store = Open(kFirst);
  Hearer hearer;
  store->AddListener(hearer);
  const auto webhook = MakeVenue(*store);
  hearer = {};
  std::vector<Async<Stored<Done>>> verbs;
  for (int i = 0; i < 200; ++i) {
    verbs.push_back(store->Apply({Change(*store, EventType::kContactCreated, std::to_string(i), 0)}, {}));
  }
  for (const auto& result : DoAll(std::move(verbs))) EXPECT_TRUE(result);
  EXPECT_LT(hearer.commits, 20);
  EXPECT_EQ(hearer.owed.size(), 200u);
  const auto owed = Owed(*store, webhook);
  ASSERT_EQ(owed.size(), 200u);
  for (std::size_t i = 1; i < owed.size(); ++i) EXPECT_LT(owed[i - 1].key.position, owed[i].key.position);
  EXPECT_EQ(Do(store->GetHealth({webhook->number}, {}))->at(0).pending, 200);
}

TEST_F(ChangeGroups, LetEachVerbSeeThoseBeforeIt) {
  const auto store = Open(kFirst);
  const auto webhook = MakeVenue(*store);
  auto named = Change(*store, EventType::kContactCreated, "c", 0);
  named.account_id = "a";
  std::vector<Async<Stored<Done>>> verbs;
  verbs.push_back(store->Apply({Change(*store, EventType::kAccountCreated, "first", 0)}, {}));
  verbs.push_back(store->Apply({Change(*store, EventType::kAccountCreated, "a", 0)}, {}));
  verbs.push_back(store->Apply({named}, {}));
  verbs.push_back(store->Apply({Change(*store, EventType::kAccountDeleted, "a", 1)}, {}));
  verbs.push_back(store->Apply({Change(*store, EventType::kContactUpdated, "c", 1)}, {}));
  verbs.push_back(store->Apply({Change(*store, EventType::kContactUpdated, "c", 1)}, {}));
  verbs.push_back(store->Apply({Change(*store, EventType::kAccountDeleted, "a", 1)}, {}));
  const auto results = DoAll(std::move(verbs));
  EXPECT_TRUE(results[1]);
  EXPECT_TRUE(results[2]);
  EXPECT_EQ(results[3].error().kind, Refusal::Kind::kVersionConflict) << "a contact names it";
  EXPECT_TRUE(results[4]) << "it names no account any more";
  EXPECT_EQ(results[5].error().kind, Refusal::Kind::kVersionConflict);
  EXPECT_TRUE(results[6]);
  EXPECT_EQ(Get(*store, ResourceKind::kContact, "c")->version, 2);
  EXPECT_EQ(Get(*store, ResourceKind::kAccount, "a")->data, "");
  EXPECT_EQ(Owed(*store, webhook).size(), 5u);
}

TEST_F(ChangeGroups, TakeBackAllOfARefusedListAndNothingOfOthers) {
  const auto store = Open(kFirst);
  const auto webhook = MakeVenue(*store);
  ASSERT_TRUE(Apply(*store, Change(*store, EventType::kContactCreated, "old", 0)));
  std::vector<Async<Stored<Done>>> verbs;
  verbs.push_back(store->Apply({Change(*store, EventType::kContactCreated, "before", 0)}, {}));
  verbs.push_back(store->Apply(
      {Change(*store, EventType::kContactUpdated, "old", 1), Change(*store, EventType::kContactCreated, "new", 0),
       Change(*store, EventType::kContactUpdated, "new", 1), Change(*store, EventType::kContactUpdated, "missing", 1)},
      {}));
  verbs.push_back(store->Apply({Change(*store, EventType::kContactUpdated, "old", 1)}, {}));
  const auto results = DoAll(std::move(verbs));
  EXPECT_TRUE(results[0]);
  ASSERT_FALSE(results[1]);
  EXPECT_EQ(results[1].error().index, 3u);
  EXPECT_TRUE(results[2]) << "as if the list had never been";
  EXPECT_EQ(Get(*store, ResourceKind::kContact, "old")->version, 2);
  EXPECT_FALSE(Get(*store, ResourceKind::kContact, "new"));
  EXPECT_EQ(Owed(*store, webhook).size(), 3u);
}

TEST_F(ChangeGroups, GoBeyondABlockOfNumbers) {
  const auto store = Open(kFirst);
  const auto webhook = MakeVenue(*store);
  std::vector<ResourceChange> changes;
  for (int i = 0; i < 150; ++i) {
    changes.push_back(Change(*store, EventType::kContactCreated, std::to_string(i), 0));
  }
  ASSERT_TRUE(Do(store->Apply(std::move(changes), {})));
  const auto owed = Owed(*store, webhook);
  ASSERT_EQ(owed.size(), 150u);
  for (std::size_t i = 0; i < owed.size(); ++i) EXPECT_EQ(owed[i].event->resource_id.text, std::to_string(i));
}

TEST_F(ChangeGroups, WriteTextsWithANul) {
  const auto store = Open(kFirst);
  MakeVenue(*store);
  auto change = Change(*store, EventType::kContactCreated, "c", 0);
  change.search = std::string("a\0b", 3);
  change.name = change.search;
  EXPECT_TRUE(Apply(*store, change));
}

TEST_F(ChangeGroups, OfTwoNodesMakeAnIdOnce) {
  const auto first = Open(kFirst);
  const auto webhook = MakeVenue(*first);
  const auto second = Open(kSecond);
  int made = 0, refused = 0;
  for (int i = 0; i < 20; ++i) {
    const std::string id = std::to_string(i);
    std::vector<Async<Stored<Done>>> verbs;
    verbs.push_back(first->Apply({Change(*first, EventType::kContactCreated, id, 0)}, {}));
    verbs.push_back(second->Apply({Change(*second, EventType::kContactCreated, id, 0)}, {}));
    for (const auto& result : DoAll(std::move(verbs))) {
      made += result ? 1 : 0;
      refused += !result && result.error().kind == Refusal::Kind::kExists ? 1 : 0;
    }
  }
  EXPECT_EQ(made, 20);
  EXPECT_EQ(refused, 20);
  EXPECT_EQ(Owed(*first, webhook).size(), 20u);
  EXPECT_EQ(Do(second->GetHealth({webhook->number}, {}))->at(0).pending, 20) << "both nodes' counters, added up";
}

TEST_F(ChangeGroups, OfTwoNodesAnswerAnIdempotencyKeyOnce) {
  const auto first = Open(kFirst);
  const auto webhook = MakeVenue(*first);
  const auto second = Open(kSecond);
  int made = 0, refused = 0;
  for (int i = 0; i < 20; ++i) {
    const auto response = [&](const std::string& text) {
      return IdempotencyRecordOf<Done>{.key = Sha256(std::to_string(i)),
                                       .request = Sha256("body"),
                                       .created_at = clock_.Now(),
                                       .write = [text](const Done&) { return text; }};
    };
    // Two of them are in one group.
    std::vector<Async<Stored<Done>>> verbs;
    for (const std::string id : {"a", "b"}) {
      const std::string name = id + std::to_string(i);
      verbs.push_back(first->Apply({Change(*first, EventType::kContactCreated, name, 0)}, response(name)));
    }
    const std::string name = "c" + std::to_string(i);
    verbs.push_back(second->Apply({Change(*second, EventType::kContactCreated, name, 0)}, response(name)));
    for (const auto& result : DoAll(std::move(verbs))) {
      made += result ? 1 : 0;
      refused += !result && result.error() == AlreadyAnswered() ? 1 : 0;
    }
    const auto kept = *Do(second->FindIdempotencyRecord(Sha256(std::to_string(i)), Timestamp(), {}));
    ASSERT_TRUE(kept);
    EXPECT_TRUE(Get(*second, ResourceKind::kContact, kept->response)) << kept->response;
  }
  EXPECT_EQ(made, 20);
  EXPECT_EQ(refused, 40);
  EXPECT_EQ(Owed(*first, webhook).size(), 20u);
}

TEST_F(ChangeGroups, RefuseAChangeThatWasBuiltBeforeAnotherNodeChangedTheVenue) {
  const auto first = Open(kFirst);
  MakeVenue(*first);
  const auto second = Open(kSecond);
  const auto built = Change(*second, EventType::kContactCreated, "c", 0);
  const CustomField field{
      .uuid = Uuid::MakeV7(clock_.Now(), test_random_), .scope = Scope::Of(VenueId{"v"}), .label = "L"};
  ASSERT_TRUE(Save(*first, ConfigPut<CustomField>{field, 0}));
  EXPECT_EQ(Apply(*second, built).error().kind, Refusal::Kind::kVersionConflict);
  EXPECT_TRUE(Apply(*second, Change(*second, EventType::kContactCreated, "c", 0)));
}

TEST_F(ChangeGroups, AreDoneAndToldOnceWhereverTheConnectionBreaks) {
  ProxyThread proxy;
  const auto store = Make(kFirst, random_, proxy.Parameters());
  ASSERT_EQ(store->Open(), "");
  Hearer hearer;
  store->AddListener(hearer);
  const auto webhook = MakeVenue(*store);
  std::size_t made = 0;
  proxy.BreakEverywhere([&](const std::string& place) {
    const auto change = Change(*store, EventType::kContactCreated, std::to_string(++made), 0);
    ASSERT_TRUE(Apply(*store, change)) << place;
    EXPECT_EQ(hearer.owed.size(), made) << place;
  });
  EXPECT_EQ(Owed(*store, webhook).size(), made);
  EXPECT_EQ(Do(store->GetHealth({webhook->number}, {}))->at(0).pending, static_cast<std::int64_t>(made));
}

TEST_F(ChangeGroups, AreDoneOnceWhenTheirServerCrashes) {
  const auto store = Open(kFirst);
  Hearer hearer;
  store->AddListener(hearer);
  const auto webhook = MakeVenue(*store);
  for (int i = 0; i < 3; ++i) {
    TestServer().Crash();
    std::vector<Async<Stored<Done>>> verbs;
    for (int n = 0; n < 10; ++n) {
      verbs.push_back(store->Apply(
          {Change(*store, EventType::kContactCreated, std::to_string(i) + "-" + std::to_string(n), 0)}, {}));
    }
    for (const auto& result : DoAll(std::move(verbs))) EXPECT_TRUE(result);
  }
  EXPECT_EQ(Owed(*store, webhook).size(), 30u);
  EXPECT_EQ(hearer.owed.size(), 30u);
}

class PlansOfGroups : public PlansOfStores {};

TEST_F(PlansOfGroups, LookRowsUpByTheirKeysWhenTheTablesFillUp) {
  constexpr int kStored = 3'000;
  auto store = Open(kFirst);
  MakeVenue(*store);
  store.reset();
  ExecuteOnServer("ANALYZE", "stores");
  const auto before = RowsRead();

  store = Open(kFirst);
  for (int made = 0; made < kStored;) {
    std::vector<ResourceChange> changes;
    for (int i = 0; i < 300; ++i, ++made) {
      const bool is_new = made % 3 == 0;
      changes.push_back(Change(*store, is_new ? EventType::kAccountCreated : EventType::kAccountUpdated,
                               std::to_string(made - made % 3), made % 3));
    }
    const IdempotencyRecordOf<Done> response{
        .key = Sha256(std::to_string(made)), .request = {}, .created_at = clock_.Now(), .write = [](const Done&) {
          return std::string("done");
        }};
    ASSERT_TRUE(Do(store->Apply(std::move(changes), response)));
  }
  store.reset();
  EXPECT_LT((RowsRead() - before) / kStored, 10);
}

TEST_F(PlansOfGroups, ReadNoMoreThanTheyShow) {
  constexpr int kStored = 3'000;
  constexpr int kRounds = 50;
  auto store = Open(kFirst);
  const auto webhook = MakeVenue(*store);
  store.reset();
  ExecuteOnServer("ANALYZE", "stores");
  store = Open(kFirst);
  for (int made = 0; made < kStored;) {
    std::vector<ResourceChange> changes;
    for (int i = 0; i < 500; ++i) {
      changes.push_back(Change(*store, EventType::kAccountCreated, std::to_string(made++), 0));
    }
    ASSERT_TRUE(Do(store->Apply(std::move(changes), {})));
  }
  store.reset();
  const auto before = RowsRead();

  store = Open(kFirst);
  for (int i = 0; i < kRounds; ++i) {
    const std::string id = std::to_string(i);
    auto contact = Change(*store, EventType::kContactCreated, id, 0);
    contact.account_id = id;
    ASSERT_TRUE(Apply(*store, contact));
    EXPECT_FALSE(Apply(*store, Change(*store, EventType::kAccountDeleted, id, 1))) << "a contact names it";
    ASSERT_TRUE(Get(*store, ResourceKind::kContact, id));
    ASSERT_TRUE(*Do(store->GetEvent(contact.event->id, {})));
    EXPECT_EQ(Do(store->TakeOwed({}, webhook->number, {}, Ordering::kStrict, {.deliveries = 4}))->deliveries.size(),
              4u);
    EXPECT_EQ(Do(store->ListResources({.venue_id = {"v"}, .kind = ResourceKind::kContact, .account_id = id}))->size(),
              1u);
    EXPECT_EQ(Do(store->ListResources({.venue_id = {"v"}, .kind = ResourceKind::kAccount, .limit = 4}))->size(), 4u);
    EXPECT_FALSE(*Do(store->FindIdempotencyRecord(Sha256(id), clock_.Now(), {})));
    EXPECT_FALSE(*Do(store->FindSession(Sha256(id))));
  }
  store.reset();
  EXPECT_LT((RowsRead() - before) / kRounds, 60);
}

}  // namespace
}  // namespace shakehook::postgres
