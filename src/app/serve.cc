// SPDX-License-Identifier: MIT
#include <iostream>

#include "app/application.h"
#include "app/command.h"
#include "observability/log.h"

namespace ginnel::app {

int run_serve(const config::Settings& settings) {
  observability::Log log(settings.log);
  Application application(settings, log);
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
