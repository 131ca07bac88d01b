// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/result.h"
#include "storage/snapshot.h"
#include "transfer/row_parser.h"

namespace ginnel::transfer {

/// Takes the next bytes of a file.
using ByteSink = std::function<Result<Done>(std::string_view)>;

/// What to export, and how.
struct ExportPlan {
  change::RowKind kind = change::RowKind::kUser;
  bool clicks = true;             ///< among the events, as redirects
  bool spreadsheet_safe = false;  ///< see spreadsheet_safe: not what an import should read
};

/// Writes all rows of one kind as CSV, in pieces of 64 KiB with constant memory, and gives their
/// number. The form is that of import_file, column for column, so that an import of it into an
/// empty database and an export of that give the same bytes. Fails as `sink` and the snapshot do.
Result<std::uint64_t> export_rows(storage::Snapshot& snapshot,
                                  const ExportPlan& plan,
                                  const ByteSink& sink);

}  // namespace ginnel::transfer
