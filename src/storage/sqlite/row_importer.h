// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "storage/import_store.h"
#include "storage/sqlite/sqlite_writer.h"

namespace ginnel::storage {

/// Brings rows into one transaction, one at a time. A row that is new costs one statement; only one
/// that is not asks why.
class RowImporter final {
 public:
  explicit RowImporter(SqliteTransaction& transaction) : transaction_(transaction) {}

  /// Inserts the row or says why not. An error is the database's.
  Result<ImportVerdict> operator()(const domain::User& user);
  Result<ImportVerdict> operator()(const domain::Link& link);
  Result<ImportVerdict> operator()(const domain::Event& event);

  /// The smallest and the largest number of what was inserted, or 0.
  std::int64_t first_id() const noexcept { return first_id_; }
  std::int64_t last_id() const noexcept { return last_id_; }

  /// The largest number of the events that were inserted, or 0.
  std::int64_t last_event_id() const noexcept { return last_event_id_; }

 private:
  /// Whether a row of this kind was ever deleted; asked once, since most databases say no.
  struct Deletions {
    std::string_view entity;
    bool asked = false;
    bool any = false;
  };

  Result<bool> was_deleted(Deletions& deletions, std::int64_t id);
  ImportVerdict inserted(std::int64_t id);

  /// Whether the user is in by this key of its name.
  Result<bool> insert(const domain::User& user, const std::string& username_key);

  /// Inserts a user whose name is another's by today's key alone, as in a database of an older
  /// time: one of the two keeps its older key.
  Result<ImportVerdict> insert_beside(const domain::User& user);
  Result<ImportVerdict> explain(const domain::User& user);
  Result<ImportVerdict> explain(const domain::Link& link);
  Result<ImportVerdict> explain(const domain::Event& event);

  SqliteTransaction& transaction_;
  Deletions users_{"user"};
  Deletions links_{"link"};
  std::int64_t first_id_ = 0;
  std::int64_t last_id_ = 0;
  std::int64_t last_event_id_ = 0;
};

/// Imports every row of `source` and tells `observer` of each. Fails as either of the first two.
Result<ImportCounts> import_rows(RowImporter& importer,
                                 const ImportSource& source,
                                 const ImportObserver& observer);

}  // namespace ginnel::storage
