// SPDX-License-Identifier: MIT
#include <iostream>

#include "app/application.h"
#include "cli/command.h"
#include "cli/effective_configuration.h"
#include "observability/log.h"

namespace ginnel::cli {

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
