// The span of a request, where traces are on: it begins a trace, or continues that of the caller's `traceparent`
// (trace/tracer.h says when).
// Requests of strangers, of the dashboard's files, of probes and of /metrics have none.
//
// Threads: from any thread.
#pragma once

#include <optional>

#include "api/http/api_request.h"

namespace shakehook {

// `tracer`: null where traces are off; else it outlives the result.
std::optional<RequestTrace> BeginRequestTrace(Tracer* tracer, const HttpRequest& request);
// Ends the span with what was answered.
void EndRequestTrace(const ApiRequest& request, const HttpResponse& response);

}  // namespace shakehook
