// The counters of the API, as /metrics shows them. A series begins with its first request, so that routes that nobody
// asks take no room in a scrape; it is looked up once, because finding it by its labels costs more than counting.
//
// Threads: counting from any thread.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <atomic>
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
  // Null until the first request.
  struct OfRoute {
    std::array<std::atomic<prometheus::Counter*>, kStatusClasses.size()> by_status{};
    std::atomic<prometheus::Histogram*> duration = nullptr;
  };

  prometheus::Family<prometheus::Counter>& requests_;
  prometheus::Family<prometheus::Histogram>& durations_;
  std::unordered_map<const Route*, OfRoute> routes_;  // its keys never change
};

}  // namespace shakehook
