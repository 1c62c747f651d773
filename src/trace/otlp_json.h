// Spans as the body of an OTLP/HTTP request in the JSON encoding (OpenTelemetry Protocol 1.x). Pure.
#pragma once

#include <span>
#include <string>

#include "base/time.h"
#include "trace/tracer.h"

namespace shakehook {

// Says who makes the spans.
struct TraceSource {
  std::string version;   // the program's
  std::string instance;  // tells this run of it from others
};

// A moment by both clocks, to tell the time of day of what was measured by the steady one.
struct ClockReading {
  Timestamp now;
  SteadyTime steady;
};

std::string OtlpTraces(std::span<const Span> spans, const TraceSource& source, const ClockReading& clocks);

}  // namespace shakehook
