// SPDX-License-Identifier: MIT
#include "observability/metrics.h"

#include <utility>

#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "observability/process_figures.h"
#include "observability/version.h"

namespace ginnel::observability {
namespace {

prometheus::ClientMetric metric_of(const Figure& figure) {
  prometheus::ClientMetric metric;
  for (const auto& [name, value] : figure.labels) {
    metric.label.push_back({name, value});
  }
  if (figure.kind == MetricKind::kCounter) {
    metric.counter.value = figure.read();
  } else {
    metric.gauge.value = figure.read();
  }
  return metric;
}

void append(std::vector<prometheus::MetricFamily>& families, const Figure& figure) {
  if (families.empty() || families.back().name != figure.name) {
    const auto type = figure.kind == MetricKind::kCounter ? prometheus::MetricType::Counter
                                                          : prometheus::MetricType::Gauge;
    families.push_back({figure.name, figure.help, type, {}});
  }
  families.back().metric.push_back(metric_of(figure));
}

}  // namespace

Metrics::Metrics() {
  for (Figure& figure : process_figures()) {
    add(std::move(figure));
  }
  add({"ginnel_build_info",
       "What this binary is; always 1.",
       MetricKind::kGauge,
       {{"compiler", compiler_version()}, {"version", version()}},
       [] { return 1.0; }});
}

Metrics::~Metrics() = default;

void Metrics::add(Figure figure) {
  figures_.push_back(std::move(figure));
}

void Metrics::add(prometheus::Collectable& source) {
  sources_.push_back(&source);
}

std::string Metrics::render() const {
  std::vector<prometheus::MetricFamily> families;
  for (const Figure& figure : figures_) {
    append(families, figure);
  }
  for (const prometheus::Collectable* source : sources_) {
    for (prometheus::MetricFamily& family : source->Collect()) {
      families.push_back(std::move(family));
    }
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace ginnel::observability
