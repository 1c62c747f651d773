#include "trace/otlp_json.h"

#include <utility>

#include "base/encoding.h"
#include "base/json.h"

namespace shakehook {
namespace {

constexpr int kErrorStatus = 2;  // STATUS_CODE_ERROR

// Numbers of 64 bits are texts in this encoding.
Json ValueJson(const Span::Value& value) {
  Json json{Json::Object()};
  if (const auto* const text = std::get_if<std::string>(&value)) {
    json.Add("stringValue", *text);
  } else {
    json.Add("intValue", std::to_string(std::get<std::int64_t>(value)));
  }
  return json;
}

Json AttributeJson(std::string_view name, const Span::Value& value) {
  Json json{Json::Object()};
  json.Add("key", Json(name));
  json.Add("value", ValueJson(value));
  return json;
}

std::string UnixNanoseconds(SteadyTime time, const ClockReading& clocks) {
  const Microseconds at = Microseconds(clocks.now.time_since_epoch()) - (clocks.steady - time);
  return std::to_string(std::chrono::nanoseconds(at).count());
}

Json ListOfOne(Json only) {
  Json::Array list;
  list.push_back(std::move(only));
  return Json(std::move(list));
}

Json LinkJson(const TraceContext& link) {
  Json json{Json::Object()};
  json.Add("traceId", ToHex(link.trace.bytes));
  json.Add("spanId", ToHex(link.span.bytes));
  return json;
}

Json SpanJson(const Span& span, const ClockReading& clocks) {
  Json json{Json::Object()};
  json.Add("traceId", ToHex(span.open.context.trace.bytes));
  json.Add("spanId", ToHex(span.open.context.span.bytes));
  if (span.open.parent) json.Add("parentSpanId", ToHex(span.open.parent->bytes));
  json.Add("name", span.name);
  json.Add("kind", static_cast<int>(span.kind));
  json.Add("startTimeUnixNano", UnixNanoseconds(span.open.began, clocks));
  json.Add("endTimeUnixNano", UnixNanoseconds(span.ended, clocks));
  Json::Array attributes;
  for (const auto& [name, value] : span.attributes) attributes.push_back(AttributeJson(name, value));
  json.Add("attributes", std::move(attributes));
  if (span.open.link) json.Add("links", ListOfOne(LinkJson(*span.open.link)));
  if (span.error) {
    Json status{Json::Object()};
    status.Add("code", kErrorStatus);
    status.Add("message", *span.error);
    json.Add("status", std::move(status));
  }
  return json;
}

}  // namespace

std::string OtlpTraces(std::span<const Span> spans, const TraceSource& source, const ClockReading& clocks) {
  Json::Array of_scope;
  for (const Span& span : spans) of_scope.push_back(SpanJson(span, clocks));
  Json scope{Json::Object()};
  scope.Add("name", "shakehook");
  scope.Add("version", source.version);
  Json scope_spans{Json::Object()};
  scope_spans.Add("scope", std::move(scope));
  scope_spans.Add("spans", std::move(of_scope));
  Json::Array attributes;
  attributes.push_back(AttributeJson("service.name", "shakehook"));
  attributes.push_back(AttributeJson("service.version", source.version));
  attributes.push_back(AttributeJson("service.instance.id", source.instance));
  Json resource{Json::Object()};
  resource.Add("attributes", std::move(attributes));
  Json resource_spans{Json::Object()};
  resource_spans.Add("resource", std::move(resource));
  resource_spans.Add("scopeSpans", ListOfOne(std::move(scope_spans)));
  Json body{Json::Object()};
  body.Add("resourceSpans", ListOfOne(std::move(resource_spans)));
  return ToString(body);
}

}  // namespace shakehook
