#include "trace/tracer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "testing/simulated_clock.h"

namespace shakehook {
namespace {

constexpr TenantKey kLoud{1};
constexpr TenantKey kQuiet{2};

class TracerTest : public ::testing::Test {
 protected:
  Tracer& Make(Tracer::Options options) { return tracer_.emplace(clock_, random_, registry_, options); }
  EventId NewEvent() { return {Uuid::MakeV7(clock_.Now(), random_)}; }
  double Dropped(std::string_view reason) {
    for (const auto& family : registry_.Collect()) {
      if (family.name != "shakehook_trace_spans_dropped_total") continue;
      for (const auto& metric : family.metric) {
        if (metric.label.at(0).value == reason) return metric.counter.value;
      }
    }
    return -1;
  }

  const TraceContext caller_ = ParseTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").value();
  const TraceContext unsampled_ = ParseTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00").value();
  SimulatedClock clock_;
  SeededRandom random_{1};
  prometheus::Registry registry_;
  std::optional<Tracer> tracer_;
};

TEST_F(TracerTest, BeginsATraceWithALinkToTheCallersUnlessCallersAreTrusted) {
  Tracer& tracer = Make({});
  for (const TraceContext& caller : {caller_, unsampled_}) {
    const auto span = tracer.BeginRequest(caller);
    ASSERT_TRUE(span) << "whether it is sampled is not the caller's to say";
    EXPECT_NE(span->context.trace, caller.trace);
    EXPECT_FALSE(span->parent);
    ASSERT_TRUE(span->link);
    EXPECT_EQ(span->link->trace, caller.trace);
    EXPECT_EQ(span->link->span, caller.span);
    EXPECT_FALSE(tracer.BeginPart(span->context).link) << "the request has it";
  }
  EXPECT_FALSE(tracer.BeginRequest(std::nullopt)->link);
  EXPECT_FALSE(Make({.sampled = 0}).BeginRequest(caller_));
}

TEST_F(TracerTest, ContinuesTheTraceOfTheCallerDownToTheAttempts) {
  Tracer& tracer = Make({.trusts_callers = Switch::kOn});
  RequestTrace request{.tracer = &tracer, .span = tracer.BeginRequest(caller_).value()};
  EXPECT_EQ(request.span.context.trace, caller_.trace);
  EXPECT_EQ(request.span.parent, caller_.span);
  const EventId event = NewEvent();
  CommitSpan commit(&request, std::span(&event, 1));
  clock_.Advance(Milliseconds(3));
  commit.End(CommitSpan::Result::kStored);
  const auto attempt = tracer.BeginAttempt(event);
  ASSERT_TRUE(attempt);
  const auto spans = tracer.TakeSpans(10);
  ASSERT_EQ(spans.size(), 1u);
  EXPECT_EQ(spans[0].open.parent, request.span.context.span);
  EXPECT_EQ(spans[0].ended - spans[0].open.began, Milliseconds(3));
  EXPECT_FALSE(spans[0].error);
  EXPECT_EQ(attempt->context.trace, caller_.trace);
  EXPECT_EQ(attempt->parent, spans[0].open.context.span);
  EXPECT_TRUE(tracer.TakeSpans(10).empty());
}

TEST_F(TracerTest, ObeysACallerWhoSamplesNothing) {
  Tracer& tracer = Make({.trusts_callers = Switch::kOn});
  RequestTrace request{.tracer = &tracer, .span = tracer.BeginRequest(unsampled_).value()};
  const EventId event = NewEvent();
  CommitSpan commit(&request, std::span(&event, 1));
  commit.End(CommitSpan::Result::kStored);
  EXPECT_TRUE(tracer.TakeSpans(10).empty());
  EXPECT_EQ(tracer.BeginAttempt(event)->context.sampled, Switch::kOff);
}

TEST_F(TracerTest, BeginsTheGivenPartOfTheTraces) {
  Tracer& tracer = Make({.sampled = 0.25});
  int begun = 0;
  for (int i = 0; i < 4'000; ++i) begun += tracer.BeginRequest(std::nullopt) ? 1 : 0;
  EXPECT_NEAR(begun, 1'000, 100);
  EXPECT_FALSE(Make({.sampled = 0}).BeginRequest(std::nullopt));
}

TEST_F(TracerTest, LetsCallersHaveAFewSampledByTheirOwnWord) {
  Tracer& tracer = Make({.sampled = 0, .trusts_callers = Switch::kOn});
  const auto sampled = [&] {
    int count = 0;
    for (int i = 0; i < 1'000; ++i) {
      count += tracer.BeginRequest(caller_)->context.sampled == Switch::kOn ? 1 : 0;
    }
    return count;
  };
  EXPECT_EQ(sampled(), static_cast<int>(Tracer::kSampledByCallersMax));
  clock_.Advance(Milliseconds(1'000));
  EXPECT_EQ(sampled(), static_cast<int>(Tracer::kSampledByCallersMax));
}

TEST_F(TracerTest, HasTheSameForCallersHoweverManyStrangersAskForSampling) {
  Tracer& tracer = Make({.sampled = 0, .trusts_callers = Switch::kOn});
  for (int i = 0; i < 1'000; ++i) tracer.Forget(*tracer.BeginRequest(caller_));
  EXPECT_EQ(tracer.BeginRequest(caller_)->context.sampled, Switch::kOn);
}

TEST_F(TracerTest, KeepsTheNewestSpansAndCountsThoseForWhichThereIsNoRoom) {
  Tracer& tracer = Make({});
  for (std::size_t i = 0; i < Tracer::kSpansMax + 7; ++i) {
    tracer.End({.open = tracer.BeginRequest(std::nullopt).value(), .name = std::to_string(i)});
  }
  EXPECT_EQ(Dropped("no_room"), 7);
  EXPECT_EQ(tracer.TakeSpans(3).at(2).name, "9");
  EXPECT_EQ(tracer.TakeSpans(Tracer::kSpansMax).size(), Tracer::kSpansMax - 3);
}

TEST_F(TracerTest, LosesNoSpanOfAQuietTenantHoweverManyAnotherHas) {
  Tracer& tracer = Make({});
  const auto end = [&](TenantKey tenant, std::string name) {
    tracer.End({.open = tracer.BeginRequest(std::nullopt).value(), .tenant = tenant, .name = std::move(name)});
  };
  end(kQuiet, "before");
  for (std::size_t i = 0; i < Tracer::kSpansMax; ++i) end(kLoud, "loud");
  end(kQuiet, "amid");
  for (std::size_t i = 0; i < Tracer::kSpansMax; ++i) end(kLoud, "loud");
  const auto spans = tracer.TakeSpans(Tracer::kSpansMax);
  EXPECT_EQ(std::ranges::count(spans, "before", &Span::name), 1);
  EXPECT_EQ(std::ranges::count(spans, "amid", &Span::name), 1);
  EXPECT_EQ(Dropped("no_room"), static_cast<double>(Tracer::kSpansMax + 2));
}

TEST_F(TracerTest, ForgetsNoEventOfAQuietTenantHoweverManyAnotherHas) {
  Tracer& tracer = Make({});
  const EventId quiet = NewEvent();
  tracer.Remember(std::span(&quiet, 1), caller_, kQuiet);
  for (std::size_t i = 0; i < 2 * Tracer::kEventsMax; ++i) {
    const EventId event = NewEvent();
    tracer.Remember(std::span(&event, 1), unsampled_, kLoud);
  }
  EXPECT_EQ(tracer.BeginAttempt(quiet)->parent, caller_.span);
}

TEST_F(TracerTest, ForgetsTheOldestEventsAndTheirAttemptsBeginTracesOfTheirOwn) {
  Tracer& tracer = Make({});
  const EventId first = NewEvent();
  tracer.Remember(std::span(&first, 1), caller_, {});
  for (std::size_t i = 1; i < Tracer::kEventsMax; ++i) {
    const EventId event = NewEvent();
    tracer.Remember(std::span(&event, 1), caller_, {});
  }
  EXPECT_EQ(tracer.BeginAttempt(first)->context.trace, caller_.trace);
  const EventId last = NewEvent();
  tracer.Remember(std::span(&last, 1), caller_, {});
  const auto attempt = tracer.BeginAttempt(first);
  EXPECT_NE(attempt->context.trace, caller_.trace);
  EXPECT_FALSE(attempt->parent);
}

TEST(CommitSpan, DoesNothingForARequestThatIsNotTraced) {
  const EventId event;
  CommitSpan span(nullptr, std::span(&event, 1));
  span.End(CommitSpan::Result::kStored);
}

}  // namespace
}  // namespace shakehook
