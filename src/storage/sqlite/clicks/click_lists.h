// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/result.h"
#include "storage/sqlite/clicks/sums_cursor.h"
#include "storage/sqlite/engine/connection.h"

namespace ginnel::storage::sqlite {

// Which clicks a link has, and a user: their numbers in rows of 400 at most. They are written when
// clicks are summed up, since two indexes of `clicks` cost twice as much as its rows (decision
// 0044).

/// Adds clicks of an owner, whose numbers ascend and lie above all that are listed.
Result<Done> add_to_list(Connection& database,
                         ClickOwner kind,
                         std::int64_t owner,
                         std::span<const std::int64_t> ids);

/// The first numbers of an owner's clicks above `after`, in ascending order, those of clicks that
/// are in no list yet included; `most` at most. To be called in a transaction.
Result<std::vector<std::int64_t>> find_clicks(Connection& database,
                                              ClickOwner kind,
                                              std::int64_t owner,
                                              std::int64_t after,
                                              std::size_t most);

/// Lists some clicks of older versions, which have indexes, and removes those when that is done,
/// inside a transaction.
Result<Done> list_older_clicks(Connection& database, SumsCursor& cursor);

/// Compares the lists of all owners of a kind with the clicks; calls `differs` for each owner of
/// whom one says other than the other. All clicks must be listed.
Result<Done> compare_lists(Connection& database,
                           ClickOwner kind,
                           const std::function<void(std::int64_t owner)>& differs);

/// Puts the numbers of the clicks in the place of all lists of a kind, inside a transaction.
Result<Done> make_lists_anew(Connection& database, ClickOwner kind);

}  // namespace ginnel::storage::sqlite
