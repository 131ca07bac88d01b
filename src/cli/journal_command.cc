// SPDX-License-Identifier: MIT
#include "cli/journal_command.h"

#include <iostream>

#include "app/click_pipeline.h"
#include "cli/command.h"
#include "cli/command_stores.h"
#include "clicks/journal_inspection.h"
#include "observability/log.h"

namespace ginnel::cli {

int run_journal_inspect(const std::string& path) {
  const auto done = clicks::inspect_journal(path, std::cout);
  return done ? kSuccess : fail(done.error(), std::cerr);
}

int run_journal_verify(const std::string& path) {
  const auto sound = clicks::verify_journal(path, std::cout);
  if (!sound) {
    return fail(sound.error(), std::cerr);
  }
  return *sound ? kSuccess : kFailure;
}

int run_journal_replay(const config::Settings& settings) {
  observability::Log log(settings.log);
  CommandStores stores;
  if (auto opened = stores.open(settings.store); !opened) {
    return fail(opened.error(), std::cerr);
  }
  const auto pipeline = app::ClickPipeline::open(settings, 0, *stores, stores.loop(), log);
  if (!pipeline) {
    return fail(pipeline.error(), std::cerr);
  }
  const app::Cores nobody_serves;
  (*pipeline)->start(nobody_serves);
  const app::ClickPipeline::Outcome outcome = (*pipeline)->finish();
  std::cout << outcome.stored << " clicks stored, " << outcome.waiting << " left in "
            << app::journal_folder(settings) << '\n';
  return outcome.whole ? kSuccess : kFailure;
}

int run_verify(const config::Settings& settings, storage::Verification how) {
  CommandStores stores;
  if (auto opened = stores.open(settings.store); !opened) {
    return fail(opened.error(), std::cerr);
  }
  const auto report = stores.wait_for(stores->clicks().verify(how));
  if (!report) {
    return fail(report.error(), std::cerr);
  }
  for (const storage::RollupFault& fault : report->faults) {
    std::cout << fault.what << '\n';
  }
  std::cout << report->clicks << " clicks of " << report->links << " links counted, "
            << report->rollups << " figures compared, " << report->differ << " differ"
            << (report->repaired ? ", repaired" : "") << '\n';
  return report->differ == 0 || report->repaired ? kSuccess : kFailure;
}

}  // namespace ginnel::cli
