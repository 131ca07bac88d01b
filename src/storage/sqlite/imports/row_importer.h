// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "change/imports.h"
#include "storage/sqlite/engine/connection.h"

namespace ginnel::storage::sqlite {

/// Brings rows into the transaction that the connection is in, one at a time. A row that is new
/// costs one statement; only one that is not asks why.
class RowImporter final {
 public:
  explicit RowImporter(Connection& database) : database_(&database) {}

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

  /// Whether the row is in now.
  Result<bool> insert(const domain::User& user);
  Result<bool> insert(const domain::Link& link);
  Result<bool> insert(const domain::Event& event);

  /// The same with this key of the name.
  Result<bool> insert_as(const std::string& username_key, const domain::User& user);

  /// Inserts a user whose name is another's by today's key alone: change::keys_side_by_side.
  Result<bool> insert_beside(const domain::User& user);

  /// What is in the way of a row that was never deleted.
  Result<change::UserFacts> facts_about(const domain::User& user);
  Result<change::LinkFacts> facts_about(const domain::Link& link);
  Result<change::EventFacts> facts_about(const domain::Event& event);

  /// Inserts a row or says why not; `bring_unless_deleted` looks into the trail first.
  template <class Row>
  Result<change::ImportVerdict> bring(const Row& row);
  template <class Facts, class Row>
  Result<change::ImportVerdict> bring_unless_deleted(Deletions& deletions, const Row& row);

  Connection* database_;
  Deletions users_{"user"};
  Deletions links_{"link"};
};

}  // namespace ginnel::storage::sqlite
