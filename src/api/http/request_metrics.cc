#include "api/http/request_metrics.h"

#include <algorithm>

namespace shakehook {
namespace {

prometheus::Labels LabelsOf(const Route* route) {
  if (route == nullptr) return {{"method", ""}, {"route", "none"}};
  return {{"method", std::string(route->method)}, {"route", std::string(route->path)}};
}

}  // namespace

RequestMetrics::RequestMetrics(prometheus::Registry& registry, const std::deque<Route>& routes)
    : requests_(prometheus::BuildCounter()
                    .Name("shakehook_api_requests_total")
                    .Help("Requests of the HTTP API by what was asked and how it was answered.")
                    .Register(registry)),
      durations_(prometheus::BuildHistogram()
                     .Name("shakehook_api_request_seconds")
                     .Help("How long the HTTP API takes to answer.")
                     .Register(registry)) {
  for (const Route& route : routes) routes_.try_emplace(&route);
  routes_.try_emplace(nullptr);
}

void RequestMetrics::Count(const Route* route, int status, Microseconds duration) {
  OfRoute& of_route = routes_.at(route);
  const int status_class = std::clamp(status / 100 - 2, 0, static_cast<int>(kStatusClasses.size()) - 1);
  auto& counter = of_route.by_status[static_cast<std::size_t>(status_class)];
  // Two threads that come at once get the same series.
  if (counter.load() == nullptr) {
    prometheus::Labels labels = LabelsOf(route);
    labels.emplace("status", kStatusClasses[static_cast<std::size_t>(status_class)]);
    counter = &requests_.Add(labels);
  }
  if (of_route.duration.load() == nullptr) {
    of_route.duration =
        &durations_.Add(LabelsOf(route), prometheus::Histogram::BucketBoundaries{0.001, 0.005, 0.025, 0.1, 0.5, 2.5});
  }
  counter.load()->Increment();
  of_route.duration.load()->Observe(static_cast<double>(duration.count()) / 1e6);
}

}  // namespace shakehook
