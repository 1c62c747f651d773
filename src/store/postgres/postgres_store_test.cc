#include "store/postgres/postgres_store.h"

#include <string>
#include <thread>

#include "store/postgres/postgres_stores_fixture.h"

namespace shakehook::postgres {
namespace {

TEST_F(PostgresStores, OfTwoNodesSeeEachOthersConfigurationAtTheNextChange) {
  const auto first = Open(kFirst);
  const auto second = Open(kSecond);
  ASSERT_TRUE(Save(*first, ConfigPut<VenuesGroup>{{.id = {"g"}, .name = "G"}, 0}));
  ASSERT_TRUE(Save(*first, ConfigPut<Venue>{{.id = {"v"}, .name = "V"}, 0}));
  EXPECT_EQ(Save(*second, ConfigPut<Venue>{{.id = {"v"}}, 0}).error().kind, Refusal::Kind::kExists);
  EXPECT_EQ(second->config_cache().FindVenue({"v"})->name, "V");
  ASSERT_TRUE(Save(*second, ConfigPut<Venue>{{.id = {"v"}, .name = "Edited"}, 1}));

  EXPECT_EQ(Save(*first, ConfigPut<Venue>{{.id = {"v"}}, 1}).error().kind, Refusal::Kind::kVersionConflict);
  EXPECT_EQ(first->config_cache().FindVenue({"v"})->name, "Edited");
  ASSERT_TRUE(Save(*first, ConfigDelete<VenueId>{{"v"}, {}}));
  EXPECT_EQ(Save(*second, ConfigPut<Venue>{{.id = {"v"}}, 2}).error().kind, Refusal::Kind::kMissing);
  EXPECT_FALSE(second->config_cache().FindVenue({"v"}));
  EXPECT_TRUE(second->config_cache().FindVenuesGroup({"g"}));
}

TEST_F(PostgresStores, SeeAsNewWhatWasRemovedAndMadeAgainElsewhere) {
  const auto first = Open(kFirst);
  ASSERT_TRUE(Save(*first, ConfigPut<Venue>{{.id = {"v"}, .name = "Old"}, 0}));
  const auto second = Open(kSecond);
  const auto revision = second->config_cache().RevisionOf({"v"});
  ASSERT_TRUE(Save(*first, ConfigDelete<VenueId>{{"v"}, {}}));
  ASSERT_TRUE(Save(*first, ConfigPut<Venue>{{.id = {"v"}, .name = "New"}, 0}));
  ASSERT_TRUE(Save(*second, ConfigPut<Venue>{{.id = {"w"}}, 0}));
  EXPECT_EQ(second->config_cache().FindVenue({"v"})->name, "New");
  EXPECT_NE(second->config_cache().RevisionOf({"v"}), revision);
}

TEST_F(PostgresStores, KeepAResponseWithTheChangeThatItReports) {
  const auto store = Open(kFirst);
  const IdempotencyRecordOf<Done> response{
      .key = Sha256("key"), .request = Sha256("body"), .created_at = clock_.Now(), .write = [](const Done&) {
        return std::string("a secret");
      }};
  ASSERT_TRUE(Do(store->SaveConfig({ConfigPut<Venue>{{.id = {"v"}}, 0}}, response)));
  const auto kept = *Do(store->FindIdempotencyRecord(response.key, clock_.Now(), {}));
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->response, "a secret");
  EXPECT_EQ(kept->request, response.request);
  EXPECT_FALSE(*Do(store->FindIdempotencyRecord(response.key, clock_.Now() + Milliseconds(1), {})));

  IdempotencyRecordOf<Done> refused = response;
  refused.key = Sha256("another key");
  EXPECT_FALSE(Do(store->SaveConfig({ConfigPut<Venue>{{.id = {"v"}}, 0}}, refused)));
  EXPECT_FALSE(*Do(store->FindIdempotencyRecord(refused.key, clock_.Now(), {})));
}

TEST_F(PostgresStores, OpenAnEmptyDatabaseTogether) {
  auto first = Make(kFirst, random_);
  auto second = Make(kSecond, other_random_);
  std::string failure;
  std::thread beside([&] { failure = second->Open(); });
  EXPECT_EQ(first->Open(), "");
  beside.join();
  EXPECT_EQ(failure, "");
  EXPECT_TRUE(Save(*first, ConfigPut<Venue>{{.id = {"v"}}, 0}));
}

TEST_F(PostgresStores, RefuseAMasterKeyThatIsNotTheDatabases) {
  Open(kFirst);
  SecretBox::Key key{};
  key[0] = 1;
  const SecretBox other(key);
  StoreSoFar store(PostgresOptions{.parameters = TestServer().ParametersFor("stores")}, other, clock_, random_);
  EXPECT_EQ(store.Open(),
            "cannot open the PostgreSQL database: the master key is not the one that this database was made with");
}

TEST_F(PostgresStores, RefuseASchemaThatIsNewer) {
  Open(kFirst);
  ExecuteOnServer("UPDATE schema_version SET version = 99", "stores");
  EXPECT_NE(Make(kFirst, random_)->Open().find("the database has schema 99"), std::string::npos);
}

TEST_F(PostgresStores, RefuseADatabaseThatIsNotThere) {
  StoreSoFar store(PostgresOptions{.parameters = TestServer().ParametersFor("nowhere")}, box_, clock_, random_);
  EXPECT_NE(store.Open().find("database \"nowhere\" does not exist"), std::string::npos);
}

TEST_F(PostgresStores, GoOnAfterTheirServerHasCrashed) {
  const auto store = Open(kFirst);
  ASSERT_TRUE(Save(*store, ConfigPut<Venue>{{.id = {"v"}}, 0}));
  EXPECT_FALSE(*Do(store->FindSession(Sha256("token"))));
  TestServer().Crash();
  EXPECT_FALSE(*Do(store->FindSession(Sha256("token"))));
  EXPECT_TRUE(Save(*store, ConfigDelete<VenueId>{{"v"}, 1}));
}

TEST_F(PostgresStores, MayBeDestroyedWhileVerbsWait) {
  auto store = Open(kFirst);
  for (int i = 0; i < 50; ++i) {
    loop_.Spawn([](Store& one, int number) -> Async<> {
      static_cast<void>(co_await one.SaveConfig({ConfigPut<Venue>{{.id = {std::to_string(number)}}, 0}}, {}));
    }(*store, i));
  }
  loop_.Poll();
  store.reset();
}

}  // namespace
}  // namespace shakehook::postgres
