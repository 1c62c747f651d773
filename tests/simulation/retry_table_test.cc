// The retry table of the contract, kept by the whole service on virtual time.

#include <gtest/gtest.h>

#include "one_venue_fixture.h"

namespace shakehook {
namespace {

class RetryTable : public OneVenue {
 protected:
  RetryTable() : OneVenue({.seed = 7}) {
    response_.status = 500;
    response_.delay = Milliseconds(250);
  }

  Json TheDelivery() { return world_.Call("GET", "/api/deliveries").json().Find("data")->array()->at(0); }

  // The end of each attempt to the start of the next.
  void ExpectTheTable() {
    ASSERT_EQ(received_.size(), 11u);
    for (int i = 0; i < 10; ++i) {
      const double waited =
          static_cast<double>(((received_[i + 1].at - received_[i].at) - response_.delay).count()) / 1000;
      EXPECT_GE(waited, kDelaySeconds[i] - 0.001) << "before retry " << i + 1;
      EXPECT_LE(waited, kDelaySeconds[i] * 1.1 + 0.01) << "before retry " << i + 1;
      EXPECT_EQ(received_[i + 1].Header("Idempotency-Key"), received_[0].Header("Idempotency-Key"));
      EXPECT_EQ(received_[i + 1].body, received_[0].body);
    }
  }

  const std::string webhook_ = MakeWebhook();
};

TEST_F(RetryTable, HasElevenAttemptsThenTheDeliveryIsFailed) {
  MakeContact();
  world_.Run(Milliseconds(24 * 3'600'000));
  ExpectTheTable();
  const Json delivery = TheDelivery();
  EXPECT_EQ(*delivery.Find("status")->text(), "failed");
  EXPECT_EQ(delivery.Find("attempt_count")->integer(), 11);
  EXPECT_TRUE(delivery.Find("next_attempt_at")->is_null());
}

TEST_F(RetryTable, GoesOnForThreeDaysWhereTheScheduleIsExtended) {
  const std::string path = "/api/webhooks/" + webhook_;
  ASSERT_EQ(world_.Call("PATCH", path, R"({"retry_schedule":"extended"})").status, 200);
  const Json waits = *world_.Call("GET", "/api/retry-schedules").json().Find("extended")->Find("waits_ms");
  ASSERT_EQ(waits.array()->size(), 31u);
  MakeContact();
  for (int day = 0; day < 5; ++day) {
    world_.Run(Milliseconds(24 * 3'600'000));
    if (day == 0) world_.Crash();
  }
  ASSERT_EQ(received_.size(), 32u);
  for (std::size_t i = 0; i < 31; ++i) {
    const auto waited = static_cast<double>(((received_[i + 1].at - received_[i].at) - response_.delay).count());
    const auto wait = static_cast<double>(*waits.array()->at(i).integer());
    EXPECT_GE(waited, wait - 1) << "before retry " << i + 1;
    EXPECT_LE(waited, wait * 1.1 + 10) << "before retry " << i + 1;
  }
  const Milliseconds all = received_.back().at - received_.front().at;
  EXPECT_GT(all, std::chrono::hours(67));
  EXPECT_LT(all, std::chrono::hours(74));
  EXPECT_EQ(*TheDelivery().Find("status")->text(), "failed");
}

TEST_F(RetryTable, EndsWithTheNextFailureWhereTheScheduleBecameTheShorterOne) {
  const std::string path = "/api/webhooks/" + webhook_;
  world_.Call("PATCH", path, R"({"retry_schedule":"extended"})");
  MakeContact();
  world_.Run(Milliseconds(30 * 3'600'000));
  const std::size_t before = received_.size();
  ASSERT_GT(before, 11u);
  world_.Call("PATCH", path, R"({"retry_schedule":"standard"})");
  world_.Run(Milliseconds(24 * 3'600'000));
  EXPECT_EQ(received_.size(), before + 1);
  EXPECT_EQ(*TheDelivery().Find("status")->text(), "failed");
}

TEST_F(RetryTable, DisablesAfterDaysOfFailuresWithAWarningBeforeAndKeepsWhatIsOwed) {
  const std::string path = "/api/webhooks/" + webhook_;
  ASSERT_EQ(world_.Call("PATCH", path, R"({"disable_after_days":2})").status, 200);
  const auto count = [&](const std::string& action) {
    return world_.Call("GET", "/api/audit?action=" + action).json().Find("data")->array()->size();
  };
  const auto enabled = [&] { return *world_.Call("GET", path).json().Find("enabled")->boolean(); };
  const auto fail_for = [&](int hours) {
    for (int hour = 0; hour < hours; hour += 4) {
      MakeContact();
      world_.Run(Milliseconds(4 * 3'600'000));
    }
  };
  fail_for(20);
  EXPECT_EQ(count("webhook.warned"), 0u);
  EXPECT_FALSE(world_.Call("GET", path).json().Find("health")->Find("disables_at")->is_null());
  fail_for(24);
  EXPECT_EQ(count("webhook.warned"), 1u);
  EXPECT_TRUE(enabled());
  world_.Crash();
  fail_for(8);
  EXPECT_FALSE(enabled());
  EXPECT_EQ(count("webhook.warned"), 1u);
  const Json entry = world_.Call("GET", "/api/audit?action=webhook.disabled").json().Find("data")->array()->at(0);
  EXPECT_EQ(*entry.Find("actor")->Find("kind")->text(), "server");
  EXPECT_EQ(*entry.Find("detail")->text(), "It was disabled after 2 days in which every attempt failed.");
  const Json health = *world_.Call("GET", path).json().Find("health");
  EXPECT_EQ(*health.Find("code")->text(), "failed_too_long");
  EXPECT_TRUE(health.Find("disables_at")->is_null());

  // The webhook is still owed; enabled again, it has all its days.
  response_.status = 200;
  MakeContact();
  world_.Run(Milliseconds(3'600'000));
  EXPECT_EQ(*TheDelivery().Find("status")->text(), "pending");
  world_.Call("PATCH", path, R"({"enabled":true})");
  world_.Run(Milliseconds(24 * 3'600'000));
  EXPECT_EQ(*TheDelivery().Find("status")->text(), "delivered");
  EXPECT_TRUE(enabled());
}

TEST_F(RetryTable, IsTheSameOverARestartInTheMiddle) {
  MakeContact();
  for (int hours = 0; hours < 12; ++hours) {
    world_.Run(Milliseconds(17 * 60'000));
    world_.Crash();
  }
  world_.Run(Milliseconds(24 * 3'600'000));
  ExpectTheTable();
  EXPECT_EQ(*TheDelivery().Find("status")->text(), "failed");
}

TEST_F(RetryTable, EndsAtTheFirstSuccess) {
  MakeContact();
  world_.Run(Milliseconds(40'000));
  response_.status = 200;
  world_.Run(Milliseconds(24 * 3'600'000));
  EXPECT_EQ(received_.size(), 4u);
  EXPECT_EQ(*TheDelivery().Find("status")->text(), "delivered");
}

TEST_F(RetryTable, StartsAnewWhenAFailedDeliveryIsRedelivered) {
  MakeContact();
  world_.Run(Milliseconds(24 * 3'600'000));
  received_.clear();
  world_.Call("POST", "/api/deliveries/" + *TheDelivery().Find("id")->text() + "/redeliver");
  world_.Run(Milliseconds(24 * 3'600'000));
  ExpectTheTable();
  EXPECT_EQ(TheDelivery().Find("attempt_count")->integer(), 22);
}

TEST_F(RetryTable, WaitsLongerWhereTheReceiverAsksForIt) {
  response_.status = 503;
  response_.headers = "Retry-After: 1000\r\n";
  MakeContact();
  world_.Run(Milliseconds(1'500'000));
  ASSERT_EQ(received_.size(), 2u);
  EXPECT_EQ((received_[1].at - received_[0].at - response_.delay).count(), 1'000'000);
}

TEST_F(RetryTable, DisablesTheWebhookOn410AndKeepsWhatItIsOwedNext) {
  response_.status = 410;
  MakeContact();
  world_.Run(Milliseconds(60'000));
  EXPECT_EQ(*TheDelivery().Find("status")->text(), "failed");
  const Json webhook = world_.Call("GET", "/api/webhooks/" + webhook_).json();
  EXPECT_EQ(*webhook.Find("enabled")->boolean(), false);
  EXPECT_EQ(*webhook.Find("health")->Find("state")->text(), "disabled");
  EXPECT_FALSE(webhook.Find("health")->Find("reason")->is_null());

  response_.status = 200;
  MakeContact();
  world_.Run(Milliseconds(24 * 3'600'000));
  EXPECT_EQ(received_.size(), 1u);
  EXPECT_EQ(*TheDelivery().Find("status")->text(), "pending");
  world_.Call("PATCH", "/api/webhooks/" + webhook_, R"({"enabled":true})");
  world_.Run(Milliseconds(1'000));
  EXPECT_EQ(received_.size(), 2u);
  EXPECT_EQ(*TheDelivery().Find("status")->text(), "delivered");
}

TEST_F(RetryTable, SendsWhatWasSentByHandToADisabledWebhookAlsoAfterARestart) {
  response_.status = 500;
  for (int i = 0; i < 3; ++i) MakeContact();
  world_.Run(Milliseconds(1'000));
  world_.Call("PATCH", "/api/webhooks/" + webhook_, R"({"enabled":false})");
  world_.Run(Milliseconds(24 * 3'600'000));
  ASSERT_EQ(received_.size(), 3u);
  response_.status = 200;
  const std::string id = *TheDelivery().Find("id")->text();
  // The attempt is still on its way when the process dies.
  ASSERT_EQ(world_.Call("POST", "/api/deliveries/" + id + "/redeliver").status, 200);
  world_.Crash();
  EXPECT_EQ(world_.Call("POST", "/api/webhooks/" + webhook_ + "/test", R"({"event":"contact.created"})").status, 201);
  world_.Run(Milliseconds(60'000));
  EXPECT_EQ(*world_.Call("GET", "/api/deliveries/" + id).json().Find("status")->text(), "delivered");
  // The others wait until it is enabled.
  EXPECT_EQ(world_.Call("GET", "/api/deliveries?status=pending").json().Find("data")->array()->size(), 2u);
}

TEST_F(RetryTable, CountsTheTimeoutFromTheAttemptsStart) {
  response_.status = 200;
  response_.delay = Milliseconds(5'001);
  MakeContact();
  world_.Run(Milliseconds(6'000));
  EXPECT_EQ(*TheDelivery().Find("status")->text(), "pending");
  response_.delay = Milliseconds(4'999);
  world_.Run(Milliseconds(60'000));
  EXPECT_EQ(*TheDelivery().Find("status")->text(), "delivered");
}

}  // namespace
}  // namespace shakehook
