#include "delivery/attempt_trace.h"

#include <gtest/gtest.h>

#include "testing/simulated_clock.h"

namespace shakehook {
namespace {

class AttemptTraceTest : public ::testing::Test {
 protected:
  AttemptTraceTest() {
    auto event = std::make_shared<Event>();
    event->id = *EventId::Parse("0193256e-2f40-7000-8000-000000000001");
    event->venue_id = {"v1"};
    delivery_.event = event;
    delivery_.attempts_made = 2;
    tracer_.Remember(std::span(&event->id, 1), commit_, {});
  }
  // The attributes of the only span, as "name=value" lines.
  std::string Attributes() {
    const auto spans = tracer_.TakeSpans(2);
    EXPECT_EQ(spans.size(), 1u);
    EXPECT_EQ(spans.at(0).open.parent, commit_.span);
    error_ = spans.at(0).error.value_or("");
    std::string text;
    for (const auto& [name, value] : spans.at(0).attributes) {
      const auto* const number = std::get_if<std::int64_t>(&value);
      text += std::string(name) + "=" + (number ? std::to_string(*number) : std::get<std::string>(value)) + "\n";
    }
    return text;
  }
  std::string AttributesOf(const Exchange& exchange) {
    AttemptTrace trace(&tracer_, delivery_, {}, url_);
    trace.End(webhook_, delivery_, exchange);
    return Attributes();
  }

  SimulatedClock clock_;
  SeededRandom random_{1};
  prometheus::Registry registry_;
  Tracer tracer_{clock_, random_, registry_, {.tells_receivers = Switch::kOn}};
  const TraceContext commit_ = ParseTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").value();
  Webhook webhook_;
  OwedDelivery delivery_;
  const AttemptTrace::Url url_ =
      std::make_shared<const TargetUrl>(ParseTargetUrl("https://crm.example/hooks?key=s3cret").value());
  std::string error_;
};

TEST_F(AttemptTraceTest, SaysWhereItWentAndWhatWasAnsweredButNoSecretOfTheUrl) {
  const std::string text = AttributesOf({.response = PostResponse{.status = 204}, .own_fault = {}});
  EXPECT_NE(text.find("server.address=crm.example\nserver.port=443\n"), std::string::npos) << text;
  EXPECT_NE(text.find("shakehook.attempt=3\nhttp.response.status_code=204\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("s3cret"), std::string::npos);
  EXPECT_EQ(error_, "");
}

TEST_F(AttemptTraceTest, CountsForTheTenantOfTheWebhook) {
  AttemptTrace trace(&tracer_, delivery_, {7}, url_);
  trace.End(webhook_, delivery_, {.response = PostResponse{.status = 204}, .own_fault = {}});
  EXPECT_EQ(tracer_.TakeSpans(1).at(0).tenant, TenantKey{7});
}

TEST_F(AttemptTraceTest, SaysWhyItFailed) {
  EXPECT_NE(AttributesOf({.response = PostResponse{.status = 503}, .own_fault = {}}).find("error.type=503\n"),
            std::string::npos);
  EXPECT_EQ(error_, "The endpoint answered 503.");
  const Exchange timeout{
      .response = {}, .failure = TransportFailure::kTimeout, .message = "It took too long.", .own_fault = {}};
  EXPECT_NE(AttributesOf(timeout).find("error.type=timeout\n"), std::string::npos);
  EXPECT_EQ(error_, "It took too long.");
}

TEST_F(AttemptTraceTest, TellsTheReceiverUnlessTheWebhookHasAHeaderOfThatName) {
  const AttemptTrace trace(&tracer_, delivery_, {}, url_);
  const std::string line = trace.HeaderLine(webhook_);
  EXPECT_TRUE(line.starts_with("traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-")) << line;
  EXPECT_TRUE(line.ends_with("-01\r\n")) << line;
  webhook_.headers = {{"TraceParent", "mine"}};
  EXPECT_EQ(trace.HeaderLine(webhook_), "");
}

TEST_F(AttemptTraceTest, DoesNothingWhereTracesAreOff) {
  AttemptTrace trace(nullptr, delivery_, {}, url_);
  EXPECT_EQ(trace.HeaderLine(webhook_), "");
  trace.End(webhook_, delivery_, {.response = PostResponse{.status = 204}, .own_fault = {}});
  EXPECT_TRUE(tracer_.TakeSpans(1).empty());
}

}  // namespace
}  // namespace shakehook
