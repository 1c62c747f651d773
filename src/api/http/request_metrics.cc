#include "api/http/request_metrics.h"

#include <algorithm>

namespace shakehook {

RequestMetrics::RequestMetrics(prometheus::Registry& registry, const std::deque<Route>& routes) {
  auto& requests = prometheus::BuildCounter()
                       .Name("shakehook_api_requests_total")
                       .Help("Requests of the HTTP API by what was asked and how it was answered.")
                       .Register(registry);
  auto& durations = prometheus::BuildHistogram()
                        .Name("shakehook_api_request_seconds")
                        .Help("How long the HTTP API takes to answer.")
                        .Register(registry);
  const auto add = [&](const Route* route, std::string_view method, std::string_view path) {
    OfRoute& of_route = routes_[route];
    const prometheus::Labels labels = {{"method", std::string(method)}, {"route", std::string(path)}};
    for (std::size_t i = 0; i < kStatusClasses.size(); ++i) {
      prometheus::Labels with_status = labels;
      with_status.emplace("status", kStatusClasses[i]);
      of_route.by_status[i] = &requests.Add(with_status);
    }
    of_route.duration =
        &durations.Add(labels, prometheus::Histogram::BucketBoundaries{0.001, 0.005, 0.025, 0.1, 0.5, 2.5});
  };
  for (const Route& route : routes) add(&route, route.method, route.path);
  add(nullptr, "", "none");
}

void RequestMetrics::Count(const Route* route, int status, Microseconds duration) {
  const OfRoute& of_route = routes_.at(route);
  const int status_class = std::clamp(status / 100 - 2, 0, static_cast<int>(kStatusClasses.size()) - 1);
  of_route.by_status[status_class]->Increment();
  of_route.duration->Observe(static_cast<double>(duration.count()) / 1e6);
}

}  // namespace shakehook
