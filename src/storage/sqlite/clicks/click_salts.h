// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "storage/click_store.h"
#include "storage/sqlite/engine/writer.h"

namespace ginnel::storage::sqlite {

/// Salts that the database had no room for. They are used nevertheless, since redirects must be
/// answered, and stored when there is room. Safe to use from any thread.
class SpareSalts final {
 public:
  /// The salts of `today` and the day after: those that are `stored`, and others where they are
  /// missing.
  std::vector<VisitorSalt> complete(std::vector<VisitorSalt> stored, std::chrono::sys_days today);

  /// Stores those that are not. For the writer's thread.
  Result<Done> store(Connection& database) const;

  /// Forgets those of the days before.
  void forget_before(std::chrono::sys_days today);

 private:
  mutable std::mutex mutex_;  ///< guards the salts
  std::vector<VisitorSalt> salts_;
};

/// The salts of `today` and the day after, made where they are missing. Older ones are deleted, and
/// nothing of them is left in the file or, soon after the commit, in the write-ahead log.
Result<std::vector<VisitorSalt>> keep_salts(const Transaction& transaction,
                                            std::chrono::sys_days today,
                                            const SpareSalts& spare);

/// Those of them that are stored.
Result<std::vector<VisitorSalt>> find_salts(Connection& database, std::chrono::sys_days today);

}  // namespace ginnel::storage::sqlite
