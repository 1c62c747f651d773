// Jobs of several nodes on one database.
#include <string>

#include "store/postgres/postgres_stores_fixture.h"
#include "store/postgres/proxy_thread_fixture.h"

namespace shakehook::postgres {
namespace {

class Jobs : public PostgresStores {
 protected:
  Import MakeImport(std::int64_t rows) {
    return {.id = {Uuid::MakeV7(clock_.Now(), test_random_)},
            .venue_id = {"v"},
            .header = {"id"},
            .columns = {"id"},
            .rows = rows,
            .created_at = clock_.Now()};
  }
  AuditEntry Entry() { return {.id = Uuid::MakeV7(clock_.Now(), test_random_), .at = clock_.Now()}; }
  Stored<Done> AddChunk(Store& store, const Import& import) {
    return Do(store.AddImportChunk(import.id, import.venue_id, 0, "id\n"));
  }
  std::string Chunk(Store& store, const Import& import) { return *Do(store.ReadImportChunk(import.id, 0)); }
};

TEST_F(Jobs, StartOfANodeDropsNoFileThatAnotherTakesIn) {
  auto first = Open(kFirst);
  MakeVenue(*first);
  const Import import = MakeImport(1);
  ASSERT_TRUE(AddChunk(*first, import));
  const auto second = Open(kSecond);
  EXPECT_EQ(Chunk(*second, import), "id\n");
  first.reset();
  first = Open(kFirst);
  EXPECT_EQ(Chunk(*second, import), "") << "its own node has forgotten it";
}

TEST_F(Jobs, ImportOnTwoNodesTakesEachStepOnce) {
  const auto first = Open(kFirst);
  MakeVenue(*first);
  const auto second = Open(kSecond);
  const Import import = MakeImport(20);
  ASSERT_TRUE(Do(first->StartImport(import, {}, Entry())));
  for (int place = 0; place < 20; ++place) {
    const ImportStep step{.id = import.id, .from = place, .to = place + 1, .counts = {.done = 1, .created = 1}};
    const std::string id = std::to_string(place);
    const auto move = [&](Store& store) -> Async<Stored<Done>> {
      const auto moved = co_await store.MoveImport(step, {Change(store, EventType::kContactCreated, id, 0)});
      if (!moved) co_return std::unexpected(moved.error());
      co_return Done();
    };
    std::vector<Async<Stored<Done>>> verbs;
    verbs.push_back(move(*first));
    verbs.push_back(move(*second));
    for (const auto& result : DoAll(std::move(verbs))) EXPECT_TRUE(result) << result.error().detail;
  }
  const auto moved = **Do(first->GetImport(import.id, {}));
  EXPECT_EQ(moved.offset, 20);
  EXPECT_EQ(moved.counts, (ImportCounts{.done = 20, .created = 20}));
}

TEST_F(Jobs, StepsOfAnImportAreTakenOnceWhereverTheConnectionBreaks) {
  ProxyThread proxy;
  const auto store = Make(kFirst, random_, proxy.Parameters());
  ASSERT_EQ(store->Open(), "");
  const auto webhook = MakeVenue(*store);
  const Import import = MakeImport(1'000);
  ASSERT_TRUE(Do(store->StartImport(import, {}, Entry())));
  std::int64_t made = 0;
  proxy.BreakEverywhere([&](const std::string& place) {
    const ImportStep step{.id = import.id, .from = made, .to = made + 1, .counts = {.done = 1, .created = 1}};
    const auto change = Change(*store, EventType::kContactCreated, std::to_string(++made), 0);
    const auto moved = Do(store->MoveImport(step, {change}));
    ASSERT_TRUE(moved) << place;
    EXPECT_EQ(*moved, ImportProgress::kMoved) << place;
  });
  EXPECT_EQ((**Do(store->GetImport(import.id, {}))).counts, (ImportCounts{.done = made, .created = made}));
  EXPECT_EQ(Owed(*store, webhook).size(), static_cast<std::size_t>(made));
}

TEST_F(Jobs, StepsOfAReplayMakeEachDeliveryDueOnceOnTwoNodes) {
  constexpr int kDeliveries = 250;
  const auto first = Open(kFirst);
  const auto webhook = MakeVenue(*first);
  const auto second = Open(kSecond);
  std::vector<ResourceChange> changes;
  for (int i = 0; i < kDeliveries; ++i) {
    changes.push_back(Change(*first, EventType::kContactCreated, std::to_string(i), 0));
  }
  ASSERT_TRUE(Do(first->Apply(std::move(changes), {})));
  ASSERT_TRUE(Do(first->Discard(webhook->number, clock_.Now(), {}, {})));
  ReplayFilter filter;
  filter.statuses.Add(DeliveryStatus::kCanceled);
  EXPECT_EQ(*Do(second->CountReplay(webhook->number, filter, {})), kDeliveries);
  const Replay replay{.id = {Uuid::MakeV7(clock_.Now(), test_random_)},
                      .webhook = webhook->number,
                      .webhook_id = webhook->id,
                      .filter = filter,
                      .matched = kDeliveries,
                      .created_at = clock_.Now()};
  ASSERT_TRUE(Do(first->StartReplay(replay, {}, {})));
  const auto go_on = [&](Store& store) -> Async<Stored<Done>> {
    const auto step = co_await store.ContinueReplay(replay.id, clock_.Now());
    if (!step) co_return std::unexpected(step.error());
    co_return Done();
  };
  for (int i = 0; i < 5; ++i) {
    std::vector<Async<Stored<Done>>> verbs;
    verbs.push_back(go_on(*first));
    verbs.push_back(go_on(*second));
    for (const auto& result : DoAll(std::move(verbs))) EXPECT_TRUE(result) << result.error().detail;
  }
  const Replay done = **Do(second->GetReplay(replay.id, {}));
  EXPECT_EQ(done.state, ReplayState::kDone);
  EXPECT_EQ(done.done, kDeliveries);
  EXPECT_EQ(Do(first->GetHealth({webhook->number}, {}))->at(0).pending, kDeliveries);
}

}  // namespace
}  // namespace shakehook::postgres
