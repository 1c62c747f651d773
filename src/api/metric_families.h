// Makes metric families for values that are read at a scrape, or kept elsewhere; what is counted as it happens is in
// the registry instead.
#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <utility>
#include <vector>

namespace shakehook {

struct MetricSample {
  double value = 0;
  std::vector<std::pair<std::string, std::string>> labels = {};
};

prometheus::MetricFamily GaugeFamily(std::string name, std::string help, const std::vector<MetricSample>& samples);
prometheus::MetricFamily CounterFamily(std::string name, std::string help, const std::vector<MetricSample>& samples);

}  // namespace shakehook
