// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "base/result.h"
#include "storage/sqlite/engine/connection.h"

namespace ginnel::storage::sqlite {

/// Whose clicks are counted and listed.
enum class ClickOwner : std::uint8_t { kLink = 0, kUser = 1 };

/// How far the clicks of older versions are listed, by their indexes: those of the owners before
/// this one, and of this one up to `click`; first links, then users.
struct OlderLists {
  std::int64_t end = 0;  ///< such clicks are below
  ClickOwner kind = ClickOwner::kLink;
  std::int64_t owner = 0;
  std::int64_t click = 0;
  std::int64_t unlisted = 0;  ///< numbers that are in no list yet, two a click, about
};

/// How far the sums and lists of clicks are: the row of sums_cursor. Clicks are taken up in
/// portions, first link by link, then user by user.
struct SumsCursor {
  std::int64_t first = 0;               ///< clicks below are summed up
  std::int64_t end = 0;                 ///< of the portion under way; `first` when none is
  ClickOwner kind = ClickOwner::kLink;  ///< the portion's links are done when it is kUser
  std::int64_t owner = 0;               ///< of this kind, those below are done
  std::int64_t next = 0;                ///< one above the last click
  std::int64_t unsummed = 0;            ///< clicks from `first` on
  std::int64_t newest_day = 0;          ///< of which a click is summed up; since 1970 (UTC)
  bool indexed = false;                 ///< `clicks` has the indexes of older versions
  OlderLists older;                     ///< while it has

  /// The number from which on the clicks of an owner are in no sum and no list.
  std::int64_t first_unsummed(ClickOwner of, std::int64_t id) const noexcept {
    const bool is_done = of == kind ? id < owner : of < kind;
    return is_done ? end : first;
  }
};

Result<SumsCursor> find_sums_cursor(Connection& database);

/// Puts it in the place of the one that is kept, inside the transaction that makes it true.
Result<Done> store_sums_cursor(Connection& database, const SumsCursor& cursor);

}  // namespace ginnel::storage::sqlite
