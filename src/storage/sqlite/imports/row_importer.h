// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "change/imports.h"
#include "storage/import_store.h"
#include "storage/sqlite/engine/writer.h"

namespace ginnel::storage::sqlite {

/// Brings rows into one transaction, one at a time. A row that is new costs one statement; only one
/// that is not asks why.
class RowImporter final {
 public:
  explicit RowImporter(Transaction& transaction) : transaction_(transaction) {}

  /// Inserts the row or says why not. An error is the database's.
  Result<change::ImportVerdict> operator()(const domain::User& user);
  Result<change::ImportVerdict> operator()(const domain::Link& link);
  Result<change::ImportVerdict> operator()(const domain::Event& event);

 private:
  /// Whether a row of this kind was ever deleted; asked once, since most databases say no.
  struct Deletions {
    std::string_view entity;
    bool asked = false;
    bool any = false;
  };

  Result<bool> was_deleted(Deletions& deletions, std::int64_t id);

  /// Whether the row is in now; the user by this key of its name.
  Result<bool> insert(const domain::User& user, const std::string& username_key);
  Result<bool> insert(const domain::Link& link);
  Result<bool> insert(const domain::Event& event);

  /// Inserts a user whose name is another's by today's key alone: change::keys_side_by_side.
  Result<bool> insert_beside(const domain::User& user);

  Result<change::UserFacts> facts_about(const domain::User& user);
  Result<change::LinkFacts> facts_about(const domain::Link& link);
  Result<change::EventFacts> facts_about(const domain::Event& event);

  /// Why a row is not inserted.
  template <class Row>
  Result<change::ImportVerdict> explained(const Row& row);

  /// That it is in, or why not.
  template <class Row>
  Result<change::ImportVerdict> verdict(const Row& row, Result<bool> is_in);

  Transaction& transaction_;
  Deletions users_{"user"};
  Deletions links_{"link"};
};

/// Imports every row of `source`, tells `observer` of each and gives the sum. Fails as the first.
Result<change::ImportTally> import_rows(RowImporter& importer,
                                        const ImportSource& source,
                                        const ImportObserver& observer);

}  // namespace ginnel::storage::sqlite
