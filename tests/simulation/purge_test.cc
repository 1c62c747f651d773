// The purge runs in small steps beside changes, deliveries, retries and crashes: no pending delivery is lost, no step
// takes many rows, and in the end nothing old is left, bodies and kept responses included.

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "testing/world/world.h"

namespace shakehook {
namespace {

constexpr Milliseconds kMinute{60'000}, kHour{3'600'000};
constexpr Milliseconds kRetention = 10 * kMinute;
constexpr Milliseconds kIdempotencyRecordsKept = 24 * kHour;
constexpr std::int64_t kRowsPerStep = 40;
// An event with a delivery to each of the five webhooks, and the attempts of each.
constexpr std::int64_t kRowsOfAnEvent = 1 + 5 * (1 + 11);

Async<> TakeStep(Store& store, Timestamp now, std::int64_t* rows) {
  const auto gone = co_await store.Purge(now - kRetention, now - kIdempotencyRecordsKept, kRowsPerStep);
  EXPECT_TRUE(gone);
  *rows = gone.value_or(0);
}

class PurgeUnderLoad : public testing::Test {
 protected:
  PurgeUnderLoad() : world_({.seed = 5}) {
    world_.script = [this](const ReceivedRequest& request) { return Answer(request); };
    world_.Call("POST", "/api/venues", R"({"id":"v","name":"V"})");
    Subscribe("fine", "");
    Subscribe("flaky", "");
    Subscribe("dead", "");
    Subscribe("strict", R"(,"ordering":"strict")");
    Subscribe("off", R"(,"enabled":false)");
  }

  void Subscribe(const std::string& name, const std::string& settings) {
    ASSERT_EQ(world_
                  .Call("POST", "/api/webhooks",
                        R"({"name":")" + name + R"(","url":"https://)" + name +
                            R"(.example/","scope":{"venue_id":"v"},"events":)"
                            R"(["contact.created","contact.updated","contact.deleted"])" +
                            settings + "}")
                  .status,
              201);
  }

  SimulatedResponse Answer(const ReceivedRequest& request) {
    SimulatedResponse response{.delay = Milliseconds(50)};
    const bool flaky = request.host == "flaky.example" || request.host == "strict.example";
    if ((flaky && random_.Unit() < 0.3) || (request.host == "dead.example" && dead_)) {
      response.status = 500;
      response.body = "a body that is kept, until the purge";
      return response;
    }
    accepted_[request.host].insert(Key(request.body));
    return response;
  }

  // Identifies an event: no two events of one resource have the same time.
  static std::string Key(const std::string& payload) {
    const Json event = *ParseJson(payload);
    return *event.Find("data")->Find("id")->text() + " " + std::to_string(*event.Find("timestamp")->integer());
  }

  void Change() {
    const std::string id = "c" + std::to_string(random_.Below(40));
    const std::string one = "/api/venues/v/contacts/" + id;
    const std::string city = "{\"city\":\"Paris " + std::to_string(++edits_) + "\"}";
    int status = 0;
    if (!existing_.contains(id)) {
      status = world_
                   .Call("POST", "/api/venues/v/contacts", "{\"id\":\"" + id + "\"}",
                         {{"idempotency-key", "k" + std::to_string(edits_)}})
                   .status;
      existing_.insert(id);
    } else if (random_.Unit() < 0.8) {
      status = world_.Call("PATCH", one, city).status;
    } else {
      status = world_.Call("DELETE", one).status;
      existing_.erase(id);
    }
    ASSERT_LT(status, 300);
    ++promised_;
  }

  // Takes one step; returns whether there is more to purge.
  bool Purge() {
    std::int64_t rows = 0;
    world_.loop().Spawn(TakeStep(world_.store(), world_.clock().Now(), &rows));
    world_.Settle();
    EXPECT_LT(rows, kRowsPerStep + kRowsOfAnEvent);
    purged_ += rows;
    ++steps_;
    return rows > 0;
  }

  void Load(Milliseconds duration) {
    const SteadyTime end = world_.clock().Steady() + duration;
    while (world_.clock().Steady() < end) {
      Change();
      world_.Run(Milliseconds(random_.Below(4'000)));
      if (random_.Unit() < 0.5) Purge();
      if (random_.Unit() < 0.01) world_.Crash();
    }
  }

  std::int64_t Rows(const std::string& table) {
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open_v2(world_.database().c_str(), &database, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
    std::int64_t rows = -1;
    const auto keep = [](void* into, int, char** values, char**) {
      *static_cast<std::int64_t*>(into) = std::stoll(values[0]);
      return 0;
    };
    EXPECT_EQ(sqlite3_exec(database, ("SELECT count(*) FROM " + table).c_str(), keep, &rows, nullptr), SQLITE_OK);
    sqlite3_close(database);
    return rows;
  }

  World world_;
  SeededRandom random_{6};
  bool dead_ = true;
  int edits_ = 0;
  std::size_t promised_ = 0;
  std::set<std::string> existing_;
  std::map<std::string, std::set<std::string>> accepted_;
  std::int64_t purged_ = 0;
  int steps_ = 0;
};

TEST_F(PurgeUnderLoad, LosesNothingThatIsOwedAndLeavesNothingOld) {
  Load(kHour);
  EXPECT_GT(purged_, 1'000) << "it went on beside the load";
  EXPECT_EQ(accepted_["dead.example"].size(), 0u);
  dead_ = false;
  Load(kHour);
  // Runs longer than the longest wait between retries; pending deliveries are older than the retention by then.
  for (int minute = 0; minute < 180; ++minute) {
    world_.Run(kMinute);
    Purge();
  }
  for (const char* const host : {"fine.example", "flaky.example", "dead.example", "strict.example"}) {
    EXPECT_EQ(accepted_[host].size(), promised_) << host;
  }
  EXPECT_EQ(accepted_["off.example"].size(), 0u);

  world_.Run(kIdempotencyRecordsKept + kMinute);
  while (Purge()) {
  }
  // The disabled webhook's pending deliveries have just been canceled, and stay in the log for another retention.
  world_.Run(kRetention + kMinute);
  while (Purge()) {
  }
  for (const char* const table : {"event", "pending_delivery", "ended_delivery", "attempt", "kept_answer"}) {
    EXPECT_EQ(Rows(table), 0) << table;
  }
  EXPECT_EQ(Rows("resource"), static_cast<std::int64_t>(existing_.size())) << "graves are left, or contacts are gone";
  for (const Json& webhook : *world_.Call("GET", "/api/webhooks").json().Find("data")->array()) {
    EXPECT_EQ(webhook.Find("health")->Find("pending")->integer(), 0) << ToString(webhook);
  }
  EXPECT_GT(steps_, 1'000);
}

}  // namespace
}  // namespace shakehook
