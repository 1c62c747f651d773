#include "api/metric_families.h"

namespace shakehook {
namespace {

prometheus::MetricFamily Family(std::string name, std::string help, prometheus::MetricType type,
                                const std::vector<MetricSample>& samples) {
  prometheus::MetricFamily family{.name = std::move(name), .help = std::move(help), .type = type, .metric = {}};
  for (const MetricSample& sample : samples) {
    prometheus::ClientMetric& metric = family.metric.emplace_back();
    for (const auto& [label, value] : sample.labels) metric.label.push_back({label, value});
    metric.gauge.value = sample.value;
    metric.counter.value = sample.value;
  }
  return family;
}

}  // namespace

prometheus::MetricFamily GaugeFamily(std::string name, std::string help, const std::vector<MetricSample>& samples) {
  return Family(std::move(name), std::move(help), prometheus::MetricType::Gauge, samples);
}

prometheus::MetricFamily CounterFamily(std::string name, std::string help, const std::vector<MetricSample>& samples) {
  return Family(std::move(name), std::move(help), prometheus::MetricType::Counter, samples);
}

}  // namespace shakehook
