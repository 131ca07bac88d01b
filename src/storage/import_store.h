// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>

#include "base/result.h"
#include "base/task.h"
#include "change/imports.h"

namespace ginnel::storage {

/// Gives the next row to import, or nothing at the end, or an error that undoes the whole import.
using ImportSource = std::function<Result<std::optional<change::ImportRow>>()>;

/// Hears what became of the row that the source gave last.
using ImportObserver = std::function<void(const change::ImportVerdict&)>;

/// Brings many rows in one transaction.
class ImportStore {
 public:
  ImportStore() = default;
  ImportStore(const ImportStore&) = delete;
  ImportStore& operator=(const ImportStore&) = delete;
  virtual ~ImportStore() = default;

  /// Inserts every row of `source` in one transaction with one audit row and no events, telling
  /// `observer` about each. Memory is constant. An error of the source undoes everything and is
  /// given back. The sequences are raised past every imported id. Users whose names differ, but by
  /// domain::username_key would be one, come in side by side as long as domain::old_username_key
  /// tells them apart: a database of an older time may hold them. Both callbacks run on the store's
  /// thread.
  virtual Task<Result<change::ImportCounts>> import(change::ImportOrigin origin,
                                                    ImportSource source,
                                                    ImportObserver observer,
                                                    change::Context by) = 0;
};

}  // namespace ginnel::storage
