// The counters of the API, as /metrics shows them. Each is looked up once: finding a child by its labels costs more
// than counting.
//
// Threads: counting from any thread.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <deque>
#include <unordered_map>

#include "api/http/router.h"

namespace shakehook {

class RequestMetrics {
 public:
  // `routes` are all there are, and outlive the object.
  RequestMetrics(prometheus::Registry& registry, const std::deque<Route>& routes);

  // `route` null: the request matched none.
  void Count(const Route* route, int status, Microseconds duration);

 private:
  static constexpr std::array<std::string_view, 4> kStatusClasses = {"2xx", "3xx", "4xx", "5xx"};
  struct OfRoute {
    std::array<prometheus::Counter*, kStatusClasses.size()> by_status{};
    prometheus::Histogram* duration = nullptr;
  };

  std::unordered_map<const Route*, OfRoute> routes_;
};

}  // namespace shakehook
