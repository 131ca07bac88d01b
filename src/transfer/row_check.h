// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "transfer/input_file.h"
#include "transfer/row_parser.h"

namespace ginnel::transfer {

/// What is wrong with a row.
struct RowFault {
  std::uint64_t line = 0;  ///< where the row begins, from 1
  std::string column;      ///< empty when it is the row as a whole
  std::string reason;
};

/// How to check.
struct CheckPlan {
  change::RowKind kind = change::RowKind::kUser;
  domain::TargetRules targets;    ///< where links may lead
  std::string folder;             ///< for what does not fit into memory
  std::function<bool()> stopped;  ///< asked at every row; may be empty
};

struct CheckReport {
  /// How many faults are kept.
  static constexpr std::size_t kMostFaults = 100;

  std::uint64_t rows = 0;
  std::uint64_t fault_count = 0;
  std::vector<RowFault> faults;  ///< those of the lowest lines, by line
};

/// Reads a whole file and looks for all that is wrong with it in itself: rows that break a rule of
/// their form (RowParser), ids too large to be imported, and what is unique but is there twice
/// (ids, user names and addresses in any case of ASCII letters, short codes). Memory is constant.
///
/// Fails as ImportRows::next does, with kUnavailable when the disk refuses or `stopped` says so.
Result<CheckReport> check_rows(InputFile file, const CheckPlan& plan);

}  // namespace ginnel::transfer
