// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "base/result.h"
#include "base/task.h"
#include "change/context.h"
#include "domain/event.h"
#include "domain/link.h"
#include "domain/user.h"

namespace ginnel::storage {

/// A row to import: its numbers and times are kept as they are.
using ImportRow = std::variant<domain::User, domain::Link, domain::Event>;

/// The largest number an import may bring. The rest, 2^40 numbers, is left for the rows that come
/// after it: one row with domain::kMaxId would be the last that a store takes.
inline constexpr std::int64_t kMaxImportedId = domain::kMaxId - (std::int64_t{1} << 40);

/// What became of a row.
enum class ImportOutcome {
  kInserted,
  kUnchanged,  ///< the same row was there already
  kDiffers,    ///< the id is there with other content: left alone
  kDeleted,    ///< the audit trail shows that this id was deleted: it does not come back
  kRefused,    ///< breaks a rule of the store; the reason says which
};

struct ImportVerdict {
  ImportOutcome outcome = ImportOutcome::kInserted;
  std::string reason;  ///< empty for kInserted and kUnchanged
};

struct ImportCounts {
  std::uint64_t rows = 0;
  std::uint64_t inserted = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t skipped = 0;  ///< kDiffers, kDeleted and kRefused
};

/// Gives the next row to import, or nothing at the end, or an error that undoes the whole import.
using ImportSource = std::function<Result<std::optional<ImportRow>>()>;

/// Hears what became of the row that the source gave last.
using ImportObserver = std::function<void(const ImportVerdict&)>;

/// What the audit row of an import says.
struct ImportOrigin {
  std::string entity;  ///< user, link or event
  std::string file;    ///< its name, without folders
  std::string sha256;  ///< of its bytes, in hex
};

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
  virtual Task<Result<ImportCounts>> import(ImportOrigin origin,
                                            ImportSource source,
                                            ImportObserver observer,
                                            change::Context by) = 0;
};

}  // namespace ginnel::storage
