// /metrics: the counters of the program in Prometheus' text format, for an admin key, or for all with `--metrics-open`.
#include <prometheus/text_serializer.h>

#include <map>

#include "api/access/authentication.h"
#include "api/all_routes.h"
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

// Adds up all loops of one kind.
struct LoopTurns {
  std::uint64_t slow = 0;
  Microseconds longest{};
};

std::string LoopMetrics(const std::vector<const Loop*>& loops) {
  std::map<std::string, LoopTurns> by_kind;
  for (const Loop* loop : loops) {
    if (loop->watch() == nullptr) continue;
    LoopTurns& turns = by_kind[loop->watch()->options().kind];
    turns.slow += loop->watch()->slow_turns();
    turns.longest = std::max(turns.longest, loop->watch()->longest());
  }
  std::string slow =
      "# HELP shakehook_slow_loop_turns_total Turns of a loop that took as long as --slow-loop-turn, or longer\n"
      "# TYPE shakehook_slow_loop_turns_total counter\n";
  std::string longest =
      "# HELP shakehook_longest_loop_turn_seconds The longest turn of a loop since the start\n"
      "# TYPE shakehook_longest_loop_turn_seconds gauge\n";
  for (const auto& [kind, turns] : by_kind) {
    slow += "shakehook_slow_loop_turns_total{loop=\"" + kind + "\"} " + std::to_string(turns.slow) + "\n";
    longest += "shakehook_longest_loop_turn_seconds{loop=\"" + kind + "\"} " +
               std::to_string(static_cast<double>(turns.longest.count()) / 1e6) + "\n";
  }
  return slow + longest;
}

Async<ApiResponse> ShowMetrics(ApiServices& services, ApiRequest& request) {
  if (services.options.metrics_open == Switch::kOff) {
    if (auto admin = CheckAdmin(*request.principal); !admin) co_return std::unexpected(std::move(admin.error()));
  }
  HttpResponse response;
  response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = prometheus::TextSerializer().Serialize(services.metrics.Collect()) + LogMetrics() +
                  LoopMetrics(services.options.loops);
  co_return response;
}

}  // namespace

void AddMetricsRoutes(Router& router, ApiServices& services) {
  const Access access = services.options.metrics_open == Switch::kOn ? Access::kOpen : Access::kRead;
  router.Add({"GET", "/metrics", access, ShowMetrics});
}

}  // namespace shakehook
