#include "service/trace_export.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/console.h"
#include "base/log.h"
#include "testing/run_for.h"
#include "testing/simulated_clock.h"

namespace shakehook {
namespace {

// A collector by script.
class Collector final : public Transport {
 public:
  explicit Collector(Loop& loop) : loop_(loop) {}

  Async<Exchange> Post(PostRequest request) override {
    came_at.push_back(loop_.clock().Steady());
    bodies.push_back(*request.body);
    headers = request.headers;
    if (hangs) co_await SleepUntil(loop_, request.deadline);
    if (takes > Milliseconds(0)) co_await SleepUntil(loop_, loop_.clock().Steady() + takes);
    if (status == 0) co_return Exchange{.response = {}, .message = "nobody listens", .own_fault = {}};
    co_return Exchange{.response = PostResponse{.status = status, .body = answer}, .own_fault = {}};
  }

  int status = 200;  // 0: not reached
  bool hangs = false;
  Milliseconds takes{0};  // to answer
  std::string answer = "{}";
  std::string headers;
  std::vector<std::string> bodies;
  std::vector<SteadyTime> came_at;

 private:
  Loop& loop_;
};

std::size_t CountOf(std::string_view what, std::string_view text) {
  std::size_t count = 0;
  for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

class TraceExportTest : public ::testing::Test {
 protected:
  TraceExportTest() { SetUpLog(LogFormat::kText, LogLevel::kOff); }
  ~TraceExportTest() override { SetUpLog(LogFormat::kText, LogLevel::kInfo); }

  void MakeSpans(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      tracer_.End({.open = tracer_.BeginRequest(std::nullopt).value(), .name = "GET"});
    }
  }
  // Returns how long it took.
  Microseconds Flush() {
    const SteadyTime began = clock_.Steady();
    bool ended = false;
    struct Flushed {
      static Async<> Run(TraceExport& of, SteadyTime deadline, bool& ended) {
        co_await of.Flush(deadline);
        ended = true;
      }
    };
    loop_.Spawn(Flushed::Run(export_, began + TraceExport::kFlushMax, ended));
    RunFor(Milliseconds(0));
    while (!ended) RunFor(Milliseconds(10));
    return clock_.Steady() - began;
  }
  void RunFor(Milliseconds time) { shakehook::RunFor(loop_, clock_, time); }
  double Count(std::string_view name, std::string_view reason = "") {
    for (const auto& family : registry_.Collect()) {
      if (family.name != name) continue;
      for (const auto& metric : family.metric) {
        if (reason.empty() || metric.label.at(0).value == reason) return metric.counter.value;
      }
    }
    return -1;
  }
  double Exported() { return Count("shakehook_trace_spans_exported_total"); }
  double Lost() { return Count("shakehook_trace_spans_dropped_total", "collector"); }

  SimulatedClock clock_;
  Loop loop_{clock_};
  SeededRandom random_{1};
  prometheus::Registry registry_;
  Tracer tracer_{clock_, random_, registry_, {}};
  Collector collector_{loop_};
  TraceExport export_{tracer_,
                      loop_,
                      collector_,
                      {.collector = ParseTargetUrl("http://127.0.0.1:4318/v1/traces").value(),
                       .headers = "X-Token: t\r\n",
                       .source = {.version = "1", .instance = "i"}}};
};

TEST_F(TraceExportTest, SendsInGroupsTwiceASecond) {
  export_.Start();
  MakeSpans(TraceExport::kSpansPerRequest + 1);
  RunFor(TraceExport::kInterval);
  EXPECT_EQ(collector_.bodies.size(), 2u);
  EXPECT_EQ(Exported(), static_cast<double>(TraceExport::kSpansPerRequest + 1));
  EXPECT_EQ(collector_.headers, "Content-Type: application/json\r\nUser-Agent: Shakehook/1\r\nX-Token: t\r\n");
  RunFor(10 * TraceExport::kInterval);
  EXPECT_EQ(collector_.bodies.size(), 2u) << "nothing is nothing to send";
}

TEST_F(TraceExportTest, TriesAgainWhatTheCollectorCannotTakeNowAndGivesItUp) {
  export_.Start();
  for (const int status : {0, 429, 502, 503, 504}) {
    collector_.status = status;
    collector_.bodies.clear();
    const double lost = Lost();
    MakeSpans(2);
    RunFor(Milliseconds(20'000));
    EXPECT_EQ(collector_.bodies.size(), static_cast<std::size_t>(TraceExport::kTriesMax)) << status;
    EXPECT_EQ(Lost() - lost, 2) << status;
  }
  collector_.status = 200;
  MakeSpans(1);
  RunFor(Milliseconds(1'000));
  EXPECT_EQ(Exported(), 1);
}

TEST_F(TraceExportTest, TriesOnceWhatTheCollectorRefuses) {
  export_.Start();
  for (const int status : {301, 400, 401, 404, 413, 500}) {
    collector_.status = status;
    collector_.bodies.clear();
    MakeSpans(1);
    RunFor(Milliseconds(5'000));
    EXPECT_EQ(collector_.bodies.size(), 1u) << status;
  }
  EXPECT_EQ(Lost(), 6);
}

TEST_F(TraceExportTest, CountsWhatTheCollectorTookAndDidNotWant) {
  export_.Start();
  for (const std::string answer :
       {R"({"partialSuccess":{"rejectedSpans":"3"}})", R"({"partialSuccess":{"rejectedSpans":3}})"}) {
    collector_.answer = answer;
    MakeSpans(5);
    RunFor(Milliseconds(1'000));
  }
  EXPECT_EQ(Exported(), 4);
  EXPECT_EQ(Lost(), 6);
  for (const std::string answer :
       {"", "no JSON", "[]", R"({"partialSuccess":null})", R"({"partialSuccess":{"rejectedSpans":"x"}})",
        R"({"partialSuccess":{"rejectedSpans":-1}})"}) {
    collector_.answer = answer;
    MakeSpans(1);
    RunFor(Milliseconds(1'000));
  }
  EXPECT_EQ(Exported(), 10);
}

TEST_F(TraceExportTest, FlushesOnceAndBrieflyAtTheEnd) {
  export_.Start();
  MakeSpans(3);
  collector_.hangs = true;
  collector_.status = 0;
  EXPECT_EQ(Flush(), TraceExport::kFlushMax);
  EXPECT_EQ(collector_.bodies.size(), 1u);
  EXPECT_EQ(Lost(), 3);
}

TEST_F(TraceExportTest, FlushesTheGroupThatWaitsToBeTriedAgain) {
  export_.Start();
  MakeSpans(3);
  collector_.status = 503;
  RunFor(TraceExport::kInterval);
  EXPECT_EQ(collector_.bodies.size(), 1u);
  collector_.status = 200;
  MakeSpans(2);
  EXPECT_EQ(Flush(), Milliseconds(0));
  EXPECT_EQ(collector_.bodies.size(), 3u);
  EXPECT_EQ(Exported(), 5);
  RunFor(Milliseconds(60'000));
  EXPECT_EQ(collector_.bodies.size(), 3u) << "nothing is sent after it";
  EXPECT_EQ(Lost(), 0);
}

TEST_F(TraceExportTest, AwaitsTheGroupThatIsUnderWayBeforeTheFlushEnds) {
  export_.Start();
  MakeSpans(3);
  collector_.takes = Milliseconds(700);
  RunFor(TraceExport::kInterval + Milliseconds(100));
  EXPECT_EQ(Exported(), 0);
  EXPECT_LE(Flush(), Milliseconds(620));
  EXPECT_EQ(Exported(), 3);
  EXPECT_EQ(collector_.bodies.size(), 1u);
}

TEST_F(TraceExportTest, CountsWhatIsLeftAtTheEndOfTheFlushAsLost) {
  export_.Start();
  MakeSpans(3);
  collector_.takes = Milliseconds(5'000);
  RunFor(TraceExport::kInterval);
  MakeSpans(4);
  EXPECT_EQ(Flush(), TraceExport::kFlushMax);
  EXPECT_EQ(Lost(), 7);
}

TEST_F(TraceExportTest, LogsACollectorThatTakesAndRefusesInTurnOnceAndTheEndWhenItLasts) {
  SetUpLog(LogFormat::kText, LogLevel::kInfo);
  testing::internal::CaptureStderr();
  export_.Start();
  for (int i = 0; i < 60; ++i) {
    collector_.status = i % 2 == 0 ? 400 : 200;
    MakeSpans(1);
    RunFor(TraceExport::kInterval);
  }
  EXPECT_EQ(collector_.bodies.size(), 60u);
  RunFor(TraceExport::kOverAfter + TraceExport::kInterval);
  FlushConsole();
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(CountOf("traces are not exported", log), 1) << log;
  EXPECT_EQ(CountOf("takes traces again", log), 1) << log;
}

}  // namespace
}  // namespace shakehook
