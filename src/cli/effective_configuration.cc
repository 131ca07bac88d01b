// SPDX-License-Identifier: MIT
#include "cli/effective_configuration.h"

namespace ginnel::cli {

void log_configuration(observability::Log& log, const config::Configuration& configuration) {
  for (const config::EffectiveValue& value : configuration.values) {
    const observability::Fields fields = {
        {"name", value.setting->name}, {"value", value.shown}, {"source", value.source}};
    if (value.source == "default") {
      log.debug("setting", fields);
    } else {
      log.info("setting", fields);
    }
  }
}

}  // namespace ginnel::cli
