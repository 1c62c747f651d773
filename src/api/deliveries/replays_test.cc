// Redelivery in bulk as a person asks for it, in a world where deliveries are really sent.
#include <algorithm>

#include "base/console.h"
#include "store/sqlite/engine/sqlite.h"
#include "testing/api/api_world_fixture.h"

namespace shakehook {
namespace {

class ReplaysApi : public ApiWorld {
 protected:
  // Makes `count` contacts in a few batches; the receiver answers their deliveries with `status`.
  void MakeContacts(int count, int status) {
    response_ = {.status = status};
    for (int made = 0; made < count;) {
      std::string batch = "[";
      for (int i = 0; i < 1'000 && made < count; ++i, ++made) batch += std::string(i ? "," : "") + "{}";
      EXPECT_EQ(Call("POST", "/api/venues/v/contacts/batch", batch + "]").status, 200);
      world_.Run(Milliseconds(1));
    }
  }
  // Makes `count` deliveries that ended as canceled.
  std::string MakeCanceled(int count) {
    const std::string webhook = MakeWebhook();
    Call("PATCH", webhook, R"({"enabled":false})");
    MakeContacts(count, 204);
    Call("POST", webhook + "/discard");
    Call("PATCH", webhook, R"({"enabled":true})");
    EXPECT_TRUE(received_.empty());
    return webhook;
  }
  std::string Start(const std::string& webhook, const std::string& body) {
    const auto started = Call("POST", webhook + "/replay", body);
    EXPECT_EQ(started.status, 201) << started.body;
    return "/api/replays/" + started.Text("id");
  }
  Json Get(const std::string& path) { return Call("GET", path).json(); }
  std::int64_t Done(const std::string& replay) { return *Get(replay).Find("done")->integer(); }
};

// If the value that asks for a dry run is lost, the request must not start a real replay.
TEST_F(ReplaysApi, AreNotStartedWhereATrialIsNull) {
  const std::string webhook = MakeWebhook();
  for (const std::string_view field : {"dry_run", "missing"}) {
    const auto response =
        Call("POST", webhook + "/replay", R"({"status":"failed",")" + std::string(field) + "\":null}");
    EXPECT_EQ(response.status, 422);
    EXPECT_NE(response.body.find(R"("field":")" + std::string(field) + '"'), std::string::npos) << response.body;
  }
}

TEST_F(ReplaysApi, SendWhatWasCanceledAndTellTheirProgress) {
  const std::string webhook = MakeCanceled(250);
  const auto counted = Call("POST", webhook + "/replay", R"({"status":"canceled","dry_run":true})");
  EXPECT_EQ(counted.status, 200);
  EXPECT_EQ(counted.body, R"({"count":250,"dry_run":true})");
  world_.Run(Milliseconds(1'000));
  EXPECT_TRUE(received_.empty());

  const auto started = Call("POST", webhook + "/replay", R"({"status":["canceled"],"events":["contact.created"]})");
  EXPECT_EQ(ToString(*started.json().Find("filter")),
            R"({"status":["canceled"],"events":["contact.created"],"since":null,"until":null,"missing":false})");
  EXPECT_EQ(*started.json().Find("state"), Json("running"));
  EXPECT_EQ(*started.json().Find("matched"), Json(250));
  world_.Run(Milliseconds(10'000));
  EXPECT_EQ(received_.size(), 250u);
  const std::string replay = "/api/replays/" + started.Text("id");
  EXPECT_EQ(*Get(replay).Find("state"), Json("done"));
  EXPECT_EQ(Done(replay), 250);
  EXPECT_EQ(Get(webhook + "/replay").Find("data")->array()->size(), 1u);
  EXPECT_EQ(Get("/api/deliveries?status=delivered&limit=200").Find("data")->array()->size(), 200u);
}

TEST_F(ReplaysApi, SendWhatHappenedBeforeTheWebhookWasMade) {
  MakeContacts(3, 204);
  const std::string webhook = MakeWebhook();
  MakeContact("c");
  world_.Run(Milliseconds(1'000));
  EXPECT_EQ(received_.size(), 1u);
  Start(webhook, R"({"missing":true})");
  world_.Run(Milliseconds(1'000));
  ASSERT_EQ(received_.size(), 4u);
  std::set<std::string> keys;
  for (const ReceivedRequest& request : received_) keys.insert(request.Header("Idempotency-Key"));
  EXPECT_EQ(keys.size(), 4u);
}

TEST_F(ReplaysApi, AreRefusedWhereTheyMeanNothing) {
  const std::string webhook = MakeWebhook();
  const auto fields = [&](const std::string& body) {
    const auto refused = Call("POST", webhook + "/replay", body);
    EXPECT_EQ(refused.status, 422) << body;
    std::string named;
    const Json json = refused.json();
    for (const Json& error : *json.Find("errors")->array()) named += *error.Find("field")->text() + " ";
    return named;
  };
  EXPECT_EQ(fields(R"({"status":"pending"})"), "status ");
  EXPECT_EQ(fields(R"({"status":["failed","sent"],"events":["x"],"since":"y","also":1})"),
            "status.1 events.0 since also ");
  EXPECT_EQ(fields(R"({"status":[]})"), "status ");
  EXPECT_EQ(Call("POST", webhook + "/replay", R"({"status":[],"missing":true,"dry_run":true})").status, 200);
  EXPECT_EQ(Call("POST", "/api/webhooks/01932c1e-7a40-7c3e-9b1f-2f6d0e6a4b11/replay").status, 404);
  EXPECT_EQ(Call("GET", "/api/replays/01932c1e-7a40-7c3e-9b1f-2f6d0e6a4b11").status, 404);
}

TEST_F(ReplaysApi, AreCanceledAndThenSendNothingMore) {
  const std::string webhook = MakeCanceled(3'000);
  response_.delay = Milliseconds(1'000);
  const std::string replay = Start(webhook, R"({"status":"canceled"})");
  EXPECT_EQ(Call("POST", webhook + "/replay", R"({"status":"canceled"})").status, 409);
  world_.Run(Milliseconds(3'000));
  const auto canceled = Call("POST", replay + "/cancel");
  EXPECT_EQ(*canceled.json().Find("state"), Json("canceled"));
  const std::int64_t done = Done(replay);
  EXPECT_LT(done, 3'000);
  world_.Run(Milliseconds(600'000));
  EXPECT_EQ(Done(replay), done);
  EXPECT_EQ(static_cast<std::int64_t>(received_.size()), done);
}

TEST_F(ReplaysApi, GoOnAfterACrash) {
  const std::string webhook = MakeCanceled(2'000);
  response_.delay = Milliseconds(20);
  const std::string replay = Start(webhook, R"({"status":"canceled"})");
  for (int crash = 0; crash < 5; ++crash) {
    world_.Run(Milliseconds(70));
    world_.Crash();
  }
  EXPECT_EQ(*Get(replay).Find("state"), Json("running"));
  world_.Run(Milliseconds(120'000));
  EXPECT_EQ(*Get(replay).Find("state"), Json("done"));
  EXPECT_EQ(Done(replay), 2'000);
  std::set<std::string> keys;
  for (const ReceivedRequest& request : received_) keys.insert(request.Header("Idempotency-Key"));
  EXPECT_EQ(keys.size(), 2'000u);
}

// A step fails for good while the store can write: without a limit it would be tried every second for ever, and the
// webhook could have no other replay.
TEST_F(ReplaysApi, EndAfterABoundedTimeWhereTheyCannotGoOn) {
  const std::string sick = MakeWebhook(), healthy = MakeWebhook();
  for (const std::string& webhook : {sick, healthy}) Call("PATCH", webhook, R"({"enabled":false})");
  MakeContacts(700, 204);
  for (const std::string& webhook : {sick, healthy}) {
    Call("POST", webhook + "/discard");
    Call("PATCH", webhook, R"({"enabled":true})");
  }
  sqlite::Connection database(world_.database(), sqlite::Access::kReadWrite);
  database.Execute(
      "CREATE TRIGGER no_step BEFORE UPDATE OF looked_until ON replay"
      " WHEN new.webhook = (SELECT min(webhook) FROM replay) BEGIN SELECT RAISE(ABORT, 'no room'); END");
  testing::internal::CaptureStderr();
  const std::string stuck = Start(sick, R"({"status":"canceled"})");
  const std::string other = Start(healthy, R"({"status":"canceled"})");
  world_.Run(Milliseconds(10'000));
  // A failure that passes within seconds ends no replay, and holds up no other replay and no change.
  EXPECT_EQ(*Get(stuck).Find("state"), Json("running"));
  EXPECT_EQ(*Get(other).Find("state"), Json("done"));
  EXPECT_EQ(Done(other), 700);
  MakeContact("meanwhile");
  world_.Run(Milliseconds(50'000));
  FlushConsole();
  const std::string log = testing::internal::GetCapturedStderr();
  const Json ended = Get(stuck);
  EXPECT_EQ(*ended.Find("state"), Json("canceled"));
  EXPECT_EQ(*ended.Find("done"), Json(0));
  EXPECT_NE(log.find("a replay cannot go on; trying again"), std::string::npos) << log;
  EXPECT_NE(log.find("a replay is canceled, because it cannot go on"), std::string::npos) << log;
  EXPECT_NE(log.find("no room"), std::string::npos) << log;
  EXPECT_NE(log.find(ended.Find("id")->text()->data()), std::string::npos) << log;
  EXPECT_LT(std::ranges::count(log, '\n'), 5) << log;

  database.Execute("DROP TRIGGER no_step");
  const std::string again = Start(sick, R"({"status":"canceled"})");
  world_.Run(Milliseconds(10'000));
  EXPECT_EQ(*Get(again).Find("state"), Json("done"));
  EXPECT_EQ(Done(again), 700);
}

// New deliveries do not wait behind thousands that are sent again, and the endpoint gets no more at a time than its
// limit allows.
TEST_F(ReplaysApi, LeaveNewTrafficItsShare) {
  const std::string webhook = MakeCanceled(5'000);
  int under_way_max = 0;
  std::vector<SteadyTime> ends;
  world_.script = [&](const ReceivedRequest& request) {
    received_.push_back(request);
    const SteadyTime now = world_.clock().Steady();
    std::erase_if(ends, [&](SteadyTime end) { return end <= now; });
    ends.push_back(now + Milliseconds(100));
    under_way_max = std::max(under_way_max, static_cast<int>(ends.size()));
    return SimulatedResponse{.delay = Milliseconds(100)};
  };
  Call("PATCH", webhook, R"({"max_concurrent":4})");
  Start(webhook, R"({"status":"canceled"})");
  world_.Run(Milliseconds(2'000));
  MakeContact("new");
  const Timestamp made = world_.clock().Now();
  world_.Run(Milliseconds(1'000));
  const auto fresh = std::ranges::find_if(received_, [](const ReceivedRequest& request) {
    return request.body.find(R"("id":"new")") != std::string::npos;
  });
  ASSERT_NE(fresh, received_.end());
  EXPECT_LE(fresh->at - made, Milliseconds(200));
  EXPECT_LE(under_way_max, 4);
  EXPECT_LT(received_.size(), 5'000u);
}

TEST_F(ReplaysApi, StayWithinTheLimitThatTheEndpointEarned) {
  const std::string webhook = MakeCanceled(2'000);
  int started = 0;
  world_.script = [&](const ReceivedRequest&) {
    ++started;
    return SimulatedResponse{.status = 503, .delay = Milliseconds(200)};
  };
  Start(webhook, R"({"status":"canceled"})");
  world_.Run(Milliseconds(5'000));
  // 256 at once would go out like those that a person sends one by one.
  EXPECT_LT(started, 60);
  EXPECT_GT(started, 5);
}

}  // namespace
}  // namespace shakehook
