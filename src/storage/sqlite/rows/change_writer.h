// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/result.h"
#include "change/events.h"
#include "change/links.h"
#include "change/users.h"
#include "storage/sqlite/engine/writer.h"

namespace ginnel::storage::sqlite {

/// Writes all of `change`, and notes what is to be forgotten with the commit. Where rows are in the
/// way, fails as the checks of change/users.h, links.h and events.h say; a new row is looked into
/// once its INSERT was refused.
Result<Done> write(const Transaction& transaction, const change::Change& change);

/// What is given to whoever asked for a change of a `Row`.
template <class Row>
using Answer = std::decay_t<decltype(std::declval<Row>().answer())>;

/// The same of a change of a `Row`, if it is one; gives the row's answer.
template <class Row>
auto apply(const Transaction& transaction, Result<change::Change> change) -> Result<Answer<Row>> {
  if (!change) {
    return std::move(change).error();
  }
  if (auto done = write(transaction, *change); !done) {
    return std::move(done).error();
  }
  return std::get<Row>(change->row).answer();
}

/// What is kept of the key of `by`.
Result<std::optional<change::KeptKey>> find_key(Connection& database, const change::Context& by);

/// Makes the `Row` of a draft under the number `id`, once for each key.
template <class Row, class Draft>
auto create(const Transaction& transaction,
            const Draft& draft,
            Result<std::int64_t> id,
            const change::Context& by) -> Result<Answer<Row>> {
  auto kept = find_key(transaction.database(), by);
  if (!kept) {
    return std::move(kept).error();
  }
  if (!id) {
    return std::move(id).error();
  }
  return apply<Row>(transaction, change::create(draft, {*id}, *kept, by));
}

/// Changes the `Row` that was found, if one was.
template <class Row, class Wanted>
auto update(const Transaction& transaction,
            Result<std::optional<Row>> before,
            const Wanted& wanted,
            const change::Context& by) -> Result<Answer<Row>> {
  if (!before) {
    return std::move(before).error();
  }
  return apply<Row>(transaction, change::update(*before, wanted, by));
}

/// The number of the next row of `table`, users or links. Fails as `new_id`.
Result<std::int64_t> next_id(Connection& database, std::string_view table);

}  // namespace ginnel::storage::sqlite
