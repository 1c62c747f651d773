// The whole service on a disk that fails: full, read-only, or broken at the Nth call, for N = 1, 2, ... until a run
// passes untouched. Changes are refused with 503 or kept, every change that was answered with 2xx is kept, /readyz says
// that the disk fails, and the service recovers by itself once the disk works again.

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <set>
#include <string>

#include "testing/failing_disk.h"
#include "testing/world/world.h"

namespace shakehook {
namespace {

using Call = FailingDisk::Call;

// Installed before anything opens a database.
FailingDisk& disk = FailingDisk::Instance();

struct Fault {
  const char* name;
  Call call;
  int code;
};
constexpr Fault kFaults[] = {
    {"DiskFull", Call::kWrite, SQLITE_FULL},
    {"ReadOnly", Call::kWrite, SQLITE_READONLY},
    {"WriteFails", Call::kWrite, SQLITE_IOERR_WRITE},
    {"SyncFails", Call::kSync, SQLITE_IOERR_FSYNC},
    {"TruncateFails", Call::kTruncate, SQLITE_IOERR_TRUNCATE},
    {"ReadFails", Call::kRead, SQLITE_IOERR_READ},
    {"SharedMemoryFails", Call::kSharedMemory, SQLITE_IOERR_SHMMAP},
};

// The changes that the API confirmed, and the requests that the receiver got.
class Service {
 public:
  Service() : world({.seed = 3, .durable = Switch::kOn}) {
    world.script = [this](const ReceivedRequest& request) {
      received_.insert(*ParseJson(request.body)->Find("data")->Find("id")->text());
      return SimulatedResponse();
    };
    EXPECT_EQ(world.Call("POST", "/api/venues", R"({"id":"v","name":"V"})").status, 201);
    EXPECT_EQ(world
                  .Call("POST", "/api/webhooks",
                        R"({"name":"W","url":"https://receiver.example/","scope":{"venue_id":"v"},)"
                        R"("events":["contact.created"]})")
                  .status,
              201);
  }
  ~Service() { disk.Heal(); }

  bool Ready() { return world.Call("GET", "/readyz").status == 200; }

  // Returns whether it was accepted; a refusal must be a 503 with a Retry-After.
  bool MakeContact() {
    const std::string id = "c" + std::to_string(++made_);
    const auto response = world.Call("POST", "/api/venues/v/contacts", "{\"id\":\"" + id + "\"}");
    if (response.status == 201) {
      promised_.insert(id);
      return true;
    }
    EXPECT_EQ(response.status, 503) << response.body;
    bool retry_after = false;
    for (const auto& [name, value] : response.headers) retry_after = retry_after || name == "Retry-After";
    EXPECT_TRUE(retry_after);
    return false;
  }

  // As many contacts as make SQLite move its log into the database.
  void MakeManyContacts(int count) {
    std::string batch = "[";
    const int first = made_ + 1;
    for (int i = 0; i < count; ++i) {
      batch += (i > 0 ? "," : "") + ("{\"id\":\"c" + std::to_string(++made_) + "\",\"city\":\"") +
               std::string(900, 'x') + "\"}";
    }
    const auto response = world.Call("POST", "/api/venues/v/contacts/batch", batch + "]");
    if (response.status == 200) {
      for (int i = first; i <= made_; ++i) promised_.insert("c" + std::to_string(i));
    } else {
      EXPECT_EQ(response.status, 503) << response.body;
    }
  }

  void ExpectAllDelivered() {
    world.Run(Milliseconds(600'000));
    for (const std::string& id : promised_) {
      EXPECT_TRUE(received_.contains(id)) << id << " was promised, and never sent";
      EXPECT_EQ(world.Call("GET", "/api/venues/v/contacts/" + id).status, 200);
    }
    for (const Json& delivery : *world.Call("GET", "/api/deliveries?limit=200").json().Find("data")->array()) {
      EXPECT_EQ(*delivery.Find("status")->text(), "delivered");
    }
  }

  World world;

 private:
  int made_ = 0;
  std::set<std::string> promised_, received_;
};

class Disk : public testing::TestWithParam<Fault> {
 protected:
  static constexpr int kSweepMax = 2'000;
};

TEST_P(Disk, ThatFailsAtAnyCallLosesNothingThatWasPromised) {
  bool untouched = false;
  for (int nth = 1; nth < kSweepMax && !untouched && !HasFailure(); ++nth) {
    SCOPED_TRACE("the call " + std::to_string(nth) + " fails, and the one after it");
    Service service;
    disk.Fail(GetParam().call, GetParam().code, nth, 2);
    for (int i = 0; i < 4; ++i) {
      const auto failed = disk.failed();
      const bool taken = service.MakeContact();
      if (taken) EXPECT_TRUE(service.Ready());
      if (!taken) EXPECT_GT(disk.failed(), failed) << "refused for no fault of the disk";
      service.world.Run(Milliseconds(100));
    }
    untouched = disk.failed() == 0;
    disk.Heal();
    service.world.Run(Milliseconds(5'000));
    EXPECT_TRUE(service.MakeContact());
    EXPECT_TRUE(service.Ready());
    service.world.Crash();
    service.ExpectAllDelivered();
  }
  EXPECT_TRUE(untouched || HasFailure()) << "the sweep was too short";
}

TEST_P(Disk, ThatFailsForAWhileRefusesChangesAndGoesOnByItself) {
  const bool writes = GetParam().call == Call::kWrite || GetParam().call == Call::kSync;
  Service service;
  EXPECT_TRUE(service.MakeContact());
  disk.Fail(GetParam().call, GetParam().code);
  for (int i = 0; i < 5; ++i) {
    const bool taken = service.MakeContact();
    if (writes) EXPECT_FALSE(taken);
    EXPECT_EQ(service.Ready(), taken);
    EXPECT_EQ(service.world.Call("GET", "/healthz").status, 200);
    service.world.Run(Milliseconds(60'000));
  }
  disk.Heal();
  EXPECT_TRUE(service.MakeContact());
  EXPECT_TRUE(service.Ready());
  service.ExpectAllDelivered();
}

TEST_P(Disk, ThatFailsWhileTheLogIsMovedIntoTheDatabaseLosesNothing) {
  bool untouched = false;
  for (int nth = 1; nth < kSweepMax && !untouched && !HasFailure(); nth += 1 + nth / 4) {
    SCOPED_TRACE("the calls from " + std::to_string(nth) + " on fail");
    Service service;
    disk.Fail(GetParam().call, GetParam().code, nth);
    for (int i = 0; i < 5; ++i) service.MakeManyContacts(400);
    untouched = disk.failed() == 0;
    disk.Heal();
    service.world.Run(Milliseconds(5'000));
    EXPECT_TRUE(service.MakeContact());
    service.world.Crash();
    service.ExpectAllDelivered();
  }
}

INSTANTIATE_TEST_SUITE_P(Of, Disk, testing::ValuesIn(kFaults), [](const auto& info) { return info.param.name; });

// --- Opening, and the store with its threads ---

class DiskOfAStore : public testing::Test {
 protected:
  ~DiskOfAStore() override { disk.Heal(); }
  auto Open() { return OpenSqliteStore({.path = folder_.File("store.db")}, box_, clock_, random_); }

  TemporaryFolder folder_;
  SystemClock clock_;
  SeededRandom random_{1};
  SecretBox box_{SecretBox::Key{}};
};

TEST_F(DiskOfAStore, ThatFailsAtTheStartIsNamedAndDoesNoHarm) {
  for (const Call call : {Call::kOpen, Call::kWrite, Call::kSync, Call::kRead, Call::kSharedMemory}) {
    bool untouched = false;
    for (int nth = 1; !untouched && nth < 1'000; ++nth) {
      disk.Fail(call, call == Call::kOpen ? SQLITE_CANTOPEN : SQLITE_IOERR, nth, 1);
      {
        const auto store = Open();
        if (!store) EXPECT_NE(store.error().find(folder_.File("store.db")), std::string::npos) << store.error();
      }
      untouched = disk.failed() == 0;
      disk.Heal();
      const auto store = Open();
      ASSERT_TRUE(store) << store.error();
    }
    EXPECT_TRUE(untouched);
  }
}

Async<> SaveVenue(Store& store, std::string id, Loop& loop, bool* saved) {
  *saved = (co_await store.SaveConfig({ConfigChange::Put<Venue>{{.id = {id}, .name = "V"}, 0}}, {})).has_value();
  loop.Stop();
}
Async<> WaitUntilWritable(Store& store, Loop& loop) {
  const SteadyTime give_up = loop.clock().Steady() + Milliseconds(20'000);
  while (!store.writable() && loop.clock().Steady() < give_up) {
    co_await SleepUntil(loop, loop.clock().Steady() + Milliseconds(20));
  }
  loop.Stop();
}

TEST_F(DiskOfAStore, ThatWorksAgainIsNoticedThoughNobodyAsksForAnything) {
  auto store = Open();
  ASSERT_TRUE(store) << store.error();
  Loop loop(clock_);
  bool saved = true;
  disk.Fail(Call::kWrite, SQLITE_FULL);
  loop.Spawn(SaveVenue(**store, "a", loop, &saved));
  loop.Run();
  EXPECT_FALSE(saved);
  EXPECT_FALSE((*store)->writable());
  disk.Heal();
  Loop later(clock_);
  later.Spawn(WaitUntilWritable(**store, later));
  later.Run();
  EXPECT_TRUE((*store)->writable());
  store->reset();
}

}  // namespace
}  // namespace shakehook
