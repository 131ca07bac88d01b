// SPDX-License-Identifier: MIT
#include <iostream>

#include "app/application.h"
#include "cli/command.h"

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

int run_serve(const config::Configuration& configuration, const OnOpen& on_open) {
  observability::Log log(configuration.settings.log);
  log_configuration(log, configuration);
  app::Application application(configuration.settings, log);
  const auto opened = application.open();
  if (!opened) {
    log.error("cannot start",
              {{"reason", opened.error().message}, {"detail", opened.error().detail}});
    std::cerr << "ginnel: " << opened.error().message << '\n';
    return kFailure;
  }
  if (on_open) {
    on_open(application.url());
  }
  application.run();
  return kSuccess;
}

}  // namespace ginnel::cli
