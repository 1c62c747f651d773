// A disk that fails while much is delivered: attempts stop soon, because each whose result is not stored comes twice if
// the process is killed then.

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "testing/world/world.h"

namespace shakehook {
namespace {

constexpr int kBatches = 7;
constexpr int kBatch = 1'000;
// Results that wait to be stored, and attempts that were under way when their number was reached.
constexpr int kUnstoredMax = 5'000 + 256;

class UnstoredResults : public testing::Test {
 protected:
  UnstoredResults() : world_({.seed = 5, .lanes = 1, .fail_commit = [this] { return disk_fails_; }}) {
    world_.script = [this](const ReceivedRequest& request) {
      disk_fails_ = disk_fails_ || fail_at_first_;
      ++times_[*ParseJson(request.body)->Find("data")->Find("id")->text()];
      return SimulatedResponse();
    };
    EXPECT_EQ(world_.Call("POST", "/api/venues", R"({"id":"v","name":"V"})").status, 201);
    const auto made = world_.Call("POST", "/api/webhooks",
                                  R"({"name":"W","url":"https://works.example/","scope":{"venue_id":"v"},)"
                                  R"("events":["contact.created"],"enabled":false})");
    EXPECT_EQ(made.status, 201) << made.body;
    webhook_ = made.Text("id");
    for (int batch = 0; batch < kBatches; ++batch) MakeContacts(batch);
  }

  // Sends what is owed; the disk fails from the first request on.
  void DeliverOnADiskThatFails() {
    fail_at_first_ = true;
    EXPECT_EQ(world_.Call("PATCH", "/api/webhooks/" + webhook_, R"({"enabled":true})").status, 200);
    world_.Run(Milliseconds(30'000));
    EXPECT_TRUE(disk_fails_);
  }
  void Heal() { fail_at_first_ = disk_fails_ = false; }
  int Twice() const {
    int twice = 0;
    for (const auto& [id, times] : times_) {
      EXPECT_LE(times, 2) << id;
      twice += times - 1;
    }
    return twice;
  }

  bool disk_fails_ = false;
  bool fail_at_first_ = false;
  std::map<std::string, int> times_;  // by contact: how often it came
  World world_;

 private:
  void MakeContacts(int batch) {
    std::string contacts = "[";
    for (int i = 0; i < kBatch; ++i) {
      contacts += (i > 0 ? "," : "") + ("{\"id\":\"c" + std::to_string(batch * kBatch + i) + "\"}");
    }
    EXPECT_EQ(world_.Call("POST", "/api/venues/v/contacts/batch", contacts + "]").status, 200);
  }

  std::string webhook_;
};

TEST_F(UnstoredResults, StopNewAttemptsAndAreStoredOnceTheDiskWorks) {
  DeliverOnADiskThatFails();
  EXPECT_LE(times_.size(), static_cast<std::size_t>(kUnstoredMax));
  Heal();
  world_.Run(Milliseconds(60'000));
  EXPECT_EQ(times_.size(), static_cast<std::size_t>(kBatches * kBatch));
  EXPECT_EQ(Twice(), 0);
}

TEST_F(UnstoredResults, AreTheOnlyOnesThatComeTwiceAfterACrash) {
  DeliverOnADiskThatFails();
  const std::size_t came = times_.size();
  Heal();
  world_.Crash();
  world_.Run(Milliseconds(60'000));
  EXPECT_EQ(times_.size(), static_cast<std::size_t>(kBatches * kBatch));
  EXPECT_EQ(static_cast<std::size_t>(Twice()), came);
}

}  // namespace
}  // namespace shakehook
