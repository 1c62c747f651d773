#include "trace/otlp_json.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

Span Example() {
  const TraceContext caller = ParseTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").value();
  Span span{.open = {.context = caller, .parent = std::nullopt, .began = SteadyTime(Microseconds(5'000'000))},
            .ended = SteadyTime(Microseconds(5'002'500)),
            .kind = Span::Kind::kServer,
            .name = "GET /api/\"x\""};
  span.attributes.emplace_back("http.response.status_code", std::int64_t{200});
  span.attributes.emplace_back("http.request.method", "GET");
  return span;
}

const TraceSource kSource{.version = "1.2.3", .instance = "one"};
// A second after the span began.
const ClockReading kClocks{.now = FromUnixMs(1'700'000'001'000), .steady = SteadyTime(Microseconds(6'000'000))};

// The JSON encoding of the protocol's own document: ids in hexadecimal, numbers of 64 bits as texts, enumerators as
// numbers, names in camel case.
TEST(OtlpJson, IsTheEncodingOfTheProtocol) {
  const Span span = Example();
  EXPECT_EQ(
      OtlpTraces(std::span(&span, 1), kSource, kClocks),
      R"({"resourceSpans":[{"resource":{"attributes":[)"
      R"({"key":"service.name","value":{"stringValue":"shakehook"}},)"
      R"({"key":"service.version","value":{"stringValue":"1.2.3"}},)"
      R"({"key":"service.instance.id","value":{"stringValue":"one"}}]},)"
      R"("scopeSpans":[{"scope":{"name":"shakehook","version":"1.2.3"},"spans":[)"
      R"({"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","name":"GET /api/\"x\"","kind":2,)"
      R"("startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000002500000",)"
      R"("attributes":[{"key":"http.response.status_code","value":{"intValue":"200"}},)"
      R"({"key":"http.request.method","value":{"stringValue":"GET"}}]}]}]}]})");
}

TEST(OtlpJson, NamesTheTraceThatASpanIsLinkedWith) {
  Span span = Example();
  EXPECT_EQ(OtlpTraces(std::span(&span, 1), kSource, kClocks).find("links"), std::string::npos);
  span.open.link = ParseTraceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00").value();
  const std::string body = OtlpTraces(std::span(&span, 1), kSource, kClocks);
  EXPECT_NE(body.find(R"("links":[{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331"}])"),
            std::string::npos)
      << body;
}

TEST(OtlpJson, NamesTheParentAndWhatFailed) {
  Span span = Example();
  span.open.parent = SpanId{{1, 2, 3, 4, 5, 6, 7, 8}};
  span.error = "The endpoint answered 503.";
  const std::string body = OtlpTraces(std::span(&span, 1), kSource, kClocks);
  EXPECT_NE(body.find(R"("parentSpanId":"0102030405060708")"), std::string::npos) << body;
  EXPECT_NE(body.find(R"("status":{"code":2,"message":"The endpoint answered 503."})"), std::string::npos) << body;
}

}  // namespace
}  // namespace shakehook
