// /metrics: the counters of the program in Prometheus' text format, for an admin key, or for all with `--metrics-open`.
// A scrape reads what is in memory; nothing in it grows with the number of webhooks or records.
#include <prometheus/text_serializer.h>

#include <iterator>
#include <map>

#include "api/access/authentication.h"
#include "api/all_routes.h"
#include "api/metric_families.h"
#include "base/console.h"

namespace shakehook {
namespace {

using Families = std::vector<prometheus::MetricFamily>;

// Adds up all loops of one kind.
struct LoopTurns {
  std::uint64_t slow = 0;
  Microseconds longest{};
};

void AddLoops(Families& families, const std::vector<const Loop*>& loops) {
  std::map<std::string, LoopTurns> by_kind;
  for (const Loop* loop : loops) {
    if (loop->watch() == nullptr) continue;
    LoopTurns& turns = by_kind[loop->watch()->options().kind];
    turns.slow += loop->watch()->slow_turns();
    turns.longest = std::max(turns.longest, loop->watch()->longest());
  }
  std::vector<MetricSample> slow, longest;
  for (const auto& [kind, turns] : by_kind) {
    slow.push_back({static_cast<double>(turns.slow), {{"loop", kind}}});
    longest.push_back({static_cast<double>(turns.longest.count()) / 1e6, {{"loop", kind}}});
  }
  families.push_back(CounterFamily("shakehook_slow_loop_turns_total",
                                   "Turns of a loop that took as long as --slow-loop-turn, or longer.", slow));
  families.push_back(
      GaugeFamily("shakehook_longest_loop_turn_seconds", "The longest turn of a loop since the start.", longest));
}

Async<ApiResponse> ShowMetrics(ApiServices& services, ApiRequest& request) {
  if (services.options.metrics_open == Switch::kOff) {
    if (auto admin = CheckAdmin(*request.principal); !admin) co_return std::unexpected(std::move(admin.error()));
  }
  Families families = services.metrics.Collect();
  for (const prometheus::Collectable* const more : services.options.collected) {
    std::ranges::move(more->Collect(), std::back_inserter(families));
  }
  // The log counts by itself: it exists before the registry, and does not know it.
  families.push_back(CounterFamily("shakehook_log_lines_dropped_total",
                                   "Lines of the log that were dropped because they were not read in time.",
                                   {{static_cast<double>(LogLinesDropped())}}));
  families.push_back(GaugeFamily("shakehook_store_writable", "1 if the last change could be written, 0 if not.",
                                 {{services.store.writable() ? 1.0 : 0.0}}));
  AddLoops(families, services.options.loops);
  // A family of which nothing has been counted yet would be a name without a series.
  std::erase_if(families, [](const prometheus::MetricFamily& family) { return family.metric.empty(); });
  HttpResponse response;
  response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = prometheus::TextSerializer().Serialize(families);
  co_return response;
}

}  // namespace

void AddMetricsRoutes(Router& router, ApiServices& services) {
  const Access access = services.options.metrics_open == Switch::kOn ? Access::kOpen : Access::kRead;
  router.Add({"GET", "/metrics", access, ShowMetrics});
}

}  // namespace shakehook
