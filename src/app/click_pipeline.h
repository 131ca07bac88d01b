// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/core.h"
#include "base/result.h"
#include "clicks/click_shipper.h"
#include "clicks/journal.h"
#include "config/settings.h"
#include "observability/log.h"
#include "observability/metrics.h"
#include "storage/stores.h"

namespace ginnel::app {

/// Where the journal is when `journal.folder` does not say: beside the database's file.
std::string journal_folder(const config::Settings& settings);

/// What lies between an answered click and its row: journal and shipper. Recorders are the cores'.
class ClickPipeline final {
 public:
  /// Opens the journal, with a writer for each of `cores`; waits for the stores on `loop`, which
  /// nobody else runs. All references must outlive it. Fails as Journal::open and ClickStore do.
  static Result<std::unique_ptr<ClickPipeline>> open(const config::Settings& settings,
                                                     std::size_t cores,
                                                     storage::Stores& stores,
                                                     asio::io_context& loop,
                                                     observability::Log& log);

  /// Where the recorder of a core writes.
  clicks::JournalWriter& writer(std::size_t core) noexcept { return journal_->writer(core); }

  /// The file whose lock says that the journal's folder is this process'.
  std::string lock_path() const { return journal_->folder() + "/lock"; }

  /// Has each core write its clicks before its answers leave, and begins to ship. No loop runs yet;
  /// they must run until the pipeline is destroyed.
  void start(const Cores& cores);

  /// What became of the clicks at the end.
  struct Outcome {
    std::uint64_t stored = 0;   ///< since the start
    std::uint64_t waiting = 0;  ///< in the journal, for the next start
    bool whole = true;          ///< nothing had to stay
  };

  /// Ships what the journal has, for `shutdown.ship_ms` at most: nobody records any more.
  Outcome finish();

  void add_figures(observability::Metrics& metrics) const;

 private:
  ClickPipeline(const config::Settings& settings, storage::Stores& stores, observability::Log& log)
      : options_(settings.clicks), stores_(stores), log_(log) {}

  void add_shipper_figures(observability::Metrics& metrics) const;

  clicks::ClickOptions options_;
  storage::Stores& stores_;
  observability::Log& log_;
  std::unique_ptr<clicks::Journal> journal_;
  std::vector<storage::VisitorSalt> salts_;  ///< until `start` has given them on
  std::unique_ptr<clicks::ClickShipper> shipper_;
};

}  // namespace ginnel::app
