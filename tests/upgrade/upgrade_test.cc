// Databases of older schemas, with data in them, opened by this version: nothing is lost, and the schema is that of a
// new database.

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <array>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>

#include "store/sqlite/engine/migrations.h"
#include "store/sqlite/sqlite_store.h"
#include "testing/simulated_clock.h"
#include "testing/temporary_folder.h"

namespace shakehook {
namespace {

// Shortly after the samples were made.
constexpr Timestamp kNow{Milliseconds(1'795'474'400'000)};

SecretBox::Key SampleKey() {
  SecretBox::Key key{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(i);
  return key;
}

std::string ReadSample(int version) {
  std::ifstream file(SUITE_DIRECTORY "/schema_" + std::to_string(version) + ".sql");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Every table and index with the statement that made it.
std::set<std::string> SchemaOf(const std::string& path) {
  sqlite3* database = nullptr;
  EXPECT_EQ(sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
  std::set<std::string> schema;
  const auto add = [](void* into, int, char** columns, char**) {
    static_cast<std::set<std::string>*>(into)->insert(columns[0]);
    return 0;
  };
  EXPECT_EQ(
      sqlite3_exec(database, "SELECT name || ': ' || coalesce(sql, '') FROM sqlite_master", add, &schema, nullptr),
      SQLITE_OK);
  sqlite3_close(database);
  return schema;
}

std::int64_t ReadInteger(const std::string& path, const std::string& sql) {
  sqlite3* database = nullptr;
  EXPECT_EQ(sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
  std::int64_t value = -1;
  const auto take = [](void* into, int, char** columns, char**) {
    *static_cast<std::int64_t*>(into) = std::stoll(columns[0]);
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), take, &value, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
  sqlite3_close(database);
  return value;
}

template <class T>
Async<> Await(Async<T> verb, std::optional<T>* result) {
  *result = co_await std::move(verb);
}

class Upgrade : public testing::Test {
 protected:
  Upgrade() : clock_(kNow), box_(SampleKey()), random_(1), loop_(std::make_unique<Loop>(clock_)) {}
  ~Upgrade() override { store_.reset(); }

  // The sample's path; nothing where there is none.
  std::optional<std::string> MakeSample(int version) {
    const std::string sql = ReadSample(version);
    if (sql.empty()) return std::nullopt;
    const std::string path = folder_.File("schema_" + std::to_string(version) + ".db");
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
    sqlite3_close(database);
    return path;
  }

  void Open(const std::string& path) {
    auto store = OpenSqliteStore({.path = path, .execution = SqliteOptions::Execution::kInline}, box_, clock_, random_);
    ASSERT_TRUE(store) << store.error();
    store_ = *std::move(store);
  }

  template <class T>
  T Do(Async<T> verb) {
    std::optional<T> result;
    loop_->Spawn(Await(std::move(verb), &result));
    while (!result && loop_->Poll() > 0) {
    }
    EXPECT_TRUE(result);
    return *std::move(result);
  }

  SharedWebhook FindWebhook(const std::string& name) {
    const auto found =
        store_->config_cache().ListWebhooks({}, 1, [&](const Webhook& each) { return each.name == name; });
    EXPECT_EQ(found.size(), 1u) << name;
    return found.at(0);
  }

  TemporaryFolder folder_;
  SimulatedClock clock_;
  SecretBox box_;
  SeededRandom random_;
  std::unique_ptr<Loop> loop_;
  std::unique_ptr<Store> store_;
};

TEST_F(Upgrade, MakesTheSchemaOfANewDatabaseFromEveryOlderOne) {
  Open(folder_.File("new.db"));
  store_.reset();
  const auto expected = SchemaOf(folder_.File("new.db"));
  int samples = 0;
  for (int version = 1; version < sqlite::SchemaVersion(); ++version) {
    const auto path = MakeSample(version);
    if (!path) continue;
    SCOPED_TRACE(*path);
    ++samples;
    Open(*path);
    store_.reset();
    EXPECT_EQ(SchemaOf(*path), expected);
  }
  EXPECT_GT(samples, 0);
}

TEST_F(Upgrade, KeepsAllThatTheFirstSchemaHeld) {
  Open(MakeSample(1).value());

  EXPECT_EQ(store_->config_cache().FindVenue(VenueId{"v"})->venues_group_id, VenuesGroupId{"g"});
  const SharedWebhook crm = FindWebhook("CRM");
  EXPECT_EQ(crm->secrets.current, "whsec_lsmr9EdUKbis8DVe4JZIfgbOKO2XFvSN7l22X9ZURZQ=");
  EXPECT_EQ(crm->secrets.previous, "whsec_X4gUTFkLcBmukUhvyoQ6fh7pNgQ97NudMxHh8+mWxl4=");
  EXPECT_EQ(crm->headers, (decltype(crm->headers){{"X-Token", "t0ken"}}));
  EXPECT_EQ(crm->ordering, Ordering::kStrict);
  EXPECT_EQ(crm->max_concurrent, 4);
  EXPECT_EQ(crm->retry_schedule, ScheduleKind::kStandard);
  EXPECT_FALSE(crm->disable_after_days);

  const auto contact = Do(store_->GetResources(VenueId{"v"}, ResourceKind::kContact, {{"c1"}}))->at(0);
  ASSERT_TRUE(contact);
  EXPECT_EQ(contact->version, 2);
  EXPECT_NE(contact->data.find(R"("city":"Lyon")"), std::string::npos) << contact->data;

  EXPECT_EQ(Do(store_->ListEvents({}))->size(), 5u);
  const auto deliveries = *Do(store_->ListDeliveries({}));
  EXPECT_EQ(deliveries.size(), 11u);
  for (const Delivery& delivery : deliveries) {
    if (delivery.status != DeliveryStatus::kFailed) continue;
    const auto detail = *Do(store_->GetDelivery(delivery.id));
    ASSERT_EQ(detail->attempts.size(), 3u);
    EXPECT_EQ(detail->attempts[2].status_code, 500);
  }
}

TEST_F(Upgrade, SortsWhatTheFirstSchemaHeld) {
  Open(MakeSample(1).value());
  const auto places = [this](ResourceKind kind, ResourceSort sort) {
    std::vector<ResourcePlace> all;
    for (const SortedResource& each :
         *Do(store_->ListSortedResources({.venues = {VenueId{"v"}}, .kind = kind, .sort = sort}))) {
      all.push_back(each.place);
    }
    return all;
  };
  const auto contacts = places(ResourceKind::kContact, ResourceSort::kName);
  ASSERT_EQ(contacts.size(), 1u);  // the other is deleted, and a test's sample belongs to no venue
  EXPECT_EQ(contacts[0].text, "dupont zoe");
  EXPECT_EQ(UnixMs(places(ResourceKind::kContact, ResourceSort::kCreatedAt).at(0).time), 1'795'474'379'692);
  EXPECT_EQ(places(ResourceKind::kAccount, ResourceSort::kName).at(0).text, "dupont sarl");
}

// Schema 11 stored texts with their accents, and phones as they were typed.
TEST_F(Upgrade, FindsWhatSchema11HeldByTheRulesOfToday) {
  Open(MakeSample(11).value());
  const auto found = [this](ResourceKind kind, const char* query) {
    const std::vector<SortedResource> sorted = *Do(store_->ListSortedResources(
        {.venues = {VenueId{"v"}}, .kind = kind, .search = SearchQuery(query), .sort = ResourceSort::kName}));
    const std::vector<StoredResource> by_id =
        *Do(store_->ListResources({.venue_id = VenueId{"v"}, .kind = kind, .search = SearchQuery(query)}));
    EXPECT_EQ(sorted.size(), by_id.size()) << query;
    return sorted.size() == 1 ? sorted[0].resource.id.text : std::to_string(sorted.size());
  };
  constexpr auto kContact = ResourceKind::kContact;
  EXPECT_EQ(found(kContact, "elie francois"), "c1");
  EXPECT_EQ(found(kContact, "0612345678"), "c1");
  EXPECT_EQ(found(kContact, "loïc"), "c2");  // stored in NFD
  EXPECT_EQ(found(kContact, "nguyen"), "c2");
  EXPECT_EQ(found(kContact, "+33 1 45 67 89 01"), "c2");
  EXPECT_EQ(found(kContact, "oneil"), "c3");
  EXPECT_EQ(found(kContact, "old"), "0");  // deleted
  EXPECT_EQ(found(kContact, ""), "3");
  EXPECT_EQ(found(ResourceKind::kAccount, "coeur lodz"), "a1");
}

// It is made behind the changes: some commits later it has all.
TEST_F(Upgrade, MakesAnIndexForSearchesOfWhatSchema11Held) {
  const std::string path = MakeSample(11).value();
  Open(path);
  for (int i = 0; i < 20; ++i) {
    const ConfigChange::Put<VenuesGroup> put{{.id = {"new" + std::to_string(i)}, .name = "New"}, 0};
    ASSERT_TRUE(Do(store_->SaveConfig({put}, {})));
  }
  const std::int64_t records = ReadInteger(path, "SELECT max(number) FROM resource");
  EXPECT_GT(records, 3);
  EXPECT_EQ(ReadInteger(path + ".search", "SELECT number FROM state"), records);
  EXPECT_EQ(ReadInteger(path + ".search", "SELECT count(*) FROM name"), 4);  // three contacts and an account
}

TEST_F(Upgrade, StillSendsWhatTheFirstSchemaOwed) {
  Open(MakeSample(1).value());
  const SharedWebhook off = FindWebhook("Off");
  EXPECT_EQ(Do(store_->GetHealth({off->number}))->at(0).pending, 3);
  const OwedPage owed = *Do(store_->TakeOwed({}, off->number, {}, Ordering::kRelaxed, {.deliveries = 10}));
  ASSERT_EQ(owed.deliveries.size(), 3u);
  const OwedDelivery& first = owed.deliveries[0];
  AttemptResult result{.key = first.key,
                       .id = first.id,
                       .created_at = first.created_at,
                       .verdict = AttemptResult::Verdict::kDelivered,
                       .ended_at = kNow};
  result.attempt.number = 1;
  result.attempt.status_code = 204;
  ASSERT_TRUE(Do(store_->Record({}, {result})));
  EXPECT_EQ((*Do(store_->GetDelivery(first.id)))->delivery.status, DeliveryStatus::kDelivered);
  EXPECT_EQ(Do(store_->GetHealth({off->number}))->at(0).pending, 2);
}

// Schema 14 had a row for each delivery that was never tried; later ones are in lists.
TEST_F(Upgrade, SendsWhatSchema14OwedBeforeWhatIsOwedSince) {
  clock_.Advance(Milliseconds(7 * 86'400'000LL));
  Open(MakeSample(14).value());
  const SharedWebhook off = FindWebhook("Off");
  const auto fresh = [&](Position after, std::size_t limit) {
    return *Do(store_->TakeOwed({}, off->number, after, off->ordering, {.deliveries = limit}));
  };
  const OwedPage before = fresh({}, 10);
  ASSERT_EQ(before.deliveries.size(), 5u);
  EXPECT_EQ(Do(store_->GetHealth({off->number}))->at(0).pending, 5);

  auto event = std::make_shared<Event>();
  event->id = {Uuid::MakeV7(clock_.Now(), random_)};
  event->type = EventType::kContactUpdated;
  event->origin = EventOrigin::kPublished;
  event->timestamp = clock_.Now();
  event->venue_id = {"v"};
  event->resource_id = {"c2"};
  event->payload = "{}";
  ASSERT_TRUE(Do(store_->Publish(event, store_->config_cache().RevisionOf({"v"}), Switch::kOn, {})));

  const OwedPage after = fresh({}, 10);
  ASSERT_EQ(after.deliveries.size(), 6u);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(after.deliveries[i].id, before.deliveries[i].id);
  EXPECT_EQ(after.deliveries[5].event->id, event->id);
  EXPECT_FALSE(after.more);
  const OwedPage part = fresh(after.deliveries[3].key.position, 1);
  ASSERT_EQ(part.deliveries.size(), 1u);
  EXPECT_EQ(part.deliveries[0].id, after.deliveries[4].id);
  EXPECT_TRUE(part.more);

  // A retry of the old one holds back the new one of the same resource, where the order is strict.
  const OwedDelivery& old = after.deliveries[1];
  ASSERT_EQ(old.event->resource_id.text, "c2");
  AttemptResult result{.key = old.key,
                       .id = old.id,
                       .created_at = old.created_at,
                       .verdict = AttemptResult::Verdict::kRetry,
                       .retry_at = clock_.Now() + Milliseconds(10'000),
                       .ended_at = clock_.Now()};
  result.attempt.number = 1;
  result.attempt.status_code = 500;
  ASSERT_TRUE(Do(store_->Record({}, {result})));
  EXPECT_EQ(fresh({}, 10).deliveries.size(), 4u);

  // Both kinds are listed, and both are discarded.
  const auto count = [&](DeliveryStatus status) {
    return Do(store_->ListDeliveries(
                  {.webhooks = {{off->number}}, .statuses = DeliveryStatuses::Of({status}), .limit = 100}))
        ->size();
  };
  EXPECT_EQ(count(DeliveryStatus::kPending), 6u);
  EXPECT_EQ(*Do(store_->Discard(off->number, clock_.Now(), {})), 6);
  EXPECT_EQ(count(DeliveryStatus::kPending), 0u);
  EXPECT_EQ(count(DeliveryStatus::kCanceled), 6u);
}

// Schema 19 has lists of what is owed, users, notice channels, imports with refused rows, and each webhook's own
// retries.
TEST_F(Upgrade, KeepsAllThatSchema19Held) {
  clock_.Advance(Milliseconds(7 * 86'400'000LL));
  Open(MakeSample(19).value());
  const ConfigCache& config = store_->config_cache();
  const SharedWebhook crm = FindWebhook("CRM");
  EXPECT_EQ(crm->headers, (decltype(crm->headers){{"X-Token", "t0ken"}}));
  EXPECT_EQ(crm->retry_schedule, ScheduleKind::kExtended);
  EXPECT_EQ(crm->disable_after_days, 5);
  EXPECT_EQ(Do(store_->GetHealth({crm->number}))->at(0).pending, 0);

  const SharedWebhook off = FindWebhook("Off");
  const OwedPage owed = *Do(store_->TakeOwed({}, off->number, {}, off->ordering, {.deliveries = 10}));
  EXPECT_EQ(owed.deliveries.size(), 5u);
  EXPECT_EQ(Do(store_->GetHealth({off->number}))->at(0).pending, 5);
  EXPECT_EQ(Do(store_->GetHealth({FindWebhook("Failing")->number}))->at(0).pending, 5);

  EXPECT_EQ(config.FindUserByEmail("ada@example.com")->role, Role::kAdministrator);
  EXPECT_TRUE(config.FindUserByEmail("max@example.com")->IsInvited());
  EXPECT_EQ(config.ListInboxes({}, 10, [](const Inbox&) { return true; }).size(), 1u);
  EXPECT_EQ(config.ListApiKeys({}, 10, [](const ApiKey& key) { return key.scope == Scope::Of(VenueId{"v"}); }).size(),
            1u);
  const auto imports = *Do(store_->ListImports(VenueId{"v"}, std::nullopt, 10, {}));
  ASSERT_EQ(imports.size(), 1u);
  const auto refused = *Do(store_->ListRefusedRows(imports[0].id, 0, 10, {}));
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(refused[0].cells, (std::vector<std::string>{"i2", "Uwe", "nobody"}));
  EXPECT_EQ(refused[0].errors.at(0).field, "email");
  EXPECT_EQ(Do(store_->GetResources(VenueId{"v"}, ResourceKind::kContact, {{"c2"}}))->at(0)->data, "");  // deleted
}

}  // namespace
}  // namespace shakehook
