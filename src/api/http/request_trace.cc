#include "api/http/request_trace.h"

#include <utility>

#include "api/http/router.h"

namespace shakehook {

std::optional<RequestTrace> BeginRequestTrace(Tracer* tracer, const HttpRequest& request) {
  if (tracer == nullptr || !request.path.starts_with("/api/")) return std::nullopt;
  // Two headers are one list, which is no traceparent.
  const auto header = request.HeaderList("traceparent");
  auto span = tracer->BeginRequest(header ? ParseTraceparent(*header) : std::nullopt);
  if (!span) return std::nullopt;
  return RequestTrace{.tracer = tracer, .span = *std::move(span)};
}

void EndRequestTrace(const ApiRequest& request, const HttpResponse& response) {
  if (!request.trace) return;
  if (!request.principal) return request.trace->tracer->Forget(request.trace->span);
  Span span{.open = request.trace->span, .tenant = request.trace->tenant, .kind = Span::Kind::kServer, .name = "HTTP"};
  // A method that no route has may be any text, of any length.
  span.attributes.emplace_back("http.request.method",
                               request.route != nullptr ? std::string(request.route->method) : "_OTHER");
  if (request.route != nullptr) {
    span.name = std::string(request.route->method) + " " + std::string(request.route->path);
    span.attributes.emplace_back("http.route", std::string(request.route->path));
  }
  span.attributes.emplace_back("http.response.status_code", std::int64_t{response.status});
  if (response.status >= 500) {
    span.attributes.emplace_back("error.type", std::to_string(response.status));
    span.error = "The server answered " + std::to_string(response.status) + ".";
  }
  request.trace->tracer->End(std::move(span));
}

}  // namespace shakehook
