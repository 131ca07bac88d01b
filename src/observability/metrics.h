// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <prometheus/collectable.h>

namespace ginnel::observability {

enum class MetricKind { kCounter, kGauge };

/// A number that is looked up when the page is asked for.
struct Figure {
  std::string name;  ///< `ginnel_<area>_<what>_<unit>`; a counter's ends in `_total`
  std::string help;
  MetricKind kind = MetricKind::kGauge;
  std::map<std::string, std::string> labels;
  std::function<double()> read;  ///< called from any loop; must not wait
};

/// What the process measures, as one page in Prometheus' text format 0.0.4.
///
/// Figures of one name must be added one after the other and with the same help. Add before the
/// server starts; `render` may be called from any thread.
class Metrics final {
 public:
  /// Begins with the process' own figures (process_*) and `ginnel_build_info`.
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  void add(Figure figure);

  /// Adds something that makes its own families; it must outlive this.
  void add(prometheus::Collectable& source);

  std::string render() const;

 private:
  std::vector<Figure> figures_;
  std::vector<prometheus::Collectable*> sources_;
};

}  // namespace ginnel::observability
