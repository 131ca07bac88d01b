// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/blocking_thread.h"
#include "base/result.h"
#include "base/task.h"
#include "change/context.h"
#include "storage/import_store.h"
#include "transfer/input_file.h"
#include "transfer/rejects_file.h"
#include "transfer/row_parser.h"

namespace ginnel::transfer {

/// How far a file is read.
struct ImportProgress {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;  ///< of InputFile::bytes
};

/// Hears of the progress once for each 1,000 rows, on the thread that reads.
using OnProgress = std::function<void(const ImportProgress&)>;

/// Hears of a row that is not imported, on the thread that reads.
using OnLeftOut = std::function<void(const RejectedRow&)>;

/// How to import.
struct ImportPlan {
  change::RowKind kind = change::RowKind::kUser;
  domain::TargetRules targets;    ///< where links may lead
  std::string rejects_path;       ///< for the rows that are not imported
  OnLeftOut on_left_out;          ///< hears of them instead of that file; may be empty
  std::function<bool()> stopped;  ///< asked at every row; may be empty
  OnProgress on_progress;         ///< may be empty
};

/// What became of a file. `read` is the sum of the others.
struct ImportReport {
  std::uint64_t read = 0;
  std::uint64_t inserted = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t skipped = 0;   ///< by the store: the id is there with other content, or was deleted
  std::uint64_t rejected = 0;  ///< rows that break a rule of their form
  std::string rejects_path;    ///< the file of the skipped and rejected rows; empty when none
};

/// Imports a file: all its good rows in one transaction, or none when anything fails.
///
/// A bad row is written to the rejects file with its line and the reason, and the import goes on.
/// Safe to repeat: rows that are there already stay unchanged, deleted ones do not come back. Files
/// are read and written on the thread `disk`, where `plan` is asked and told too.
///
/// Fails as ImportRows::next and the import of the store do, and with kInvalid when the rejects
/// file cannot be written, with kUnavailable when `stopped` says so; then nothing was imported.
///
///     auto report = co_await import_file(std::move(file), std::move(plan), disk, stores.imports(),
///                                        std::move(by));
Task<Result<ImportReport>> import_file(InputFile file,
                                       ImportPlan plan,
                                       BlockingThread& disk,
                                       storage::ImportStore& store,
                                       change::Context by);

}  // namespace ginnel::transfer
