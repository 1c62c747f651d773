// Statistics as the API shows them, of deliveries that were really sent.
#include "model/statistics.h"

#include "testing/api/api_world_fixture.h"

namespace shakehook {
namespace {

class Statistics : public ApiWorld {
 protected:
  Json Get(const std::string& path) {
    const auto response = Call("GET", path);
    EXPECT_EQ(response.status, 200) << response.body;
    return response.json();
  }
  static Json Counts(std::int64_t delivered, std::int64_t failed, std::int64_t attempts, std::int64_t failed_attempts) {
    Json json;
    json.Add("delivered", delivered);
    json.Add("failed", failed);
    json.Add("canceled", 0);
    json.Add("attempts", attempts);
    json.Add("failed_attempts", failed_attempts);
    return json;
  }
};

TEST_F(Statistics, TellWhatBecameOfAWebhooksDeliveries) {
  const std::string webhook = MakeWebhook();
  response_ = {.status = 200, .delay = Milliseconds(40)};
  MakeContact("a");
  world_.Run(Milliseconds(1'000));
  response_.status = 500;
  MakeContact("b");
  world_.Run(Milliseconds(1'000));

  const Json day = Get(webhook + "/stats");
  EXPECT_EQ(*day.Find("counts"), Counts(1, 0, 2, 1));
  EXPECT_EQ(*day.Find("success_rate"), Json(0.5));
  EXPECT_NEAR(*day.Find("latency")->Find("p50_ms")->real(), 40, 40 * 0.17);
  EXPECT_EQ(*day.Find("pending")->Find("count"), Json(1));
  EXPECT_EQ(*day.Find("pending")->Find("retrying"), Json(1));
  EXPECT_TRUE(day.Find("pending")->Find("next_attempt_at")->integer());
  const Json::Array& series = *day.Find("series")->array();
  ASSERT_EQ(series.size(), 24u);
  EXPECT_EQ(*series[23].Find("delivered"), Json(1));
  EXPECT_EQ(*series[22].Find("delivered"), Json(0));
  EXPECT_TRUE(series[22].Find("p50_ms")->is_null());

  const auto list = *Get("/api/stats").Find("data")->array();
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ("/api/webhooks/" + *list[0].Find("webhook_id")->text(), webhook);
  EXPECT_EQ(*list[0].Find("success_rate"), Json(0.5));
}

TEST_F(Statistics, OfAPlaceAddUpItsWebhooks) {
  MakeWebhook();
  MakeWebhook();
  MakeContact("a");
  world_.Run(Milliseconds(1'000));
  const auto delivered = [&](const std::string& query) {
    std::int64_t sum = 0;
    const Json json = Get("/api/place-stats" + query);
    for (const Json& step : *json.Find("series")->array()) sum += *step.Find("delivered")->integer();
    return sum;
  };
  EXPECT_EQ(delivered(""), 2);
  EXPECT_EQ(delivered("?window=7d&venue_id=v"), 2);
  EXPECT_EQ(Call("POST", "/api/venues", R"({"id":"w","name":"Another"})").status, 201);
  EXPECT_EQ(delivered("?venue_id=w"), 0);
  EXPECT_EQ(Call("GET", "/api/place-stats?venue_id=nope").status, 422);
  EXPECT_EQ(Call("GET", "/api/place-stats?window=1h").status, 422);
}

TEST_F(Statistics, FollowTheDaysOfAZoneByTheBoundariesThatAClientGives) {
  const std::string webhook = MakeWebhook();
  MakeContact("a");
  world_.Run(Milliseconds(1'000));
  const std::int64_t hour = 3'600'000;
  const std::int64_t now = *Get(webhook + "/stats").Find("until")->integer();
  const std::string days =
      std::to_string(now - 26 * hour) + "," + std::to_string(now - 2 * hour) + "," + std::to_string(now);
  const Json json = Get(webhook + "/stats?boundaries=" + days);
  EXPECT_EQ(*json.Find("window"), Json("custom"));
  EXPECT_EQ(*json.Find("since"), Json(now - 26 * hour));
  EXPECT_EQ(*json.Find("until"), Json(now));
  const Json::Array& series = *json.Find("series")->array();
  ASSERT_EQ(series.size(), 2u);
  EXPECT_EQ(*series[0].Find("at"), Json(now - 26 * hour));
  EXPECT_EQ(*series[0].Find("delivered"), Json(0));
  EXPECT_EQ(*series[1].Find("delivered"), Json(1));
  for (const std::string bad : {"", "1", "2,1", "a,b", "1,99999999999999", "0,2764800001000"}) {
    const auto response = Call("GET", webhook + "/stats?boundaries=" + bad);
    EXPECT_EQ(response.status, 422) << bad;
    EXPECT_NE(response.body.find("\"code\":\"bad_boundaries\""), std::string::npos) << response.body;
  }
}

TEST_F(Statistics, MoveThroughTheStepsOfEveryWindow) {
  const std::string webhook = MakeWebhook();
  MakeContact("a");
  world_.Run(Milliseconds(1'000));
  const auto delivered = [&](const std::string& window) {
    std::vector<std::size_t> steps;
    const Json stats = Get(webhook + "/stats?window=" + window);
    const Json::Array& series = *stats.Find("series")->array();
    EXPECT_EQ(*stats.Find("until")->integer() - *stats.Find("since")->integer(),
              *stats.Find("step_ms")->integer() * static_cast<std::int64_t>(series.size()));
    for (std::size_t i = 0; i < series.size(); ++i) {
      if (*series[i].Find("delivered") == Json(1)) steps.push_back(i);
    }
    return steps;
  };
  using Steps = std::vector<std::size_t>;
  EXPECT_EQ(delivered("24h"), Steps{23});
  world_.Run(3 * kStatisticsHour);
  EXPECT_EQ(delivered("24h"), Steps{20});
  world_.Run(21 * kStatisticsHour);
  EXPECT_EQ(delivered("24h"), Steps{});
  EXPECT_EQ(delivered("7d"), Steps{23});
  EXPECT_EQ(delivered("30d"), Steps{28});
  world_.Run(29 * 24 * kStatisticsHour);
  EXPECT_EQ(delivered("30d"), Steps{});
}

TEST_F(Statistics, RefuseAnUnknownWindowAndAWebhookThatIsNotThere) {
  const std::string webhook = MakeWebhook();
  EXPECT_EQ(Call("GET", webhook + "/stats?window=1y").status, 422);
  EXPECT_EQ(Call("GET", "/api/stats?window=").status, 422);
  EXPECT_EQ(Call("GET", "/api/webhooks/01932c1e-7a40-7c3e-9b1f-2f6d0e6a4b11/stats").status, 404);
}

TEST_F(Statistics, AreListedByPagesInTheOrderOfTheWebhooks) {
  for (int i = 0; i < 3; ++i) MakeWebhook();
  std::vector<std::string> expected;
  for (const Json& webhook : *Get("/api/webhooks").Find("data")->array()) {
    expected.push_back("/api/webhooks/" + *webhook.Find("id")->text());
  }
  std::vector<std::string> listed;
  std::string cursor;
  for (int page = 0; page < 2; ++page) {
    const Json body = Get("/api/stats?limit=2" + cursor);
    for (const Json& entry : *body.Find("data")->array()) {
      listed.push_back("/api/webhooks/" + *entry.Find("webhook_id")->text());
    }
    if (page == 0) cursor = "&cursor=" + *body.Find("next_cursor")->text();
  }
  EXPECT_EQ(listed, expected);
}

}  // namespace
}  // namespace shakehook
