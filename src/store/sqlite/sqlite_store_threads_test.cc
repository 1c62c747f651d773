// The embedded store as it runs in production: a writer's thread, readers' threads, callers on several loops.

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/clock.h"
#include "store/sqlite/sqlite_store.h"
#include "testing/temporary_folder.h"

namespace shakehook {
namespace {

class Counter final : public CommitListener {
 public:
  void OnCommit(const Commit& commit) override {
    ++commits;
    owed += static_cast<int>(commit.owed.size());
    for (const auto& one : commit.owed) {
      if (one.delivery.key.position <= last) in_order = false;
      last = one.delivery.key.position;
    }
  }
  std::atomic<int> commits = 0;
  std::atomic<int> owed = 0;
  std::atomic<bool> in_order = true;

 private:
  Position last;
};

// A caller with a thread of its own.
class Caller {
 public:
  Caller(Store& store, Clock& clock, std::uint64_t seed) : store_(store), loop_(clock), random_(seed) {}

  void Start(int contacts) {
    for (int i = 0; i < contacts; ++i) loop_.Post([this] { loop_.Spawn(MakeAndRead()); });
    left_ = contacts;
    thread_ = std::thread([this] { loop_.Run(); });
  }
  void Join() { thread_.join(); }
  int stored() const { return stored_; }

 private:
  Async<> MakeAndRead() {
    ResourceChange change;
    change.venue_id = {"v"};
    change.kind = ResourceKind::kContact;
    change.id = {Uuid::MakeV7(loop_.clock().Now(), random_).ToString()};
    change.revision = store_.config_cache().RevisionOf(change.venue_id);
    change.data = "{}";
    auto event = std::make_shared<Event>();
    event->id = {Uuid::MakeV7(loop_.clock().Now(), random_)};
    event->type = EventType::kContactCreated;
    event->timestamp = loop_.clock().Now();
    event->venue_id = {"v"};
    event->resource_id = change.id;
    event->payload = "{}";
    change.event = std::move(event);
    const ResourceId id = change.id;
    std::vector<ResourceChange> changes;
    changes.push_back(std::move(change));
    const auto applied = co_await store_.Apply(std::move(changes), {});
    std::vector<ResourceId> ids;
    ids.push_back(id);
    const auto read = co_await store_.GetResources({"v"}, ResourceKind::kContact, std::move(ids));
    if (applied && read && read->at(0)) ++stored_;
    if (--left_ == 0) loop_.Stop();
  }

  Store& store_;
  Loop loop_;
  SeededRandom random_;
  int left_ = 0;
  int stored_ = 0;
  std::thread thread_;
};

Async<> SetUpVenue(Store& store, Loop& loop, Webhook webhook) {
  const auto venue = co_await store.SaveConfig({ConfigChange::Put<Venue>{{.id = {"v"}, .name = "V"}, 0}}, {});
  const auto saved = co_await store.SaveConfig({ConfigChange::Put<Webhook>{std::move(webhook), 0}}, {});
  EXPECT_TRUE(venue && saved);
  loop.Stop();
}

TEST(SqliteStoreThreads, CommitsTogetherWhatSeveralLoopsSubmitAndReadsIt) {
  constexpr int kContacts = 500;
  TemporaryFolder folder;
  SystemClock clock;
  SeededRandom random(1);
  SecretBox box(SecretBox::Key{});
  Counter counter;
  auto store = OpenSqliteStore({.path = folder.File("store.db")}, box, clock, random);
  ASSERT_TRUE(store) << store.error();
  (*store)->AddListener(counter);
  {
    Loop loop(clock);
    Webhook webhook;
    webhook.id = {Uuid::MakeV7(clock.Now(), random)};
    webhook.scope = Scope::Of(VenueId{"v"});
    for (const EventType type : kEventTypes) webhook.events.Add(type);
    loop.Spawn(SetUpVenue(**store, loop, webhook));
    loop.Run();
  }
  Caller first(**store, clock, 2);
  Caller second(**store, clock, 3);
  first.Start(kContacts);
  second.Start(kContacts);
  first.Join();
  second.Join();
  EXPECT_EQ(first.stored(), kContacts);
  EXPECT_EQ(second.stored(), kContacts);
  EXPECT_EQ(counter.owed, 2 * kContacts);
  EXPECT_TRUE(counter.in_order);
  EXPECT_LT(counter.commits, kContacts) << "changes that wait at the same time share a commit";
  store->reset();
}

TEST(SqliteStoreThreads, DropsWhatStillWaitsWhenItIsDestroyed) {
  TemporaryFolder folder;
  SystemClock clock;
  SeededRandom random(1);
  SecretBox box(SecretBox::Key{});
  Loop loop(clock);
  auto store = OpenSqliteStore({.path = folder.File("store.db")}, box, clock, random);
  ASSERT_TRUE(store) << store.error();
  for (int i = 0; i < 100; ++i) loop.Spawn(SetUpVenue(**store, loop, Webhook()));
  loop.Poll();
  store->reset();
}

}  // namespace
}  // namespace shakehook
