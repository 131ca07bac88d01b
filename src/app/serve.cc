// SPDX-License-Identifier: MIT
#include <iostream>

#include "app/application.h"
#include "app/command.h"
#include "app/effective_configuration.h"
#include "observability/log.h"

namespace ginnel::app {

int run_serve(const config::Configuration& configuration) {
  observability::Log log(configuration.settings.log);
  log_configuration(log, configuration);
  Application application(configuration.settings, log);
  const auto opened = application.open();
  if (!opened) {
    log.error("cannot start",
              {{"reason", opened.error().message}, {"detail", opened.error().detail}});
    std::cerr << "ginnel: " << opened.error().message << '\n';
    return kFailure;
  }
  application.run();
  return kSuccess;
}

}  // namespace ginnel::app
