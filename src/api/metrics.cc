// /metrics: the counters of the program in Prometheus' text format, for an admin key, or for all with `--metrics-open`.
#include <prometheus/text_serializer.h>

#include "api/all_routes.h"
#include "api/authentication.h"
#include "base/console.h"

namespace shakehook {
namespace {

// The log counts by itself: it exists before the registry, and does not know it.
std::string LogMetrics() {
  return "# HELP shakehook_log_lines_dropped_total Lines of the log that nobody read in time\n"
         "# TYPE shakehook_log_lines_dropped_total counter\n"
         "shakehook_log_lines_dropped_total " +
         std::to_string(LogLinesDropped()) + "\n";
}

Async<Answer> ShowMetrics(ApiServices& services, ApiRequest& request) {
  if (services.options.metrics_open == Switch::kOff) {
    if (auto admin = CheckAdmin(*request.key); !admin) co_return std::unexpected(std::move(admin.error()));
  }
  HttpResponse response;
  response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = prometheus::TextSerializer().Serialize(services.metrics.Collect()) + LogMetrics();
  co_return response;
}

}  // namespace

void AddMetricsRoutes(Router& router, ApiServices& services) {
  const Access access = services.options.metrics_open == Switch::kOn ? Access::kOpen : Access::kRead;
  router.Add({"GET", "/metrics", access, ShowMetrics});
}

}  // namespace shakehook
