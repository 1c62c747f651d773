#include "testing/world/simulated_transport.h"

#include <algorithm>

#include "base/check.h"

namespace shakehook {
namespace {

std::map<std::string, std::string> ParseLines(std::string_view lines) {
  std::map<std::string, std::string> headers;
  while (!lines.empty()) {
    const auto end = lines.find("\r\n");
    const std::string_view line = lines.substr(0, end);
    const auto colon = line.find(": ");
    CHECK(end != std::string_view::npos && colon != std::string_view::npos);
    CHECK(headers.emplace(line.substr(0, colon), line.substr(colon + 2)).second);
    lines.remove_prefix(end + 2);
  }
  return headers;
}

}  // namespace

std::string ReceivedRequest::Header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

Async<Exchange> SimulatedTransport::Post(PostRequest request) {
  const SteadyTime start = loop_.clock().Steady();
  const SimulatedResponse response = script_({.at = loop_.clock().Now(),
                                              .steady = start,
                                              .host = request.url->host,
                                              .target = request.url->target,
                                              .headers = ParseLines(request.headers),
                                              .body = *request.body});
  const SteadyTime answered = start + response.delay;
  co_await SleepUntil(loop_, std::min(answered, request.deadline));
  Exchange exchange;
  if (answered > request.deadline) {
    exchange.failure = TransportFailure::kTimeout;
    exchange.message = "No answer in time.";
  } else if (response.status == 0) {
    exchange.failure = response.failure;
    exchange.own_fault = response.own_fault;
    exchange.message = "The connection failed.";
  } else {
    exchange.response = PostResponse{.status = response.status,
                                     .reason = "",
                                     .headers = response.headers,
                                     .body = response.body,
                                     .truncated = false};
    exchange.timings.first_byte = Microseconds(response.delay);
  }
  co_return exchange;
}

}  // namespace shakehook
